"""The workflow sandbox: the whole of it where flows are tested and replayed, the cheap part where they serve people.

The sandbox imports a workflow's module anew for each run. What that module imports is passed through: our pure modules
and the libraries under them are deterministic, and importing them again would cost a third of the throughput.

Importing the module itself again is what catches a clock, a random number or a shared global in a flow. That is a
property of the code, so it is checked where code is checked: each test of a flow, and each replay of a recorded
history, runs in `workflow_runner`. A worker that served in it would pay 3 to 6 ms and 77 KiB for each flow, against
0.2 ms and 10 KiB in `serving_runner`, to find the same thing again.
"""

from __future__ import annotations

from typing import Final

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
    """Of tests and replays: each run has the workflow's module to itself, and every call that is not deterministic
    is refused."""
    return _runner(*PASSED_THROUGH)


def serving_runner() -> SandboxedWorkflowRunner:
    """Of workers: flows share their modules, as activities do. I/O by builtins is still refused."""
    return _runner(*PASSED_THROUGH, "workflows")


def _runner(*passed_through: str) -> SandboxedWorkflowRunner:
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*passed_through))
