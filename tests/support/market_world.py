"""A market on a real chain, with its index, its checker, and orders of every kind that makers have signed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from steadymint.catalog.cache import CatalogCache
from steadymint.chain.fulfilment import FulfilmentBuilder
from steadymint.chain.nodes.chain import FACTORY, SEAPORT, WRAPPED_NATIVE
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.components import ZERO_BYTES32
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Standard, TokenId, Wei
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.reading.source import LogSource
from steadymint.market.checking.checker import OrderChecker
from steadymint.market.checking.service import ChainMarket
from steadymint.market.policies import policy_of
from tests.contracts.order_stage import FEES, GIVEN, Stage, lower
from tests.contracts.seaport import CONDUIT, ETHER, FOR_GOOD
from tests.support.indexing import Driver, indexed_chain
from tests.support.local_chain import LocalChain
from tests.support.trading import CHAIN, Trading, open_trading

AHEAD: Final = 10 * 365 * 86_400
"""Seconds by which the chain's time is ahead of ours, so that it alone counts for what is due."""
CONFIRMATIONS: Final = 3
"""N of the chain: reorgs may be shallower and deeper."""
CARRIERS: Final = CriteriaTree(TokenId(number) for number in (GIVEN, GIVEN + 1))
MIDDLE: Final = 1_500
LATE: Final = 5_000
"""Seconds after the beginning, at which some orders begin or end."""


@dataclass
class Once:
    """`Heads` without news: the index stops when it has read what there is."""

    stop: asyncio.Event

    async def news(self) -> None:
        self.stop.set()


@dataclass(eq=False)
class World:
    """A chain with a market, its index, its checker, and the orders that makers have signed."""

    trading: Trading
    chain: IndexedChain
    dsn: str
    checker: OrderChecker
    builder: FulfilmentBuilder
    orders: list[SubmittedOrder]
    begun_at: int
    """The time of the chain at which each schedule begins."""
    base: str
    """The snapshot to which each goes back."""

    @property
    def stage(self) -> Stage:
        return self.trading.stage

    async def go_back(self) -> None:
        """As before the first schedule, but for what the index has read."""
        await self.rpc("evm_revert", self.base)
        self.base = await self.rpc("evm_snapshot")
        await self.trading.pool.execute("delete from catalog_service.orders; delete from catalog_service.order_causes")

    async def index(self) -> SpanSummary:
        """Read all that is deep enough now, and leave blocks that are gone."""
        stop = asyncio.Event()
        source = LogSource(self.stage.client.rpc)
        return await Indexer(self.chain, dsn=self.dsn, source=source, heads=Once(stop)).run(stop)

    async def calls(self, calls: Sequence[dict[str, str]], at: int | None = None) -> list[Any]:
        """What calls return in the newest block, or in one of that time; the error of one that is refused."""
        overrides = () if at is None else ({}, {"time": hex(at)})
        return await self.stage.client.rpc.batch([("eth_call", (call, "latest", *overrides)) for call in calls])

    async def rpc(self, method: str, *params: Any) -> Any:
        return await self.stage.client.rpc.call(method, params)


@asynccontextmanager
async def opened_world(chain: LocalChain, stage: Stage, dsn: str, pool: asyncpg.Pool) -> AsyncIterator[World]:
    """The market of a stage that nobody has used, whose collections the index finds by itself."""
    market = stage.seaport.market
    trading = await open_trading(stage, pool, chain, market)
    roles = {
        chain.contracts.factory: FACTORY,
        market.seaport.lower(): SEAPORT,
        market.wrapped_native.lower(): WRAPPED_NATIVE,
    }
    currencies = {lower(market.wrapped_native): Currency("WETH", 18, is_native=True)}
    begun_at = int(time.time()) + AHEAD
    world = World(
        trading=trading,
        chain=indexed_chain(
            Driver(chain.anvil, chain.contracts), roles=roles, currencies=currencies, confirmations=CONFIRMATIONS
        ),
        dsn=dsn,
        checker=OrderChecker(pool, CHAIN, ChainMarket(trading.clients, policy_of, CHAIN), CatalogCache(None)),
        builder=FulfilmentBuilder(trading.clients, policy_of),
        orders=_orders(stage, begun_at),
        begun_at=begun_at,
        base="",
    )
    await world.rpc("evm_setNextBlockTimestamp", hex(begun_at))
    await world.rpc("anvil_mine", hex(CONFIRMATIONS))
    await world.index()
    await world.rpc("evm_setAutomine", False)
    world.base = await world.rpc("evm_snapshot")
    yield world
    await world.rpc("evm_setAutomine", True)
    await trading.clients.close()


