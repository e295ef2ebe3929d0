"""What a list costs, however it is asked: an index, and rows in proportion to the page.

Asked of Postgres, not of a clock: EXPLAIN ANALYZE says which rows a statement touched, for the plan made for its
arguments and for the one that Postgres settles on for all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from benchmarks import list_rows as rows
from benchmarks.list_rows import CHAIN, CONTRACT, START, Size
from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads import activity, collection_lists, collections, held, holdings, search, traits
from steadymint.catalog.reads.query import LOOKED_AT, Query
from steadymint.catalog.reads.token_filters import (
    LAST_CHARACTER,
    Facts,
    TokenFilter,
    TokenSort,
    TraitRange,
    facts_of,
    facts_query,
)
from steadymint.catalog.reads.token_scope import Start
from steadymint.catalog.reads.tokens import plan, token
from steadymint.database import create_pool
from steadymint.domain.types import Standard, TokenId
from steadymint.indexing.store.chain_tables import catalog_time

SIZE = Size(tokens=20_000, owners=200, collections=2_000)
LIMIT = 21
PROPORTIONAL = 12 * LIMIT
"""Rows: of each token the row itself, its flags, rank and floor, and what filters ask."""
BOUNDED = 5 * LOOKED_AT
"""Rows of a page that several filters leave little of: the candidates, and a look-up or two for each filter."""

ANY_ID = str(UUID(int=2**127))
MIDDLE = SIZE.tokens // 2
STARTS: dict[TokenSort, Start] = {
    "number": Start(str(MIDDLE), ""),
    "rank": Start(str(MIDDLE), ANY_ID),
    "price": Start("5", ANY_ID),
    "recent": Start(str(catalog_time(int(rows.minted_at(MIDDLE).timestamp()))), str(MIDDLE)),
}


pytestmark = pytest.mark.xdist_group("catalog plans")  # filling the tables takes longer than all that is asked there


@pytest.fixture(scope="module")
async def pool(module_database: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await create_pool(module_database, min_size=1, max_size=1)
    async with opened:
        await rows.load(opened, SIZE)
        yield opened


async def tokens_query(
    pool: asyncpg.Pool, asked: TokenFilter, sort: TokenSort, start: Start | None, *, descending: bool = False
) -> Query[Any]:
    facts: Facts | None = None
    if asked.needs_facts:
        facts = await facts_of(pool, CHAIN, CONTRACT, asked)
        assert facts is not None
        assert not facts.impossible
    page = plan((CHAIN, CONTRACT), facts, asked, sort=sort, descending=descending, start=start, limit=LIMIT)
    return page.query


def shades(*numbers: int) -> tuple[tuple[str, str], ...]:
    return tuple(("background", f"shade {number}") for number in numbers)


BY_ONE_FILTER: dict[str, TokenFilter] = {
    "nothing": TokenFilter(),
    "not nsfw": TokenFilter(nsfw=False, burned=False),
    "a value of one in ten": TokenFilter(traits=shades(3)),
    "several values": TokenFilter(traits=shades(1, 3, 5)),
    "a value of one in a thousand": TokenFilter(traits=(("hat", "hat 13"),)),
    "a wide range": TokenFilter(ranges=(TraitRange("power", Decimal(5), None),)),
    "a narrow range": TokenFilter(ranges=(TraitRange("power", Decimal(5), Decimal(15)),)),
    "owner": TokenFilter(owner=rows.owner(13, SIZE)),
    "listed": TokenFilter(listed=True),
    "not listed": TokenFilter(listed=False),
    "a rare word": TokenFilter(q="golden"),
    "a word of every name": TokenFilter(q="lighthouse"),
}
"""By number each of these walks an index of its own; by another sort each leaves at least one token in ten, or few."""

BY_SEVERAL: dict[str, TokenFilter] = {
    "prices": TokenFilter(min_price=Decimal(1), max_price=Decimal("1.3")),
    "ranks": TokenFilter(max_rank=100),
    "words": TokenFilter(q="lighthouse 123"),
    "trait and range": TokenFilter(traits=shades(3), ranges=(TraitRange("power", Decimal(10), Decimal(30)),)),
    "traits that exclude each other": TokenFilter(traits=(("hat", "hat 13"), *shades(2))),
    "everything": TokenFilter(
        traits=shades(0),
        ranges=(TraitRange("power", Decimal(5), Decimal(60)),),
        listed=True,
        max_rank=MIDDLE,
        q="lighthouse",
    ),
}


async def test_a_list_of_tokens_by_number_touches_rows_in_proportion_to_its_page(pool: asyncpg.Pool) -> None:
    wrong: dict[str, str] = {}
    for (name, asked), start in itertools.product(BY_ONE_FILTER.items(), (None, STARTS["number"])):
        for descending in (False, True):
            query = await tokens_query(pool, asked, "number", start, descending=descending)
            wrong |= await findings(pool, f"{name}, {start}", query, PROPORTIONAL)
    assert not wrong


@pytest.mark.parametrize("sort", ["rank", "price", "recent"])
async def test_a_list_of_tokens_in_another_order_walks_that_orders_index(pool: asyncpg.Pool, sort: TokenSort) -> None:
    wrong: dict[str, str] = {}
    for start, descending in itertools.product((None, STARTS[sort]), (False, True)):
        query = await tokens_query(pool, TokenFilter(), sort, start, descending=descending)
        wrong |= await findings(pool, f"by {sort}, {start}", query, PROPORTIONAL)
    assert not wrong


@pytest.mark.parametrize("sort", ["number", "rank", "price", "recent"])
async def test_no_combination_of_filters_looks_at_more_than_the_bound(pool: asyncpg.Pool, sort: TokenSort) -> None:
    wrong: dict[str, str] = {}
    for name, asked in (BY_ONE_FILTER | BY_SEVERAL).items():
        for start in (None, STARTS[sort]):
            if not (sort == "price" and asked.listed is False):
                query = await tokens_query(pool, asked, sort, start)
                wrong |= await findings(pool, f"{name} by {sort}, {start}", query, BOUNDED)
    assert not wrong


def other_lists() -> dict[str, tuple[Query[Any], int]]:
    """Name -> statement, and how many rows it may touch."""
    earlier = activity.Earlier(rows.minted_at(MIDDLE), MIDDLE // 5, 2, 0, UUID(int=5))
    later = earlier._replace(timestamp=earlier.timestamp + timedelta(seconds=1_000_000))
    owner = rows.owner(13, SIZE)
    found: dict[str, tuple[Query[Any], int]] = {}

    def add(name: str, query: Query[Any], bound: int = PROPORTIONAL) -> None:
        found[name] = query, bound

    facts = TokenFilter(traits=shades(1, 2), ranges=(TraitRange("power", Decimal(1), None),), owner=owner, q="light 1")
    add("facts", facts_query(CHAIN, CONTRACT, facts), BOUNDED)
    add("ranks among the facts", facts_query(CHAIN, CONTRACT, TokenFilter(max_rank=MIDDLE)), 2 * LOOKED_AT)
    add("prices among the facts", facts_query(CHAIN, CONTRACT, TokenFilter(min_price=Decimal(0))), 2 * LOOKED_AT)
    add("one token", token(CHAIN, CONTRACT, TokenId(MIDDLE)))
    add("one collection", collections.collection(CHAIN, CONTRACT))
    add("stats", collections.collection_stats(CHAIN, CONTRACT))
    add("traits", traits.traits(CHAIN, CONTRACT, after=traits.AfterTrait("hat", "hat 5"), limit=LIMIT))
    for after in (None, holdings.AfterOwner(str(SIZE.tokens // SIZE.owners), rows.account(1_050))):
        add(f"owners, {after}", holdings.owners(CHAIN, CONTRACT, after=after, limit=LIMIT))
    for after in (None, held.AfterHeldToken(CHAIN, CONTRACT, str(MIDDLE))):
        add(f"held tokens, {after}", held.held_tokens(owner, after=after, limit=LIMIT))
    for after in (None, held.AfterHeldCollection("300", ANY_ID)):
        add(f"held collections, {after}", held.held_collections(rows.COLLECTOR, after=after, limit=LIMIT))
    add("portfolio", held.portfolio(rows.COLLECTOR), 2 * held.PORTFOLIO)
    add("market of an account", held.market_totals(owner))
    sales = activity.ActivityFilter(frozenset({"sale", "mint"}))
    moves = activity.ActivityFilter(frozenset({"transfer"}))
    between = activity.ActivityFilter(since=START, until=rows.minted_at(MIDDLE))
    for after in (None, earlier, later):
        for name, asked in (("all", activity.EVERYTHING), ("sales", sales), ("between", between)):
            of = activity.collection_activity(CHAIN, CONTRACT, asked, after=after, limit=LIMIT)
            add(f"activity, {name}, {after}", of.query)
        transfers = activity.collection_activity(CHAIN, CONTRACT, moves, after=after, limit=LIMIT)
        add(f"transfers, {after}", transfers.query, LOOKED_AT)
        for name, asked in (("all", activity.EVERYTHING), ("sales", sales)):
            mine = activity.account_activity(owner, asked, after=after, limit=LIMIT)
            add(f"activity of an account, {name}, {after}", mine.query, LOOKED_AT)
    history = activity.token_activity(CHAIN, CONTRACT, TokenId(50), sales, after=None, limit=LIMIT)
    add("history of a token", history.query)
    add("collections found", search.found_collections("harbour 12", 10), BOUNDED)
    add("words", search.token_words("lighthouse 12"), BOUNDED)
    for first, last in (("lighthouse", "lighthouse"), ("12", "12" + LAST_CHARACTER)):
        add(f"tokens found by {first}", search.tokens_with(first, last, ["% lighthouse %"], spam=False, limit=LIMIT))
    return found


async def test_every_other_list_touches_rows_in_proportion_to_its_page_or_to_its_bound(pool: asyncpg.Pool) -> None:
    wrong: dict[str, str] = {}
    await pool.execute("SET enable_bitmapscan = off")  # as the API's pool has it; this one has a single connection
    for name, (query, bound) in other_lists().items():
        wrong |= await findings(pool, name, query, bound)
    await pool.execute("RESET enable_bitmapscan")
    assert not wrong


async def test_a_list_of_collections_walks_an_index_for_each_filter_and_sort(pool: asyncpg.Pool) -> None:
    keys: dict[collection_lists.CollectionSort, str] = {
        "recent": str(START + timedelta(minutes=300)),
        "volume": "500",
        "floor": "200",
        "items": "1",
    }
    filters: dict[str, tuple[collection_lists.CollectionFilter, int]] = {
        "nothing": (collection_lists.CollectionFilter(), PROPORTIONAL),
        "chain": (collection_lists.CollectionFilter(chain_id=CHAIN), PROPORTIONAL),
        "creator": (collection_lists.CollectionFilter(creator=rows.account(3)), PROPORTIONAL),
        "standard": (collection_lists.CollectionFilter(standard=Standard.ERC1155), BOUNDED),
        "words": (collection_lists.CollectionFilter(q="harbour 12"), BOUNDED),
        "everything": (
            collection_lists.CollectionFilter(chain_id=CHAIN, standard=Standard.ERC721, verified=True),
            BOUNDED,
        ),
    }
    wrong: dict[str, str] = {}
    for (sort, key), (name, (asked, bound)) in itertools.product(keys.items(), filters.items()):
        for after in (None, collection_lists.AfterCollection(key, ANY_ID)):
            query = collection_lists.collections(asked, sort=sort, after=after, limit=LIMIT)
            allowed = PROPORTIONAL if sort == "recent" and name != "words" else bound
            wrong |= await findings(pool, f"{name} by {sort}, {after}", query, allowed)
    assert not wrong


async def test_tokens_that_share_a_rank_are_looked_at_within_the_bound(pool: asyncpg.Pool) -> None:
    """Passes that are all alike are all of rank 1. The last test here, since it changes the rows of all."""
    await pool.execute("UPDATE catalog_service.rarity_scores SET rank = 1")
    await pool.execute("VACUUM ANALYZE catalog_service.rarity_scores")
    wrong: dict[str, str] = {}
    sorts: tuple[TokenSort, ...] = ("number", "rank", "price", "recent")
    for sort in sorts:
        query = await tokens_query(pool, TokenFilter(max_rank=1), sort, None)
        wrong |= await findings(pool, f"rank 1 by {sort}", query, BOUNDED)
    assert not wrong


async def findings(pool: asyncpg.Pool, name: str, query: Query[Any], bound: int) -> dict[str, str]:
    """What is wrong with the plan of a statement."""
    found = await kept_plan_of(pool, query)
    return {name: f"{found}, bound {bound}"} if found.scanned or found.touched > bound else {}
