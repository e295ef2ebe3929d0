"""Preparing a collection."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.intents import collection
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.messages import Prepared
from steadymint.durable.failures import activity_boundary


class PrepareCollection(Preparing):
    @activity.defn(name="prepare_collection")
    @activity_boundary
    @made_once
    async def prepare(self, order: CollectionOrder, deadline_at: datetime) -> Prepared:
        """The factory's calldata, after a simulation, with the exact address that the collection will have."""
        tx = await self.transactions.request(order)
        address = await self.transactions.address_of_collection(order)
        tx = await self.transactions.simulate(tx)
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=address,
            facts=collection.facts(address, order.caller.account),
        )
