"""What a page of each list costs at 1,000,000 tokens, at several depths, beside a look-up by primary key.

Look-ups and pages take turns, so that a slow moment of the machine hits both. The ratio is that of the p99s. What is
measured is what the API calls: the statements (two, where a filter has to be looked up first) and their rows as
objects; neither HTTP nor the read cache. Each statement's plan is checked, too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg

from benchmarks import list_rows as rows
from benchmarks.list_database import opened
from benchmarks.list_rows import CHAIN, CONTRACT, Size
from benchmarks.options import Options
from benchmarks.plans import kept_plan_of
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.catalog.reads import activity, collection_lists, held, holdings, search, traits
from steadymint.catalog.reads.query import LOOKED_AT, Query
from steadymint.catalog.reads.token_filters import TokenFilter, TokenSort, TraitRange
from steadymint.catalog.reads.token_scope import Start
from steadymint.catalog.reads.tokens import list_tokens, plan
from steadymint.domain.types import Address
from steadymint.indexing.store.chain_tables import EPOCH

LIMIT: Final = 21
"""Rows of the default page and one more, which says that there is another."""
DEPTHS: Final = (0.0, 0.5, 0.99)
"""Shares of the list that lie before the page."""
WITHIN: Final = Goal("ratio", "<=", 5.0)

ANY_ID: Final = str(UUID(int=2**127))
_BY_KEY: Final = "SELECT * FROM catalog_service.items WHERE chain = $1 AND collection = $2 AND token_number = $3"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list at one depth. `statement` is what its plan is asked of, where that is one statement."""

    name: str
    read: Callable[[], Awaitable[int]]
    """Reads a page; how many rows it has."""
    statement: Query[Any] | None = None
    goal: Goal | None = WITHIN
    bound: int = 12 * LIMIT
    """Rows that its plan may touch."""


