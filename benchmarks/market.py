"""Orders that are handed in, against what they cannot do without: the signature's recovery, and one INSERT.

The orders are collection offers of one bidder, all active. The baseline recovers the signer in this process and inserts
order and signature into a table with a primary key. Ours is called as the route calls it; beside it over HTTP, and the
smallest activity without a workflow, which says how much of ours is Temporal's.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import aiohttp
import orjson
from coincurve import PrivateKey

from benchmarks.bare import QUEUE
from benchmarks.bare_flow import nothing
from benchmarks.options import Options
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.domain.market.build import Frame, Price, Token, offer
from steadymint.domain.market.components import ZERO_BYTES32
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.intake import HandedOrder, HandedOrders, Taking
from steadymint.domain.market.signatures import signer_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId, Standard, chain_number
from steadymint.durable.market import MarketOrders
from steadymint.durable.queues import Queues
from steadymint.live.order_requests import OrderRequests
from steadymint.market.new_orders import shown_components
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from steadymint.stack.market import expected_market
from tests.support.full_stack import FullStack
from tests.support.indexing import call_data

Contestants = dict[str, Callable[[SubmittedOrder], Awaitable[None]]]

AT_ONCE: Final = 16
INTAKE_GOAL = Goal("ratio", "<=", 2.5)
BIDDER: Final = DEV_ACCOUNTS[3]
ETHER: Final = 10**18
DAY: Final = 86_400
_BARE: Final = "a bare INSERT with the signature's recovery"


@dataclass(frozen=True, slots=True)
class Bidder:
    """Signs offers for any token of a collection. It has the money and has approved Seaport itself."""

    chain_id: ChainId
    collection: Address

    @property
    def domain(self) -> SigningDomain:
        return SigningDomain(chain_number(self.chain_id), Address(expected_market().seaport))

    def order(self) -> SubmittedOrder:
        now = int(time.time())
        frame = Frame(now - 60, now + DAY, int.from_bytes(os.urandom(16)), 0, ZERO_BYTES32)
        price = Price.fixed(ETHER // 100, Address(expected_market().wrapped_native))
        wanted = Token(self.collection, Standard.ERC721, 0, has_criteria=True)
        unsigned = SubmittedOrder.of(offer(Address(BIDDER.address.lower()), wanted, price, (), frame))
        key = PrivateKey.from_hex(BIDDER.private_key[2:])
        made = key.sign_recoverable(self.domain.digest(unsigned.hash), hasher=None)
        return SubmittedOrder.of(unsigned.components, made[:64] + bytes([made[64] + 27]))


class Nobody:
    """A short way that nobody answers."""

    async def ask(self, handed: HandedOrders) -> None:
        return None


async def intake(product: Product, options: Options) -> list[Measure]:
    """One order after another, and 16 at once."""
    full = product.full
    async with full.person() as owner:
        bidder = Bidder(ChainId(full.chain_id), Address((await full.made(owner)).lower()))
    await _fund(full)
    await product.pool.execute(
        "create schema bench; create table bench.orders (id uuid primary key, order_hash text not null,"
        " components jsonb not null, signature bytea not null)"
    )
    queues = Queues(full.stack.settings().temporal.task_queue_prefix)
    market = MarketOrders(full.temporal, queues, OrderRequests(product.redis))
    long_way = MarketOrders(full.temporal, queues, Nobody())
    async with aiohttp.ClientSession(full.stack.api_url) as http:
        direct: Contestants = {
            "ours": lambda order: _taken(market, bidder.chain_id, order),
            "bare": lambda order: _inserted(product, bidder.domain, order),
            "http": lambda order: _posted(http, bidder.chain_id, order),
        }
        by_temporal: Contestants = {
            "long way": lambda order: _taken(long_way, bidder.chain_id, order),
            "activity": lambda _: _nothing(product),
        }
        # Apart: Temporal goes on with a call after it has answered, and whoever comes next pays for it.
        took = await _one_by_one(direct, bidder, options.of(400, 100))
        took |= await _one_by_one(by_temporal, bidder, options.of(100, 30))
        rates = await _at_once(direct | by_temporal, bidder, options.of(8, 3), options.of(96, 48))
    active = await product.pool.fetchval("select count(*) from catalog_service.orders where status = 'active'")
    every = await product.pool.fetchval("select count(*) from catalog_service.orders")
    if not active or active != every:
        raise DidNotHappenError(f"{active} of {every} orders are active")
    return [*_latencies(took), *_rates(rates)]


def _latencies(took: dict[str, list[float]]) -> list[Measure]:
    smallest = round(statistics.median(took["activity"]), 2)
    return [
        of_samples(
            name,
            took[who],
            "ms",
            baseline=statistics.median(took["bare"]),
            against=_BARE,
            goal=goal,
            notes={"the smallest activity, ms": smallest},
        )
        for name, who, goal in (
            ("hand in an order", "ours", INTAKE_GOAL),
            ("hand in an order, over HTTP", "http", None),
            ("hand in an order, through Temporal", "long way", None),
        )
    ]


def _rates(rates: dict[str, list[float]]) -> list[Measure]:
    smallest = round(statistics.median(rates["activity"]), 1)
    return [
        of_samples(
            f"hand in orders, {AT_ONCE} at once{what}",
            rates[who],
            "/s",
            baseline=statistics.median(rates["bare"]),
            against=_BARE,
            notes={"the smallest activity, /s": smallest},
        )
        for who, what in (("ours", ""), ("http", ", over HTTP"), ("long way", ", through Temporal"))
    ]


async def _one_by_one(contestants: Contestants, bidder: Bidder, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each, in turns. Who begins is drawn anew for each round: nobody always comes behind the same."""
    took: dict[str, list[float]] = defaultdict(list)
    warm = 10
    turns, draw = list(contestants.items()), random.Random(1)
    for number in range(rounds + warm):
        draw.shuffle(turns)
        for name, call in turns:
            order = bidder.order()
            begun = time.perf_counter()
            await call(order)
            if number >= warm:
                took[name].append((time.perf_counter() - begun) * 1000)
    return took


