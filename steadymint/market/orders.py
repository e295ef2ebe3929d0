"""The orders of the catalog: how new ones become rows, and a row as it is shown.

An order is one row, whoever hands it in and how often. Its id follows from its chain and its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from steadymint.catalog.reads.query import VISIBLE
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.sides import Side
from steadymint.domain.types import Address, Bytes32, ChainId
from steadymint.market.checking.causes import LATER
from steadymint.market.new_orders import NewOrder, hash_text, values_of, values_of_standing


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order as lists show it. Amounts are in the smallest unit, prices those of one unit of the token."""

    id: UUID
    chain_id: ChainId
    order_hash: Bytes32
    side: Side
    status: str
    """`expired` from its end on, also before the row says so."""
    reasons: Sequence[str]
    maker: Address
    contract: Address
    token_number: int | None
    token_standard: str
    quantity: int
    quantity_filled: int
    fillable: int
    in_parts: bool
    price_amount: int
    price_native: Decimal | int
    price_native_text: str
    price_end_amount: int | None
    currency_address: Address | None
    currency_symbol: str
    is_native: bool
    """Whether the currency is the chain's own or a wrapped form of it."""
    fee_bps: int
    royalty_bps: int
    start_at: datetime
    end_at: datetime | None
    traits: Mapping[str, Sequence[str]] | None
    """What the tokens of a trait offer have in common, if that is known."""
    checked_at: datetime
    created_at: datetime

    def signed(self, components: Mapping[str, Any], signature: bytes) -> OrderRow:
        """The order with what its maker has signed."""
        own = {name: getattr(self, name) for name in ListedOrder.__slots__}
        return OrderRow(**own, components=components, signature=signature)


@dataclass(frozen=True, slots=True)
class OrderRow(ListedOrder):
    """An order with all that it takes to fill it."""

    components: Mapping[str, Any]
    signature: bytes


LISTED_JSON: Final = TypeAdapter(ListedOrder)
"""A listed order as JSON and back. Numbers of 256 bits stay exact."""


STATUS: Final = "case when o.status in ('active', 'inactive') and o.end_at <= now() then 'expired' else o.status end"
"""The status of an order `o` now. Time alone changes no row, so the checker marks an order a little after its end."""
LISTED_COLUMNS: Final = f"""
o.id, o.chain_id, o.order_hash, o.side, {STATUS} as status, o.reasons, o.maker, o.contract, o.token_number,
o.token_standard, o.quantity, o.quantity_filled, least(o.fillable, o.quantity - o.quantity_filled) as fillable,
o.in_parts, o.price_amount, o.price_native, o.price_native_text, o.price_end_amount, o.currency_address,
o.currency_symbol, o.is_native, o.fee_bps, o.royalty_bps, o.start_at, o.end_at, s.traits, o.checked_at, o.created_at"""
"""Those of a `ListedOrder`, of an order `o` and its token set `s`. A fill is in the row before the order is checked
again, so fewer units may be left than could be filled at the last check."""
COLUMNS: Final = LISTED_COLUMNS + ", o.components, o.signature"

_BY_HASH: Final = f"""
select {COLUMNS} from catalog_service.orders o left join catalog_service.token_sets s on s.no = o.token_set
where o.chain_id = $1 and o.order_hash = any($2)"""  # noqa: S608 - no value in it

_SHOWN: Final = f"""{_BY_HASH}
and exists (select from catalog_service.collections c where c.id = o.collection_id and {VISIBLE})"""

_SIGNED: Final = """
select order_hash, components from catalog_service.orders where chain_id = $1 and order_hash = any($2)"""

_KNOWN: Final = "select order_hash from catalog_service.orders where chain_id = $1 and order_hash = any($2)"

# A known order stays as it is: the cause that is written with it has it checked again. The cause lies behind what the
# index has read: a block that is written at the same moment does not see the order. `do update` would run the triggers
# of an update for each new order, too.
_INSERT: Final = f"""
with added as (
    insert into catalog_service.orders (
        id, chain_id, order_hash, side, maker, contract, collection_id, token_number, token_id, token_set,
        token_standard, quantity, in_parts, marketplace_id, price_amount, price_native, price_native_text,
        price_end_amount, currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, zone, conduit,
        counter, salt, start_at, end_at, components, signature, quantity_filled, fillable, approved_alone, is_cancelled,
        is_expired, reasons, due_at, checked_block)
    values (
        catalog_service.order_id($1::text, $2::text), $1::text, $2::text, $3, $4, $5::text, $6, $7::numeric,
        catalog_service.token_id($1::text, $5::text, $7::numeric), $8,
        $9, $10, $11, catalog_service.marketplace_id($38), $12, $13, $14,
        $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37)
    on conflict (chain_id, order_hash) do nothing
    returning *
), caused as (
    insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
    select $1::text, 'order', catalog_service.order_id($1::text, $2::text), 1 + greatest($37, (
        select last_block from indexer_service.indexer_checkpoints where chain_id = $1::text)){LATER}
)
select {LISTED_COLUMNS} from added o left join catalog_service.token_sets s on s.no = o.token_set"""  # noqa: S608 - no value in it

