"""Preparing the acceptance of an offer."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from activities.preparing.filling import amount_in, outcome_of, without_own
from steadymint.domain.intents.fills import foreseen
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.sale import SaleOrder
from steadymint.durable.failures import activity_boundary


class PrepareSale(Preparing):
    @activity.defn(name="prepare_sale")
    @activity_boundary
    @made_once
    async def prepare(self, order: SaleOrder, deadline_at: datetime) -> Prepared:
        """The calldata that accepts the offer, once Seaport is seen to accept it.

        If it cannot be filled, or brings less than the seller accepts, the request is refused.
        """
        terms, seller = order.terms, order.caller.account
        part = await self.fillable.offer(order.chain_id, terms.order_hash, terms.token_id, terms.quantity)
        (part,), _ = without_own([part], seller)
        currency = await self.fillable.currency(order.chain_id, part.order.read.currency)
        found = await self.fulfilling.sale(
            order.chain_id,
            seller,
            part,
            lowest_total=0 if terms.min_total is None else amount_in(terms.min_total, currency, "minTotal"),
        )
        outcome = outcome_of(found, currency)
        return await self.write(
            order.model_copy(update={"task": terms.model_copy(update={"outcome": outcome})}),
            found.tx,
            deadline_at,
            contract=found.tx.to,
            facts=terms.facts(found.tx.to, seller),
            foreseen=foreseen(outcome),
        )
