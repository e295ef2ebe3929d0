"""Lists of orders: which orders a filter finds, in which order, page by page; compared with the plain condition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.market.bodies.order_lists import OrderPageView
from api.market.bodies.orders import OrderView
from benchmarks import list_rows, order_rows
from benchmarks.list_rows import CHAIN, CONTRACT, Size
from tests.support.browsing import walk
from tests.support.reads import Reads, serving_reads

SIZE = Size(tokens=300, owners=13, collections=60)
ORDERS = 2_000
MAKER = list_rows.account(1_005)
OWNER = list_rows.owner(10, SIZE)
HIDDEN = 7
OF = f"chainId={CHAIN}&contract={CONTRACT}"
IN_IT = f"o.contract = '{CONTRACT}'"
FILLED_BY = "exists (select from catalog_service.order_fills f where f.order_id = o.id and f.taker = '{}')"
WITH_TRAIT = """exists (select from catalog_service.token_trait_links l where l.token_id = o.token_id
    and l.trait_value_id in ({}))"""
MEMBERS = "select from catalog_service.token_set_members m where m.set_no = o.token_set"
SHADES = ", ".join(f"md5('background {number}')::uuid" for number in (1, 3))
NEWEST = "o.created_at desc, o.id desc"
ACTIVE = "o.status = 'active'"

pytestmark = pytest.mark.xdist_group("order lists")  # the tables are filled once


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    async with serving_reads(module_database) as found:
        await list_rows.load(found.pool, SIZE)
        await order_rows.load(found.pool, ORDERS, SIZE)
        await found.pool.execute(
            "update catalog_service.collections set is_hidden = true where slug = $1", f"collection-{HIDDEN}"
        )
        yield found


async def plainly(reads: Reads, where: str, order: str = NEWEST) -> list[str]:
    """The hashes of the orders in a visible collection for which a condition holds."""
    rows = await reads.pool.fetch(
        f"""select o.order_hash from catalog_service.orders o
        join catalog_service.collections c on c.id = o.collection_id
        where not c.is_hidden and ({where}) order by {order}"""
    )
    return [row["order_hash"] for row in rows]


def hashes(items: list[dict[str, Any]]) -> list[str]:
    TypeAdapter(OrderPageView).validate_python({"items": items, "nextCursor": None})
    return [item["orderHash"] for item in items]


FILTERS: dict[str, tuple[str, str]] = {
    "nothing": ("", "true"),
    "chain": (f"chainId={CHAIN}", "true"),
    "another chain": ("chainId=eip155:1", "false"),
    "collection": (OF, IN_IT),
    "collection by its slug": (f"chainId={CHAIN}&contract=collection-0", IN_IT),
    "hidden collection": (f"chainId={CHAIN}&contract=collection-{HIDDEN}", "false"),
    "token": (f"{OF}&tokenId=32", f"{IN_IT} and o.token_number = 32"),
    "maker": (f"maker={MAKER}", f"o.maker = '{MAKER}'"),
    "maker in a collection": (f"{OF}&maker={MAKER}", f"o.maker = '{MAKER}' and {IN_IT}"),
    "taker": (f"taker={MAKER}", FILLED_BY.format(MAKER)),
    "taker in a collection": (f"{OF}&taker={MAKER}", f"{IN_IT} and {FILLED_BY.format(MAKER)}"),
    "listings": (f"{OF}&side=listing", f"{IN_IT} and o.side = 'listing'"),
    "offers": (f"{OF}&side=offer", f"{IN_IT} and o.side <> 'listing'"),
    "some offers": (f"{OF}&side=item_offer&side=trait_offer", f"{IN_IT} and o.side in ('item_offer', 'trait_offer')"),
    "statuses": (f"{OF}&status=active&status=inactive", f"{IN_IT} and o.status in ('active', 'inactive')"),
    "the chain's own currency": (f"{OF}&currency=0x{'0' * 40}", f"{IN_IT} and o.currency_address is null"),
    "a currency": (f"currency={order_rows.DOLLARS}", f"o.currency_address = '{order_rows.DOLLARS}'"),
    "prices": (f"{OF}&minPrice=3&maxPrice=4.5", f"{IN_IT} and o.price_native between 3 and 4.5"),
    "a trait": (f"{OF}&trait=Background:Shade 1&trait=background:shade 3", WITH_TRAIT.format(SHADES)),
    "traits": (
        f"{OF}&trait=Background:Shade 1&trait=Power:37",
        f"{WITH_TRAIT.format(SHADES.split(',', maxsplit=1)[0])} and " + WITH_TRAIT.format("md5('power 37')::uuid"),
    ),
    "several": (
        f"{OF}&maker={MAKER}&side=listing&status=active&maxPrice=5",
        f"{IN_IT} and o.maker = '{MAKER}' and o.side = 'listing' and {ACTIVE} and o.price_native <= 5",
    ),
}


@pytest.mark.parametrize(("query", "where"), FILTERS.values(), ids=FILTERS)
async def test_a_filter_finds_what_its_condition_says_newest_first_and_each_order_once(
    reads: Reads, query: str, where: str
) -> None:
    found = await walk(reads, "/v1/orders", query, limit=37)
    expected = await plainly(reads, where)
    assert hashes(found) == expected
    assert expected or where == "false"


ALIKE = "o.is_native"
DOLLARS = f"o.currency_address = '{order_rows.DOLLARS}'"
WRAPPED = f"o.currency_address = '{order_rows.WRAPPED}'"
PRICED: dict[str, tuple[str, str]] = {
    "listings": ("side=listing", f"o.side = 'listing' and {ALIKE}"),
    "listings in dollars": (f"side=listing&currency={order_rows.DOLLARS}", f"o.side = 'listing' and {DOLLARS}"),
    "listings with a trait": (
        "side=listing&trait=Background:Shade 1&trait=Background:Shade 3",
        f"o.side = 'listing' and {ALIKE} and {WITH_TRAIT.format(SHADES)}",
    ),
    "listings of a token": ("side=listing&tokenId=32", f"o.side = 'listing' and {ALIKE} and o.token_number = 32"),
    "offers": ("side=offer", f"o.side <> 'listing' and {ALIKE}"),
    "collection offers": ("side=collection_offer&status=active", f"o.side = 'collection_offer' and {ALIKE}"),
    "offers in the wrapped form": (f"side=offer&currency={order_rows.WRAPPED}", f"o.side <> 'listing' and {WRAPPED}"),
    "offers in dollars": (f"side=offer&currency={order_rows.DOLLARS}", f"o.side <> 'listing' and {DOLLARS}"),
    "offers for a token": ("side=offer&tokenId=218", f"o.side = 'item_offer' and {ALIKE} and o.token_number = 218"),
    "offers up to a price": ("side=offer&maxPrice=4", f"o.side <> 'listing' and {ALIKE} and o.price_native <= 4"),
}


@pytest.mark.parametrize(("query", "where"), PRICED.values(), ids=PRICED)
async def test_by_price_the_active_orders_come_best_first_and_each_once(reads: Reads, query: str, where: str) -> None:
    found = await walk(reads, "/v1/orders", f"{OF}&sort=price&{query}", limit=13)
    order = "o.price_native, o.id" if "side=listing" in query else "o.price_native desc, o.id desc"
    expected = await plainly(reads, f"{IN_IT} and {ACTIVE} and {where}", order)
    assert hashes(found) == expected
    assert expected


async def test_a_price_is_shown_in_the_orders_currency_and_in_the_chains_own_if_they_compare(reads: Reads) -> None:
    offers = await walk(reads, "/v1/orders", f"{OF}&side=offer")
    prices = {item["price"]["currency"]["symbol"]: item["price"] for item in offers}
    assert set(prices) == {"WETH", "USDC"}
    assert prices["WETH"]["native"] == prices["WETH"]["amount"]
    assert prices["WETH"]["currency"]["address"].lower() == order_rows.WRAPPED
    assert int(prices["WETH"]["raw"]) == int(float(prices["WETH"]["amount"]) * 100) * 10**16
    assert "native" not in prices["USDC"]


async def test_of_a_token_the_cheapest_listings_and_the_best_offers_that_take_it_are_shown(reads: Reads) -> None:
    for token in (32, 101, 250):
        path = f"/v1/collections/{CHAIN}/{CONTRACT}/tokens/{token}/orders"
        for_sale = await plainly(
            reads,
            f"{IN_IT} and {ACTIVE} and {ALIKE} and side = 'listing' and token_number = {token}",
            "price_native, o.id",
        )
        assert hashes(await walk(reads, path, "", limit=2)) == for_sale
        takes = f"""(o.side = 'collection_offer' or o.token_number = {token} and o.side = 'item_offer'
            or exists ({MEMBERS} and m.token_number = {token}))"""
        best = await plainly(reads, f"{IN_IT} and {ACTIVE} and {ALIKE} and {takes}", "price_native desc, o.id desc")
        offers = await walk(reads, path, "side=offer", limit=11)
        assert hashes(offers) == best
        assert {"collection_offer", "trait_offer"} <= {item["side"] for item in offers}


async def test_an_account_sees_what_it_has_signed_and_what_it_could_accept(reads: Reads) -> None:
    mine = await walk(reads, f"/v1/accounts/{MAKER}/orders", "status=active&side=offer", limit=3)
    assert hashes(mine) == await plainly(reads, f"o.maker = '{MAKER}' and {ACTIVE} and side <> 'listing'")
    number = f"(select no from catalog_service.accounts where address = decode('{OWNER[2:]}', 'hex'))"
    owned = f"select i.token_number from catalog_service.items i where i.owner = {number} and i.collection = c.no"
    takes = f"""case o.side when 'listing' then false when 'collection_offer' then exists ({owned})
        when 'item_offer' then o.token_number in ({owned}) else exists ({MEMBERS} and m.token_number in ({owned}))
        end"""
    received = await walk(reads, f"/v1/accounts/{OWNER}/offers-received", "", limit=11)
    assert hashes(received) == await plainly(reads, f"{ACTIVE} and o.maker <> '{OWNER}' and {takes}")
    assert {item["side"] for item in received} == {"item_offer", "collection_offer", "trait_offer"}
    assert await walk(reads, f"/v1/accounts/{OWNER}/offers-received", OF) == received
    elsewhere = f"chainId={CHAIN}&contract=collection-1"
    assert await walk(reads, f"/v1/accounts/{OWNER}/offers-received", elsewhere) == []
    assert await walk(reads, f"/v1/accounts/{list_rows.account(9)}/offers-received", "") == []


async def test_a_holder_of_units_receives_offers_for_them(reads: Reads) -> None:
    holder, other = list_rows.account(1_001), list_rows.account(1_002)
    units = f"chainId={CHAIN}&contract=collection-27"  # an ERC-1155
    async with reads.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(
            """with c as (select * from catalog_service.collections where slug = 'collection-27'), b as (
                insert into catalog_service.unit_balances (collection, token_number, owner, quantity, updated_at)
                select no, 5, decode($1, 'hex'), 3, 0 from c
            ), h as (
                insert into catalog_service.holders (chain, collection, owner, quantity, updated_at)
                select c.chain_no, c.no, a.no, 3, 0 from c, catalog_service.accounts a
                where a.address in (decode($1, 'hex'), decode($2, 'hex'))
            )
            insert into catalog_service.orders (id, chain_id, order_hash, side, maker, contract, collection_id,
                token_number, token_id, token_set, token_standard, quantity, in_parts, marketplace_id, price_amount,
                price_native, price_native_text, currency_address, currency_symbol, is_native, fee_bps, royalty_bps,
                seaport, counter, salt, start_at, components, signature, fillable)
            select gen_random_uuid(), c.chain_id, '0x' || repeat(token || '', 32), 'item_offer', $3, c.contract_address,
                c.id, token, gen_random_uuid(), null, 'erc1155', 2, true, catalog_service.marketplace_id('steadymint'),
                1, 1, '1', $3, 'WETH', true, 0, 0, $3, 0, 0, now(), '{}', '', 2
            from c, (values (50), (55)) t (token)""",
            holder[2:], other[2:], MAKER,
        )  # fmt: skip
        await connection.execute("update catalog_service.orders set token_number = 5 where token_number = 55")
    found = await walk(reads, f"/v1/accounts/{holder}/offers-received", units)
    assert [(item["tokenId"], item["quantity"]) for item in found] == [("5", "2")]
    assert await walk(reads, f"/v1/accounts/{other}/offers-received", units) == []


async def test_one_order_has_all_that_it_takes_to_fill_it(reads: Reads) -> None:
    row = await reads.pool.fetchrow("select * from catalog_service.orders where contract = $1 limit 1", CONTRACT)
    assert row is not None
    path = f"/v1/orders/{CHAIN}/{row['order_hash']}"
    answer = await reads.http.get(path)
    shown = TypeAdapter(OrderView).validate_json(answer.content)
    assert shown["orderHash"] == row["order_hash"]
    assert answer.json()["signature"] == "0x" + row["signature"].hex()
    assert answer.json()["components"]["consideration"][0]["startAmount"] == "1000000000000000000"
    assert (await reads.http.get(path, headers={"if-none-match": answer.headers["etag"]})).status_code == 304


async def test_what_has_ended_or_is_filled_in_part_is_shown_as_it_is_now(reads: Reads) -> None:
    """Before the order is checked again."""
    ended = (await plainly(reads, f"{IN_IT} and {ACTIVE} and side = 'listing'"))[0]
    partly = (await plainly(reads, f"{IN_IT} and {ACTIVE} and side = 'collection_offer'"))[0]
    async with reads.pool.acquire() as connection:
        change = connection.transaction()
        await change.start()
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(
            "update catalog_service.orders set start_at = '2020-01-01', end_at = '2020-01-02' where order_hash = $1",
            ended,
        )
        await connection.execute(
            """update catalog_service.orders set quantity = 10, quantity_filled = 7, fillable = 9
            where order_hash = $1""",
            partly,
        )
        await change.commit()
    answer = (await reads.http.get(f"/v1/orders/{CHAIN}/{ended}")).json()
    assert answer["status"] == "expired"
    assert ended in hashes(await walk(reads, "/v1/orders", f"{OF}&status=expired"))
    assert ended not in hashes(await walk(reads, "/v1/orders", f"{OF}&status=active"))
    assert ended not in hashes(await walk(reads, "/v1/orders", f"{OF}&sort=price&side=listing"))
    answer = (await reads.http.get(f"/v1/orders/{CHAIN}/{partly}")).json()
    assert (answer["quantity"], answer["filled"], answer["fillable"]) == ("10", "7", "3")


async def test_an_order_that_comes_between_two_pages_moves_nothing(reads: Reads) -> None:
    params = {"chainId": CHAIN, "limit": "5"}
    first = (await reads.http.get("/v1/orders", params=params)).json()
    params |= {"cursor": first["nextCursor"]}
    second = (await reads.http.get("/v1/orders", params=params)).json()
    async with reads.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(
            """update catalog_service.orders set created_at = now() where order_hash = (
                select order_hash from catalog_service.orders where contract = $1 order by created_at limit 1)""",
            CONTRACT,
        )
    again = (await reads.http.get("/v1/orders", params=params)).json()
    assert again["items"] == second["items"]
    newest = (await reads.http.get("/v1/orders", params={"chainId": CHAIN, "limit": "5"})).json()
    assert newest["items"][1:] == first["items"][:4]
    other = await reads.http.get("/v1/orders", params=params | {"side": "listing"})
    assert (other.status_code, other.json()["code"]) == (422, "invalid_cursor")


async def test_what_is_hidden_or_unknown_is_not_found(reads: Reads) -> None:
    row = await reads.pool.fetchrow(
        """select o.* from catalog_service.orders o join catalog_service.collections c on c.id = o.collection_id
        where c.is_hidden limit 1"""
    )
    assert row is not None
    nowhere = list_rows.account(0xDEAD)
    known = await reads.pool.fetchval("select order_hash from catalog_service.orders where contract = $1", CONTRACT)
    paths = [
        f"/v1/orders/{CHAIN}/{row['order_hash']}",
        f"/v1/orders/{CHAIN}/0x{'f' * 64}",
        f"/v1/orders/eip155:1/{known}",
        f"/v1/orders?chainId={CHAIN}&contract=no-such-thing",
        f"/v1/accounts/{OWNER}/orders?chainId={CHAIN}&contract=no-such-thing",
        f"/v1/collections/{CHAIN}/{CONTRACT}/tokens/999999/orders",
    ]
    for contract in (row["contract"], nowhere, "no-such-thing"):
        base = f"/v1/collections/{CHAIN}/{contract}"
        paths += [f"{base}/{part}" for part in ("floor", "offers", "sales", "chart", "tokens/1/orders")]
        paths.append(f"{base}/tokens/1/orders?side=offer")
    for path in paths:
        answer = await reads.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
