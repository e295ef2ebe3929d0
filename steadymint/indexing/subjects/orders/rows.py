"""Writes the fills, sales, cancellations and validations of a batch, and takes them back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import uuid_of
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.orders.gathered import OrderLogs
from steadymint.indexing.subjects.orders.sale_rows import BACK_WITHIN, Money, SaleRow, shown_price
from steadymint.indexing.subjects.orders.trades import Receivers, price_of, units_of

_FILLS: Final = """
insert into catalog_service.order_fills (id, chain_id, place, order_id, order_hash, maker, taker, quantity,
    price_amount, price_native, currency_address, tx_hash, filled_at)
select id, $1::text, place, order_id, order_hash, maker, taker, quantity::numeric, amount::numeric, price::numeric,
    currency, tx_hash, at
from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::timestamptz[])
    as f (id, place, order_id, order_hash, maker, taker, quantity, amount, price, currency, tx_hash, at)"""

_CANCELS: Final = """
insert into catalog_service.order_cancels (chain_id, place, order_id, order_hash, maker, tx_hash)
select $1::text, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[])"""

_VALIDATIONS: Final = """
insert into catalog_service.order_validations (chain_id, place, order_id, order_hash, contract, components, tx_hash)
select $1::text, place, order_id, order_hash, contract, components::jsonb, tx_hash
from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
    as v (place, order_id, order_hash, contract, components, tx_hash)"""

_INCREMENTS: Final = """
insert into catalog_service.counter_increments (chain_id, place, maker, counter, tx_hash)
select $1::text, place, maker, counter::numeric, tx_hash
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as i (place, maker, counter, tx_hash)"""

# A sale belongs to the marketplace of its order; an order of Seaport that nobody handed in is Seaport's, and one of
# another market has no id here. Whether a token came back is looked up among earlier sales only, so a rollback changes
# no sale that it leaves.
_SALES: Final = """
insert into catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address, buyer_address,
    order_hash, token_id, collection_id, order_id, marketplace_id, quantity, price_amount, proceeds_amount, fees_amount,
    royalty_amount, price_native, price_native_text, currency_symbol, currency_address, is_native, bundle, exclusion,
    place, occurred_at)
