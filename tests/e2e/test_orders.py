"""An order from the wish to the row, with nothing but the API and a wallet."""

from __future__ import annotations

from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support.full_stack import FullStack
from tests.support.people import Person


def sign(person: Person, typed_data: dict[str, Any]) -> str:
    """What `eth_signTypedData_v4` gives."""
    signed = Account.sign_message(encode_typed_data(full_message=typed_data), person.wallet.private_key)
    return "0x" + bytes(signed.signature).hex()


async def test_a_wallet_lists_a_token_with_nothing_but_this_api(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as seller:
        minted = await seller.prepare_mint(open_collection, quantity="2")
        await seller.send_and_track(minted)
        async with full_stack.blocks.ticking():
            first, second = (await seller.until_final(minted["intentId"]))["tokenIds"]

        async def ask(path: str, body: dict[str, Any]) -> Any:
            answer = await seller.api.ask("POST", f"/v1/orders{path}", {"chainId": full_stack.chain_id} | body)
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
    rows = await full_stack.pool.fetchval(
        "select count(*) from catalog_service.orders where maker = $1", seller.wallet.address.lower()
    )
    assert rows == 3
