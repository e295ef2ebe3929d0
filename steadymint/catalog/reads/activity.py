"""What happened, newest first: to a collection, to a token, to an account."""
# ruff: noqa: S608 - statements are composed of constants; what a caller says is an argument

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.feed_walks import PAGE, SUSPICIONS_OF, Bounds, Walk, keys, market, merged, movements
from steadymint.catalog.reads.query import (
    CHAIN,
    COLLECTION,
    COLLECTION_ID,
    LOOKED_AT,
    VISIBLE,
    Arguments,
    Page,
    Query,
    account,
    read_page,
)
from steadymint.domain.types import Address, ChainId, TokenId, TxHash

ActivityType = Literal["listed", "offer", "sale", "transfer", "mint", "burn"]
Suspicion = Literal["never_minted", "not_the_owner", "contradiction"]
Suspicious = Literal["include", "exclude", "only"]
"""What a feed does with suspicious movements."""
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
    suspicious: Suspicion | None
    """Why a movement does not fit what was so before it."""
    tx_sender: Address | None
    """Who sent the transaction; of suspicious movements only, once a node was asked."""


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
    suspicious: Suspicious | None = None
    """None for what the feed does by itself: an account's leaves them out, those of a collection and a token show them.
    Anybody can emit a transfer from any account; of a collection they are part of what it did."""


EVERYTHING: Final = ActivityFilter()

_KINDS: Final = {"mint": "m.kind <= 1", "transfer": "m.kind = 2", "burn": "m.kind = 3"}
"""How rows of `movements` say of which type they are; each has an index of its own."""

# What an account sent to itself is found by both of its walks and shown once.
_ACCOUNT: Final = account("$1")
_RECEIVED: Final = f"m.recipient = {_ACCOUNT}"
_SENT: Final = f"m.sender = {_ACCOUNT} AND m.sender <> 0 AND m.recipient <> {_ACCOUNT}"
_PARTY: Final = ("a.to_address = $1::text", "a.from_address = $1::text AND a.to_address IS DISTINCT FROM $1::text")
_VISIBLE: Final = f"""CASE WHEN a.collection IS NOT NULL
    THEN (SELECT true FROM catalog_service.collections c WHERE c.no = a.collection AND {VISIBLE})
    ELSE (SELECT true FROM catalog_service.collections c WHERE c.id = a.collection_id AND {VISIBLE})
    END"""


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of what happened."""

    query: Query[Activity]
    end: Query[Earlier] | None = None
    """The last row that the page could look at, where a filter makes it leave rows out."""


async def read_feed(pool: asyncpg.Pool, feed: Feed, limit: int) -> Page[Activity, Earlier]:
    return await read_page(pool, feed.query, feed.end, limit)


def collection_activity(
    chain_id: ChainId, contract: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """One walk for each type of movement, and one or more of the market, merged."""
    which = f"m.chain = {CHAIN} AND m.collection = {COLLECTION}"
    walks = [movements(f"{which} AND {kind}", "$1::text") for name, kind in _KINDS.items() if _asks(asked, name)]
    of = f"a.collection_id = {COLLECTION_ID}"
    if not asked.types:
        walks.append(market(of))
    walks += [market(f"{of} AND a.type = '{kind}'") for kind in sorted(asked.types - MOVEMENTS)]
    return _feed(asked, after, limit, (chain_id, contract), walks)


def token_activity(
    chain_id: ChainId,
    contract: Address,
    token_id: TokenId,
    asked: ActivityFilter = EVERYTHING,
    *,
    after: Earlier | None,
    limit: int,
) -> Feed:
    """The first mint is found by the token's own row, what came later by an index."""
    token = f"m.chain = {CHAIN} AND m.collection = {COLLECTION} AND m.token_number = $3::numeric"
    born = f"""(m.at, m.place) = (
        SELECT t.minted_at, t.minted_place FROM catalog_service.items t
        WHERE t.chain = {CHAIN} AND t.collection = {COLLECTION} AND t.token_number = $3::numeric)"""
    walks: list[Walk] = []
    if not asked.types or asked.types & MOVEMENTS:
        walks += [movements(f"{token} AND m.kind > 0", "$1::text")]
        walks += [movements(f"{token} AND m.kind = 0 AND {born}", "$1::text")]
    if not asked.types or asked.types - MOVEMENTS:
        known = f"SELECT 1 FROM catalog_service.items t WHERE t.chain = {CHAIN} AND t.collection = {COLLECTION}"
        named = "a.token_id = catalog_service.token_id($1::text, $2::text, $3::numeric)"
        walks += [market(f"{named} AND EXISTS ({known} AND t.token_number = $3::numeric)")]
    return _feed(asked, after, limit, (chain_id, contract, token_id), walks, filtering=True)


def account_activity(
    account: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """What the account sent or received, or was party to."""
    walks: list[Walk] = []
    if not asked.types or asked.types & MOVEMENTS:
        walks += [movements(_RECEIVED), movements(_SENT)]
    if not asked.types or asked.types - MOVEMENTS:
        walks += [market(party) for party in _PARTY]
    return _feed(asked, after, limit, (account,), walks, filtering=True, hiding=True)


def _asks(asked: ActivityFilter, kind: str) -> bool:
    return not asked.types or kind in asked.types


def _feed(
    asked: ActivityFilter,
    after: Earlier | None,
    limit: int,
    known: tuple[Any, ...],
    walks: Iterable[Walk],
    *,
    filtering: bool = False,
    hiding: bool = False,
) -> Feed:
    """The rows of all walks, merged; `known` are the arguments that the walks name. With `filtering` the walks give
    other types than those asked for, with `hiding` also rows of collections that are not shown."""
    walks = list(walks)
    suspicious = asked.suspicious or ("exclude" if hiding else "include")
    filtered = hiding or suspicious != "include" or (filtering and bool(asked.types))
    bound = LOOKED_AT // (2 * len(walks)) if filtered else limit
    args = Arguments(*known)
    bounds = Bounds(after or _LAST, asked.since, asked.until)
    rows = merged(args, walks, bounds, bound)
    if not filtered:
        return Feed(Query(Activity, PAGE.format(rows=rows), args.values))
    where = " AND ".join(_tests(args, asked, suspicious, hiding=hiding))
    page = f"SELECT * FROM (\n{rows}\n) a WHERE {where}\n{keys('a')} LIMIT {args.put(limit, 'bigint')}"
    ending = Arguments(*known)
    last = (
        "SELECT timestamp, block_number, log_index, batch_index, id FROM"
        f" (\n{merged(ending, walks, bounds, bound)}\n) a OFFSET {bound - 1}"
    )
    return Feed(Query(Activity, PAGE.format(rows=page), args.values), Query(Earlier, last, ending.values))


def _tests(args: Arguments, asked: ActivityFilter, suspicious: Suspicious, *, hiding: bool) -> Iterator[str]:
    if asked.types:
        yield f"a.type = ANY({args.put(sorted(asked.types), 'text[]')})"
    if suspicious != "include":
        yield f"{'NOT ' if suspicious == 'exclude' else ''}EXISTS (SELECT FROM {SUSPICIONS_OF.format(row='a')})"
    if hiding:
        yield _VISIBLE


_LAST: Final = Earlier(datetime.max.replace(tzinfo=UTC), 2**63 - 1, 2**31 - 1, 2**31 - 1, UUID(int=2**128 - 1))
