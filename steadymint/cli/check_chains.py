"""Checks of the chains: the registry, each node, and how far behind the index is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import asyncpg

from steadymint.chain.nodes.chain import FACTORY, Chain
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig, shown_address
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.cli.findings import Finding, UnfitError, check
from steadymint.database import create_pool
from steadymint.domain.counting import counted
from steadymint.domain.errors import SteadymintError
from steadymint.domain.index_standing import Pace, Verdict
from steadymint.domain.waiting import Problem
from steadymint.indexing.index_progress import IndexProgress
from steadymint.settings import Settings

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Seconds between looks at an index that does not move."""
RPC_PATIENCE: Final = 60.0
"""Seconds; longer than a check, which says that a node hangs."""

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
    heads: dict[int, int] = {}
    endpoints = await registry.endpoints(chain.chain_id)
    reached = [
        check(
            f"{chain.chain_id} #{endpoint.id}",
            lambda endpoint=endpoint: _endpoint(chain, endpoint, heads),
            shown_address(endpoint.url),
        )
        for endpoint in endpoints
    ]
    registered = await check(chain.chain_id, lambda: _registered(chain, endpoints))
    answers = zip(endpoints, await asyncio.gather(*reached), strict=True)
    found = [registered, *(_with_lag(chain, endpoint, one, heads) for endpoint, one in answers)]
    if chain.named(FACTORY):
        index, newest = f"index-chain:{chain.chain_id}", max(heads.values(), default=None)
        found.append(await check(f"{chain.chain_id} index", lambda: _index(pool, chain, newest), index))
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
    pace = _pace(chain)

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


async def _endpoint(chain: Chain, endpoint: EndpointConfig, heads: dict[int, int]) -> str:
    """Adds the head that it tells to `heads`, under the endpoint's number. It is asked as the workers ask it: the
    proof of the chain first, credentials, and public addresses only unless it is local."""
    async with RpcClient(chain.chain_id, [endpoint], genesis_hash=chain.genesis_hash, timeout=RPC_PATIENCE) as rpc:
        try:
            head = await EvmClient(rpc).header("latest")
        except SteadymintError as error:
            raise UnfitError(error.detail) from None
    heads[endpoint.id] = head.number
    age = max(0.0, time.time() - head.timestamp)
    stands = f"head {head.number:,}, {age:,.0f} s old"
    if _pace(chain, mines_seldom=not endpoint.public_only).is_stale(age):
        raise UnfitError(f"{stands}: the node has stopped, or the chain has. {_consequence(chain)}", mark="STALE")
    return stands


def _with_lag(chain: Chain, endpoint: EndpointConfig, found: Finding, heads: Mapping[int, int]) -> Finding:
    """The finding of an endpoint, with how far it is behind the chain's newest endpoint."""
    head, newest = heads.get(endpoint.id), max(heads.values(), default=0)
    if head is None or head == newest:
        return found
    detail = f"{found.detail}, {newest - head:,} behind the newest endpoint"
    if found.fit and newest - head > _pace(chain).far:
        return replace(found, fit=False, mark="LAGS", detail=f"{detail}. {_consequence(chain)}")
    return replace(found, detail=detail)


def _consequence(chain: Chain) -> str:
    return (
        f"What is read from it is old: intents of {chain.chain_id} are confirmed late, and its index waits. Give it a "
        "higher `priority` number than the others', or leave it out of the file: `steadymint chain add FILE`"
    )


def _pace(chain: Chain, *, mines_seldom: bool = False) -> Pace:
    return Pace(confirmations=chain.confirmations, block_time=chain.block_time_seconds, mines_seldom=mines_seldom)