# An order whose signature nobody has accepted yet takes a better one.
_SIGN: Final = """
update catalog_service.orders o set
    signature = $3, quantity_filled = $4, fillable = $5, approved_alone = $6, is_cancelled = $7, is_expired = $8,
    reasons = $9, due_at = $10, checked_block = $11, checked_at = now()
where o.chain_id = $1 and o.order_hash = $2 and o.reasons && array['unsigned', 'signature_not_accepted']
    and not $9::text[] && array['unsigned', 'signature_not_accepted']"""

# In the order of all writers: orders by their ids, then collections.
_LOCK: Final = """
select from catalog_service.orders where chain_id = $1 and order_hash = any($2) order by id for no key update"""
_LOCK_COLLECTIONS: Final = "select catalog_service.lock_collections($1)"

# What the index knows of orders that were filled before they were handed in: their sales are ours from now on.
_SETTLE: Final = """
select catalog_service.settle_orders(array(
    select catalog_service.order_id($1, one) from unnest($2::text[]) one))"""


class Orders:
    """The orders of all chains."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def by_hash(self, chain_id: ChainId, hashes: Iterable[Bytes32]) -> dict[Bytes32, OrderRow]:
        """The orders with these hashes, by hash. Unknown ones are left out."""
        rows = await self._pool.fetch(_BY_HASH, chain_id, list(hashes))
        return {row["order_hash"]: OrderRow(**row) for row in rows}

    async def shown(self, chain_id: ChainId, order_hash: Bytes32) -> OrderRow | None:
        """The order with this hash; None if there is none, or its collection is hidden."""
        row = await self._pool.fetchrow(_SHOWN, chain_id, [order_hash])
        return None if row is None else OrderRow(**row)

    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, OrderComponents]:
        """What was signed, by hash, whatever the status of the order. Unknown ones are left out."""
        rows = await self._pool.fetch(_SIGNED, chain_id, list(hashes))
        return {Bytes32(row["order_hash"]): OrderComponents.model_validate(row["components"]) for row in rows}

    async def known(self, chain_id: ChainId, hashes: Iterable[bytes]) -> set[bytes]:
        """Which of the orders are in the catalog."""
        rows = await self._pool.fetch(_KNOWN, chain_id, [hash_text(one) for one in hashes])
        return {bytes.fromhex(row["order_hash"][2:]) for row in rows}

    async def insert(
        self, chain_id: ChainId, orders: Sequence[NewOrder], policy: MarketPolicy, checked_block: int
    ) -> dict[bytes, ListedOrder | None]:
        """Write the orders, all or none, and have each checked again once the index has passed `checked_block`, at
        which the chain was asked. Returns those that are new, by hash: their rows, None for one that is filled already,
        whose row the index may know better. Repeating it changes nothing."""
        filled = [hash_text(new.order.hash) for new in orders if new.standing.quantity_filled]
        if len(orders) == 1 and not filled:  # a statement is all or nothing by itself, without two more round trips
            return await _write(self._pool, chain_id, orders, policy, checked_block)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, chain_id, [hash_text(new.order.hash) for new in orders])
            await connection.execute(_LOCK_COLLECTIONS, list({new.collection_id for new in orders}))
            # In one order, so that two who hand in the same orders do not wait for each other.
            in_order = sorted(orders, key=lambda new: new.order.hash)
            created = await _write(connection, chain_id, in_order, policy, checked_block)
            if filled:
                await connection.execute(_SETTLE, chain_id, filled)
        return created


async def _write(
    database: Any, chain_id: ChainId, orders: Iterable[NewOrder], policy: MarketPolicy, checked_block: int
) -> dict[bytes, ListedOrder | None]:
    created: dict[bytes, ListedOrder | None] = {}
    for new in orders:
        row = await database.fetchrow(_INSERT, *values_of(chain_id, new, policy, checked_block))
        if row is not None:
            created[new.order.hash] = None if new.standing.quantity_filled else _listed(row)
        else:
            await database.execute(_SIGN, *values_of_standing(chain_id, new, checked_block))
    return created


def _listed(row: asyncpg.Record) -> ListedOrder:
    members: dict[str, Any] = {**row, "side": Side(row["side"])}
    return ListedOrder(**members)
