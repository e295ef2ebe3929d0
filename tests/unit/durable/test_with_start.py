"""A start that came to nothing is told to the caller, and to nobody else."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from steadymint.durable.with_start import heard


def _operation() -> WithStartWorkflowOperation[Any, Any]:
    return WithStartWorkflowOperation(
        "Flow", id="flow", task_queue="flows", id_conflict_policy=WorkflowIDConflictPolicy.FAIL
    )


async def _refused(operation: WithStartWorkflowOperation[Any, Any], why: BaseException) -> None:
    async with heard(operation):
        operation._workflow_handle.set_exception(why)  # as the SDK does
        raise ConnectionError


@pytest.mark.parametrize("failure", [LookupError(), asyncio.CancelledError()], ids=["refused", "cancelled"])
async def test_asyncio_has_nothing_to_complain_of(failure: BaseException) -> None:
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    try:
        operation = _operation()
        with pytest.raises(ConnectionError):
            await _refused(operation, failure)
        del operation
        gc.collect()
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(before)
    assert complaints == []


async def test_a_request_that_never_got_as_far_is_not_waited_for() -> None:
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(5), heard(_operation()):
            raise ConnectionError