async def _at_once(contestants: Contestants, bidder: Bidder, rounds: int, each: int) -> dict[str, list[float]]:
    """Orders per second of each, in turns."""
    rates: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, call in contestants.items():
            waiting = iter([bidder.order() for _ in range(each)])

            async def work(waiting: Any = waiting, call: Any = call) -> None:
                for order in waiting:
                    await call(order)

            begun = time.perf_counter()
            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
            if number:  # the first round warms up
                rates[name].append(each / (time.perf_counter() - begun))
    return rates


async def _fund(full: FullStack) -> None:
    """Wrapped ether, and the approval for Seaport."""
    market = expected_market()
    calls = [
        {"value": hex(10 * ETHER), "data": call_data("WrappedNative", "deposit")},
        {"data": call_data("WrappedNative", "approve", market.seaport, 2**256 - 1)},
    ]
    for call in calls:
        sent = {"from": BIDDER.address, "to": market.wrapped_native, "gas": hex(200_000)} | call
        await full.stack.anvil.rpc("eth_sendTransaction", sent)
    await full.blocks.mine()


async def _taken(market: MarketOrders, chain_id: ChainId, order: SubmittedOrder) -> None:
    handed = HandedOrder(components=order.components, signature="0x" + order.signature.hex())
    (taken,) = await market.take(chain_id, [handed])
    if taken.outcome is not Taking.CREATED:
        raise DidNotHappenError(f"an order was {taken.outcome}: {taken.findings}")


async def _posted(http: aiohttp.ClientSession, chain_id: ChainId, order: SubmittedOrder) -> None:
    body = {
        "chainId": chain_id,
        "order": shown_components(order.components),
        "signature": "0x" + order.signature.hex(),
    }
    async with http.post("/v1/orders", data=orjson.dumps(body), headers={"content-type": "application/json"}) as answer:
        if answer.status != 201:
            raise DidNotHappenError(f"an order was answered {answer.status}: {await answer.text()}")


async def _inserted(product: Product, domain: SigningDomain, order: SubmittedOrder) -> None:
    again = SubmittedOrder.of(order.components, order.signature)
    if signer_of(again.hash, again.signature, domain) != again.read.maker:
        raise DidNotHappenError("the signature is another's")
    await product.pool.execute(
        "insert into bench.orders (id, order_hash, components, signature) values ($1, $2, $3, $4)",
        uuid4(),
        "0x" + again.hash.hex(),
        shown_components(again.components),
        again.signature,
    )


async def _nothing(product: Product) -> None:
    await product.bare.execute_activity(
        nothing, "text", id=str(uuid4()), task_queue=QUEUE, start_to_close_timeout=timedelta(seconds=5)
    )
