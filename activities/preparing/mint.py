"""Preparing a mint."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.collections import Mintable
from steadymint.domain.errors import NotEligibleError
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.mint import MintOrder, MintTerms
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Wei
from steadymint.durable.failures import activity_boundary


class PrepareMint(Preparing):
    @activity.defn(name="prepare_mint")
    @activity_boundary
    @made_once
    async def prepare(self, order: MintOrder, deadline_at: datetime) -> Prepared:
        """The mint's calldata, after a simulation has shown that the contract accepts it: window, limit, supply,
        allowlist and price.

        The reasons of the contract come first. After them, tokens without metadata are refused.
        """
        terms = order.terms
        collection = await self.known_collection(order.chain_id, terms.contract, terms.standard)
        tx = await self._accepted(order, collection.price)
        await self._check_metadata(collection, terms)
        return await self.write(
            order,
            tx,
            deadline_at,
            contract=terms.contract,
            facts=terms.facts(order.caller.account),
            foreseen={"tokenIds": [str(token_id) for token_id in sorted(terms.ids())]} if terms.items else None,
        )

    async def _accepted(self, order: MintOrder, price: int) -> TxRequest:
        """Simulates the mint, and once more if the contract names another price. The catalog has the one of the last
        indexed block."""
        tx = await self.transactions.request(order, Wei(price * order.terms.total()))
        try:
            return await self.transactions.simulate(tx)
        except NotEligibleError as error:
            due = _price_due(error)
            if due is None:
                raise
            return await self.transactions.simulate(await self.transactions.request(order, due))

    async def _check_metadata(self, collection: Mintable, terms: MintTerms) -> None:
        if terms.items:
            await self.metadata.check_ids(collection.base_uri, terms.ids())
        else:
            await self.metadata.check_next(collection.base_uri, collection.next_id, terms.total())


def _price_due(error: NotEligibleError) -> Wei | None:
    if error.extra.get("reason") != "WrongPayment":
        return None
    return Wei(int(error.extra["arguments"]["due"]))
