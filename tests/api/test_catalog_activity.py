"""Activity: movements, sales and orders in one list, each once, in order, for the price of the page."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads import activity
from steadymint.domain.types import Address, ChainId, TokenId
from tests.support.catalog_rows import CHAIN, START, ZERO, account, collection_row, contract, insert
from tests.support.reads import Reads, serving_reads

TOKENS, HOLDERS, LIMIT = 2_500, 40, 21
PROPORTIONAL = 20 * LIMIT
"""Rows: a page of each of six walks, and of each row what is shown of it. All six marketplaces are read for a name."""
TRADED = 1_179
"""A token of each collection that was minted, listed and sold."""
ON, OF, HOLDER = ChainId(CHAIN), Address(contract(1)), Address(account(5))

_ACCOUNTS = """
INSERT INTO catalog_service.accounts (address)
SELECT decode(lpad(to_hex(n), 40, '0'), 'hex') FROM generate_series(1000, 5000) n"""
_TOKENS = """
INSERT INTO catalog_service.tokens (id, collection_id, chain_id, contract_address, token_number, token_standard, supply,
    minted_block, minted_at, updated_at)
SELECT catalog_service.token_id(c.chain_id, c.contract_address, n), c.id, c.chain_id, c.contract_address, n, 'erc1155',
    2, n, $1, $1
FROM generate_series(1, $2::integer) n, catalog_service.collections c WHERE c.contract_address = ANY($3)"""
# Movements, sales and orders come in the same seconds. Each seventh order was never active.
_MOVEMENTS = """
INSERT INTO catalog_service.activities (id, collection_id, token_id, chain_id, contract, token_number, type,
    from_address, to_address, tx_hash, block_number, log_index, timestamp)
SELECT md5('a' || id)::uuid, collection_id, id, chain_id, contract_address, n,
    case when n % 3 = 0 then 'mint' else 'transfer' end,
    case when n % 3 = 0 then $3 else '0x' || lpad(to_hex(n % $2), 40, '0') end,
    '0x' || lpad(to_hex(n * 7 % $2), 40, '0'), '0x' || lpad(to_hex(n), 64, '0'), n / 5,
    n % 5 * 2 + (contract_address = $4)::integer, $1::timestamptz + n / 5 * interval '1 second'
FROM (SELECT *, token_number::integer AS n FROM catalog_service.tokens) t"""
_SALES = """
INSERT INTO catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address, buyer_address,
    token_id, collection_id, marketplace_id, quantity, price_amount, proceeds_amount, fees_amount, royalty_amount,
    price_native, price_native_text, currency_symbol, is_native, place, occurred_at)
SELECT md5('s' || id)::uuid, chain_id, '0x' || lpad(to_hex(n), 64, '0'), contract_address, n,
    '0x' || lpad(to_hex(n % $2), 40, '0'), '0x' || lpad(to_hex(n * 7 % $2), 40, '0'), id, collection_id,
    catalog_service.marketplace_id('seaport'), 1, n, n, 0, 0, n / 1e18, trim_scale(n / 1e18)::text, 'ETH', true,
    (n / 10)::bigint << 24 | n % 5 * 2, $1::timestamptz + n / 10 * interval '1 second'
FROM (SELECT *, token_number::integer AS n FROM catalog_service.tokens) t WHERE n % 2 = 1"""
_ORDERS = """
INSERT INTO catalog_service.orders (id, chain_id, order_hash, side, maker, contract, collection_id, token_number,
    token_id, token_standard, quantity, in_parts, marketplace_id, price_amount, price_native, price_native_text,
    currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, counter, salt, start_at, components,
    signature, opened_at, reasons)
SELECT md5('o' || id)::uuid, chain_id, '0x' || md5(id::text) || md5(id::text),
    case when n % 9 = 0 then 'listing' else 'item_offer' end, '0x' || lpad(to_hex(n % $2), 40, '0'), contract_address,
    collection_id, n, id, 'erc1155', 1, false, catalog_service.marketplace_id('steadymint'), n, n / 1e18,
    trim_scale(n / 1e18)::text, contract_address, 'WETH', true, 0, 0, contract_address, 0, 0, $1, '{}', '',
    case when n % 7 > 0 then $1::timestamptz + n / 10 * interval '1 second' end, '{not_owner}'
