"""Starting a workflow and updating it in one round trip, where that fails or was tried before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation

from steadymint.domain.outcome import Outcome
from steadymint.durable.search_attributes import OUTCOME


async def was_refused(client: Client, workflow_id: str) -> bool:
    """Whether the last flow of this id has completed because it was refused: then it has used nothing up, and the id
    may be taken again. Raises RPCError."""
    closed = await client.get_workflow_handle(workflow_id).describe()
    return closed.typed_search_attributes.get(OUTCOME) == Outcome.REFUSED


@asynccontextmanager
async def heard(operation: WithStartWorkflowOperation[Any, Any]) -> AsyncGenerator[None]:
    """Around an update-with-start. The SDK keeps why a start came to nothing in the operation as well, and asyncio
    logs an error for each that nobody has looked at: fifty requests with one nonce would be forty-nine."""
    try:
        yield
    except BaseException:
        with suppress(Exception, asyncio.CancelledError):
            async with asyncio.timeout(0):  # it is there, or the request never got as far as a start
                await operation.workflow_handle()
        raise
