"""The workflow sandbox: where flows are tested and replayed, not where they serve people.

The sandbox imports a workflow's module anew for each run. What that module imports is passed through: our pure modules
and the libraries under them are deterministic, and importing them again would cost a third of the throughput.

What it catches (a clock, a random number, a shared global in a flow) is a property of the code, so it is looked for
where code is checked: each test of a flow and each replay of a recorded history runs in `workflow_runner`. A worker
that served in it would look again at every run, and at each of its payloads: half of the processor time that it spends
on a flow, and ten times the memory (see docs/performance.md).
"""

from __future__ import annotations

import gc
from typing import Final

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH: Final = (
    "steadymint.domain",
    "steadymint.durable",
    "activities",
    "pydantic",
    "pydantic_core",
    "annotated_types",
)


class _Sandbox(SandboxedWorkflowRunner):
    """The sandbox, without garbage collection while it imports a workflow's module.

    A finalizer that imports something in the middle of another import breaks that import: before Python 3.12 it fails
    with a `KeyError` (https://github.com/python/cpython/issues/106176). The warning of an unclosed resource is one.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        collects = gc.isenabled()
        gc.disable()
        try:
            return super().create_instance(det)
        finally:
            if collects:
                gc.enable()


def workflow_runner() -> SandboxedWorkflowRunner:
    """Of tests and replays: each run has the workflow's module to itself, and every call that is not deterministic
    is refused."""
    return _Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


def serving_runner() -> WorkflowRunner:
    """Of workers: flows share their modules, as activities do."""
    return UnsandboxedWorkflowRunner()
