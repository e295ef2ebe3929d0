"""Whoever runs a worker can ask it how it is."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from steadymint.domain.types import ChainId
from steadymint.indexing import metrics
from steadymint.settings import WorkerSettings
from steadymint.stack.ports import free_port
from steadymint.telemetry.metrics import serve_metrics

ROOT = Path(__file__).parents[3]
DEFINED = re.compile(r'(Counter|Gauge|Histogram)\(\s*"(steadymint_\w+)"')


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


def test_every_metric_is_on_the_page_for_operators() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    found: set[str] = set()
    for folder in ("steadymint", "api", "workers", "activities"):
        for file in (ROOT / folder).rglob("*.py"):
            found |= {f"{name}{_suffix(kind, name)}" for kind, name in DEFINED.findall(file.read_text())}
    assert len(found) > 15
    assert {name for name in found if f"`{name}`" not in page} == set()


def _suffix(kind: str, name: str) -> str:
    """What Prometheus adds to the name of a counter."""
    return "_total" if kind == "Counter" and not name.endswith("_total") else ""


async def test_without_a_port_there_is_nothing_to_ask() -> None:
    async with serve_metrics(WorkerSettings()):
        pass
