"""Fills become sales, and orders that are known follow what the chain says of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg

from steadymint.domain.market.prices import show_price
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.topics import ROYALTY_SET
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.orders.subject import Orders
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    EDITIONS,
    MAX,
    WRAPPED,
    ZERO,
    log,
    single,
    topic,
    transfer,
    words,
)
from tests.support.forged_trades import (
    DOLLARS,
    ETHER,
    MARKETPLACE,
    cancelled,
    fulfilled,
    hash_of,
    incremented,
    listing_filled,
    matched,
    money,
    offer_filled,
    to,
    token,
    validated,
)
from tests.unit.indexing.subjects.orders.conftest import Market

SALE = "seller_address, buyer_address, quantity::int, price_amount::text, exclusion"


def at(block: int, index: int = 0) -> dict[str, Any]:
    return {"block": block, "index": index}


async def test_a_sale_has_its_parts_its_price_its_marketplace_and_its_collection(market: Market) -> None:
    await market.order(1)
    await market.say(
        listing_filled(1, ALICE, BOB, token(1), ETHER, **at(3)),
        transfer(ALICE, BOB, 1, **at(3, 1)),
        listing_filled(50, ALICE, CAROL, token(2), 5, DOLLARS, **at(3, 2)),
        listing_filled(51, ALICE, CAROL, token(3), ETHER // 2, WRAPPED, **at(3, 3)),
    )
    columns = """price_native_text, price_native, currency_symbol, is_native,
        (select slug from catalog_service.marketplaces m where m.id = marketplace_id) as slug,
        proceeds_amount + fees_amount = price_amount as adds_up, collection_id is not null
            and token_id = catalog_service.token_id(chain_id, contract, token_number) as is_named"""
    assert await market.one(columns, "sales") == [
        ("1", Decimal(1), "ETH", True, "steadymint", True, True),
        (None, None, "0xdddd…dddd", False, "seaport", True, True),
        ("0.5", Decimal("0.5"), "WETH", True, "seaport", True, True),
    ]
    assert await market.one("quantity::int, price_native, taker", "order_fills") == [
        (1, Decimal(1), BOB),
        (1, None, CAROL),
        (1, Decimal("0.5"), CAROL),
    ]
    assert await market.one("status, quantity_filled::int") == [("filled", 1)]


async def test_a_royalty_is_what_the_receiver_gets_whom_the_collection_named_last_before_the_fill(
    market: Market,
) -> None:
    named = log(CATS, [ROYALTY_SET], words(int(CAROL, 16), 500), **at(3, 1))
    first = [to(money(90), ALICE), to(money(10), CAROL)]
    await market.say(
        fulfilled(1, ALICE, BOB, [token(1)], first, **at(3)),
        named,
        fulfilled(2, ALICE, BOB, [token(2)], first, **at(3, 2)),
    )
    await market.say(fulfilled(3, ALICE, BOB, [token(3)], first, **at(4)))
    parts = await market.one("proceeds_amount::int, fees_amount::int, royalty_amount::int", "sales")
    assert parts == [(90, 10, 0), (90, 0, 10), (90, 0, 10)]


async def test_a_match_is_one_sale_and_a_bundle_a_sale_for_each_token(market: Market) -> None:
    shared = {"block": 3, "transaction_hash": hash_of(9)}
    await market.say(
        listing_filled(1, ALICE, ZERO, token(1), 100, WRAPPED, index=0, **shared),
        offer_filled(2, BOB, ZERO, token(1), 100, WRAPPED, index=1, **shared),
        matched([1, 2], index=2, **shared),
        fulfilled(3, ALICE, BOB, [token(2), token(3)], [to(money(7), ALICE)], **at(3, 5)),
    )
    assert sorted(await market.one(f"token_number::int, {SALE}, bundle", "sales")) == [
        (1, ALICE, BOB, 1, "100", None, 1),
        (2, ALICE, BOB, 1, "4", None, 2),
        (3, ALICE, BOB, 1, "3", None, 2),
    ]
    assert len(await market.one("place", "order_fills")) == 3


async def test_fills_of_one_order_in_one_transaction_are_one_sale(market: Market) -> None:
    await market.order(1, token=1, contract=EDITIONS, quantity=10)
    shared = {"block": 3, "transaction_hash": hash_of(9)}
    await market.say(
        listing_filled(1, ALICE, BOB, token(1, 3, EDITIONS), 300, index=0, **shared),
        listing_filled(1, ALICE, BOB, token(1, 2, EDITIONS), 200, index=1, **shared),
        listing_filled(1, ALICE, CAROL, token(1, 1, EDITIONS), 100, index=2, **shared),
    )
    assert await market.one(SALE, "sales") == [(ALICE, BOB, 5, "500", None), (ALICE, CAROL, 1, "100", None)]
    assert await market.one("quantity_filled::int, status") == [(6, "active")]


async def test_sales_to_oneself_and_back_within_a_month_do_not_count(market: Market) -> None:
    month = 30 * 24 * 3600
    sales = [
        (ALICE, BOB, 0),
        (BOB, ALICE, 100),
        (ALICE, CAROL, 200),
        (CAROL, CAROL, 300),
        (CAROL, ALICE, 200 + month),
        (ALICE, CAROL, 201 + 2 * month),
    ]

    def logs() -> list[Log]:
        return [
            listing_filled(9, seller, buyer, token(1), 5, **at(3 + n), block_timestamp=hex(1_700_000_000 + seconds))
            for n, (seller, buyer, seconds) in enumerate(sales)
        ]

    expected = [None, "back_and_forth", None, "self_trade", "back_and_forth", None]
    for one in logs():
        await market.say(one)
    assert await market.one("exclusion", "sales") == [(one,) for one in expected]
    await market.index.back_to(2)
    await market.say(*logs())
    assert await market.one("exclusion", "sales") == [(one,) for one in expected], "in one batch"
    assert (await market.stats())[2:] == (6, Decimal(15) / 10**18)


async def test_a_sale_whose_money_went_round_does_not_count(market: Market) -> None:
    def lent(sender: str, recipient: str, amount: int, **place: Any) -> Log:
        return log(WRAPPED, [TRANSFER, topic(sender), topic(recipient)], words(amount), **place)

    round_, other = {"block": 3, "transaction_hash": hash_of(9)}, {"block": 4, "transaction_hash": hash_of(10)}
    await market.say(
        lent(CAROL, BOB, 100, index=0, **round_),
        listing_filled(1, ALICE, BOB, token(1), 60, WRAPPED, index=1, **round_),
        listing_filled(2, ALICE, BOB, token(2), 40, WRAPPED, index=2, **round_),
        lent(ALICE, CAROL, 90, index=3, **round_),
        lent(CAROL, BOB, 100, index=0, **other),
        listing_filled(3, ALICE, BOB, token(3), 100, WRAPPED, index=1, **other),
        lent(ALICE, CAROL, 90, **at(5)),
    )
    assert await market.one("exclusion", "sales") == [("same_funder",), ("same_funder",), (None,)]
    assert (await market.stats())[2:] == (3, Decimal(100) / 10**18)


async def test_sums_beyond_a_uint256_are_exact_and_a_reorg_takes_them_back(market: Market) -> None:
    before = await market.stats(), await market.accounts()
    shared = {"block": 3, "transaction_hash": hash_of(9)}
    huge, gets = token(1, MAX, EDITIONS), [to(money(MAX, WRAPPED), who) for who in (ALICE, ALICE, MARKETPLACE)]
    logs = [
        fulfilled(1, ALICE, BOB, [token(1)], gets, index=0, **shared),
        fulfilled(2, ALICE, BOB, [huge, token(2, MAX, EDITIONS)], gets, index=1, **shared),
        listing_filled(3, ALICE, BOB, huge, 10, index=2, **shared),
        listing_filled(3, ALICE, BOB, huge, 10, index=3, **shared),
    ]
    parts = "token_number::int, quantity, price_amount, proceeds_amount, fees_amount, royalty_amount"
    found = []
    for _ in range(2):
        await market.say(*logs)
        assert sorted(await market.one(parts, "sales")) == [
            (1, 1, 3 * MAX, 2 * MAX, MAX, 0),
            (1, MAX, 3 * MAX // 2 + 1, MAX, MAX // 2 + 1, 0),
            (1, 2 * MAX, 20, 18, 2, 0),
            (2, MAX, 3 * MAX // 2, MAX, MAX // 2, 0),
        ]
        assert await market.one("quantity, price_amount", "order_fills") == [
            (1, 3 * MAX),
            (2 * MAX, 3 * MAX),
            (MAX, 10),
            (MAX, 10),
        ]
        found.append((await market.stats(), await market.accounts()))
        await market.index.back_to(2)
        assert (await market.stats(), await market.accounts()) == before
    volume, traded = Decimal(show_price(3 * MAX, 18)), 6 * MAX // 10**18
    assert found[0] == found[1] == ((0, None, 1, volume), {ALICE: (0, 4, 0, traded, 0), BOB: (0, 0, 4, 0, traded)})


async def test_cancellations_and_counters_reach_the_orders_that_are_known(market: Market) -> None:
    for number in (1, 2, 3):
        await market.order(number, token=number)
    await market.order(4, BOB, 4)
    await market.say(cancelled(1, ALICE, **at(3)), cancelled(77, ALICE, **at(3, 1)))
    assert await market.one("is_cancelled") == [(True,), (False,), (False,), (False,)]
    await market.say(incremented(ALICE, 5, **at(4)))
    assert await market.one("status") == [("cancelled",)] * 3 + [("active",)]
    await market.index.back_to(3)
    assert await market.one("is_cancelled") == [(True,), (False,), (False,), (False,)]
    assert await market.one("order_hash", "order_cancels") == [(hash_of(1),), (hash_of(77),)]


async def test_an_order_that_comes_later_finds_what_the_chain_says_of_it(market: Market) -> None:
    await market.say(
        listing_filled(1, ALICE, BOB, token(1, 4, EDITIONS), 5, **at(3)),
        cancelled(2, ALICE, **at(3, 1)),
        validated(3, ALICE, **at(3, 2)),
    )
    await market.order(1, contract=EDITIONS, quantity=10)
    await market.order(2)
    settled = "select catalog_service.settle_orders(array(select id from catalog_service.orders))"
    await market.index.writer.connection.execute(settled)
    assert await market.one("quantity_filled::int, is_cancelled") == [(4, False), (0, True)]
    slug = "(select slug from catalog_service.marketplaces m where m.id = marketplace_id)"
    assert await market.one(slug, "sales") == [("steadymint",)]
    assert await market.one("order_hash, components->>'offerer', taken_at", "order_validations") == [
        (hash_of(3), ALICE, None)
    ]


async def test_a_reorg_over_a_sale_takes_it_back_with_floor_volume_and_statistics(market: Market) -> None:
    await market.order(1, checked=2)
    await market.order(2, token=2, price=3 * ETHER, checked=2)
    before = await market.stats()
    await market.say(listing_filled(1, ALICE, BOB, token(1), ETHER, **at(3)), transfer(ALICE, BOB, 1, **at(3, 1)))
    assert before == (2, Decimal(1), 0, Decimal(0))
    assert await market.accounts() == {ALICE: (1, 1, 0, 1, 0), BOB: (0, 0, 1, 0, 1)}
    assert await market.stats() == (1, Decimal(3), 1, Decimal(1))
    assert await market.activities(1) == ["listed", "mint", "sale", "transfer"]
    await market.index.back_to(2)
    assert await market.activities(1) == ["listed", "mint"]
    assert await market.stats() == before
    assert await market.accounts() == {ALICE: (2, 0, 0, 0, 0)}
    assert await market.one("place", "sales") == await market.one("place", "order_fills") == []
    assert await market.one("status, quantity_filled::int, reasons") == [("active", 0, [])] * 2


async def test_each_sale_is_told_with_its_price_and_its_parts(market: Market, pool: asyncpg.Pool) -> None:
    await market.say(
        fulfilled(3, ALICE, BOB, [token(2), token(3)], [to(money(7), ALICE)], **at(3, 5)),
        listing_filled(1, ALICE, BOB, token(1), 100, DOLLARS, **at(4)),
    )
    told = await Orders.told(pool, market.index.writer.chain_id, 2, 4)
    assert [(one.block, one.log_index) for one in told] == [(3, 5), (3, 5), (4, 0)]
    events = [event for one in told for event in one.events]
    assert {(event.stream, event.type) for event in events} == {("sales.events", "sold.eip155-31337")}
    assert len({event.event_id for event in events}) == 3
    last = events[-1].payload
    assert (last["tokenId"], last["seller"], last["buyer"], last["orderHash"]) == ("1", ALICE, BOB, hash_of(1))
    assert (last["priceAmount"], last["proceedsAmount"], last["feesAmount"]) == ("100", "90", "10")
    assert (last["currency"], last["price"], last["marketplace"]) == (DOLLARS, None, "seaport")
    assert not await Orders.told(pool, market.index.writer.chain_id, 4, 9)


async def test_nothing_is_sold_by_an_exchange_or_for_nothing(market: Market) -> None:
    await market.say(
        fulfilled(1, ALICE, BOB, [token(1)], [to(token(2), ALICE)], **at(3)),
        listing_filled(2, ALICE, BOB, token(3), 0, **at(3, 1)),
        single(ALICE, BOB, 1, 1, **at(3, 2)),
    )
    assert await market.one("place", "sales") == []
    assert len(await market.one("place", "order_fills")) == 2
