"""A trader who uses our API and a wallet, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from steadymint.demo.client import ApiClient, ProblemError
from steadymint.demo.orders import hand_in, place_orders
from steadymint.demo.run import DemoFailedError, DemoRun, Done
from steadymint.demo.wallets import Wallet
from steadymint.domain.counting import counted


class Trader:
    """An account that signs orders, buys and sells through the API."""

    def __init__(self, demo: DemoRun, name: str, wallet: Wallet, client: ApiClient) -> None:
        self._demo = demo
        self.name = name
        self.wallet = wallet
        self.client = client

    @property
    def address(self) -> str:
        return self.wallet.address

    # -- orders -------------------------------------------------------------------------------------------------------

    async def place(self, *wishes: dict[str, Any]) -> list[str]:
        """Sign orders with one signature, give the approvals that they need, and hand them in. Their hashes, once all
        of them are active. Raises DemoFailedError, ProblemError."""
        taken = await place_orders(self.client, self.wallet, self._demo.chain_id, wishes, self.approve)
        hashes = [order["orderHash"] for order in taken]
        await asyncio.gather(*(self.until(order_hash, "active") for order_hash in hashes))
        self._demo.tell(self.name, "listed" if wishes[0]["kind"] == "list" else "offered", _wished(wishes))
        return hashes

    async def hand_in(self, order: dict[str, Any], signature: str) -> dict[str, Any]:
        """The order as the catalog has it now. Raises ProblemError."""
        return await hand_in(self.client, self._demo.chain_id, order, signature)

    async def order(self, order_hash: str) -> dict[str, Any]:
        return await self.client.call("GET", f"/v1/orders/{self._demo.chain_id}/{order_hash}")

    async def until(self, order_hash: str, status: str) -> dict[str, Any]:
        """The order, once it has this status. Raises DemoFailedError."""
        shown: dict[str, Any] = {}

        async def holds() -> bool:
            nonlocal shown
            shown = await self.order(order_hash)
            return shown["status"] == status

        await self._demo.until(f"order {order_hash} is {status}", holds)
        return shown

    # -- intents ------------------------------------------------------------------------------------------------------

    async def approve(self, approval: dict[str, Any]) -> None:
        """Give an approval that is missing. Raises DemoFailedError, ProblemError."""
        body = {name: approval[name] for name in ("kind", "contract", "spender", "amount") if approval.get(name)}
        await self._through("Approve", "/v1/approvals/prepare", body)

    async def buy(self, what: str, items: Sequence[dict[str, Any]], most: str) -> Done:
        """Buy listings for `most` in all. Raises DemoFailedError, ProblemError."""
        return await self.go_through(what, await self.prepare_purchase(items, most))

    async def prepare_purchase(self, items: Sequence[dict[str, Any]], most: str) -> dict[str, Any]:
        return await self._prepared("/v1/purchases/prepare", {"items": list(items), "maxTotal": most})

    async def sell_to(self, what: str, order_hash: str, **more: Any) -> Done:
        """Accept an offer. Raises DemoFailedError, ProblemError."""
        return await self.go_through(what, await self._prepared("/v1/sales/prepare", {"orderHash": order_hash, **more}))

    async def cancel(self, what: str, **orders: Any) -> None:
        await self._through(what, "/v1/cancellations/prepare", orders)

    async def go_through(self, what: str, prepared: dict[str, Any]) -> Done:
        """The steps that were prepared, one after another, as a front end does it. The last is the one asked for.

        Raises DemoFailedError, ProblemError.
        """
        *approvals, own = prepared["steps"]
        for step in approvals:
            if step["status"] != "ready":
                await self._follow(f"{self.name}: approve first", step)
        return await self._follow(f"{self.name}: {what}", own)

    async def _through(self, what: str, path: str, body: dict[str, Any]) -> None:
        prepared = await self._prepared(path, body)
        if not prepared.get("satisfied"):
            await self._follow(f"{self.name}: {what.lower()}", prepared)

    async def _prepared(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = f"{self.name}-{path}-{time.perf_counter()}"
        return await self.client.call("POST", path, {"chainId": self._demo.chain_id, **body}, key=key)

    async def _follow(self, what: str, prepared: dict[str, Any]) -> Done:
        begun = time.perf_counter()
        return await self._demo.sign_and_follow(self.client, self.wallet, what, prepared, begun)

    async def is_refused(self, code: str, items: Sequence[dict[str, Any]], most: str) -> None:
        """Raises DemoFailedError unless this purchase is refused with this code."""
        try:
            await self.prepare_purchase(items, most)
        except ProblemError as problem:
            if problem.code == code:
                self._demo.tell(self.name, "refused", problem.document["detail"])
                return
            raise
        raise DemoFailedError(f"{self.name} could buy what should be {code}")


def _wished(wishes: Sequence[dict[str, Any]]) -> str:
    first = wishes[0]
    tokens = ", ".join(f"#{one['tokenId']}" for one in wishes if "tokenId" in one) or first["kind"].replace("-", " ")
    prices = sorted({one["price"] for one in wishes}, key=float)
    price = prices[0] if len(prices) == 1 else f"{prices[0]} to {prices[-1]}"
    signed = "" if len(wishes) == 1 else f", {counted(len(wishes), 'order')} under one signature"
    return f"{tokens} for {price}{signed}"
