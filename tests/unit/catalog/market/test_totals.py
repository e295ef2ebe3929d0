"""Volumes and the totals of accounts are right in every transaction, whoever writes sales, listings or owners."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from steadymint.catalog.account_totals import AccountTotals, totals_of
from steadymint.catalog.stakes import Asked, stakes_of
from steadymint.domain.market.prices import show_price
from steadymint.domain.types import Address, ChainId
from tests.support.catalog_rows import account, at, insert
from tests.support.market import DOLLARS, counted, hours_ago, kept, listing, put, sale
from tests.support.traits import Drop


async def test_a_day_and_a_week_of_sales_move_on_by_themselves(drop: Drop) -> None:
    times = [hours_ago(hours) for hours in (2, 20, 30, 150, 200)]
    rows = [sale(drop, token, 10**token, when) for token, when in enumerate(times)]
    dollars = sale(drop, 5, 10**5, hours_ago(2), **DOLLARS)
    await put(drop.pool, "sales", [*rows, dollars])
    row = await drop.pool.fetchrow(
        "select volume_day, sales_day, volume_week, sales_week from catalog_service.collection_volumes"
    )
    assert row == (11, 3, 1111, 5)
    stats = await drop.pool.fetchrow("select sales_count, volume_all from catalog_service.collection_stats")
    assert stats == (6, 11111)


@pytest.mark.parametrize("decimals", [0, 6, 18, 30])
async def test_volumes_beyond_every_price_are_exact_whatever_the_decimals_of_the_currency(
    drop: Drop, decimals: int
) -> None:
    with localcontext(prec=200):
        most = Decimal(2**256 - 1).scaleb(-decimals)
        await put(drop.pool, "orders", [listing(drop, 0, most)])
        await put(drop.pool, "sales", [sale(drop, token % 6, most, hours_ago(2)) for token in range(20)])
        found = await kept(drop.pool)
        assert found["hours"] == {(drop.id, when): (20 * most, 20) for _, when in found["hours"]}
        assert found["collections"] == {(drop.id,): (1, most, "ETH", 20, 20 * most)}
        assert {row[3:] for row in found["accounts"].values()} == {(20 * most, 0), (0, 20 * most)}
        await drop.pool.execute("delete from catalog_service.sales where token_number > 0")
        assert await kept(drop.pool) == await counted(drop.pool)
        one = (Address(account(1)), ChainId("eip155:31337"))
        assert (await totals_of(drop.pool, [one])).volume_sold == 4 * most


async def test_a_sale_that_a_reorg_takes_back_is_counted_out(drop: Drop) -> None:
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1)), sale(drop, 1, 4, at(2))])
    await drop.pool.execute("delete from catalog_service.sales where price_native = 3")
    found = await kept(drop.pool)
    assert found["collections"] == {(drop.id,): (0, None, None, 1, 4)}
    assert found["accounts"] == {
        (account(1), "eip155:31337"): (0, 1, 0, 4, 0),
        (account(2), "eip155:31337"): (0, 0, 1, 0, 4),
    }
    await drop.pool.execute("delete from catalog_service.sales")
    found = await kept(drop.pool)
    assert found["accounts"] == found["hours"] == found["collections"] == {}


async def test_a_collection_goes_with_its_market_and_the_history_stays(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, 0, 1)])
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1))])
    await drop.pool.execute("delete from catalog_service.collections")
    found = await kept(drop.pool)
    assert found["tokens"] == found["values"] == found["collections"] == found["hours"] == {}
    assert found["accounts"] == (await counted(drop.pool))["accounts"] != {}


async def test_the_totals_of_a_user_are_those_of_all_their_accounts(drop: Drop) -> None:
    chain, elsewhere = ChainId("eip155:31337"), ChainId("eip155:5")
    await put(drop.pool, "orders", [listing(drop, 0, 1), listing(drop, 1, 2, maker=account(2))])
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1)), sale(drop, 1, 5, at(2), seller_address=account(9))])
    await insert(
        drop.pool,
        "catalog_service.collection_owners",
        [
            {"collection_id": drop.id, "owner": account(who), "quantity": quantity, "updated_at": at(1)}
            for who, quantity in ((1, 4), (2, 30), (3, 9))
        ],
    )
    one, two = Address(account(1)), Address(account(2))
    assert await totals_of(drop.pool, [(one, chain), (two, chain), (one, chain)]) == AccountTotals(
        1, 34, 2, 1, 2, Decimal(3), Decimal(8)
    )
    most = 12 * (2**256 - 1)
    await drop.pool.execute("update catalog_service.collection_owners set quantity = $1", most)
    assert (await totals_of(drop.pool, [(one, chain), (two, chain)])).items == 2 * most
    await drop.pool.execute("update catalog_service.collections set is_hidden = true")
    hidden = await totals_of(drop.pool, [(one, chain)])
    assert (hidden.collections, hidden.items) == (0, 0)
    nobody = AccountTotals(0, 0, 0, 0, 0, Decimal(0), Decimal(0))
    assert await totals_of(drop.pool, [(one, elsewhere)]) == await totals_of(drop.pool, []) == nobody


async def test_what_is_at_stake_is_the_floor_times_the_units_to_the_last_digit(drop: Drop) -> None:
    chain, units = ChainId("eip155:31337"), 12 * (2**256 - 1)
    owner, contract = Address(account(1)), Address(drop.row["contract_address"])
    held = {"collection_id": drop.id, "owner": owner, "quantity": units, "updated_at": at(1)}
    await insert(drop.pool, "catalog_service.collection_owners", [held])
    asked = [Asked(owner, chain, contract, Address(account(7)), is_one) for is_one in (False, True)]
    assert [one.value for one in await stakes_of(drop.pool, asked)] == [None, None]
    floor = 1_234_567_890_123_456_789
    await put(drop.pool, "orders", [listing(drop, 0, Decimal(show_price(floor, 18)))])
    assert [(one.tokens, one.value) for one in await stakes_of(drop.pool, asked)] == [
        (units, Decimal(show_price(units * floor, 18))),
        (1, Decimal(show_price(floor, 18))),
    ]


async def test_a_key_is_one_account_on_every_chain_and_is_counted_once(drop: Drop) -> None:
    chain, elsewhere = ChainId("eip155:31337"), ChainId("eip155:5")
    await put(drop.pool, "orders", [listing(drop, 0, 1)])
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1))])
    key = Address(account(1))
    there = await totals_of(drop.pool, [(key, chain)])
    assert (there.collections, there.listings, there.sales) == (1, 1, 1)
    for linked in ([(key, None)], [(key, None), (key, chain)], [(key, chain), (key, None), (key, elsewhere)]):
        assert await totals_of(drop.pool, linked) == there
