"""A tracker of the test chain's head."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.heads import HeadTracker
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN


@pytest.fixture
async def tracker(clients: ChainClients, chain: LocalChain) -> AsyncIterator[HeadTracker]:
    tracker = HeadTracker(clients, CHAIN)
    yield tracker
    await tracker.close()
