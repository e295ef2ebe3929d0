"""What a collection costs, what is offered for it, and how it was traded; compared with the plain sums."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.catalog.bodies.activity import ActivityPage
from api.http import shown
from api.market.bodies.collection_market import ChartView, DepthPage, FloorView, SalePage
from benchmarks import list_rows, order_rows
from benchmarks.list_rows import CHAIN, CONTRACT, START, Size
from steadymint.catalog.reads.query import LOOKED_AT
from steadymint.domain.market.prices import show_price
from steadymint.market.reads.sales import PRICED
from tests.support.browsing import walk
from tests.support.reads import Reads, serving_reads

SIZE = Size(tokens=300, owners=13, collections=60)
ORDERS = 2_000
BASE = f"/v1/collections/{CHAIN}/{CONTRACT}"
BUSY, QUIET, WILD = "collection-31", "collection-33", "collection-35"
"""Collections that nothing else is sold or offered of."""

pytestmark = pytest.mark.xdist_group("order lists")


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    async with serving_reads(module_database) as found:
        await list_rows.load(found.pool, SIZE)
        await order_rows.load(found.pool, ORDERS, SIZE)
        yield found


async def get(reads: Reads, path: str, shape: Any) -> Any:
    answer = await reads.http.get(path)
    assert answer.status_code == 200, answer.text
    TypeAdapter[Any](shape).validate_json(answer.content)
    return answer.json()


async def run(reads: Reads, sql: str, *args: Any) -> None:
    """A statement without triggers."""
    async with reads.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(sql, *args)


async def test_the_floor_is_the_cheapest_listing_and_the_highest_offer_for_any_token(reads: Reads) -> None:
    floor = await get(reads, f"{BASE}/floor", FloorView)
    for name, side, order in (("listing", "listing", ""), ("offer", "collection_offer", "desc")):
        best = await reads.pool.fetchrow(
            f"""select * from catalog_service.orders where contract = $1 and side = $2 and status = 'active'
            and is_native order by price_native {order}, id {order}""",
            CONTRACT, side,
        )  # fmt: skip
        assert best is not None
        assert floor[name]["orderHash"] == best["order_hash"]
        assert floor[name]["price"]["native"] == best["price_native_text"]
    assert floor["listed"] == SIZE.tokens // 10


async def test_a_collection_that_nobody_offers_anything_for_has_no_best_prices(reads: Reads) -> None:
    base = f"/v1/collections/{CHAIN}/{QUIET}"
    assert await get(reads, f"{base}/floor", FloorView) == {"listed": 0}
    for part, shape in (("offers", DepthPage), ("sales", SalePage)):
        assert await get(reads, f"{base}/{part}", shape) == {"items": [], "nextCursor": None}
    assert await get(reads, f"{base}/chart", ChartView) == {"interval": "1d", "items": []}


async def test_the_depth_adds_up_what_is_wanted_at_each_price_page_by_page(reads: Reads) -> None:
    rows = await reads.pool.fetch(
        """select price_native, sum(fillable) as quantity, count(*) as offers, count(distinct maker) as makers
        from catalog_service.orders where contract = $1 and side = 'collection_offer' and status = 'active'
        and is_native group by 1 order by 1 desc""",
        CONTRACT,
    )
    expected = [
        {
            "price": shown.amount(row["price_native"]),
            "quantity": str(row["quantity"]),
            "offers": row["offers"],
            "makers": row["makers"],
        }
        for row in rows
    ]
    assert len(rows) > 20
    assert await walk(reads, f"{BASE}/offers", "", limit=7) == expected
    await get(reads, f"{BASE}/offers", DepthPage)


async def test_no_price_of_a_deep_book_is_counted_in_part(reads: Reads) -> None:
    levels = {3: 10, 2: LOOKED_AT - 20, 1: LOOKED_AT // 2}
    for price, offers in levels.items():
        await run(
            reads,
            """insert into catalog_service.orders (id, chain_id, order_hash, side, maker, contract, collection_id,
                token_standard, quantity, in_parts, marketplace_id, price_amount, price_native, price_native_text,
                currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, counter, salt, start_at,
                components, signature, fillable)
            select gen_random_uuid(), c.chain_id, '0x' || lpad(to_hex(100000 * $2::integer + n), 64, '0'),
                'collection_offer', $4, c.contract_address, c.id, 'erc721', 1, false,
                catalog_service.marketplace_id('steadymint'), 1, $2::integer, $2::integer, $5, 'WETH', true, 0, 0, $5,
                0, 0, now(), '{}', '', 1
            from generate_series(1, $3::integer) n, catalog_service.collections c where c.slug = $1""",
            BUSY, price, offers, list_rows.account(5), order_rows.WRAPPED,
        )  # fmt: skip
    found = await walk(reads, f"/v1/collections/{CHAIN}/{BUSY}/offers", "")
    assert {int(level["price"]): level["offers"] for level in found} == levels
    await run(
        reads, "update catalog_service.orders set end_at = '2020-01-02', start_at = '2020-01-01' where price_native = 3"
    )
    found = await walk(reads, f"/v1/collections/{CHAIN}/{BUSY}/offers", "")
    assert [int(level["price"]) for level in found] == [2, 1]


async def test_sales_come_newest_first_and_each_once_with_what_became_of_the_price(reads: Reads) -> None:
    rows = await reads.pool.fetch(
        "select * from catalog_service.sales where contract = $1 order by occurred_at desc, id", CONTRACT
    )
    found = await walk(reads, f"{BASE}/sales", "", limit=17)
    assert [sale["id"] for sale in found] == [str(row["id"]) for row in rows]
    assert len(found) > 40
    for sale in found:
        amounts = {name: int(value) for name, value in sale["amounts"].items()}
        assert amounts["price"] == amounts["proceeds"] + amounts["fees"] + amounts["royalty"]
        assert sale["native"] == sale["price"]
    await get(reads, f"{BASE}/sales", SalePage)


@pytest.mark.parametrize(("interval", "unit"), [("1h", "hour"), ("1d", "day"), ("1w", "week")])
async def test_a_chart_has_a_bar_for_each_interval_with_sales(reads: Reads, interval: str, unit: str) -> None:
    until = START + timedelta(minutes=ORDERS // 5)
    since = START + timedelta(hours=1, minutes=13)
    stretch = f"since={since:%Y-%m-%dT%H:%M:%SZ}&until={until:%Y-%m-%dT%H:%M:%SZ}"
    chart = await get(reads, f"{BASE}/chart?interval={interval}&{stretch}", ChartView)
    rows = await reads.pool.fetch(
        """select date_trunc($2, occurred_at, 'UTC') as start, count(*) as sales,
            sum(price_native) filter (where counts) as volume,
            min(price_native / quantity) filter (where counts) as low,
            max(price_native / quantity) filter (where counts) as high,
            sum(price_native) filter (where counts) / sum(quantity) filter (where counts) as average
        from (select *, is_native and exclusion is null as counts from catalog_service.sales) s
        where contract = $1 and occurred_at >= date_trunc($2, $3::timestamptz, 'UTC') and occurred_at < $4
        group by 1 order by 1""",
        CONTRACT, unit, since, until,
    )  # fmt: skip
    assert len(chart["items"]) == len(rows) > (2 if interval == "1h" else 0)
    for bar, row in zip(chart["items"], rows, strict=True):
        assert (bar["start"], bar["sales"]) == (f"{row['start']:%Y-%m-%dT%H:%M:%SZ}", row["sales"])
        for name in ("volume", "low", "high", "average"):
            assert Decimal(bar[name]) == row[name], name


async def test_a_bar_older_than_the_newest_sales_has_a_volume_and_no_prices(reads: Reads) -> None:
    await run(
        reads,
        f"""insert into catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address,
            buyer_address, token_id, collection_id, marketplace_id, quantity, price_amount, proceeds_amount,
            fees_amount, royalty_amount, price_native, price_native_text, currency_symbol, is_native, place,
            occurred_at)
        select gen_random_uuid(), c.chain_id, '0x' || lpad(to_hex(n), 64, '0'), c.contract_address, 1, $2, $2,
            gen_random_uuid(), c.id, catalog_service.marketplace_id('steadymint'), 2, 4, 4, 0, 0, 4, '4', 'ETH', true,
            n, '2026-03-01'::timestamptz + case when n <= 10 then interval '0' else interval '1 day' end
        from generate_series(1, {PRICED + 5}) n, catalog_service.collections c where c.slug = $1""",
        BUSY, list_rows.account(5),
    )  # fmt: skip
    await run(
        reads,
        f"""insert into catalog_service.collection_volume_hours (collection_id, hour, volume_native, sales_count)
        select id, hour::timestamptz, 4 * sales, sales from catalog_service.collections,
            (values ('2026-03-01', 10), ('2026-03-02', {PRICED - 5})) h (hour, sales) where slug = $1""",
        BUSY,
    )
    path = f"/v1/collections/{CHAIN}/{BUSY}/chart?since=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z"
    first, second = (await get(reads, path, ChartView))["items"]
    assert first == {"start": "2026-03-01T00:00:00Z", "sales": 10, "volume": "40"}
    assert (second["low"], second["high"], second["average"]) == ("2", "2", "2")


async def test_a_sale_beyond_2_to_the_256th_is_shown_to_the_last_digit(reads: Reads) -> None:
    most = 3 * (2**256 - 1)
    await reads.pool.execute(
        """insert into catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address,
            buyer_address, token_id, collection_id, marketplace_id, quantity, price_amount, proceeds_amount,
            fees_amount, royalty_amount, price_native, price_native_text, currency_symbol, is_native, place,
            occurred_at)
        select gen_random_uuid(), c.chain_id, '0x' || repeat('ab', 32), c.contract_address, 1, $2, $3,
            gen_random_uuid(), c.id, catalog_service.marketplace_id('steadymint'), $4::numeric, $4::numeric,
            $4::numeric - 2, 1, 1, $5::text::numeric, $5::text, 'ETH', true, 1, '2026-04-01'
        from catalog_service.collections c where c.slug = $1""",
        WILD, list_rows.account(5), list_rows.account(6), most, show_price(most, 18),
    )  # fmt: skip
    base = f"/v1/collections/{CHAIN}/{WILD}"
    (sale,) = (await get(reads, f"{base}/sales", SalePage))["items"]
    assert (sale["quantity"], sale["native"]) == (str(most), show_price(most, 18))
    assert sale["amounts"] == {"price": str(most), "proceeds": str(most - 2), "fees": "1", "royalty": "1"}
    chart = await get(reads, f"{base}/chart?since=2026-03-31T00:00:00Z&until=2026-04-02T00:00:00Z", ChartView)
    (bar,) = chart["items"]
    assert (bar["volume"], bar["average"]) == (show_price(most, 18), "0.000000000000000001")
    (told,) = (await get(reads, f"{base}/activity?type=sale", ActivityPage))["items"]
    assert (told["quantity"], told["price"]) == (str(most), show_price(most, 18))


async def test_a_sale_in_a_currency_that_nobody_knows_has_no_price_in_whole_units(reads: Reads) -> None:
    changed = "id = (select id from catalog_service.sales where contract = $1 order by occurred_at desc, id limit 1)"
    await run(
        reads,
        f"""update catalog_service.sales set price_native = null, price_native_text = null, is_native = false,
        currency_symbol = '0x12…34', currency_address = $2, order_hash = null, exclusion = 'self_trade'
        where {changed}""",
        CONTRACT, order_rows.DOLLARS,
    )  # fmt: skip
    sale = (await get(reads, f"{BASE}/sales?limit=1", SalePage))["items"][0]
    assert not {"price", "native", "orderHash"} & sale.keys()
    assert (sale["exclusion"], sale["currency"]["symbol"]) == ("self_trade", "0x12…34")
