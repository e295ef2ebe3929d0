"""The SQL of a feed: walks along indexes of `movements`, `sales` and `orders`, merged by time.

A walk gives the keys that order a feed, and what it takes to look a row up. Addresses, symbols and market rows are
looked up last, for the rows of the page only.
"""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from steadymint.catalog.reads.query import Arguments

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The origin of the times in `movements`, which count seconds."""
_LATEST: Final = 2**31 - 1
_LAST_PLACE: Final = 2**63 - 1
_LOG_BITS: Final = 24
_LAST_LOG: Final = (1 << _LOG_BITS) - 1
_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)

_KEYS: Final = ("timestamp", "block_number", "log_index", "batch_index", "id")

# The columns of all kinds of walk. A row of the market is looked up by its id.
_MOVEMENT: Final = """SELECT catalog_service.time_of(m.at) AS timestamp, m.place >> 24 AS block_number,
    (m.place & 16777215)::integer AS log_index, m.batch AS batch_index, m.id,
    CASE WHEN m.kind <= 1 THEN 'mint' WHEN m.kind = 2 THEN 'transfer' ELSE 'burn' END AS type,
    m.collection, NULL::uuid AS collection_id, m.chain, m.sender, m.recipient, m.tx, m.token_number, m.quantity,
    m.price"""
_MARKET: Final = """NULL::integer AS collection, a.collection_id, NULL::smallint AS chain, NULL::integer AS sender,
    NULL::integer AS recipient, NULL::bytea AS tx, NULL::numeric AS token_number, NULL::numeric AS quantity,
    NULL::numeric AS price"""
_SALE: Final = f"""SELECT a.occurred_at AS timestamp, a.place >> 24 AS block_number,
    (a.place & 16777215)::integer AS log_index, 0 AS batch_index, a.id, 'sale' AS type, {_MARKET}"""
_ORDER: Final = f"""SELECT a.opened_at AS timestamp, 0::bigint AS block_number, 0 AS log_index, 0 AS batch_index, a.id,
    CASE WHEN a.side = 'listing' THEN 'listed' ELSE 'offer' END AS type, {_MARKET}"""

SUSPICIONS_OF: Final = """catalog_service.suspicions u WHERE u.collection = {row}.collection
    AND u.place = ({row}.block_number << 24 | {row}.log_index) AND u.batch = {row}.batch_index"""
"""What is said of a row of a walk: why it is suspicious, if it is, and who sent it. Of a row of the market nothing is,
since it has no number of a collection."""

PAGE: Final = """
SELECT d.id, d.type, coalesce(k.chain_id, c.chain_id) AS chain_id,
    coalesce(k.contract, c.contract_address) AS contract, coalesce(k.token_number, d.token_number) AS token_number,
    coalesce(k.from_address, catalog_service.hex(s.address)) AS from_address,
    coalesce(k.to_address, catalog_service.hex(r.address)) AS to_address,
    coalesce(k.quantity, d.quantity, 1) AS quantity,
    coalesce(k.price_native_text, trim_scale(d.price)::text) AS price_native_text,
    coalesce(k.currency_symbol, n.symbol) AS currency_symbol,
    coalesce(k.tx_hash, catalog_service.hex(d.tx)) AS tx_hash,
    d.block_number, d.log_index, d.batch_index, d.timestamp, k.marketplace,
    catalog_service.suspicion(u.reason) AS suspicious, catalog_service.hex(u.tx_sender) AS tx_sender
FROM (
{rows}
) d
LEFT JOIN LATERAL (
    SELECT * FROM catalog_service.market_activities k WHERE k.id = d.id AND d.collection IS NULL LIMIT 1
) k ON true
LEFT JOIN LATERAL (
    SELECT c.chain_id, c.contract_address FROM catalog_service.collections c WHERE c.no = d.collection LIMIT 1
) c ON true
LEFT JOIN LATERAL (SELECT s.address FROM catalog_service.accounts s WHERE s.no = d.sender LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT r.address FROM catalog_service.accounts r WHERE r.no = d.recipient LIMIT 1) r ON true
LEFT JOIN LATERAL (
    SELECT n.symbol FROM catalog_service.chain_numbers n WHERE n.no = d.chain AND d.price IS NOT NULL LIMIT 1
) n ON true
LEFT JOIN LATERAL (SELECT u.reason, u.tx_sender FROM {suspicions} LIMIT 1) u ON true
ORDER BY d.timestamp DESC, d.block_number DESC, d.log_index DESC, d.batch_index DESC, d.id DESC
""".replace("{suspicions}", SUSPICIONS_OF.format(row="d"))
"""The rows of a page as they are shown. `{rows}` is the SQL of the merged walks."""


class _Table(Enum):
    MOVEMENTS = "movements"
    SALES = "sales"
    ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class Walk:
    """Rows of one table in the order of one of its indexes."""

    table: _Table
    where: str
    chain_id: str = ""
    """Of a walk over movements: SQL of the chain's CAIP-2 id."""


def movements(where: str, chain_id: str | None = None) -> Walk:
    """A walk over rows `m` of `movements`. `chain_id` is given if all of them are of one chain."""
    found = "(SELECT n.chain_id FROM catalog_service.chain_numbers n WHERE n.no = m.chain)"
    return Walk(_Table.MOVEMENTS, where, chain_id or found)


def sales(where: str) -> Walk:
    """A walk over rows `a` of `sales`."""
    return Walk(_Table.SALES, where)


