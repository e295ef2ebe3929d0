"""Feeds of activities, newest first: of a collection, a token, or an account."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.feed_walks import (
    PAGE,
    SUSPICIONS_OF,
    Bounds,
    Walk,
    keys,
    merged,
    movements,
    orders,
    sales,
)
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
Suspicion = Literal["never_minted", "not_the_owner", "contradiction", "not_approved"]
Suspicious = Literal["include", "exclude", "only"]
"""The treatment of suspicious movements in a feed."""
MOVEMENTS: Final[frozenset[ActivityType]] = frozenset({"mint", "transfer", "burn"})
"""The types that change the owner of a token."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of `activities`. An off-chain event has no transaction, and its block is 0.

    The price of a sale is that of all units together, of an order that of one unit.
    """

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
    marketplace: str | None
    """The slug of the marketplace; None for a movement."""
    suspicious: Suspicion | None
    """Why a movement contradicts the movements before it, or that nobody is known to have allowed it."""
    tx_sender: Address | None
    """The sender of the transaction. Only for movements that are suspicious or might have been, once a node was
    asked."""


class Earlier(NamedTuple):
    """The position in a feed. The id orders rows of the same moment: blocks of different chains, off-chain events."""

    timestamp: datetime
    block_number: int
    log_index: int
    batch_index: int
    id: UUID


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """A filter of a feed: all of its conditions must hold. No types means all types. Times are those of blocks."""

    types: frozenset[ActivityType] = frozenset()
    since: datetime | None = None
    """Inclusive."""
    until: datetime | None = None
    """Exclusive."""
    suspicious: Suspicious | None = None
    """None for the default of the feed. A feed of an account leaves suspicious movements out, because any contract can
    emit a transfer from any account. Feeds of a collection and of a token show them: the contract emitted them."""


EVERYTHING: Final = ActivityFilter()

_KINDS: Final = {"mint": "m.kind <= 1", "transfer": "m.kind = 2", "burn": "m.kind = 3"}
"""The condition on a row `m` of `movements` for each type. Each type has an index."""

# A movement from an account to itself would be found by both walks of the account, so one of them leaves it out.
_ACCOUNT: Final = account("$1")
_RECEIVED: Final = f"m.recipient = {_ACCOUNT}"
_SENT: Final = f"m.sender = {_ACCOUNT} AND m.sender <> 0 AND m.recipient <> {_ACCOUNT}"
_BOUGHT: Final = "a.buyer_address = $1::text"
_SOLD: Final = "a.seller_address = $1::text AND a.buyer_address <> $1::text"
_ORDERS: Final[Mapping[ActivityType, str]] = {"listed": "a.side = 'listing'", "offer": "a.side <> 'listing'"}
"""The condition on a row `a` of `orders` for each type."""
_VISIBLE: Final = f"""CASE WHEN a.collection IS NOT NULL
    THEN (SELECT true FROM catalog_service.collections c WHERE c.no = a.collection AND {VISIBLE})
    ELSE (SELECT true FROM catalog_service.collections c WHERE c.id = a.collection_id AND {VISIBLE})
    END"""


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed."""

    query: Query[Activity]
    end: Query[Earlier] | None = None
    """Reads the last row that the page could read; None if no filter leaves rows out."""


async def read_feed(pool: asyncpg.Pool, feed: Feed, limit: int) -> Page[Activity, Earlier]:
    return await read_page(pool, feed.query, feed.end, limit)


def collection_activity(
    chain_id: ChainId, contract: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """The feed of a collection: a walk for each type, merged."""
    which = f"m.chain = {CHAIN} AND m.collection = {COLLECTION}"
    walks = [movements(f"{which} AND {kind}", "$1::text") for name, kind in _KINDS.items() if _asks(asked, name)]
    of = f"a.collection_id = {COLLECTION_ID}"
    if _asks(asked, "sale"):
        walks.append(sales(of))
    walks += [orders(f"{of} AND {side}") for name, side in _ORDERS.items() if _asks(asked, name)]
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
    """The feed of a token. Its first mint is found by the row of the token, and the rest by an index."""
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
        of = f"{named} AND EXISTS ({known} AND t.token_number = $3::numeric)"
        walks += [sales(of), orders(of)]
    return _feed(asked, after, limit, (chain_id, contract, token_id), walks, filtering=True)


def account_activity(
    account: Address, asked: ActivityFilter = EVERYTHING, *, after: Earlier | None, limit: int
) -> Feed:
    """The feed of an account: movements that it sent or received, sales that it was party to, and its own orders."""
    walks: list[Walk] = []
    if not asked.types or asked.types & MOVEMENTS:
        walks += [movements(_RECEIVED), movements(_SENT)]
    if not asked.types or asked.types - MOVEMENTS:
        walks += [sales(_BOUGHT), sales(_SOLD), orders("a.maker = $1::text")]
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
    """The rows of all walks, merged.

    Args:
        asked: the filter.
        after: the position behind which the page starts; None for the first page.
        limit: rows of the page.
        known: the arguments that the SQL of the walks names.
        walks: the walks.
        filtering: whether the walks give rows of types that the filter leaves out.
        hiding: whether the walks give rows of collections that are hidden.
    """
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
        found = f"SELECT FROM {SUSPICIONS_OF.format(row='a')} AND u.reason IS NOT NULL"
        yield f"{'NOT ' if suspicious == 'exclude' else ''}EXISTS ({found})"
    if hiding:
        yield _VISIBLE


_LAST: Final = Earlier(datetime.max.replace(tzinfo=UTC), 2**63 - 1, 2**31 - 1, 2**31 - 1, UUID(int=2**128 - 1))
