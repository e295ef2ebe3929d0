"""Checks of the chains: the registry, each node, and how far behind the index is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import aiohttp
import asyncpg

from steadymint.chain.nodes.chain import FACTORY, Chain
from steadymint.chain.nodes.endpoint import EndpointConfig, shown_address
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.cli.findings import Finding, UnfitError, check
from steadymint.database import create_pool
from steadymint.domain.counting import counted
from steadymint.domain.index_standing import Pace, Verdict
from steadymint.domain.waiting import Problem
from steadymint.indexing.passage import IndexProgress
from steadymint.settings import Settings

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Seconds between looks at an index that does not move."""

_MARKS: Final = {
    Problem.INDEX_HALTED: "HALTED",
    Problem.INDEX_STUCK: "STUCK",
    Problem.INDEX_BEHIND: "BEHIND",
}


async def check_chains(settings: Settings) -> tuple[Sequence[Chain], list[Finding]]:
    """The enabled chains, and their findings: one for the registry's entry, one for each endpoint, one for the
    index."""
    pool = await create_pool(settings.postgres.dsn.get_secret_value(), min_size=1, max_size=2)
    try:
        registry = ChainRegistry(pool)
        chains = await registry.enabled()
        if not chains:
            return chains, [Finding("chains", False, "none is registered: `steadymint chain add`", 0)]
        return chains, [found for chain in chains for found in await _chain(pool, registry, chain)]
    finally:
        await pool.close()


async def _chain(pool: asyncpg.Pool, registry: ChainRegistry, chain: Chain) -> list[Finding]:
    heads: list[int] = []
    endpoints = await registry.endpoints(chain.chain_id)
    reached = [
        check(
            f"{chain.chain_id} #{endpoint.id}",
            lambda endpoint=endpoint: _endpoint(chain, endpoint, heads),
            shown_address(endpoint.url),
        )
        for endpoint in endpoints
    ]
    found = [await check(chain.chain_id, lambda: _registered(chain, endpoints)), *await asyncio.gather(*reached)]
    if chain.named(FACTORY):
        index = f"index-chain:{chain.chain_id}"
        found.append(
            await check(f"{chain.chain_id} index", lambda: _index(pool, chain, max(heads, default=None)), index)
        )
    return found


async def _registered(chain: Chain, endpoints: Sequence[EndpointConfig]) -> str:
    if not endpoints:
        raise UnfitError("no endpoint is usable: none is active, or the environment lacks the credential it names")
    if not chain.named(FACTORY):
        raise UnfitError(f"no contract named {FACTORY!r} is registered: the chain is not indexed")
    return f"{chain.name}, {counted(chain.confirmations, 'confirmation')}, factory {chain.contract(FACTORY).address}"


async def _index(pool: asyncpg.Pool, chain: Chain, head: int | None) -> str:
    """Compare the checkpoint with a node's current head. An index that has only just begun, or that a new block finds
    at rest, is given a moment."""
    pace = Pace(confirmations=chain.confirmations, block_time=chain.block_time_seconds)

    async def judged() -> Verdict:
        standing = await IndexProgress(pool).standing(chain.chain_id)
        return standing.judged(head=head, pace=pace, now=datetime.now(UTC))

    verdict = await judged()
    for wait in LOOK_AGAIN:
        if verdict.problem is not Problem.INDEX_STUCK:
            break
        await asyncio.sleep(wait)
        verdict = await judged()
    if verdict.problem is not None:
        raise UnfitError(verdict.whole, _MARKS[verdict.problem])
    if head is None:
        raise UnfitError(f"{verdict.text}: whether it follows cannot be said", "UNKNOWN")
    return verdict.text


async def _endpoint(chain: Chain, endpoint: EndpointConfig, heads: list[int]) -> str:
    """Adds the head that it tells to `heads`."""
    calls = [("eth_chainId", []), ("eth_getBlockByNumber", ["latest", False]), ("eth_getBlockByNumber", ["0x0", False])]
    body = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
        for number, (method, parameters) in enumerate(calls)
    ]
    async with (
        aiohttp.ClientSession(headers=endpoint.headers) as session,
        session.post(endpoint.url, json=body) as response,
    ):
        if response.status != 200:
            raise UnfitError(f"answers HTTP {response.status}")
        answers = {answer["id"]: answer.get("result") for answer in await response.json()}
    if int(answers[0], 16) != chain.number:
        raise UnfitError(f"serves chain {int(answers[0], 16)}, not {chain.number}")
    if chain.genesis_hash is not None and answers[2]["hash"] != chain.genesis_hash:
        raise UnfitError("serves another chain: its genesis block is not the registered one")
    heads.append(int(answers[1]["number"], 16))
    age = max(0.0, time.time() - int(answers[1]["timestamp"], 16))
    return f"head {heads[-1]:,}, {age:,.0f} s old"
