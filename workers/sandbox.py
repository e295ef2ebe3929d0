"""The runners of workflows: a sandbox for tests and replays, and none for workers that serve.

The sandbox imports a workflow's module anew for each run. What that module imports is passed through: our pure modules
and the libraries under them are deterministic, and importing them again would cost a third of the throughput.

The sandbox finds faults of the code, such as a clock, a random number or a shared global in a flow. So it is enough to
look for them when the code is checked: tests of flows and replays of recorded histories run in `workflow_runner`. A
worker in a sandbox would look again at every run and each payload, for half of the processor time of a flow and ten
times its memory (see docs/performance.md).
"""

from __future__ import annotations

from typing import Final

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH: Final = (
    "steadymint.domain",
    "steadymint.durable",
    "activities",
    "pydantic",
    "pydantic_core",
    "annotated_types",
)


def workflow_runner() -> SandboxedWorkflowRunner:
    """The runner of tests and replays. Each run has its own copy of the workflow's module, and every call that is not
    deterministic is refused."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


def serving_runner() -> WorkflowRunner:
    """The runner of workers. Flows share their modules, as activities do."""
    return UnsandboxedWorkflowRunner()
