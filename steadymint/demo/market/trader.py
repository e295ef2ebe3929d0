"""A trader who uses our API and a wallet, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from steadymint.demo.people.person import Person
from steadymint.demo.run import DemoFailedError, Meanwhile, accepted
from steadymint.domain.counting import counted
from steadymint_client import AsyncFlow, ProblemError, models


class Trader(Person):
    """An account that signs orders, buys and sells through the API."""

    @property
    def address(self) -> str:
        return self.wallet.address

    # -- orders -------------------------------------------------------------------------------------------------------

    async def place(self, *wishes: models.WishBody) -> list[str]:
        """Sign orders with one signature, give the approvals that they need, and hand them in. Their hashes, once all
        of them are active. Raises DemoFailedError, SteadymintError."""
        placing = self.client.place_orders(self.wallet, self._demo.chain_id, *wishes)
        taken = accepted(await self._demo.outcome(f"{self.name}: sign", placing))
        hashes = [order.order_hash for order in taken]
        await asyncio.gather(*(self.until(order_hash, "active") for order_hash in hashes))
        self.tell("listed" if wishes[0].kind == "list" else "offered", _wished(wishes))
        return hashes

    async def hand_in(self, order: dict[str, Any], signature: str) -> str:
        """Hand in an order that another client has built and signed. Its hash. Raises ProblemError."""
        components = models.OrderBody.model_validate(order)
        body = models.HandInBody(chain_id=self._demo.chain_id, order=components, signature=signature)
        return (await self.api.hand_in_order(body)).order.order_hash

    async def order(self, order_hash: str) -> models.OrderView:
        return await self.api.get_order(self._demo.chain_id, order_hash)

    async def signed(self, order_hash: str) -> dict[str, Any]:
        """An order as other clients of Seaport take it."""
        order = await self.order(order_hash)
        return {"parameters": order.components.body(), "signature": order.signature}

    async def until(self, order_hash: str, status: str) -> None:
        """Until an order has this status. Raises DemoFailedError."""

        async def holds() -> bool:
            return (await self.order(order_hash)).status == status

        await self._demo.until(f"order {order_hash} is {status}", holds)

    # -- intents ------------------------------------------------------------------------------------------------------

    def purchase(self, hashes: Sequence[str], most: str, units: str | None = None) -> AsyncFlow:
        """Of listings, for `most` in all; of `units` of each, if they are not bought whole."""
        items = [models.PurchaseItemBody(order_hash=one) for one in hashes]
        if units is not None:
            items = [models.PurchaseItemBody(order_hash=one, quantity=units) for one in hashes]
        body = models.PreparePurchaseBody(chain_id=self._demo.chain_id, items=items, max_total=most)
        return self.client.purchase(self.wallet, body)

    async def buy(
        self,
        what: str,
        hashes: Sequence[str],
        most: str,
        units: str | None = None,
        meanwhile: Meanwhile | None = None,
    ) -> models.IntentView:
        """Raises DemoFailedError, SteadymintError."""
        flow = self.purchase(hashes, most, units)
        return await self._demo.go_through(f"{self.name}: {what}", flow, meanwhile)

    async def sell_to(self, what: str, order_hash: str, token_id: str) -> models.IntentView:
        """Accept an offer. Raises DemoFailedError, SteadymintError."""
        body = models.PrepareSaleBody(chain_id=self._demo.chain_id, order_hash=order_hash, token_id=token_id)
        return await self.go_through(what, self.client.sale(self.wallet, body))

    async def cancel(self, what: str, order_hash: str | None = None) -> None:
        """Cancel one order, or all of them."""
        chain_id = self._demo.chain_id
        if order_hash is None:
            body = models.PrepareCancelBody(chain_id=chain_id, all_orders=True)
        else:
            body = models.PrepareCancelBody(chain_id=chain_id, order_hashes=[order_hash])
        await self.go_through(what, self.client.cancel(self.wallet, body))

    async def is_refused(self, code: str, hashes: Sequence[str], most: str) -> None:
        """Raises DemoFailedError unless this purchase is refused with this code."""
        try:
            await self.purchase(hashes, most).outcome()
        except ProblemError as problem:
            if problem.code == code:
                self.tell("refused", problem.detail)
                return
            raise
        raise DemoFailedError(f"{self.name} could buy what should be {code}")


def _wished(wishes: Sequence[models.WishBody]) -> str:
    first = wishes[0]
    tokens = ", ".join(f"#{one.token_id}" for one in wishes if one.token_id) or first.kind.replace("-", " ")
    prices = sorted({one.price for one in wishes}, key=float)
    price = prices[0] if len(prices) == 1 else f"{prices[0]} to {prices[-1]}"
    signed = "" if len(wishes) == 1 else f", {counted(len(wishes), 'order')} under one signature"
    return f"{tokens} for {price}{signed}"
