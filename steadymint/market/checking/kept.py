"""Orders as the checker reads them, and what it writes of a check.

Between reading and writing a node is asked, and meanwhile a block may change an order. So a standing is written only if
the row is as it was read. What has changed meanwhile is checked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.standing import Standing
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId, Wei
from steadymint.market.checking.turns import mine


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """An order of the catalog with its standing, as it was read."""

    id: UUID
    order: SubmittedOrder
    standing: Standing
    version: datetime
    checked_block: int
    """At which the chain was last asked about it; -1 if never."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a check has found of an order."""

    kept: KeptOrder
    standing: Standing
    decimals: int | None
    """Of the order's currency; None if the market does not know it any more."""


_READ: Final = """
select id, components, signature, updated_at, quantity_filled, fillable, is_cancelled, is_expired, reasons,
    approved_alone, price_amount, due_at, coalesce(checked_block, -1) as checked_block
from catalog_service.orders where id = any($1) order by id"""

# Of the orders that are open or due: what has ended by time needs no node.
_EXPIRE: Final = """
update catalog_service.orders set is_expired = true, fillable = 0, due_at = null, checked_at = now()
where id in (
    select id from catalog_service.orders where chain_id = $1 and due_at <= $2 and end_at <= $2
    order by due_at limit $3 for update skip locked)
returning contract"""

_NEXT: Final = "select min(due_at) from catalog_service.orders where chain_id = $1 and due_at is not null"

# In the order of ids, in which every writer of several orders locks them.
_WRITE: Final = f"""
with {mine("$13", "$14")}, held as materialized (
    select id from catalog_service.orders where id = any($1::uuid[]) order by id for no key update
)
update catalog_service.orders o set
    quantity_filled = v.quantity_filled, fillable = v.fillable, is_cancelled = v.is_cancelled,
    is_expired = v.is_expired, reasons = string_to_array(v.reasons, ','), approved_alone = v.approved_alone,
    price_amount = v.price,
    price_native = coalesce(v.price_text::numeric, o.price_native),
    price_native_text = coalesce(v.price_text, o.price_native_text),
    due_at = v.due_at, left_place = null, checked_block = $12, checked_at = now()
from unnest($1::uuid[], $2::timestamptz[], $3::numeric[], $4::numeric[], $5::boolean[], $6::boolean[], $7::text[],
    $8::boolean[], $9::numeric[], $10::text[], $11::timestamptz[])
    as v (id, version, quantity_filled, fillable, is_cancelled, is_expired, reasons, approved_alone, price, price_text,
        due_at)
where o.id = v.id and o.updated_at = v.version and o.id in (select id from held)
    and exists (select from mine)
returning o.id"""  # noqa: S608 - no value in it


class KeptOrders:
    """The orders of one chain."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def read(self, ids: Iterable[UUID]) -> list[KeptOrder]:
        return [_kept(row) for row in await self._pool.fetch(_READ, list(ids))]

    async def write(self, changes: Sequence[Change], block: int, turn: int) -> set[UUID]:
        """Write the standings as of a block. Returns the orders whose rows have changed since they were read; all of
        them if the turn is over."""
        if not changes:
            return set()
        ordered = sorted(changes, key=lambda change: change.kept.id)
        new = [change.standing for change in ordered]
        rows = await self._pool.fetch(
            _WRITE,
            [change.kept.id for change in ordered],
            [change.kept.version for change in ordered],
            [standing.quantity_filled for standing in new],
            [standing.fillable for standing in new],
            [standing.is_cancelled for standing in new],
            [standing.is_expired for standing in new],
            [",".join(standing.reasons) for standing in new],
            [standing.approved_alone for standing in new],
            [standing.unit_price for standing in new],
            [_shown(change) for change in ordered],
            [time_of(standing.due_at) for standing in new],
            block,
            self._chain_id,
            turn,
        )
        return {change.kept.id for change in ordered} - {row["id"] for row in rows}

    async def expire(self, now: int, most: int) -> list[Address]:
        """Mark orders as expired whose end has passed. Returns the contract of each."""
        return [row["contract"] for row in await self._pool.fetch(_EXPIRE, self._chain_id, time_of(now), most)]

    async def next_due(self) -> int | None:
        """When the next order is due, in Unix seconds."""
        found = await self._pool.fetchval(_NEXT, self._chain_id)
        return None if found is None else int(found.timestamp())


def _shown(change: Change) -> str | None:
    return None if change.decimals is None else show_price(change.standing.unit_price, change.decimals)


def time_of(seconds: int | None) -> datetime | None:
    """The moment that is stored. None for never."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _kept(row: asyncpg.Record) -> KeptOrder:
    due = row["due_at"]
    return KeptOrder(
        id=row["id"],
        order=SubmittedOrder.of(OrderComponents.model_validate(row["components"]), row["signature"]),
        standing=Standing(
            quantity_filled=row["quantity_filled"],
            fillable=row["fillable"],
            is_cancelled=row["is_cancelled"],
            is_expired=row["is_expired"],
            reasons=tuple(row["reasons"]),
            approved_alone=row["approved_alone"],
            unit_price=Wei(row["price_amount"]),
            due_at=None if due is None else int(due.timestamp()),
        ),
        version=row["updated_at"],
        checked_block=row["checked_block"],
    )
