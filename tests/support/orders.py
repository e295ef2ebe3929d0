"""Orders for tests: made, and put into the catalog as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.catalog.cache import Named
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.checks import check
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.facts import ALL, OrderFacts
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.policy import Currency, MarketPolicy
from steadymint.domain.market.standing import standing_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId, Standard
from steadymint.market.checking.kept import time_of
from tests.support.catalog_rows import CHAIN, account
from tests.support.market import MARKETPLACE, put

CATS, PRINTS = Address(account(0xCA)), Address(account(0x99))
SEAPORT, CONDUIT, WRAPPED = Address(account(0x5E)), Address(account(0xC0)), Address(account(0xE7))
ALICE = Address(account(0xA1))
START, END = 1_000, 4_000_000_000
POLICY = MarketPolicy(
    domain=SigningDomain(31337, SEAPORT),
    currencies={None: Currency("ETH", 18, is_native=True), WRAPPED: Currency("WETH", 18, is_native=True)},
)
GOOD = OrderFacts(
    validated=True,
    cancelled=False,
    filled=Filled(0, 0),
    counter=0,
    spender=CONDUIT,
    spender_open=True,
    held=ALL,
    allowed=ALL,
    approved_alone=False,
    maker_has_code=False,
    zone_has_code=False,
    accepts_signature=False,
    royalty=None,
)
"""Of an order that can be filled."""


def frame(salt: int, start: int = START, end: int = END) -> Frame:
    return Frame(start_time=start, end_time=end, salt=salt, counter=0)


def listed(token: int, *, salt: int = 0, maker: Address = ALICE, end: int = END, **price: int) -> OrderComponents:
    """A listing of one cat."""
    cost = Price(price.get("first", 10**18), price.get("last", price.get("first", 10**18)), None)  # type: ignore[arg-type]
    return listing(maker, Token(CATS, Standard.ERC721, token), cost, (), frame(salt, end=end))


def units(token: int, quantity: int, *, salt: int = 0) -> OrderComponents:
    """A listing of some prints."""
    return listing(
        ALICE, Token(PRINTS, Standard.ERC1155, token, quantity=quantity), Price.fixed(10**18), (), frame(salt)
    )


def wanted(token: int, amount: int = 10**18, *, salt: int = 0) -> OrderComponents:
    """An offer for one cat in wrapped ether."""
    return offer(ALICE, Token(CATS, Standard.ERC721, token), Price.fixed(amount, WRAPPED), (), frame(salt))


def row_of(components: OrderComponents, facts: OrderFacts = GOOD, now: int = 2_000) -> dict[str, Any]:
    """The row of an order that was checked at `now`."""
    order = SubmittedOrder.of(components)
    read, standing = order.read, standing_of(order.read, check(order, facts, POLICY, now), facts, now)
    currency = POLICY.currencies[read.currency]
    order_hash = "0x" + order.hash.hex()
    return {
        "chain_id": CHAIN,
        "order_hash": order_hash,
        "side": read.side.value,
        "maker": read.maker,
        "contract": read.contract,
        "token_number": read.token_id,
        "token_id": UUID(int=0) if read.token_id is not None else None,
        "token_standard": read.standard.value,
        "quantity": read.quantity,
        "in_parts": read.in_parts,
        "marketplace_id": MARKETPLACE,
        "price_amount": standing.unit_price,
        "price_native": standing.unit_price,
        "price_native_text": str(standing.unit_price),
        "currency_address": read.currency,
        "currency_symbol": currency.symbol,
        "is_native": currency.is_native,
        "fee_bps": 0,
        "royalty_bps": 0,
        "seaport": SEAPORT,
        "conduit": facts.spender,
        "counter": components.counter,
        "salt": components.salt,
        "start_at": time_of(read.start_time),
        "end_at": time_of(read.end_time),
        "components": components.model_dump(mode="json", by_alias=True),
        "signature": order.signature,
        "quantity_filled": standing.quantity_filled,
        "fillable": standing.fillable,
        "is_cancelled": standing.is_cancelled,
        "is_expired": standing.is_expired,
        "reasons": list(standing.reasons),
        "approved_alone": standing.approved_alone,
        "due_at": time_of(standing.due_at),
        "checked_block": 0,
    }


async def put_orders(pool: asyncpg.Pool, *orders: OrderComponents, facts: OrderFacts = GOOD) -> list[UUID]:
    """Insert them as they stand; their ids."""
    rows = [row_of(components, facts) for components in orders]
    for row in rows:
        row["id"] = await pool.fetchval("select catalog_service.order_id($1, $2)", row["chain_id"], row["order_hash"])
    return await put(pool, "orders", rows)


@dataclass
class Head:
    number: int = 100
    timestamp: int = 2_000


@dataclass
class ScriptedMarket:
    """A fake chain: what it says about an order is set by the test, and it counts what it is asked."""

    said: dict[bytes, OrderFacts] = field(default_factory=dict[bytes, OrderFacts])
    approved: dict[Address, bool] = field(default_factory=dict[Address, bool])
    now: Head = field(default_factory=Head)
    asked: list[int] = field(default_factory=list[int])
    """About how many orders at once."""
    blocks: list[int] = field(default_factory=list[int])
    """And as of which block."""
    questions: int = 0
    """About approvals of all tokens."""
    meanwhile: Any = None
    """Awaited once, while a node answers."""
    silenced: set[bytes] = field(default_factory=set[bytes])
    """Orders that leave whoever is asked about them among others without an answer."""
    hostile: set[Address] = field(default_factory=set[Address])
    """Contracts that leave whoever asks for their approvals without an answer."""
    silent: bool = False
    """Whether no node answers."""

    def say(self, components: OrderComponents, **facts: Any) -> None:
        order = SubmittedOrder.of(components)
        self.said[order.hash] = replace(self.said.get(order.hash, GOOD), **facts)

    async def head(self) -> Head:
        return self.now

    async def policy(self) -> MarketPolicy:
        return POLICY

    async def facts(self, orders: Sequence[SubmittedOrder], block: int) -> list[OrderFacts]:
        self.blocks.append(block)
        self.asked.append(len(orders))
        found = [self.said.get(order.hash, GOOD) for order in orders]
        await self._let_others()
        if self.silent or any(order.hash in self.silenced for order in orders):
            raise UpstreamUnavailableError("No node answered in time")
        return found

    async def _let_others(self) -> None:
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()

    async def answers(self, block: int) -> None:
        if self.silent:
            raise UpstreamUnavailableError("No node answered in time")

    async def approves(self, contract: Address, owner: Address, spenders: Sequence[Address], block: int) -> list[bool]:
        self.questions += len(spenders)
        given = [self.approved.get(spender, False) for spender in spenders]
        await self._let_others()
        if self.silent or contract in self.hostile:
            raise UpstreamUnavailableError("No node answered in time")
        return given


class BumpedPages:
    """Fake kept pages: of which collections they were dropped, in order."""

    def __init__(self) -> None:
        self.dropped: list[Named] = []

    async def bump(self, collections: Iterable[Named]) -> bool:
        self.dropped += collections
        return True

    async def bump_chain(self, chain_id: ChainId) -> bool:
        raise AssertionError("a check concerns some collections")
