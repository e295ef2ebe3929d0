"""The bench of an intent's flow, with its workers running."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import TimeSkipper

from steadymint.intents.repository import IntentRepository
from tests.workflows.flow_bench import FlowBench


@pytest.fixture
async def bench(time_skipping: TimeSkipper, intents: IntentRepository) -> AsyncIterator[FlowBench]:
    bench = FlowBench(time_skipping.client, intents)
    async with bench.workers():
        yield bench
