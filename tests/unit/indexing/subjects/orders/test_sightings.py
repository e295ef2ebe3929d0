"""What the fills of a transaction show of purchases and sales that somebody has prepared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from steadymint.database import create_pool
from steadymint.domain.intents import purchase, sale
from steadymint.domain.intents.fills import FilledOrder
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.types import Address, Bytes32
from steadymint.indexing.reading.logs import Log
from steadymint.intents.repository import IntentRepository
from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, EDITIONS, MAX, SEAPORT, WRAPPED, ZERO
from tests.support.forged_trades import (
    DOLLARS,
    ETHER,
    fulfilled,
    hash_of,
    listing_filled,
    matched,
    money,
    offer_filled,
    to,
    token,
)
from tests.support.intents import Draft
from tests.unit.indexing.subjects.orders.conftest import Market

FACTS = {IntentKind.PURCHASE: purchase.facts, IntentKind.SALE: sale.facts}


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(database, min_size=1, max_size=2) as pool:
        yield pool


async def wanted(pool: asyncpg.Pool, account: str, *orders: int, kind: IntentKind = IntentKind.PURCHASE) -> Draft:
    """An intent of the account's about these orders."""
    facts = FACTS[kind](SEAPORT, account, [Bytes32(hash_of(order)) for order in orders])
    draft = Draft(kind=kind, account=Address(account), facts=facts)
    await IntentRepository(pool).create(draft)
    return draft


async def sightings(pool: asyncpg.Pool) -> list[Any]:
    """Key, kind, orders, and what was filled, in the order of their logs."""
    rows = await pool.fetch(
        "select match_key, kind, facts, effects, tx_hash from indexer_service.intent_sightings"
        " order by block_number, log_index"
    )
    return [(row["match_key"], row["kind"], row["facts"]["orders"], row["effects"]["fills"]) for row in rows]


async def test_all_orders_of_a_transaction_are_one_sighting_with_what_was_paid_for_each(
    market: Market, pool: asyncpg.Pool
) -> None:
    draft = await wanted(pool, BOB, 1, 2, 3)
    shared = {"block": 3, "transaction_hash": hash_of(77)}
    await market.say(
        listing_filled(2, ALICE, BOB, token(1), 2 * ETHER, **shared),
        listing_filled(1, ALICE, BOB, token(1, 3, EDITIONS), 30, WRAPPED, index=1, **shared),
        listing_filled(9, ALICE, BOB, token(2), ETHER, DOLLARS, index=2, **shared),
    )
    ((key, kind, orders, fills),) = await sightings(pool)
    assert (key, kind, orders) == (draft.match_key, "purchase", [hash_of(1), hash_of(2), hash_of(9)])
    assert [fill["orderHash"] for fill in fills] == [hash_of(2), hash_of(1), hash_of(9)]
    ether, wrapped, dollars = fills
    assert (ether["price"], ether["priceAmount"], ether["proceedsAmount"]) == ("2", str(2 * ETHER), str(18 * 10**17))
    assert (ether["currencySymbol"], "currency" in ether) == ("ETH", False)
    assert (wrapped["contract"].lower(), wrapped["tokenId"], wrapped["quantity"]) == (EDITIONS, "1", "3")
    assert (wrapped["currencySymbol"], wrapped["currency"].lower()) == ("WETH", WRAPPED)
    assert "price" not in dollars, "nobody has registered how many decimals it has"
    assert dollars["contract"].lower() == CATS


async def test_units_of_one_order_that_were_filled_in_two_steps_are_added_up(
    market: Market, pool: asyncpg.Pool
) -> None:
    await wanted(pool, BOB, 1)
    shared = {"block": 3, "transaction_hash": hash_of(77)}
    await market.say(
        listing_filled(1, ALICE, BOB, token(1, 3, EDITIONS), 30, **shared),
        listing_filled(1, ALICE, BOB, token(1, 4, EDITIONS), 40, index=1, **shared),
    )
    ((_, _, orders, (fill,)),) = await sightings(pool)
    assert (orders, fill["quantity"], fill["priceAmount"]) == ([hash_of(1)], "7", "70")


async def test_fills_that_nobody_waits_for_are_not_kept(market: Market, pool: asyncpg.Pool) -> None:
    await wanted(pool, CAROL, 1)
    await wanted(pool, ALICE, 1)
    await wanted(pool, BOB, 1, kind=IntentKind.SALE)
    await market.say(listing_filled(1, ALICE, BOB, token(1), ETHER, block=3))
    assert await sightings(pool) == []


