"""Preparing the launch of a fungible token."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.intents.messages import Prepared
from steadymint.durable.failures import activity_boundary


class PrepareLaunch(Preparing):
    @activity.defn(name="prepare_launch")
    @activity_boundary
    @made_once
    async def prepare(self, order: LaunchOrder, deadline_at: datetime) -> Prepared:
        """The factory's calldata, after a simulation, with the exact address that the token will have."""
        tx = await self.transactions.request(order)
        address = await self.transactions.address_of_token(order)
        tx = await self.transactions.simulate(tx)
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=address,
            facts=order.terms.facts(address, order.caller.account),
        )
