"""Helpers for update-with-start, which starts a workflow and updates it in one round trip."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation

from steadymint.domain.outcome import Outcome
from steadymint.durable.search_attributes import OUTCOME


async def was_refused(client: Client, workflow_id: str) -> bool:
    """Whether the last flow of this id completed because its request was refused. Then its id may be used again. Raises
    RPCError."""
    closed = await client.get_workflow_handle(workflow_id).describe()
    return closed.typed_search_attributes.get(OUTCOME) == Outcome.REFUSED


@asynccontextmanager
async def heard(operation: WithStartWorkflowOperation[Any, Any]) -> AsyncGenerator[None]:
    """Reads the error that a failed update-with-start leaves in its operation.

    Otherwise asyncio logs an error for each operation whose error was never read. Fifty requests with one nonce would
    log forty-nine.
    """
    try:
        yield
    except BaseException:
        with suppress(Exception, asyncio.CancelledError):
            async with asyncio.timeout(0):  # it is set, or the request has failed before the start
                await operation.workflow_handle()
        raise
