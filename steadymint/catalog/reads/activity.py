"""What happened, newest first: to a collection, to a token, to an account."""
# ruff: noqa: S608 - statements are composed of constants; what a caller says is an argument

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import COLLECTION_ID, LOOKED_AT, VISIBLE, Arguments, Query
from steadymint.domain.types import Address, ChainId, TokenId, TxHash

ActivityType = Literal["listed", "offer", "sale", "transfer", "mint", "burn"]
MOVEMENTS: Final[frozenset[ActivityType]] = frozenset({"mint", "transfer", "burn"})
"""The types that make the history of a token's ownership."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of `activities`. Off-chain events have no transaction and stand in block 0."""

    id: UUID
    type: str
    chain_id: ChainId
    contract: Address | None
    token_number: int | None
    from_address: Address | None
    to_address: Address | None
    quantity: int
    price_native_text: str | None
    currency_symbol: str | None
    tx_hash: TxHash | None
    block_number: int
    log_index: int
    batch_index: int
    timestamp: datetime


class Earlier(NamedTuple):
    """Where a feed stands. The id tells apart what shares a moment: other chains' blocks, off-chain events."""

    timestamp: datetime
    block_number: int
    log_index: int
    batch_index: int
    id: UUID


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """All of it must hold. No types means all; times are those of blocks."""

    types: frozenset[ActivityType] = frozenset()
    since: datetime | None = None
    """Inclusive."""
    until: datetime | None = None
    """Exclusive."""


EVERYTHING: Final = ActivityFilter()

_COLUMNS: Final = """a.id, a.type, a.chain_id, a.contract, a.token_number, a.from_address, a.to_address, a.quantity,
       a.price_native_text, a.currency_symbol, a.tx_hash, a.block_number, a.log_index, a.batch_index, a.timestamp"""

# The indexes hold the first four columns; Postgres reads them backwards and sorts by id only within equal ones.
_KEY: Final = ("timestamp", "block_number", "log_index", "batch_index", "id")
_ORDER: Final = "ORDER BY " + ", ".join(f"{column} DESC" for column in _KEY)
_LAST: Final = Earlier(datetime.max.replace(tzinfo=UTC), 2**63 - 1, 2**31 - 1, 2**31 - 1, UUID(int=2**128 - 1))
_KINDS: Final = ("timestamptz", "bigint", "integer", "integer", "uuid")


# What an account sent to itself is found by both of its walks and shown once.
_RECEIVED: Final = "a.to_address = {}"
_SENT: Final = "a.from_address = {0} AND a.type <> 'mint' AND a.to_address IS DISTINCT FROM {0}"


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of what happened."""

    query: Query[Activity]
    end: Query[Earlier] | None = None
    """The last row that the page could look at, where a filter makes it leave rows out."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    rows: list[Activity]
    resume: Earlier | None = None
    """Where the page ended before it was full, because too much had to be left out."""


async def read_feed(pool: asyncpg.Pool, feed: Feed, limit: int) -> FeedPage:
    rows = await feed.query.fetch(pool)
    if feed.end is None or len(rows) == limit:
        return FeedPage(rows)
    return FeedPage(rows, await feed.end.first(pool))


def collection_activity(
    chain_id: ChainId, contract: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """Of some types it is one walk for each, merged. Transfers have no index of their own, being most of everything."""
    which = f"a.collection_id = {COLLECTION_ID}"
    known = (chain_id, contract)
    if not asked.types or "transfer" in asked.types:
        return _feed(asked, after, limit, known, [which])
    walks = [f"{which} AND a.type = '{kind}'" for kind in sorted(asked.types)]
    return _feed(replace(asked, types=frozenset()), after, limit, known, walks)


def token_activity(
    chain_id: ChainId,
    contract: Address,
    token_id: TokenId,
    asked: ActivityFilter = EVERYTHING,
    *,
    after: Earlier | None,
    limit: int,
) -> Feed:
    which = f"""a.token_id = (
        SELECT t.id FROM catalog_service.tokens t WHERE t.collection_id = {COLLECTION_ID} AND t.token_number = $3
    )"""
    return _feed(asked, after, limit, (chain_id, contract, token_id), [which])


def account_activity(
    account: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """What the account sent or received, or was party to."""
    return _feed(asked, after, limit, (account,), [_RECEIVED.format("$1"), _SENT.format("$1")], hiding=True)


def _feed(
    asked: ActivityFilter,
    after: Earlier | None,
    limit: int,
    known: tuple[Any, ...],
    walks: list[str],
    *,
    hiding: bool = False,
) -> Feed:
    """The rows of all walks, merged; `known` are the arguments that the walks name. With `hiding`, rows of collections
    that are not shown are left out."""
    filtered = hiding or bool(asked.types)
    bound = LOOKED_AT // (2 * len(walks)) if filtered else limit
    args = Arguments(*known)
    rows = _merged(args, walks, asked, after, bound)
    if not filtered:
        return Feed(Query(Activity, f"SELECT {_COLUMNS} FROM (\n{rows}\n) a {_ORDER}", args.values))
    tests: list[str] = []
    if asked.types:
        tests.append(f"a.type = ANY({args.put(sorted(asked.types), 'text[]')})")
    if hiding:
        visible = f"SELECT true FROM catalog_service.collections c WHERE c.id = a.collection_id AND {VISIBLE}"
        tests.append(f"({visible})")
    sql = (
        f"SELECT {_COLUMNS} FROM (\n{rows}\n) a WHERE {' AND '.join(tests)}\n{_ORDER} LIMIT {args.put(limit, 'bigint')}"
    )
    ending = Arguments(*known)
    last = f"SELECT {', '.join(_KEY)} FROM (\n{_merged(ending, walks, asked, after, bound)}\n) a OFFSET {bound - 1}"
    return Feed(Query(Activity, sql, args.values), Query(Earlier, last, ending.values))


def _merged(args: Arguments, walks: list[str], asked: ActivityFilter, after: Earlier | None, bound: int) -> str:
    """The first `bound` rows behind `after`."""
    limit = args.put(bound, "bigint")
    behind = _behind(args, asked, after)
    columns = f"{_COLUMNS}, a.collection_id"
    parts = [
        f"SELECT {columns} FROM catalog_service.activities a\nWHERE {walk} AND {behind}\n{_ORDER} LIMIT {limit}"
        for walk in walks
    ]
    if len(parts) == 1:
        return parts[0]
    union = "\nUNION ALL\n".join(f"({part})" for part in parts)
    return f"SELECT * FROM (\n{union}\n) a\n{_ORDER} LIMIT {limit}"


def _behind(args: Arguments, asked: ActivityFilter, after: Earlier | None) -> str:
    """Rows earlier than the key, within the times asked for."""
    places = ", ".join(args.put(value, kind) for value, kind in zip(after or _LAST, _KINDS, strict=True))
    clauses = [f"({', '.join(f'a.{column}' for column in _KEY)}) < ({places})"]
    if asked.since is not None:
        clauses.append(f"a.timestamp >= {args.put(asked.since, 'timestamptz')}")
    if asked.until is not None:
        clauses.append(f"a.timestamp < {args.put(asked.until, 'timestamptz')}")
    return " AND ".join(clauses)
