"""The runners of workflows: a sandbox for tests and replays, and none for workers that serve.

The sandbox imports a workflow's module anew for each run. What that module imports is passed through: our pure modules
and the libraries under them are deterministic, and importing them again would cost a third of the throughput.

The sandbox finds faults of the code, such as a clock, a random number or a shared global in a flow. So it is enough to
look for them when the code is checked: tests of flows and replays of recorded histories run in `workflow_runner`. A
worker in a sandbox would look again at every run and each payload, for half of the processor time of a flow and ten
times its memory (see docs/performance.md).
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
    """The runner of tests and replays. Each run has its own copy of the workflow's module, and every call that is not
    deterministic is refused."""
    return _Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


def serving_runner() -> WorkflowRunner:
    """The runner of workers. Flows share their modules, as activities do."""
    return UnsandboxedWorkflowRunner()
