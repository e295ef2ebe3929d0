"""Fills of other markets become sales, by the role of the contract that emits them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from steadymint.domain.market.others import rarible
from steadymint.domain.market.others.roles import FILLS
from steadymint.indexing.reading.logs import Log
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    OTHER_MARKETS,
    STRANGER,
    ZERO,
    folded,
    log,
    single,
    transfer,
)
from tests.support.forged_trades import ETHER, cancelled, hash_of, incremented, listing_filled, token
from tests.support.indexing import fetch
from tests.support.projected import projected
from tests.unit.domain.market.others.recorded import LOGS, Recorded
from tests.unit.indexing.subjects.orders.conftest import Market

V1_5 = OTHER_MARKETS["seaport_1_5"]
MATCH = ("seaport 1.1 offer that was matched", "seaport 1.1 listing that was matched")
SOLD = """
select m.slug, count(*)::integer, sum(s.price_native)::text
from catalog_service.sales s join catalog_service.marketplaces m on m.id = s.marketplace_id group by 1 order by 1"""
SOLD_ROWS = [
    ("blur", 4, "1.745"),
    ("looksrare", 2, "0.00184815"),
    ("rarible", 1, "0.001"),
    ("seaport", 2, "15"),
    ("x2y2", 2, "0.015"),
]
"""Marketplace, sales, and the price of those in ether. The others are in a currency that is not registered here."""
ROWS = "select * from catalog_service.sales order by id"


def emitted(recorded: Recorded, **place: Any) -> Log:
    return log(OTHER_MARKETS[recorded.role], recorded.topics, recorded.data, **place)


def transfers_of(recorded: Recorded, **place: Any) -> Iterator[Log]:
    """The token's transfer, to or from bob where the log of the fill does not name who it was."""
    fill = FILLS[recorded.role][recorded.topics[0]](recorded.topics, recorded.data)
    assert fill is not None
    if fill.seller is None or fill.buyer is None:
        (sold,) = fill.tokens
        sides = fill.seller or BOB, fill.buyer or BOB
        if recorded.role == "rarible_exchange_v2":
            yield single(*sides, sold.token_id, sold.quantity, contract=sold.contract, **place)
        else:
            yield transfer(*sides, sold.token_id, contract=sold.contract, **place)


def recorded_blocks() -> Iterator[tuple[int, list[Log]]]:
    """The blocks 1, 2, ...: each with a transaction of a real chain, as far as its log is recorded."""
    alone = [one for name, one in LOGS.items() if one.role in FILLS and one.topics[0] != rarible.MATCH_OF_AMOUNTS] + [
        LOGS["seaport 1.5 listing"]
    ]
    for block, one in enumerate(alone, 1):
        place = {"block": block, "transaction_hash": hash_of(block), "transaction_index": "0x0"}
        moves = list(transfers_of(one, index=1, **place)) if one.role in FILLS else []
        yield block, [*moves, emitted(one, index=2, **place)]
    last = {"block": len(alone) + 1, "transaction_hash": hash_of(99)}
    yield len(alone) + 1, [emitted(LOGS[name], index=index, **last) for index, name in enumerate(MATCH)]


@pytest.mark.parametrize("history", [False, True], ids=["block by block", "first reading"])
async def test_each_recorded_fill_is_a_sale_of_its_marketplace_and_a_rollback_takes_it_back(
    database: str, history: bool
) -> None:
    async with projected(database, history=history) as index:
        for block, logs in recorded_blocks():
            await index.take(logs, block)
        await index.seal()
        sold = [tuple(row.values()) for row in await fetch(database, SOLD)]
        assert sold == SOLD_ROWS
        before = await fetch(database, ROWS)
        await index.back_to(4)
        assert await fetch(database, ROWS) == [row for row in before if row["block_number"] <= 4]
        for block, logs in recorded_blocks():
            if block > 4:
                await index.take(logs, block)
        assert await fetch(database, ROWS) == before
        assert {row["order_id"] for row in before} == {None}


async def test_a_side_that_no_transfer_of_the_transaction_tells_leaves_no_sale(market: Market) -> None:
    one = LOGS["blur v2 without fees"]
    (moved,) = transfers_of(one, block=3, index=0)
    assert await market.one("place", "sales") == []
    await market.say(moved, emitted(one, block=3, index=1))
    assert await market.one("place", "sales") == [], "it is of another transaction"
    same = {"transaction_hash": hash_of(7)}
    (moved,) = transfers_of(one, block=4, index=0, **same)
    await market.say(moved, emitted(one, block=4, index=1, **same))
    assert await market.one("buyer_address", "sales") == [(BOB,)]


async def test_one_order_that_is_filled_on_two_seaports_in_one_transaction_is_one_sale(market: Market) -> None:
    """Its hash is the same on both, and so would be the key of the sale."""
    shared = {"block": 3, "transaction_hash": hash_of(9)}
    here = listing_filled(1, ALICE, BOB, token(1), ETHER, index=0, **shared)
    there = listing_filled(1, ALICE, BOB, token(1), ETHER, index=1, **shared)
    await market.say(here, replace(there, address=V1_5))
    assert await market.one("quantity::int, price_native_text", "sales") == [(2, "2")]
    assert len(await market.one("place", "order_fills")) == 1


async def test_an_order_of_ours_is_not_filled_and_not_cancelled_by_an_earlier_seaport(market: Market) -> None:
    await market.order(1)
    said = [
        listing_filled(1, ALICE, CAROL, token(1), ETHER, block=3),
        cancelled(1, ALICE, block=3, index=1),
        incremented(ALICE, 5, block=3, index=2),
    ]
    await market.say(*(replace(one, address=V1_5) for one in said))
    assert await market.one("status, quantity_filled::int") == [("active", 0)]
    slug = "(select slug from catalog_service.marketplaces m where m.id = marketplace_id)"
    assert await market.one(f"{slug}, order_id, buyer_address", "sales") == [("seaport", None, CAROL)]


def test_a_fill_of_a_contract_that_is_not_registered_is_none() -> None:
    one = LOGS["looksrare listing"]
    result = folded([log(STRANGER, one.topics, one.data), listing_filled(1, ALICE, BOB, token(1), 1, index=1)])
    assert result.counts == {"unregistered_looksrare_v2": 1}
    result = folded([log(STRANGER, one.topics, one.data), log(V1_5, [*one.topics, ZERO], index=1)])
    assert result.counts == {"unregistered_looksrare_v2": 1, "foreign": 1}