FROM (SELECT *, token_number::integer AS n FROM catalog_service.tokens) t WHERE n % 3 = 0"""


pytestmark = pytest.mark.xdist_group("catalog activity")  # filling the tables takes longer than all that is read there


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    """Two collections, of many, of which every token has moved, and some were sold, listed or wanted."""
    async with serving_reads(module_database) as found:
        rows = [collection_row(number, standard="erc1155") for number in range(1, 101)]
        await insert(found.pool, "catalog_service.collections", rows)
        await found.pool.execute(_ACCOUNTS)
        await found.pool.execute(_TOKENS, START, TOKENS, [contract(1), contract(2)])
        await found.pool.execute(_MOVEMENTS, START, HOLDERS, ZERO, contract(2))
        await found.pool.execute(_SALES, START, HOLDERS)
        await found.pool.execute(_ORDERS, START, HOLDERS)
        await found.pool.execute("VACUUM ANALYZE")
        yield found


FEEDS = {
    "account": (
        f"/v1/accounts/{HOLDER}/activity",
        f"(to_address = '{HOLDER}' OR from_address = '{HOLDER}' AND type <> 'mint')",
    ),
    "collection": (f"/v1/collections/{CHAIN}/{OF}/activity", f"contract = '{OF}'"),
    "token": (
        f"/v1/collections/{CHAIN}/{OF}/tokens/{TRADED}/activity",
        f"contract = '{OF}' AND token_number = {TRADED}",
    ),
}


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("types", [(), ("sale",), ("listed", "offer"), ("mint", "sale", "listed")], ids=str)
async def test_walking_an_activity_merges_movements_sales_and_orders(
    reads: Reads, feed: str, types: tuple[str, ...]
) -> None:
    path, where = FEEDS[feed]
    found, query = list[dict[str, Any]](), {"limit": 37, **({"type": types} if types else {})}
    while True:
        page = (await reads.http.get(path, params=query)).json()
        found += page["items"]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    expected = await reads.pool.fetch(
        f"SELECT id FROM catalog_service.activities WHERE {where} AND (type = ANY($1) OR $1 = '{{}}')"
        " ORDER BY timestamp DESC, block_number DESC, log_index DESC, batch_index DESC, id DESC",
        list(types),
    )
    assert found
    assert [item["id"] for item in found] == [str(row["id"]) for row in expected]


async def test_a_sale_names_its_price_and_marketplace_and_an_order_is_off_chain(reads: Reads) -> None:
    path, _ = FEEDS["token"]
    items = {item["type"]: item for item in (await reads.http.get(path)).json()["items"]}
    assert set(items) == {"mint", "sale", "listed"}
    sale, order = items["sale"], items["listed"]
    assert (sale["price"], sale["currency"], sale["marketplace"]) == ("0.000000000000001179", "ETH", "seaport")
    assert sale["txHash"] == f"0x{TRADED:064x}"
    assert (order["to"], order["txHash"], order["blockNumber"]) == (None, None, 0)
    assert (order["marketplace"], order["currency"]) == ("steadymint", "WETH")
    assert "marketplace" not in items["mint"]


async def test_a_page_of_activity_touches_rows_in_proportion(reads: Reads) -> None:
    middle = activity.Earlier(START.replace(second=59), 59, 3, 0, UUID(int=2**127))
    traded = activity.ActivityFilter(frozenset({"sale", "listed", "offer"}))
    wrong: dict[str, str] = {}
    for after, asked in itertools.product((None, middle), (activity.EVERYTHING, traded)):
        feeds = {
            "collection": activity.collection_activity(ON, OF, asked, after=after, limit=LIMIT),
            "token": activity.token_activity(ON, OF, TokenId(TRADED), asked, after=after, limit=LIMIT),
        }
        for name, feed in feeds.items():
            found = await kept_plan_of(reads.pool, feed.query)
            if found.scanned or found.touched > PROPORTIONAL:
                wrong[f"{name}, {after}, {asked.types}"] = str(found)
    assert not wrong