def orders(where: str) -> Walk:
    """A walk over rows `a` of `orders`, of those that could be filled at some time."""
    return Walk(_Table.ORDERS, f"{where} AND a.opened_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a page: rows behind a key, within a stretch of time."""

    after: tuple[datetime, int, int, int, UUID]
    since: datetime | None
    until: datetime | None


def keys(table: str) -> str:
    """SQL: the order of a feed, newest first."""
    return "ORDER BY " + ", ".join(f"{table}.{key} DESC" for key in _KEYS)


def merged(args: Arguments, walks: Sequence[Walk], bounds: Bounds, bound: int) -> str:
    """SQL: the first `bound` rows of all walks together."""
    limit = args.put(bound, "bigint")
    parts = [f"({_ROWS[walk.table](args, walk, bounds, limit)})" for walk in walks]
    return f"SELECT * FROM (\n{' UNION ALL '.join(parts)}\n) a\n{keys('a')} LIMIT {limit}"


def _moved(args: Arguments, walk: Walk, bounds: Bounds, limit: str) -> str:
    id_ = f"catalog_service.movement_id({walk.chain_id}, m.place, m.batch, m.tx)"
    at, place, batch, last_id = _position(bounds.after)
    behind = ", ".join(
        args.put(value, kind)
        for value, kind in zip((at, place, batch, last_id), ("integer", "bigint", "integer", "uuid"), strict=True)
    )
    clauses = [walk.where, f"(m.at, m.place, m.batch, {id_}) < ({behind})"]
    if bounds.since is not None:
        clauses.append(f"m.at >= {args.put(_seconds(bounds.since), 'integer')}")
    if bounds.until is not None:
        clauses.append(f"m.at < {args.put(_seconds(bounds.until), 'integer')}")
    rows = (
        f"SELECT *, {id_} AS id FROM catalog_service.movements m\nWHERE {' AND '.join(clauses)}"
        f"\nORDER BY m.at DESC, m.place DESC, m.batch DESC, {id_} DESC LIMIT {limit}"
    )
    return f"{_MOVEMENT}\nFROM ({rows}) m"


def _sold(args: Arguments, walk: Walk, bounds: Bounds, limit: str) -> str:
    timestamp, block, log_index, batch, last_id = bounds.after
    behind = (
        args.put(timestamp, "timestamptz"),
        args.put(_place(block, log_index), "bigint"),
        args.put(_id_behind((log_index > _LAST_LOG, batch), (False, 0), last_id), "uuid"),
    )
    where = " AND ".join(
        (
            walk.where,
            f"(a.occurred_at, a.place, a.id) < ({', '.join(behind)})",
            *_between(args, "a.occurred_at", bounds),
        )
    )
    rows = (
        f"SELECT a.occurred_at, a.place, a.id, a.collection_id FROM catalog_service.sales a\nWHERE {where}"
        f"\nORDER BY a.occurred_at DESC, a.place DESC, a.id DESC LIMIT {limit}"
    )
    return f"{_SALE}\nFROM ({rows}) a"


def _opened(args: Arguments, walk: Walk, bounds: Bounds, limit: str) -> str:
    timestamp, *chain, last_id = bounds.after
    behind = args.put(timestamp, "timestamptz"), args.put(_id_behind(tuple(chain), (0, 0, 0), last_id), "uuid")
    where = " AND ".join(
        (walk.where, f"(a.opened_at, a.id) < ({', '.join(behind)})", *_between(args, "a.opened_at", bounds))
    )
    rows = (
        f"SELECT a.opened_at, a.id, a.collection_id, a.side FROM catalog_service.orders a\nWHERE {where}"
        f"\nORDER BY a.opened_at DESC, a.id DESC LIMIT {limit}"
    )
    return f"{_ORDER}\nFROM ({rows}) a"


_ROWS: Final = {_Table.MOVEMENTS: _moved, _Table.SALES: _sold, _Table.ORDERS: _opened}


def _between(args: Arguments, column: str, bounds: Bounds) -> list[str]:
    clauses: list[str] = []
    if bounds.since is not None:
        clauses.append(f"{column} >= {args.put(bounds.since, 'timestamptz')}")
    if bounds.until is not None:
        clauses.append(f"{column} < {args.put(bounds.until, 'timestamptz')}")
    return clauses


def _id_behind(after: tuple[int, ...], of_row: tuple[int, ...], last_id: UUID) -> UUID:
    """The id below which a row of the same moment is behind the key, by the parts of the key that the row has as
    constants."""
    if after == of_row:
        return last_id
    return _LAST_ID if after > of_row else _FIRST_ID


def _position(after: tuple[datetime, int, int, int, UUID]) -> tuple[int, int, int, Any]:
    """The key of a feed in the columns of `movements`: time, place, batch, id."""
    timestamp, block, log_index, batch, id_ = after
    seconds = _seconds(timestamp)
    if timestamp.microsecond:  # between two seconds: all rows of the earlier one are behind the key
        return seconds, -1, 0, id_
    if seconds == _LATEST:
        return seconds, _LAST_PLACE, batch, id_
    return seconds, _place(block, log_index), batch, id_


def _place(block: int, log_index: int) -> int:
    return min(block << _LOG_BITS | min(log_index, _LAST_LOG), _LAST_PLACE)


def _seconds(at: datetime) -> int:
    """`at` in seconds since 2000, rounded up to a whole second."""
    return max(-_LATEST, min(math.ceil((at - _EPOCH).total_seconds()), _LATEST))
