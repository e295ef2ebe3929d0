"""Starting a workflow and updating it in one round trip, where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from temporalio.client import WithStartWorkflowOperation


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
