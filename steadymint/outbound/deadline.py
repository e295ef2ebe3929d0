"""The time limit on a request to a stranger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from steadymint.outbound.errors import OutboundError, failed


@asynccontextmanager
async def deadline(seconds: float) -> AsyncGenerator[Callable[[], None]]:
    """End the block `seconds` after the function that it yields is first called.

    The caller calls it when the request may begin, because waiting in our own queue is not the stranger's fault. Raises
    OutboundError `timeout`.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(None) as clock:

            def start() -> None:
                if clock.when() is None:
                    clock.reschedule(loop.time() + seconds)

            yield start
    except TimeoutError:
        raise too_late(seconds) from None


def too_late(seconds: float) -> OutboundError:
    """The error of a request that took longer than that."""
    unit = "second" if seconds == 1 else "seconds"
    return failed("timeout", f"No answer within {seconds:g} {unit}", permanent=False)