class Bench:
    """One loaded database."""

    def __init__(self, pool: asyncpg.Pool, size: Size) -> None:
        self._pool = pool
        self._size = size
        self._random = random.Random(20_260_131)
        self._keys: list[tuple[int, int, int]] = []

    async def prepare(self) -> None:
        """Tokens to look up, from all over the table."""
        numbers = self._random.sample(range(1, self._size.tokens + 1), 2_000)
        of = await self._pool.fetchrow(
            "SELECT chain_no, no FROM catalog_service.collections WHERE contract_address = $1", CONTRACT
        )
        assert of is not None
        self._keys = [(of["chain_no"], of["no"], number) for number in numbers]

    async def by_key(self) -> float:
        """Milliseconds of a look-up by primary key."""
        key = self._random.choice(self._keys)
        started = time.perf_counter()
        await self._pool.fetchrow(_BY_KEY, *key)
        return (time.perf_counter() - started) * 1000

    async def measure(self, listing: Listing, samples: int) -> Measure:
        """Pages and look-ups in turns.

        Raises:
            DidNotHappenError: the page is empty, or a plan reads a table from end to end or more rows than it may.
        """
        notes: dict[str, Any] = {}
        if listing.statement is not None:
            found = await kept_plan_of(self._pool, listing.statement)
            if found.scanned or found.touched > listing.bound:
                raise DidNotHappenError(f"{listing.name}: the plan touches {found}, bound {listing.bound}")
            notes["rows touched"] = found.touched
        pages: list[float] = []
        keys: list[float] = []
        for _ in range(samples + samples // 10):
            keys.append(await self.by_key())
            started = time.perf_counter()
            if not await listing.read():
                raise DidNotHappenError(f"{listing.name}: an empty page")
            pages.append((time.perf_counter() - started) * 1000)
        pages, keys = pages[-samples:], keys[-samples:]  # the first prepare their statements
        key = of_samples("", keys, "ms")
        page = of_samples(listing.name, pages, "ms")
        return of_samples(
            f"list: {listing.name}",
            pages,
            "ms",
            baseline=key.median,
            against="a look-up by primary key",
            ratio=page.notes["p99"] / key.notes["p99"],
            goal=listing.goal,
            notes=notes | {"look-up p99": key.notes["p99"], "ratio of medians": round(page.median / key.median, 2)},
        )

    # -- the lists -----------------------------------------------------------------------------------------------------

    def listings(self) -> list[Listing]:
        return [*self._tokens(), *self._filtered(), *self._collections(), *self._others(), *self._searches()]

    def _start(self, sort: TokenSort, depth: float) -> Start | None:
        at = round(self._size.tokens * depth)
        price = rows.FLOOR_STEPS * depth / 100
        return (
            {
                "number": Start(str(at), ""),
                "rank": Start(str(at), ANY_ID),
                "price": Start(f"{price:.2f}", ANY_ID),
                "recent": Start(str(int(rows.minted_at(at).timestamp()) - EPOCH), str(at)),
            }[sort]
            if depth
            else None
        )

    def _tokens(self) -> list[Listing]:
        sorts: tuple[TokenSort, ...] = ("number", "rank", "price", "recent")
        return [
            self._listing(f"tokens by {sort}, {depth:.0%}", TokenFilter(), sort, depth)
            for sort in sorts
            for depth in DEPTHS
        ]

    def _filtered(self) -> list[Listing]:
        shades = tuple(("background", f"shade {number}") for number in (1, 3, 5))
        ranges = (TraitRange("power", Decimal(10), Decimal(30)),)
        asked: dict[str, tuple[TokenFilter, Goal | None]] = {
            "of one trait value (1 in 10)": (TokenFilter(traits=shades[:1]), WITHIN),
            "of three values of a trait": (TokenFilter(traits=shades), WITHIN),
            "of a rare value (1 in 1,000)": (TokenFilter(traits=(("hat", "hat 13"),)), WITHIN),
            "of an owner": (TokenFilter(owner=rows.owner(13, self._size)), WITHIN),
            "listed": (TokenFilter(listed=True), WITHIN),
            "with a word in the name": (TokenFilter(q="lighthouse"), WITHIN),
            # Several conditions at once look at many more rows than they show.
            "of a trait in a range": (TokenFilter(traits=shades[:1], ranges=ranges), None),
        }
        found = [
            self._listing(f"tokens {name}, {depth:.0%}", filter_, "number", depth, goal)
            for name, (filter_, goal) in asked.items()
            for depth in ((0.0, 0.5) if name != "of an owner" else (0.0,))
        ]
        rare = TokenFilter(traits=(("hat", "hat 13"),))
        found.append(self._listing("tokens of a rare value by rank", rare, "rank", 0.0, None))
        found.append(self._listing("tokens of a trait by rank, 50%", TokenFilter(traits=shades[:1]), "rank", 0.5, None))
        cheap = TokenFilter(max_price=Decimal("0.5"))
        found.append(self._listing("tokens below a price by number", cheap, "number", 0.0, None))
        return found

    def _listing(
        self, name: str, asked: TokenFilter, sort: TokenSort, depth: float, goal: Goal | None = WITHIN
    ) -> Listing:
        start, descending = self._start(sort, depth), False

        async def read() -> int:
            page = await list_tokens(
                self._pool, CHAIN, CONTRACT, asked, sort=sort, descending=descending, start=start, limit=LIMIT
            )
            return len(page.rows)

        statement = None
        if not asked.needs_facts:
            statement = plan(
                (CHAIN, CONTRACT), None, asked, sort=sort, descending=descending, start=start, limit=LIMIT
            ).query
        return Listing(name, read, statement, goal)

    def _of(self, name: str, query: Query[Any], goal: Goal | None = WITHIN, bound: int = 12 * LIMIT) -> Listing:
        async def read() -> int:
            return len(await query.fetch(self._pool))

        return Listing(name, read, query, goal, bound)

    def _collections(self) -> list[Listing]:
        def by(sort: collection_lists.CollectionSort, key: str, **asked: Any) -> Query[Any]:
            after = collection_lists.AfterCollection(key, ANY_ID) if key else None
            filter_ = collection_lists.CollectionFilter(**asked)
            return collection_lists.collections(filter_, sort=sort, after=after, limit=LIMIT)

        middle = str(rows.START + timedelta(minutes=self._size.collections // 6))
        return [
            self._of("collections, newest", by("recent", "")),
            self._of("collections, newest, 50%", by("recent", middle)),
            self._of(
                "collections of a chain and standard, 50%", by("recent", middle, chain_id=CHAIN, standard="erc721")
            ),
            self._of("collections by volume, 50%", by("volume", "500")),
            self._of("collections by floor, 50%", by("floor", "250")),
            self._of(
                "collections of a creator by volume", by("volume", "", creator=rows.account(3)), None, 5 * LOOKED_AT
            ),
        ]

    def _others(self) -> list[Listing]:
        size, owner = self._size, rows.owner(13, self._size)
        middle = size.tokens // 2
        minted = activity.Earlier(rows.minted_at(middle), middle // 5, 2, 0, UUID(int=5))
        sales = activity.ActivityFilter(frozenset({"sale"}))

        def behind(number: int) -> held.AfterHeldToken:
            return held.AfterHeldToken(CHAIN, Address(CONTRACT), str(number))

        def feed(asked: activity.ActivityFilter, after: activity.Earlier | None) -> Query[Any]:
            return activity.collection_activity(CHAIN, CONTRACT, asked, after=after, limit=LIMIT).query

        share = str(size.tokens // size.owners)
        after_owner = holdings.AfterOwner(share, rows.account(1_000 + size.owners // 2))
        return [
            self._of("owners of a collection", holdings.owners(CHAIN, CONTRACT, after=None, limit=LIMIT)),
            self._of("owners of a collection, 50%", holdings.owners(CHAIN, CONTRACT, after=after_owner, limit=LIMIT)),
            self._of("tokens of an account", held.held_tokens(owner, after=None, limit=LIMIT)),
            self._of("tokens of an account, 50%", held.held_tokens(owner, after=behind(middle), limit=LIMIT)),
            self._of("collections of an account", held.held_collections(rows.COLLECTOR, after=None, limit=LIMIT)),
            self._of("activity of a collection", feed(activity.EVERYTHING, None)),
            self._of("activity of a collection, deep", feed(activity.EVERYTHING, minted)),
            self._of("sales of a collection", feed(sales, None)),
            self._of(
                "activity of an account",
                activity.account_activity(owner, after=minted, limit=LIMIT).query,
                None,
                LOOKED_AT,
            ),
            self._of("traits of a collection", traits.traits(CHAIN, CONTRACT, after=None, limit=LIMIT)),
        ]

    def _searches(self) -> list[Listing]:
        async def tokens() -> int:
            return len(await search.search_tokens(self._pool, "lighthouse 1234", spam=False, limit=10))

        return [
            Listing("search for tokens, two words", tokens, goal=None),
            self._of("search for collections", search.found_collections("harbour 123", 10), None, 5 * LOOKED_AT),
        ]


async def measure(options: Options) -> list[Measure]:
    """A line for each list and depth."""
    # Never fewer collections: a small table is read from end to end, and rightly.
    size = Size(tokens=options.of(1_000_000, 50_000), owners=options.of(5_000, 500), collections=20_000)
    samples = options.of(400, 60)
    async with opened(size) as pool:
        bench = Bench(pool, size)
        await bench.prepare()
        return [await bench.measure(listing, samples) for listing in bench.listings()]
