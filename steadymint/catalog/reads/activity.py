"""What happened, newest first: to a collection, to an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from steadymint.catalog.reads.query import VISIBLE, Query
from steadymint.domain.types import Address, ChainId, TxHash


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


_COLUMNS: Final = """a.id, a.type, a.chain_id, a.contract, a.token_number, a.from_address, a.to_address, a.quantity,
       a.price_native_text, a.currency_symbol, a.tx_hash, a.block_number, a.log_index, a.batch_index, a.timestamp"""

# The index holds the first four columns; Postgres reads it backwards and sorts by id only within equal ones.
_KEY: Final = ("timestamp", "block_number", "log_index", "batch_index", "id")
_ORDER: Final = "ORDER BY " + ", ".join(f"{column} DESC" for column in _KEY)
_BEFORE: Final = """(a.timestamp, a.block_number, a.log_index, a.batch_index, a.id) < (
      coalesce($2::timestamptz, 'infinity'), coalesce($3::bigint, 9223372036854775807),
      coalesce($4::integer, 2147483647), coalesce($5::integer, 2147483647),
      coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  )"""

_OF_COLLECTION: Final = f"""
SELECT {_COLUMNS}
FROM catalog_service.activities a
WHERE a.collection_id = (
    SELECT c.id FROM catalog_service.collections c WHERE c.chain_id = $1 AND c.contract_address = $8 AND {VISIBLE}
) AND {_BEFORE}
{_ORDER} LIMIT $7
"""  # noqa: S608 - constants

# Two index walks, merged. What an account sent to itself is found by both and shown once.
_OF_ACCOUNT: Final = f"""
SELECT * FROM (
    (SELECT {_COLUMNS}
     FROM catalog_service.activities a JOIN catalog_service.collections c ON c.id = a.collection_id AND {VISIBLE}
     WHERE a.to_address = $1 AND {_BEFORE}
     {_ORDER} LIMIT $7)
    UNION ALL
    (SELECT {_COLUMNS}
     FROM catalog_service.activities a JOIN catalog_service.collections c ON c.id = a.collection_id AND {VISIBLE}
     WHERE a.from_address = $1 AND a.type <> 'mint' AND a.to_address IS DISTINCT FROM $1 AND {_BEFORE}
     {_ORDER} LIMIT $7)
) a
{_ORDER} LIMIT $7
"""  # noqa: S608 - constants


def collection_activity(chain_id: ChainId, contract: Address, *, after: Earlier | None, limit: int) -> Query[Activity]:
    return Query(Activity, _OF_COLLECTION, (chain_id, *_position(after), limit, contract))


def account_activity(account: Address, *, after: Earlier | None, limit: int) -> Query[Activity]:
    """What the account sent or received, or was party to."""
    return Query(Activity, _OF_ACCOUNT, (account, *_position(after), limit))


def _position(after: Earlier | None) -> tuple[Any, ...]:
    return tuple(after) if after else (None,) * len(_KEY)
