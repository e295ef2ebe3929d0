"""An import asks a contract of which it found nothing how many tokens it has, and ends whatever the contract does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.importing.pieces import SUPPLY_TRIES, PieceReader
from steadymint.indexing.importing.progress import Job
from steadymint.indexing.reading.source import LogSource
from tests.support.fake_provider import FakeProvider, made_up
from tests.support.forged_logs import CATS, KNOWN
from tests.support.made_chain import CHAIN_NUMBER, MadeChain

CHAIN = ChainId(f"eip155:{CHAIN_NUMBER}")
JOB = Job(CATS, KNOWN[CATS], 10)


def unanswered(call: dict[str, Any]) -> dict[str, Any]:
    if call["method"] == "eth_call":
        return {"error": {"code": -32603, "message": "Internal error"}}
    return MadeChain(20).answer(call)


@asynccontextmanager
async def asking(provider: FakeProvider) -> AsyncIterator[PieceReader]:
    async with provider.serving(), RpcClient(CHAIN, [EndpointConfig(id=1, url=provider.url)]) as rpc:
        yield PieceReader(CHAIN, LogSource(rpc))


async def test_a_question_that_always_ends_in_an_error_is_given_up() -> None:
    async with asking(FakeProvider(made_up(unanswered))) as pieces:
        for _ in range(SUPPLY_TRIES - 1):
            with pytest.raises(UpstreamUnavailableError):
                await pieces.supply(JOB, 10)
        assert await pieces.supply(JOB, 10) is None


async def test_a_question_to_a_node_that_is_down_is_not_given_up() -> None:
    provider = FakeProvider(made_up(unanswered), refuse=lambda _calls, _batched: web.Response(status=502))
    async with asking(provider) as pieces:
        for _ in range(2 * SUPPLY_TRIES):
            with pytest.raises(UpstreamUnavailableError):
                await pieces.supply(JOB, 10)
