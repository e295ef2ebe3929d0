"""Preparing a cancellation of orders."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.errors import InvalidInputError, NotFoundError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.cancel import MAX_ITEMS, CancelOrder, CancelTerms, items_of
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.types import Address, Bytes32, ChainId
from steadymint.durable.failures import activity_boundary


class PrepareCancel(Preparing):
    @activity.defn(name="prepare_cancel")
    @activity_boundary
    @made_once
    async def prepare(self, order: CancelOrder, deadline_at: datetime) -> Prepared:
        """The calldata of the cancellation, once Seaport is seen to accept it.

        An order may be cancelled whatever keeps it from being filled. If none of them can be filled any more because
        all are cancelled, that is AlreadySatisfiedError: there is nothing to sign.
        """
        terms, maker = await self._with_orders(order.chain_id, order.terms), order.caller.account
        _check(terms, maker)
        order = order.model_copy(update={"task": terms})
        if terms.orders and await self.orders.all_cancelled(order.chain_id, maker, terms.orders):
            raise AlreadySatisfiedError("All of these orders are cancelled already")
        tx = await self.transactions.simulate(await self.transactions.request(order))
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=tx.to,
            facts=terms.facts(tx.to, maker),
            foreseen={} if terms.all_orders else {"orderHashes": sorted(terms.hashes())},
        )

    async def _with_orders(self, chain_id: ChainId, terms: CancelTerms) -> CancelTerms:
        """The terms with the orders that they name. Raises NotFoundError."""
        if not terms.order_hashes:
            return terms
        known = await self.known_orders.orders_by_hash(chain_id, terms.order_hashes)
        for order_hash in terms.order_hashes:
            if order_hash not in known:
                raise _not_yours(order_hash)
        return CancelTerms(orders=tuple(known[order_hash] for order_hash in terms.order_hashes))


def _check(terms: CancelTerms, maker: Address) -> None:
    """Raises NotFoundError for an order of somebody else, InvalidInputError for too many items."""
    for order, order_hash in zip(terms.orders, terms.hashes(), strict=True):
        if order.offerer != maker:
            raise _not_yours(order_hash)
    if items_of(terms.orders) > MAX_ITEMS:
        raise InvalidInputError(f"The orders have more than {MAX_ITEMS} items: cancel them in several transactions")


def _not_yours(order_hash: Bytes32) -> NotFoundError:
    return NotFoundError(f"There is no order {order_hash} of yours")
