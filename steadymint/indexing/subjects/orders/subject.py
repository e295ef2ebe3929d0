"""The subject `orders`: what Seaport says about orders, the sales, and what open orders depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import asyncpg

from steadymint.chain.nodes.chain import CURRENCY, SEAPORT, WRAPPED_NATIVE
from steadymint.domain.market import events
from steadymint.domain.types import ChainId
from steadymint.events.event import SALES, DomainEvent
from steadymint.indexing.batch import Batch
from steadymint.indexing.store import sql
from steadymint.indexing.store.chain_tables import LOG_BITS, first_place
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.orders import elsewhere, fold, topics
from steadymint.indexing.subjects.orders.causes import Causes
from steadymint.indexing.subjects.orders.gathered import Beside, OrderLogs, OtherFills
from steadymint.indexing.subjects.orders.rows import OrderRows
from steadymint.indexing.subjects.orders.sale_rows import kept_rows
from steadymint.indexing.subjects.orders.sightings import sightings_of_intents
from steadymint.indexing.subjects.orders.take_up import take_up
from steadymint.indexing.subjects.orders.trades import other_sales, others_sold, seaport_sales, sold_contracts
from steadymint.indexing.subjects.subject import (
    ChainTerms,
    Fault,
    RenderedBatch,
    Subject,
    Told,
    Undoing,
    dashed,
    event_key,
)

_APPROVALS: Final[Mapping[str, Handler]] = {topics.APPROVAL: fold.approval}
_CURRENCY: Final[Mapping[str, RoleHandler]] = {
    TRANSFER: fold.currency_moved,
    topics.APPROVAL: fold.currency_approved,
}

_SOLD: Final = """
select s.place, s.tx_hash, s.contract, s.token_number::text as token_id, s.quantity::text as quantity,
    s.seller_address, s.buyer_address, s.order_hash, m.slug as marketplace, s.price_amount::text as amount,
    s.price_native_text as price, s.currency_address, s.currency_symbol, s.proceeds_amount::text as proceeds,
    s.fees_amount::text as fees, s.royalty_amount::text as royalty, s.bundle, s.exclusion, s.occurred_at
