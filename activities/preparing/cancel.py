"""Preparing a cancellation of orders."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing
from steadymint.domain.counting import counted
from steadymint.domain.errors import NotFoundError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.cancel import CancelOrder, CancelTerms
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.types import Address
from steadymint.durable.failures import activity_boundary


class PrepareCancel(Preparing):
    @activity.defn(name="prepare_cancel")
    @activity_boundary
    async def prepare(self, order: CancelOrder, deadline_at: datetime) -> Prepared:
        """The calldata of the cancellation, once Seaport is seen to accept it.

        An order may be cancelled whatever keeps it from being filled. If none of them can be filled any more because
        all are cancelled, that is AlreadySatisfiedError: there is nothing to sign.
        """
        terms, maker = order.terms, order.caller.account
        _check_maker(terms, maker)
        if terms.orders and await self.orders.all_cancelled(order.chain_id, maker, terms.orders):
            raise AlreadySatisfiedError(f"{counted(len(terms.orders), 'order')} cancelled already")
        tx = await self.transactions.simulate(await self.transactions.request(order))
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=tx.to,
            facts=terms.facts(tx.to, maker),
            foreseen={} if terms.all_orders else {"orderHashes": sorted(terms.hashes())},
        )


def _check_maker(terms: CancelTerms, maker: Address) -> None:
    """What is not the caller's is not there. Raises NotFoundError."""
    for order, order_hash in zip(terms.orders, terms.hashes(), strict=True):
        if order.offerer != maker:
            raise NotFoundError(f"There is no order {order_hash} of yours.")