def criteria_of(order: SubmittedOrder) -> list[tuple[int, Sequence[bytes]]]:
    """The token that an offer by criteria is given."""
    if order.read.criteria is None:
        return []
    proof = CARRIERS.proof(TokenId(GIVEN)) if order.read.criteria == CARRIERS.root else ()
    return [(GIVEN, proof)]


def name_of(order: SubmittedOrder) -> str:
    """For whoever looks for a fault."""
    read = order.read
    return f"{order.components.salt}:{read.side.value} {read.quantity} x {read.token_id} of {read.maker[:6]}"


def _orders(stage: Stage, now: int) -> list[SubmittedOrder]:
    """Of each kind, some of which end soon or begin late."""
    seller, bidder = lower(stage.seller), lower(stage.bidder)
    fixed, wrapped = Price.fixed(ETHER), Price.fixed(ETHER, stage.dollars)
    falling, rising = Price(Wei(4 * ETHER), Wei(ETHER), stage.dollars), Price(Wei(ETHER), Wei(4 * ETHER), stage.dollars)
    cats = lower(stage.cats.address)
    any_cat = Token(cats, Standard.ERC721, 0, has_criteria=True)
    direct = {"conduit_key": ZERO_BYTES32}
    short, late = {"end_time": now + LATE}, {"start_time": now + MIDDLE}
    made = [
        lambda frame: listing(seller, stage.cat(1), fixed, FEES, frame()),
        lambda frame: listing(seller, stage.cat(1), Price.fixed(2 * ETHER), FEES, frame()),
        lambda frame: listing(seller, stage.cat(2), falling, FEES, frame(**short)),
        lambda frame: listing(seller, stage.cat(2), wrapped, FEES, frame(**late)),
        lambda frame: listing(seller, stage.cat(3), fixed, FEES, frame(**direct)),
        lambda frame: listing(bidder, stage.cat(3), fixed, FEES, frame()),
        lambda frame: listing(seller, stage.units(10), fixed, FEES, frame()),
        lambda frame: listing(seller, stage.units(4), wrapped, FEES, frame(**late)),
        lambda frame: listing(seller, stage.units(6), fixed, FEES, frame(**short, **direct)),
        lambda frame: offer(bidder, stage.cat(GIVEN), wrapped, FEES, frame()),
        lambda frame: offer(bidder, stage.cat(GIVEN), Price.fixed(9 * ETHER, stage.dollars), FEES, frame(**direct)),
        lambda frame: offer(bidder, any_cat, falling, FEES, frame(**short)),
        lambda frame: offer(bidder, any_cat._replace(quantity=3), wrapped, FEES, frame(**late)),
        lambda frame: offer(bidder, any_cat._replace(identifier=CARRIERS.root), rising, FEES, frame(**short)),
        lambda frame: offer(bidder, stage.units(6), rising, FEES, frame(**short)),
    ]

    def framed(salt: int) -> Any:
        usual = {"start_time": now, "end_time": FOR_GOOD, "salt": salt, "counter": 0, "conduit_key": CONDUIT}
        return lambda **given: Frame(**usual | given)

    return [stage.sign(make(framed(salt))) for salt, make in enumerate(made)]
