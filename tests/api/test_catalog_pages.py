"""Pages: every row once, in order, at any depth, for the price of the page.

The cost is asked of Postgres, not of a clock: EXPLAIN ANALYZE says which rows a statement touched.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from benchmarks.plans import pages
from steadymint.catalog.reads import activity, collection_lists, collections, held, holdings, tokens, traits
from steadymint.catalog.reads.query import Query
from steadymint.catalog.reads.token_filters import TokenFilter
from steadymint.catalog.reads.token_scope import Start
from steadymint.catalog.reads.tokens import plan
from steadymint.domain.types import Address, ChainId, Standard, TokenId
from tests.support.catalog_rows import (
    CHAIN,
    START,
    ZERO,
    account,
    activity_row,
    at,
    collection_row,
    contract,
    insert,
    token_row,
)
from tests.support.reads import Reads, serving_reads

TOKENS = 4_000
COLLECTIONS = 2_000
TRAITS, VALUES = 30, 100
HOLDERS = 40
BORN_AT_ONCE = 25
LIMIT = 21
ON, OF, HOLDER = ChainId(CHAIN), Address(contract(1)), Address(account(5))


pytestmark = pytest.mark.xdist_group("catalog pages")  # filling the tables takes longer than all that is read there


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    """One ERC-1155 collection among thousands, with thousands of tokens, balances and activities."""
    async with serving_reads(module_database) as found:
        rows = [
            collection_row(
                number,
                standard="erc1155" if number % 2 else "erc721",
                creator=account(number % 10),
                owner=account(number % 2),
                is_hidden=number % 50 == 0,
                created_at=at(number // BORN_AT_ONCE),
            )
            for number in range(1, COLLECTIONS + 1)
        ]
        await insert(found.pool, "catalog_service.collections", rows)
        await _fill(found, rows[0]["id"], rows[2]["id"])
        await found.pool.execute("ANALYZE")
        yield found


async def _fill(reads: Reads, collection_id: UUID, other: UUID) -> None:
    await reads.pool.execute(  # most accounts hold something elsewhere
        "INSERT INTO catalog_service.accounts (address)"
        " SELECT decode(lpad(to_hex(n), 40, '0'), 'hex') FROM generate_series(1, 5000) n"
    )
    await reads.pool.execute(
        """
        WITH rules AS (
            INSERT INTO catalog_service.collection_mint_config (collection_id, block_number, updated_at)
            SELECT id, 1, $1 FROM catalog_service.collections
        )
        INSERT INTO catalog_service.collection_stats (collection_id, last_updated_at)
        SELECT id, $1 FROM catalog_service.collections
        """,
        START,
    )
    await reads.pool.execute(
        """
        INSERT INTO catalog_service.tokens (id, collection_id, chain_id, contract_address, token_number, token_standard,
                                            supply, minted_block, minted_at, updated_at)
        SELECT md5('t' || c.id || n)::uuid, c.id, c.chain_id, c.contract_address, n, 'erc1155', 2, n, $3, $3
        FROM generate_series(1, $2::integer) n, catalog_service.collections c WHERE c.id = any($1)
        """,
        [collection_id, other],
        TOKENS,
        START,
    )
    await reads.pool.execute(
        """
        INSERT INTO catalog_service.token_balances (chain_id, contract, token_id, owner, quantity, updated_at)
        SELECT chain_id, contract_address, token_number,
               '0x' || lpad(to_hex(token_number::bigint % $1 + half * $1), 40, '0'), 1, $2
        FROM catalog_service.tokens, generate_series(0, 1) half
        """,
        HOLDERS,
        START,
    )
    await reads.pool.execute(
        """
        WITH named AS (
            INSERT INTO catalog_service.traits (collection_id, name, normalized_name)
            SELECT $1, 'Trait ' || n, 'trait ' || n FROM generate_series(1, $2::integer) n RETURNING id
        ), others AS (
            INSERT INTO catalog_service.traits (collection_id, name, normalized_name)
            SELECT id, 'Other', 'other' FROM catalog_service.collections WHERE id <> $1
        )
        , valued AS (
            INSERT INTO catalog_service.trait_values (trait_id, value_string, normalized_value)
            SELECT id, 'Value ' || n, 'value ' || n FROM named, generate_series(1, $3::integer) n RETURNING id
        )
        INSERT INTO catalog_service.trait_value_floor (trait_value_id) SELECT id FROM valued
        """,
        collection_id,
        TRAITS,
        VALUES,
    )
    await reads.pool.execute(
        """
        INSERT INTO catalog_service.activities (id, collection_id, token_id, chain_id, contract, token_number, type,
            from_address, to_address, tx_hash, block_number, log_index, timestamp)
        SELECT md5('a' || id)::uuid, collection_id, id, chain_id, contract_address, token_number,
               case when token_number % 3 = 0 then 'mint' else 'transfer' end,
               case when token_number % 3 = 0 then $3
                   else '0x' || lpad(to_hex(token_number::bigint % $1), 40, '0') end,
               '0x' || lpad(to_hex((token_number::bigint * 7) % $1), 40, '0'),
               '0x' || lpad(to_hex(token_number::bigint), 64, '0'), token_number::bigint / 5,
               token_number::integer % 5 * 2 + (collection_id = $4)::integer,
               $2::timestamptz + token_number::integer / 5 * interval '1 second'
        FROM catalog_service.tokens
        """,
        HOLDERS,
        START,
        ZERO,
        other,
    )


async def walk(reads: Reads, path: str, **query: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = await reads.http.get(path, params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            return items
        assert len(page["items"]) == query.get("limit", 20)


async def test_walking_the_tokens_shows_each_once_in_order(reads: Reads) -> None:
    found = await walk(reads, f"/v1/collections/{CHAIN}/{contract(1)}/tokens", limit=97)
    assert [int(item["tokenId"]) for item in found] == list(range(1, TOKENS + 1))


async def test_walking_the_collections_shows_each_visible_one_once_though_many_share_a_moment(reads: Reads) -> None:
    found = await walk(reads, "/v1/collections", limit=100)
    expected = await reads.pool.fetch(
        "SELECT contract_address FROM catalog_service.collections WHERE NOT is_hidden ORDER BY created_at DESC, id"
    )
    assert [item["contract"].lower() for item in found] == [row["contract_address"] for row in expected]


async def test_walking_a_filtered_list_keeps_to_its_filter(reads: Reads) -> None:
    found = await walk(reads, "/v1/collections", limit=50, creator=account(3), standard="erc1155")
    assert len(found) == len({item["contract"] for item in found}) == COLLECTIONS // 10
    assert {item["creator"].lower() for item in found} == {account(3)}


async def test_walking_holders_and_holdings_agrees_with_the_balances(reads: Reads) -> None:
    holders = await walk(reads, f"/v1/collections/{CHAIN}/{contract(1)}/holders", limit=100)
    assert len({(item["tokenId"], item["owner"]) for item in holders}) == len(holders) == 2 * TOKENS
    held = await walk(reads, f"/v1/accounts/{HOLDER}/tokens", limit=100)
    mine = {item["tokenId"] for item in holders if item["owner"].lower() == HOLDER}
    assert {item["tokenId"] for item in held if item["contract"].lower() == contract(1)} == mine
    assert len(held) == 2 * len(mine) == 2 * TOKENS // HOLDERS


async def test_walking_an_accounts_activity_merges_what_it_sent_and_received(reads: Reads) -> None:
    found = await walk(reads, f"/v1/accounts/{HOLDER}/activity", limit=13)
    expected = await reads.pool.fetch(
        "SELECT id FROM catalog_service.activities WHERE to_address = $1 OR (from_address = $1 AND type <> 'mint')"
        " ORDER BY timestamp DESC, block_number DESC, log_index DESC, batch_index DESC, id DESC",
        HOLDER,
    )
    assert [item["id"] for item in found] == [str(row["id"]) for row in expected]


async def test_walking_the_traits_shows_every_value_of_every_trait_once(reads: Reads) -> None:
    found = await walk(reads, f"/v1/collections/{CHAIN}/{contract(1)}/traits", limit=77)
    assert len({(item["traitType"], item["value"]) for item in found}) == len(found) == TRAITS * VALUES


async def test_a_row_that_comes_between_two_pages_moves_nothing(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/activity"
    first = (await reads.http.get(path, params={"limit": 5})).json()
    second = (await reads.http.get(path, params={"limit": 5, "cursor": first["nextCursor"]})).json()
    token = token_row(collection_row(1), 1)
    await insert(reads.pool, "catalog_service.activities", [activity_row(token, 10**6)])
    again = (await reads.http.get(path, params={"limit": 5, "cursor": first["nextCursor"]})).json()
    assert again["items"] == second["items"]


DEEP = TOKENS - 500
DEEP_IN_TIME = START + timedelta(seconds=500 // 5)
MIDDLE = collection_lists.AfterCollection(str(at(30)), str(UUID(int=2**127)))
EARLIER = activity.Earlier(DEEP_IN_TIME, 500 // 5, 3, 0, UUID(int=2**127))


def _collections(
    *, sort: collection_lists.CollectionSort = "recent", after: Any = None, **asked: Any
) -> Query[collection_lists.ListedCollection]:
    return collection_lists.collections(
        collection_lists.CollectionFilter(**asked), sort=sort, descending=True, after=after, limit=LIMIT
    )


def _tokens(start: Start | None = None) -> Query[Any]:
    asked = TokenFilter()
    return plan((ON, OF), None, asked, sort="number", descending=False, start=start, limit=LIMIT).query


STATEMENTS: dict[str, Query[Any]] = {
    "collections": _collections(),
    "collections, deep": _collections(after=MIDDLE),
    "collections of a creator": _collections(after=MIDDLE, creator=Address(account(3))),
    "collections of an owner": _collections(
        after=MIDDLE, owner=Address(account(0)), chain_id=ON, standard=Standard.ERC721
    ),
    "one collection": collections.collection(ON, OF),
    "stats": collections.collection_stats(ON, OF),
    "tokens": _tokens(),
    "tokens, deep": _tokens(Start(str(DEEP), "")),
    "one token": tokens.token(ON, OF, TokenId(DEEP)),
    "holders": holdings.holdings(ON, OF, token_id=None, after=None, limit=LIMIT),
    "holders, deep": holdings.holdings(
        ON, OF, token_id=None, after=holdings.AfterHolding(str(DEEP), account(4)), limit=LIMIT
    ),
    "holders of a token": holdings.holdings(
        ON, OF, token_id=TokenId(DEEP), after=holdings.AfterHolding(str(DEEP), account(4)), limit=LIMIT
    ),
    "tokens of an account": held.held_tokens(HOLDER, after=None, limit=LIMIT),
    "tokens of an account, deep": held.held_tokens(
        HOLDER, after=held.AfterHeldToken(CHAIN, OF, str(DEEP)), limit=LIMIT
    ),
    "tokens of an account in a collection": held.held_tokens(
        HOLDER, after=held.AfterHeldToken(CHAIN, OF, str(DEEP)), limit=LIMIT, chain_id=ON, contract=OF
    ),
    "one token of an account": held.held_tokens(
        HOLDER, after=None, limit=LIMIT, chain_id=ON, contract=OF, token_id=TokenId(DEEP)
    ),
    "traits": traits.traits(ON, OF, after=None, limit=LIMIT),
    "traits, deep": traits.traits(ON, OF, after=traits.AfterTrait("trait 2", "value 7"), limit=LIMIT),
    "activity": activity.collection_activity(ON, OF, after=None, limit=LIMIT).query,
    "activity, deep": activity.collection_activity(ON, OF, after=EARLIER, limit=LIMIT).query,
}


async def test_every_list_walks_an_index_and_touches_rows_in_proportion_to_its_page(reads: Reads) -> None:
    """For the plan made for these very arguments and for the one that Postgres settles on for all of them."""
    wrong: dict[str, str] = {}
    for (name, query), kind in itertools.product(STATEMENTS.items(), ("custom", "generic")):
        nodes = list(_nodes(await _explain(reads, query, kind)))
        scans = [node for node in nodes if node["Node Type"].endswith("Scan") and node["Node Type"] != "Subquery Scan"]
        touched = sum(
            (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans
        )
        # A sort of what two walks found is a page or two; a sort of a list is the list.
        sorted_rows = max((node["Actual Rows"] for node in nodes if node["Node Type"] == "Sort"), default=0)
        # A table without rows, or of one page, is scanned at no cost.
        scanned = any(node["Node Type"] == "Seq Scan" and node["Actual Rows"] > 0 and pages(node) > 1 for node in scans)
        if scanned or touched > 12 * LIMIT or sorted_rows > 2 * LIMIT:
            wrong[f"{name} ({kind})"] = ", ".join(f"{node['Node Type']} {node['Actual Rows']}" for node in nodes)
    assert not wrong


async def _explain(reads: Reads, query: Query[Any], kind: str) -> dict[str, Any]:
    async with reads.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL plan_cache_mode = force_{kind}_plan")
        statement = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query.sql
        found = await connection.fetchval(statement, *query.args)
    return json.loads(found)[0]["Plan"] if isinstance(found, str) else found[0]["Plan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
