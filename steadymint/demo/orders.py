"""From what a maker wishes to signed orders that are handed in, as a front end does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from steadymint.demo.client import ApiClient
from steadymint.demo.run import DemoFailedError
from steadymint.demo.wallets import Wallet

Approve = Callable[[dict[str, Any]], Awaitable[None]]
"""Gives an approval that an order needs."""


async def place_orders(
    client: ApiClient, wallet: Wallet, chain_id: str, wishes: Sequence[dict[str, Any]], approve: Approve
) -> list[dict[str, Any]]:
    """The orders as the catalog has them, in the order of the wishes: all under one signature of the wallet.

    Raises DemoFailedError, ProblemError.
    """
    asked = {"chainId": chain_id, "maker": wallet.address, "orders": list(wishes)}
    built = await client.call("POST", "/v1/orders/build", asked)
    for approval in built["approvals"]:
        await approve(approval)
    signature = wallet.sign_typed(built["typedData"])
    if len(wishes) == 1:
        return [await hand_in(client, chain_id, built["orders"][0]["order"], signature)]
    orders = [{"order": one["order"], "orderHash": one["orderHash"]} for one in built["orders"]]
    body = {"chainId": chain_id, "orders": orders, "signature": signature}
    taken = (await client.call("POST", "/v1/orders/bulk", body))["items"]
    for one in taken:
        if one["outcome"] == "refused":
            raise DemoFailedError(f"order {one['orderHash']} was refused: {one['findings']}")
    return [one["order"] for one in taken]


async def hand_in(client: ApiClient, chain_id: str, order: dict[str, Any], signature: str) -> dict[str, Any]:
    """The order as the catalog has it now. Raises ProblemError."""
    body = {"chainId": chain_id, "order": order, "signature": signature}
    return (await client.call("POST", "/v1/orders", body))["order"]
