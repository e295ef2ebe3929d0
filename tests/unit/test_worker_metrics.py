"""Whoever runs a worker can ask it how it is."""

from __future__ import annotations

import aiohttp
import pytest

from steadymint.domain.types import ChainId
from steadymint.indexing import metrics
from steadymint.settings import WorkerSettings
from steadymint.stack.ports import free_port
from workers.metrics import serve_metrics


async def test_a_worker_tells_what_it_has_counted_for_as_long_as_it_runs() -> None:
    settings = WorkerSettings(metrics_port=free_port())
    metrics.position(ChainId("eip155:4242"), 17, 19)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{settings.metrics_port}") as visitor:
        async with serve_metrics(settings):
            async with visitor.get("/healthz") as answer:
                assert (answer.status, await answer.json()) == (200, {"status": "ok"})
            async with visitor.get("/metrics") as answer:
                assert answer.content_type == "text/plain"
                assert 'steadymint_indexer_checkpoint_block{chain="eip155:4242"} 17.0' in await answer.text()
        with pytest.raises(aiohttp.ClientConnectorError):
            await visitor.get("/healthz")


async def test_without_a_port_there_is_nothing_to_ask() -> None:
    async with serve_metrics(WorkerSettings()):
        pass