async def test_an_offer_that_is_filled_is_its_sellers_sale_and_no_purchase(market: Market, pool: asyncpg.Pool) -> None:
    draft = await wanted(pool, ALICE, 1, kind=IntentKind.SALE)
    for kind in (IntentKind.PURCHASE, IntentKind.SALE):
        await wanted(pool, BOB, 1, kind=kind)
    await market.say(offer_filled(1, BOB, ALICE, token(1), ETHER, WRAPPED, block=3))
    ((key, kind, orders, (fill,)),) = await sightings(pool)
    assert (key, kind, orders) == (draft.match_key, "sale", [hash_of(1)])
    assert (fill["tokenId"], fill["priceAmount"], fill["proceedsAmount"]) == ("1", str(ETHER), str(ETHER))


async def test_the_buyer_is_whom_the_token_goes_to_when_others_match_the_orders(
    market: Market, pool: asyncpg.Pool
) -> None:
    draft = await wanted(pool, BOB, 20)
    await wanted(pool, CAROL, 20)
    shared = {"block": 3, "transaction_hash": hash_of(77)}
    await market.say(
        listing_filled(20, ALICE, CAROL, token(1), ETHER, WRAPPED, **shared),
        offer_filled(21, BOB, CAROL, token(1), ETHER, WRAPPED, index=1, **shared),
        matched([20, 21], index=2, **shared),
    )
    ((key, _, orders, _),) = await sightings(pool)
    assert (key, orders) == (draft.match_key, [hash_of(20)])


async def test_two_who_buy_in_one_transaction_are_each_shown_their_own(market: Market, pool: asyncpg.Pool) -> None:
    bobs, carols = await wanted(pool, BOB, 1), await wanted(pool, CAROL, 2)
    shared = {"block": 3, "transaction_hash": hash_of(77)}
    await market.say(
        listing_filled(1, ALICE, BOB, token(1), ETHER, **shared),
        listing_filled(2, ALICE, CAROL, token(2), ETHER, index=1, **shared),
    )
    assert [(key, orders) for key, _, orders, _ in await sightings(pool)] == [
        (bobs.match_key, [hash_of(1)]),
        (carols.match_key, [hash_of(2)]),
    ]


@pytest.mark.parametrize(
    ("said", "sums"),
    [
        (listing_filled(1, ALICE, BOB, token(1), MAX, block=3), (1, MAX)),
        (
            fulfilled(1, ALICE, BOB, [token(1)], [to(money(MAX), ALICE), to(money(MAX), CAROL)], block=3),
            (1, 2 * MAX),
        ),
        (fulfilled(1, ALICE, BOB, [token(1)], [], block=3), None),
        (fulfilled(1, ALICE, ZERO, [token(1, MAX, EDITIONS)] * 3, [to(money(1), ALICE)], block=3), None),
        (fulfilled(1, ALICE, BOB, [token(1, MAX, EDITIONS)] * 3, [to(money(9), ALICE)], block=3), (3 * MAX, 9)),
    ],
    ids=["most", "more", "nothing", "nobody", "many"],
)
async def test_whatever_a_fill_claims_the_index_goes_on_and_the_intent_shows_it_exactly(
    market: Market, pool: asyncpg.Pool, said: Log, sums: tuple[int, int] | None
) -> None:
    await wanted(pool, BOB, 1)
    await market.say(said)
    assert market.index.checkpoint.block == 3
    seen = [(orders, fills) for _, _, orders, fills in await sightings(pool)]
    assert [orders for orders, _ in seen] == ([] if sums is None else [[hash_of(1)]])
    for _, (fill,) in seen:
        shown = FilledOrder.model_validate(fill)
        assert (shown.quantity, shown.price_amount) == sums
        assert shown.model_dump(mode="json", by_alias=True, exclude_none=True) == fill


async def test_a_rollback_keeps_the_sighting_as_one_that_has_left_the_chain(market: Market, pool: asyncpg.Pool) -> None:
    await wanted(pool, BOB, 1)
    await market.say(listing_filled(1, ALICE, BOB, token(1), ETHER, block=3))
    await market.index.back_to(2)
    assert await pool.fetchval("select status from indexer_service.intent_sightings") == "orphaned"
    await market.say(listing_filled(1, ALICE, BOB, token(1), ETHER, block=3))
    rows = await pool.fetch("select status, settled_at from indexer_service.intent_sightings")
    assert [tuple(row) for row in rows] == [("landed", None)]
