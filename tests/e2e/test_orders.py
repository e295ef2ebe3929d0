"""An order from the wish to the row and on, with nothing but the API and a wallet."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.full_stack import FullStack
from tests.support.people import Person
from tests.support.shop import sign


async def test_a_wallet_lists_a_token_with_nothing_but_this_api(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as seller:
        minted = await seller.prepare_mint(open_collection, quantity="2")
        await seller.send_and_track(minted)
        async with full_stack.blocks.ticking():
            first, second = (await seller.until_final(minted["intentId"]))["tokenIds"]

        async def ask(path: str, body: dict[str, Any]) -> Any:
            answer = await seller.client.ask("POST", f"/v1/orders{path}", {"chainId": full_stack.chain_id} | body)
            return answer.status, answer.body

        wishes = [
            {"kind": "list", "contract": open_collection, "tokenId": token, "price": "0.5"} for token in (first, second)
        ]
        status, built = await ask("/build", {"maker": seller.wallet.address, "orders": wishes})
        assert status == 200, built
        (approval,) = built["approvals"]
        signed = [{"order": one["order"], "orderHash": one["orderHash"]} for one in built["orders"]]
        bulk = {"orders": signed, "signature": sign(seller, built["typedData"])}
        status, taken = await ask("/bulk", bulk)
        assert [(one["outcome"], one["order"]["reasons"]) for one in taken["items"]] == [
            ("created", ["not_approved"])
        ] * 2

        await seller.wallet.send(approval["txRequest"])
        await full_stack.blocks.mine()
        status, again = await ask("/bulk", bulk)
        assert [(one["outcome"], one["findings"]) for one in again["items"]] == [("known", [])] * 2

        status, one = await ask("/build", {"maker": seller.wallet.address, "orders": wishes[:1]})
        order, signature = one["orders"][0]["order"], sign(seller, one["typedData"])
        status, listed = await ask("", {"order": order, "signature": signature})
        assert (status, listed["order"]["status"], listed["findings"]) == (201, "active", [])
        status, same = await ask("", {"order": order, "signature": signature})
        assert (status, same["order"]["orderHash"]) == (200, listed["order"]["orderHash"])
        status, refused = await ask("", {"order": order | {"salt": "1"}, "signature": signature})
        assert (status, [finding["code"] for finding in refused["findings"]]) == (422, ["bad_signature"])

        async with full_stack.blocks.ticking():
            await until_stand(full_stack, seller, ["active"] * 3)
            await seller.wallet.send(transfer(seller, open_collection, int(first)))
            stand = await until_stand(full_stack, seller, ["active", "inactive", "inactive"])
        assert stand == [("active", []), ("inactive", ["not_owner"]), ("inactive", ["not_owner"])]


def transfer(owner: Person, contract: str, token: int) -> dict[str, Any]:
    """The owner's token goes to somebody who has nothing to do with the market."""
    words = (int(owner.wallet.address, 16), 0xDEAD, token)
    data = "0x23b872dd" + "".join(f"{word:064x}" for word in words)  # transferFrom(address,address,uint256)
    return {"to": contract, "data": data, "value": "0"}


async def until_stand(full_stack: FullStack, maker: Person, statuses: list[str]) -> list[tuple[str, list[str]]]:
    """The standings of the maker's orders, once they have these statuses: the chain's flow has checked them."""
    async with asyncio.timeout(60):
        while True:
            rows = await full_stack.pool.fetch(
                "select status, reasons from catalog_service.orders where maker = $1 order by status",
                maker.wallet.address.lower(),
            )
            if [row["status"] for row in rows] == statuses:
                return [tuple(row) for row in rows]
            await asyncio.sleep(0.1)