from catalog_service.sales s join catalog_service.marketplaces m on m.id = s.marketplace_id
where s.chain_id = $1 and s.place >= $2 and s.place < $3 order by s.place, s.id"""


class Orders(Subject):
    """Writes fills, sales, cancellations and validations, and keeps the orders that are known in step with them."""

    ours: ClassVar[Mapping[str, Handler]] = _APPROVALS
    imported: ClassVar[Mapping[str, Handler]] = _APPROVALS
    roles: ClassVar[Mapping[str, Mapping[str, RoleHandler]]] = {
        SEAPORT: {
            events.ORDER_FULFILLED: fold.fulfilled,
            events.ORDERS_MATCHED: fold.matched,
            events.ORDER_CANCELLED: fold.cancelled,
            events.ORDER_VALIDATED: fold.validated,
            events.COUNTER_INCREMENTED: fold.counter_incremented,
        },
        CURRENCY: _CURRENCY,
        WRAPPED_NATIVE: {
            **_CURRENCY,
            topics.DEPOSIT: fold.currency_wrapped,
            topics.WITHDRAWAL: fold.currency_wrapped,
        },
        **elsewhere.ROLES,
    }

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        super().__init__(writer, terms, fault)
        self._rows = OrderRows(writer.connection, writer.chain_id)
        self._causes = Causes(writer.connection, writer.chain_id)

    async def lock(self, rendered: RenderedBatch) -> None:
        batch, children = rendered.batch, rendered.children
        logs, others = _gathered(batch)
        sold = sold_contracts(logs.trades) | others_sold(others)
        rendered.traded = await self._causes.given(batch, sold)
        orders, makers = self._rows.concerned(logs), {logged.event.offerer for logged in logs.increments}
        await self._causes.lock(batch, children, rendered.traded, orders, makers)

    async def write(self, rendered: RenderedBatch) -> None:
        """Nothing is queued for the checker while the chain is read for the first time, nor of the history of an
        import: at the end of both all orders that it may concern are checked."""
        batch = rendered.batch
        if rendered.traded:
            await self._connection.execute(sql.LOCK_COLLECTIONS, self._chain_id, list(rendered.traded))
        if batch.created:
            await take_up(self._connection, [child.collection_id for child in batch.created.values()])
        await self._write_sales(rendered)
        logs: OrderLogs | None = batch.parts.get(OrderLogs)
        if logs is not None:
            await self._write_logs(rendered, logs)
            batch.sightings += await sightings_of_intents(
                self._connection, self._chain_id, logs, batch.blocks, self._terms.money
            )
        if batch.queued and not self._writer.in_history:
            rendered.shown |= await self._causes.write(batch, rendered.children, rendered.traded)

    async def _write_sales(self, rendered: RenderedBatch) -> None:
        """Those on the registered Seaport, and those on other markets."""
        batch = rendered.batch
        logs, others = _gathered(batch)
        beside: Beside = batch.parts.get(Beside) or Beside()
        places = [one.place for one in (*logs.trades, *others.fills, *others.earlier, *others.first)]
        if not places:
            return
        contracts = sold_contracts(logs.trades) | others_sold(others)
        receivers = await self._rows.receivers(contracts, [place >> LOG_BITS for place in places])
        found = seaport_sales(logs.trades, receivers)
        found += other_sales(others, beside, receivers, self._terms.pools)
        sales = kept_rows(found, beside.payments)
        await self._rows.write_sales(sales, self._terms.money)
        rendered.shown.update(row.sale.contract for row in sales)
        self._fault("sales")

    async def _write_logs(self, rendered: RenderedBatch, logs: OrderLogs) -> None:
        rows = self._rows
        await rows.write_fills(logs, self._terms.money)
        self._fault("fills")
        await rows.write_words(logs)
        makers = {logged.event.offerer for logged in logs.increments}
        changed = await rows.settle(rows.concerned(logs), makers)
        rendered.shown.update(changed.values())
        validated = rows.validated(logs)
        if changed or validated:
            last = max(logged.block for logged in logs.every())
            await self._causes.of_orders({*changed, *validated}, last)
        self._fault("orders")

    async def undo(self, undoing: Undoing) -> None:
        """Delete the rows, and put the orders that are known back to what is left."""
        orders, makers = await self._rows.undo(undoing.place)
        changed: set[UUID] = {*orders, *await self._rows.settle(orders, makers)}
        if not self._writer.in_history:
            await self._causes.of_orders(changed, undoing.ancestor)
            await self._causes.undo(undoing.ancestor)

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        rows = await pool.fetch(_SOLD, chain_id, first_place(after + 1), first_place(upto + 1))
        return [_told(chain_id, row) for row in rows]


def _gathered(batch: Batch) -> tuple[OrderLogs, OtherFills]:
    return batch.parts.get(OrderLogs) or OrderLogs(), batch.parts.get(OtherFills) or OtherFills()


def _told(chain_id: ChainId, row: Mapping[str, Any]) -> Told:
    """The domain event `sold` of a sale. A transaction may sell many tokens, so the token is part of the key."""
    block, log_index = row["place"] >> LOG_BITS, row["place"] & (1 << LOG_BITS) - 1
    sold = (row["contract"], row["token_id"], row["seller_address"], row["buyer_address"], row["order_hash"])
    key = ":".join((event_key(row["tx_hash"], log_index, block), *map(str, sold)))
    payload = {
        "chainId": chain_id,
        "contract": row["contract"],
        "tokenId": row["token_id"],
        "quantity": row["quantity"],
        "txHash": row["tx_hash"],
        "blockNumber": block,
        "seller": row["seller_address"],
        "buyer": row["buyer_address"],
        "orderHash": row["order_hash"],
        "marketplace": row["marketplace"],
        "currency": row["currency_address"],
        "currencySymbol": row["currency_symbol"],
        "priceAmount": row["amount"],
        "price": row["price"],
        "proceedsAmount": row["proceeds"],
        "feesAmount": row["fees"],
        "royaltyAmount": row["royalty"],
        "bundle": row["bundle"],
        "exclusion": row["exclusion"],
    }
    return Told(block, log_index, [DomainEvent(SALES, f"sold.{dashed(chain_id)}", key, row["occurred_at"], payload)])
