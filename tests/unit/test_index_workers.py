"""Which chains a worker process indexes. Registry and Temporal are fakes: no real one can be told to fail just once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from temporalio.service import RPCError, RPCStatusCode

from steadymint.database import create_pool
from steadymint.domain.types import ChainId
from steadymint.settings import PostgresSettings, Settings
from workers import indexing

CHAIN = ChainId("eip155:31337")


class IdleWorker:
    """Serves nothing until it is stopped."""

    def __init__(self) -> None:
        self._stop = asyncio.Event()

    async def run(self) -> None:
        await self._stop.wait()

    async def shutdown(self) -> None:
        self._stop.set()


@pytest.mark.parametrize(
    "failure",
    [RPCError("Temporal restarts", RPCStatusCode.UNAVAILABLE, b""), ConnectionResetError("Postgres restarts")],
    ids=lambda failure: type(failure).__name__,
)
async def test_a_chain_whose_flow_could_not_be_started_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, postgres: str, failure: Exception
) -> None:
    failures, started = [failure], asyncio.Event()

    async def enabled() -> tuple[Any, ...]:
        return (SimpleNamespace(chain_id=CHAIN, named=lambda _: ["factory"]),)

    async def start(parts: Any, chain_id: ChainId) -> None:
        if failures:
            raise failures.pop()
        started.set()

    monkeypatch.setattr(indexing, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(indexing, "start_index_chain", start)
    monkeypatch.setattr(indexing, "index_worker", lambda *_: IdleWorker())
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(postgres)))
    parts: Any = SimpleNamespace(registry=SimpleNamespace(enabled=enabled), settings=settings, pool=None)

    async with indexing.serve_indexers(parts), asyncio.timeout(10):
        await started.wait()


def told(metric: str) -> float | None:
    return REGISTRY.get_sample_value(f"steadymint_indexer_{metric}", {"chain": CHAIN})


async def until(metric: str, value: float | None) -> None:
    async with asyncio.timeout(10):
        while told(metric) != value:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_halted_chain_is_told_by_a_process_that_never_read_it_until_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    """The worker that halted has been replaced, and another process takes the next activity."""
    served = [SimpleNamespace(chain_id=CHAIN, named=lambda _: ["factory"])]

    async def enabled() -> list[Any]:
        return served

    async def start(*_: Any) -> None:
        pass

    monkeypatch.setattr(indexing, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(indexing, "start_index_chain", start)
    monkeypatch.setattr(indexing, "index_worker", lambda *_: IdleWorker())
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(database)))
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        await pool.execute(
            "insert into indexer_service.indexer_checkpoints (chain_id, last_block, halted_reason)"
            " values ($1, 7, 'a reorg')",
            CHAIN,
        )
        parts: Any = SimpleNamespace(registry=SimpleNamespace(enabled=enabled), settings=settings, pool=pool)
        async with indexing.serve_indexers(parts):
            await until("halted", 1)
            assert told("checkpoint_block") == 7
            await pool.execute("update indexer_service.indexer_checkpoints set halted_reason = null")
            await until("halted", 0)
            served.clear()
            await until("halted", None)
