"""Preparing a purchase of listings."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from activities.preparing.filling import amount_in, outcome_of, without_own
from steadymint.domain.intents.fills import foreseen
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.purchase import PurchaseOrder
from steadymint.durable.failures import activity_boundary


class PreparePurchase(Preparing):
    @activity.defn(name="prepare_purchase")
    @activity_boundary
    @made_once
    async def prepare(self, order: PurchaseOrder, deadline_at: datetime) -> Prepared:
        """The calldata that buys those of the listings that can be filled now, once Seaport is seen to accept it.

        If none can be filled, or if they cost more than the buyer accepts, the request is refused. The catalog's
        standing of an order is not asked: the chain decides.
        """
        terms, buyer = order.terms, order.caller.account
        wanted = [(item.order_hash, item.quantity) for item in terms.items]
        parts, own = without_own(await self.fillable.listings(order.chain_id, wanted), buyer)
        currency = await self.fillable.currency(order.chain_id, parts[0].order.read.currency)
        found = await self.fulfilling.purchase(
            order.chain_id,
            buyer,
            parts,
            highest_total=amount_in(terms.max_total, currency, "maxTotal"),
            deadline=int(deadline_at.timestamp()),
        )
        outcome = outcome_of(found, currency, own)
        terms = terms.model_copy(update={"outcome": outcome})
        return await self.write(
            order.model_copy(update={"task": terms}),
            found.tx,
            deadline_at,
            contract=found.tx.to,
            facts=terms.facts(found.tx.to, buyer),
            foreseen=foreseen(outcome),
        )
