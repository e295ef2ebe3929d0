"""Preparing an airdrop."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.intents.airdrop import AirdropOrder
from steadymint.domain.intents.messages import Prepared
from steadymint.durable.failures import activity_boundary


class PrepareAirdrop(Preparing):
    @activity.defn(name="prepare_airdrop")
    @activity_boundary
    @made_once
    async def prepare(self, order: AirdropOrder, deadline_at: datetime) -> Prepared:
        """The airdrop's calldata, after a simulation has shown that the contract accepts it: role, pause, supply,
        receivers and gas.

        The reasons of the contract come first. After them, tokens without metadata are refused.
        """
        terms = order.terms
        collection = await self.known_collection(order.chain_id, terms.contract, terms.standard)
        tx = await self.transactions.simulate(await self.transactions.request(order))
        ids = terms.ids()
        if ids:
            await self.metadata.check_ids(collection.base_uri, ids)
        else:
            await self.metadata.check_next(collection.base_uri, collection.next_id, terms.total())
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=terms.contract,
            facts=terms.facts(order.caller.account),
            foreseen={"tokenIds": [str(token_id) for token_id in ids]} if ids else None,
        )