select s.id, $1::text, s.tx_hash, s.contract, s.number::numeric, s.seller, s.buyer, s.order_hash, s.token_id,
    (select c.id from catalog_service.collections c
     where c.chain_id = $1::text and c.contract_address = s.contract limit 1),
    s.order_id,
    coalesce((select o.marketplace_id from catalog_service.orders o where o.id = s.order_id),
        catalog_service.marketplace_id(coalesce(s.marketplace, 'seaport'))),
    s.quantity::numeric, s.price::numeric, s.proceeds::numeric, s.fees::numeric, s.royalty::numeric,
    s.shown::numeric, s.shown, s.symbol, s.currency, s.is_native, s.bundle,
    coalesce(s.exclusion, case when exists (
        select from catalog_service.sales b
        where b.token_id = s.token_id and hashtext(b.seller_address || b.buyer_address) = hashtext(s.buyer || s.seller)
            and b.place < s.place and b.seller_address = s.buyer and b.buyer_address = s.seller
            and b.occurred_at >= s.at - $2::interval) then 'back_and_forth' end),
    s.place, s.at
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[],
    $11::uuid[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
    $20::boolean[], $21::integer[], $22::text[], $23::bigint[], $24::timestamptz[], $25::text[])
    as s (id, tx_hash, contract, number, seller, buyer, order_hash, token_id, order_id, quantity, price, proceeds, fees,
        royalty, shown, symbol, currency, is_native, bundle, exclusion, place, at, marketplace)"""

# The last receiver before the batch, and those that are named in it.
_RECEIVERS: Final = """
select k.contract, e.block_number, e.log_index, e.receiver
from unnest($2::text[]) as k (contract), lateral (
    (select e.block_number, e.log_index, coalesce(e.args ->> 'royaltyReceiver', e.args ->> 'receiver') as receiver
     from catalog_service.collection_events e
     where e.chain_id = $1::text and e.contract = k.contract and e.block_number < $3
        and e.name in ('CollectionCreated', 'RoyaltySet')
     order by e.block_number desc, e.log_index desc limit 1)
    union all
    select e.block_number, e.log_index, coalesce(e.args ->> 'royaltyReceiver', e.args ->> 'receiver')
    from catalog_service.collection_events e
    where e.chain_id = $1::text and e.contract = k.contract and e.block_number between $3 and $4
        and e.name in ('CollectionCreated', 'RoyaltySet')
) e
order by k.contract, e.block_number, e.log_index"""

_KNOWN: Final = """
select o.id from catalog_service.orders o where o.id = any($2::uuid[])
union
select o.id from unnest($3::text[]) as m (maker), lateral (
    select o.id from catalog_service.orders o where o.maker = m.maker and o.chain_id = $1::text) o"""

_SETTLE: Final = """
select o.id, o.contract
from catalog_service.settle_orders($1) settled join catalog_service.orders o on o.id = settled"""

_UNDO: Final = """
with fills as (
    delete from catalog_service.order_fills where chain_id = $1::text and place >= $2 returning order_id
), cancels as (
    delete from catalog_service.order_cancels where chain_id = $1::text and place >= $2 returning order_id
), validations as (
    delete from catalog_service.order_validations where chain_id = $1::text and place >= $2 returning order_id
), increments as (
    delete from catalog_service.counter_increments where chain_id = $1::text and place >= $2 returning maker
), sales as (
    delete from catalog_service.sales where chain_id = $1::text and place >= $2
)
select array(select order_id from fills union select order_id from cancels union select order_id from validations)
    as orders, array(select distinct maker from increments) as makers"""


class OrderRows:
    """Writes on the writer's connection, in the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def receivers(self, contracts: Collection[str], blocks: Collection[int]) -> Receivers:
        """Who receives royalties of the tokens that are sold in the blocks, as their collections have said so far.
        Imported collections do not say it by an event."""
        if not contracts:
            return {}
        rows = await self._connection.fetch(_RECEIVERS, self._chain_id, sorted(contracts), min(blocks), max(blocks))
        found: dict[str, list[tuple[int, str]]] = {}
        for row in rows:
            if row["receiver"] is not None:
                place = place_of(row["block_number"], row["log_index"])
                found.setdefault(row["contract"], []).append((place, row["receiver"]))
        return found

    async def write_fills(self, logs: OrderLogs, money: Money) -> None:
        rows = [self._fill(logged, money) for logged in logs.fills()]
        await self._insert(_FILLS, rows)

    async def write_sales(self, rows: Sequence[SaleRow], money: Money) -> None:
        if rows:
            columns = map(list, zip(*(self._sale(row, money) for row in rows), strict=True))
            await self._connection.execute(_SALES, self._chain_id, BACK_WITHIN, *columns)

    async def write_words(self, logs: OrderLogs) -> None:
        """What makers have said: cancellations, validations and new counters."""
        ids = self._order_id
        await self._insert(
            _CANCELS,
            [
                (place, ids(said.order_hash), said.order_hash, said.offerer, tx)
                for place, tx, _, _, said in logs.cancels
            ],
        )
        await self._insert(
            _VALIDATIONS,
            [
                (place, ids(said.order_hash), said.order_hash, *_order(said.parameters), tx)
                for place, tx, _, _, said in logs.validations
            ],
        )
        await self._insert(
            _INCREMENTS, [(place, said.offerer, str(said.counter), tx) for place, tx, _, _, said in logs.increments]
        )

    async def settle(self, orders: Collection[UUID], makers: Collection[str]) -> Mapping[UUID, str]:
        """Write into the orders that are known, and into all of these makers, what the rows say of them. Returns those
        that have changed, with the contracts of their tokens."""
        if not orders and not makers:
            return {}
        known = await self._connection.fetch(_KNOWN, self._chain_id, list(orders), list(makers))
        if not known:
            return {}
        rows = await self._connection.fetch(_SETTLE, sorted(row["id"] for row in known))
        return {row["id"]: row["contract"] for row in rows}

    async def undo(self, place: int) -> tuple[list[UUID], list[str]]:
        """Delete all rows from the place on. Returns the orders and the makers that they concern."""
        row = await self._connection.fetchrow(_UNDO, self._chain_id, place)
        assert row is not None, "a query without a table answers one row"
        return row["orders"], row["makers"]

    def concerned(self, logs: OrderLogs) -> set[UUID]:
        """The orders that are filled or cancelled."""
        hashes = {logged.event.order_hash for logged in (*logs.fills(), *logs.cancels)}
        return {self._order_id(order_hash) for order_hash in hashes}

    def validated(self, logs: OrderLogs) -> set[UUID]:
        return {self._order_id(logged.event.order_hash) for logged in logs.validations}

    # -- rows ----------------------------------------------------------------------------------------------------------

    async def _insert(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self._connection.execute(statement, self._chain_id, *map(list, zip(*rows, strict=True)))

    def _order_id(self, order_hash: str) -> UUID:
        """As the database's `order_id`."""
        return uuid_of(f"{self._chain_id}:{order_hash}")

    def _fill(self, logged: Any, money: Money) -> tuple[Any, ...]:
        fill, price = logged.event, price_of(logged.event)
        return (
            uuid_of(f"{self._chain_id}:{logged.place}:{fill.order_hash}"),
            logged.place,
            self._order_id(fill.order_hash),
            fill.order_hash,
            fill.offerer,
            fill.recipient,
            str(units_of(fill)),
            None if price is None else str(price.amount),
            None if price is None else shown_price(price.amount, price.currency, money).text,
            None if price is None else price.currency,
            logged.tx_hash,
            _time(logged.at),
        )

    def _sale(self, row: SaleRow, money: Money) -> tuple[Any, ...]:
        sale, chain = row.sale, self._chain_id
        shown = shown_price(row.price, sale.currency, money)
        of = f"{sale.contract}:{sale.token_id}"
        return (
            uuid_of(f"{chain}:{row.tx_hash}:{of}:{sale.seller}:{sale.buyer}:{sale.order_hash}"),
            row.tx_hash,
            sale.contract,
            str(sale.token_id),
            sale.seller,
            sale.buyer,
            sale.order_hash,
            uuid_of(f"{chain}:{of}"),
            self._order_id(sale.order_hash) if row.marketplace is None else None,
            str(row.quantity),
            str(row.price),
            str(row.proceeds),
            str(row.fees),
            str(row.royalty),
            shown.text,
            shown.symbol,
            sale.currency,
            shown.is_native,
            row.bundle,
            row.exclusion,
            row.place,
            _time(row.at),
            row.marketplace,
        )


def _order(order: OrderComponents) -> tuple[str | None, str]:
    """The contract of an order's tokens, if it is one, and Seaport's own JSON without the counter, which the event does
    not tell."""
    contracts = {item.token for item in (*order.offer, *order.consideration) if not item.item_type.is_currency}
    components = json.dumps(order.model_dump(mode="json", by_alias=True, exclude={"counter"}))
    return contracts.pop() if len(contracts) == 1 else None, components


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
