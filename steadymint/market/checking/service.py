"""The checkers as a worker runs them: over the chain's nodes, woken by each block."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import asyncpg
from redis.asyncio import Redis

from steadymint.catalog.cache import CatalogCache
from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import ChainClients, Header
from steadymint.chain.orders import OrderInspector
from steadymint.domain.checking import CheckingSummary
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId
from steadymint.live.subscriber import Subscriber
from steadymint.market.checking.checker import OrderChecker, Round

WATCHDOG: Final = 5.0
"""Seconds after which the queue is looked at in any case. A lost nudge delays a check by at most this."""

Policies = Callable[[Chain], MarketPolicy]
"""The market's policy on a chain. Raises NotFoundError: the chain has no market."""


class ChainMarket:
    """One chain's market as its nodes and the registry tell of it."""

    def __init__(self, clients: ChainClients, policies: Policies, chain_id: ChainId) -> None:
        self._clients = clients
        self._policies = policies
        self._inspector = OrderInspector(clients)
        self._chain_id = chain_id

    async def head(self) -> Header:
        return await (await self._clients.of(self._chain_id)).header("latest")

    async def policy(self) -> MarketPolicy:
        return self._policies(await self._clients.registry.get(self._chain_id))

    async def facts(self, orders: Sequence[SubmittedOrder], block: int) -> list[OrderFacts]:
        return await self._inspector.facts(self._chain_id, orders, block=block)

    async def answers(self, block: int) -> None:
        await self._inspector.answers(self._chain_id, block=block)

    async def approves(self, contract: Address, owner: Address, spenders: Sequence[Address], block: int) -> list[bool]:
        return await self._inspector.approvals(self._chain_id, contract, owner, spenders, block=block)


class ServedChecker:
    """Checks one chain's orders whenever the index has written a block, and whenever time alone changes one."""

    def __init__(self, checker: OrderChecker, redis: Redis, chain_id: ChainId) -> None:
        self._checker = checker
        self._redis = redis
        self._chain_id = chain_id

    async def run(self, stop: asyncio.Event, progress: Callable[[CheckingSummary], None]) -> CheckingSummary:
        """Until `stop` is set.

        Raises:
            NotFoundError: the chain has no market.
            UpstreamUnavailableError: no node answers.
        """
        wake, done = asyncio.Event(), Round()
        subscriber = Subscriber(self._redis, f"chain:{self._chain_id}", lambda _: wake.set(), wake.set)
        subscriber.start()
        try:
            while not stop.is_set():
                wake.clear()
                this = await self._checker.round()
                done += this
                progress(_summary(done))
                if this.idle:
                    await self._wait(wake, stop)
        finally:
            await subscriber.stop()
        return _summary(done)

    async def _wait(self, wake: asyncio.Event, stop: asyncio.Event) -> None:
        due = await self._checker.next_due()
        waits = [asyncio.create_task(event.wait()) for event in (wake, stop)]
        try:
            await asyncio.wait(
                waits, timeout=WATCHDOG if due is None else min(due, WATCHDOG), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for task in waits:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*waits, return_exceptions=True)


class Checkers:
    """Makes the checkers of a process. Implements `activities.checking.Checkers`."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis, clients: ChainClients, policies: Policies) -> None:
        self._pool = pool
        self._redis = redis
        self._clients = clients
        self._policies = policies

    def of(self, chain_id: ChainId) -> ServedChecker:
        market = ChainMarket(self._clients, self._policies, chain_id)
        return ServedChecker(
            OrderChecker(self._pool, chain_id, market, CatalogCache(self._redis)), self._redis, chain_id
        )


def _summary(done: Round) -> CheckingSummary:
    return CheckingSummary(causes=done.causes, checked=done.orders, changed=done.changed)
