"""An indexer for each use, made of what the registry says at that moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import asyncpg
from pymongo import AsyncMongoClient

from steadymint.catalog.cache import Freshness
from steadymint.chain.currencies import native_of, tokens_of
from steadymint.chain.inspecting import ChainInspector
from steadymint.chain.nodes.chain import CURRENCY, WRAPPED_NATIVE, Chain
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.heads import HeadTrackers
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.documents import EVENTS_RAW, Document, collection_of
from steadymint.domain.errors import NotFoundError, SteadymintError
from steadymint.domain.index_standing import Pace
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.market.others.blur import POOL
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.heads import TrackedHeads
from steadymint.indexing.indexed_chain import REORG_WINDOW, IndexedChain
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.reading.source import LogSource
from steadymint.indexing.store.raw_store import MongoRawStore
from steadymint.indexing.subjects.table import BY_ROLE
from steadymint.indexing.telling.publish import Publisher
from steadymint.indexing.telling.refresh_signals import Refreshes, RefreshSignals
from steadymint.indexing.telling.settle import Announcer, FlowTeller, Intents, Settler
from steadymint.live.approval_checks import ApprovalChanges

WINDOW_FEATURE: Final = "reorg_window"
"""Member of `chains.features_json`: blocks kept for finding a common ancestor, where the default does not fit."""

_WITHOUT_A_PAST: Final = frozenset({WRAPPED_NATIVE})
"""Roles of contracts whose events concern orders that are open now. They are no reason to read earlier blocks."""


class PresentRpc:
    """The chain's nodes as they are registered at each call: one that is replaced, since it is slow or gone, is left at
    once and not at the end of a stretch."""

    def __init__(self, clients: ChainClients, chain_id: ChainId) -> None:
        self._clients = clients
        self._chain_id = chain_id

    async def raw(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
    ) -> bytes:
        client = await self.client()
        return await client.raw(method, params, timeout=timeout, is_large=is_large, anywhere=anywhere)

    async def client(self) -> RpcClient:
        return (await self._clients.of(self._chain_id)).rpc

    async def share(self) -> float:
        """Of history that is checked against a second source."""
        return (await self._clients.registry.get(self._chain_id)).history_check

    async def batch(
        self, calls: Sequence[tuple[str, Sequence[Any]]], *, timeout: float | None = None
    ) -> list[Any | SteadymintError]:
        return await (await self.client()).batch(calls, timeout=timeout)

    async def spare(self, calls: int) -> tuple[RpcClient, int]:
        return await (await self.client()).spare(calls)


class Readers:
    """Makes indexers. Implements `activities.indexing.ChainReaders`."""

    def __init__(
        self,
        *,
        dsn: str,
        pool: asyncpg.Pool,
        clients: ChainClients,
        trackers: HeadTrackers,
        mongo: AsyncMongoClient[Document] | None,
        intents: Intents,
        announcer: Announcer,
        teller: FlowTeller,
        refreshes: Refreshes,
        pages: Freshness,
        allowances: ApprovalChanges,
    ) -> None:
        self._dsn = dsn
        self._pool = pool
        self._clients = clients
        self._inspector = ChainInspector(clients)
        self._trackers = trackers
        self._mongo = mongo
        self._intents = intents
        self._announcer = announcer
        self._teller = teller
        self._refreshes = refreshes
        self._pages = pages
        self._allowances = allowances

    async def open(self, chain_id: ChainId, progress: Callable[[SpanSummary], None]) -> Indexer:
        """An indexer for one run.

        Raises:
            UnknownChainError: the chain is not registered or not enabled.
            NotFoundError: it has no factory.
        """

        async def refresh() -> IndexedChain:
            return indexed(await self._clients.registry.get(chain_id))

        chain, nodes = await refresh(), PresentRpc(self._clients, chain_id)
        raw = None if self._mongo is None else MongoRawStore(collection_of(self._mongo, EVENTS_RAW), chain_id)
        return Indexer(
            chain,
            dsn=self._dsn,
            source=LogSource(nodes, nodes=nodes),
            heads=TrackedHeads(self._trackers.of(chain_id)),
            raw=raw,
            settler=Settler(self._pool, chain_id, self._intents, self._announcer, self._teller),
            publisher=Publisher(self._pool, chain_id),
            signals=RefreshSignals(self._refreshes, chain_id),
            pages=self._pages,
            allowances=self._allowances,
            progress=progress,
            refresh=refresh,
        )

    async def pace(self, chain_id: ChainId) -> Pace:
        return await self._inspector.pace(chain_id)

    async def nodes(self, chain_id: ChainId) -> str:
        return await self._inspector.nodes_and_heads(chain_id)


def indexed(chain: Chain) -> IndexedChain:
    """What the registry says of a chain, as far as it concerns indexing. Raises NotFoundError if no contract has a role
    that a subject reads."""
    contracts = [contract for contract in chain.contracts if contract.name in BY_ROLE and contract.name != CURRENCY]
    founding = [contract for contract in contracts if contract.name not in _WITHOUT_A_PAST]
    if not founding:
        raise NotFoundError(f"{chain.chain_id} has no factory: there is nothing to index")
    features: dict[str, Any] = chain.features
    tokens, pools = tokens_of(chain), _pools_of(chain)
    return IndexedChain(
        chain_id=chain.chain_id,
        number=chain.number,
        symbol=chain.native_symbol,
        decimals=chain.decimals,
        confirmations=chain.confirmations,
        roles={**dict.fromkeys(tokens, CURRENCY), **{contract.address: contract.name for contract in contracts}},
        start_block=min(contract.start_block for contract in founding),
        reorg_window=int(features.get(WINDOW_FEATURE, REORG_WINDOW)),
        currencies=tokens | dict.fromkeys(pools.values(), _in_pool(chain)),
        pools=pools,
    )


def _pools_of(chain: Chain) -> dict[str, Address]:
    """The contract in whose balances a market is paid, by its role."""
    found = chain.named(POOL)
    return {POOL: found[0].address} if found else {}


def _in_pool(chain: Chain) -> Currency:
    """Balances of the pool are the chain's own currency one to one, as those of a wrapped form."""
    own = native_of(chain)
    return own._replace(symbol=f"B{own.symbol}")
