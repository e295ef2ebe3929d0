"""How long somebody who waits for an answer waits for the nodes of a chain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream


@asynccontextmanager
async def answering(chain_id: ChainId, seconds: float) -> AsyncGenerator[None]:
    """Raises UpstreamUnavailableError once the nodes have been silent for so long."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise UpstreamUnavailableError(f"No node of {chain_id} answered in time", upstream=Upstream.NODE) from None
