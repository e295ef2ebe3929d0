"""The workflow sandbox of every worker, and of the replay tests.

Workflow modules are re-imported for each run, so that they can share no state. What they import is passed through: our
pure modules and the libraries under them are deterministic, and re-importing them would cost a third of the throughput.
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
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
