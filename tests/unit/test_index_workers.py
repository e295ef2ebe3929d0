"""Which chains a worker process indexes. Registry and Temporal are fakes: no real one can be told to fail just once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from temporalio.service import RPCError, RPCStatusCode

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
    parts: Any = SimpleNamespace(registry=SimpleNamespace(enabled=enabled), settings=settings)

    async with indexing.serve_indexers(parts), asyncio.timeout(10):
        await started.wait()
