"""Somebody on the full stack who has listed many tokens, so that others may buy them one by one."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support.full_stack import FullStack
from tests.support.people import Person

STOCK = 24
"""Listings of a shop, more than the tests of a run buy: one signature is for so many at once."""
PRICE = "0.01"

_keys = itertools.count(1)


def sign(person: Person, typed_data: dict[str, Any]) -> str:
    """What `eth_signTypedData_v4` gives."""
    signed = Account.sign_message(encode_typed_data(full_message=typed_data), person.wallet.private_key)
    return "0x" + bytes(signed.signature).hex()


async def minted(full_stack: FullStack, owner: Person, contract: str, quantity: int) -> list[str]:
    """New tokens of theirs."""
    prepared = await owner.prepare_mint(contract, quantity=str(quantity))
    await owner.send_and_track(prepared)
    async with full_stack.blocks.ticking():
        return (await owner.until_final(prepared["intentId"]))["tokenIds"]


async def handed_in(full_stack: FullStack, maker: Person, wishes: Sequence[dict[str, Any]]) -> list[str]:
    """The hashes of orders of theirs that are active: built, signed at once, approved and handed in."""

    async def asked(path: str, body: dict[str, Any]) -> Any:
        answer = await maker.client.ask("POST", path, {"chainId": maker.chain_id} | body)
        assert answer.status in (200, 201), answer.body
        return answer.body

    built = await asked("/v1/orders/build", {"maker": maker.wallet.address, "orders": wishes})
    for approval in built["approvals"]:
        await maker.wallet.send(approval["txRequest"])
        await full_stack.blocks.mine()
    signed = [{"order": one["order"], "orderHash": one["orderHash"]} for one in built["orders"]]
    taken = await asked("/v1/orders/bulk", {"orders": signed, "signature": sign(maker, built["typedData"])})
    assert [one["order"]["status"] for one in taken["items"]] == ["active"] * len(wishes), taken
    return [one["orderHash"] for one in taken["items"]]


@dataclass
class Shop:
    """Listings of one ERC-721 that nobody has bought yet, by token."""

    contract: str
    listed: dict[str, str]
    """Token -> order hash."""
    sold: dict[str, str] = field(default_factory=dict[str, str])
    """Order hash -> token, of those that were handed to a buyer."""

    @classmethod
    async def open(cls, full_stack: FullStack, seller: Person, contract: str, stock: int = STOCK) -> Shop:
        tokens = await minted(full_stack, seller, contract, stock)
        wishes = [{"kind": "list", "contract": contract, "tokenId": token, "price": PRICE} for token in tokens]
        return cls(contract, dict(zip(tokens, await handed_in(full_stack, seller, wishes), strict=True)))

    def take(self, count: int = 1) -> list[str]:
        """Order hashes that no other test gets."""
        taken = [self.listed.popitem() for _ in range(count)]
        self.sold.update((order, token) for token, order in taken)
        return [order for _, order in taken]

    async def prepare(self, buyer: Person, count: int = 1) -> dict[str, Any]:
        """A purchase of so many listings."""
        items = [{"orderHash": order} for order in self.take(count)]
        body = {"chainId": buyer.chain_id, "items": items, "maxTotal": "1"}
        answer = await buyer.client.patiently("POST", "/v1/purchases/prepare", body, key=f"purchase-{next(_keys)}")
        assert answer.status in (200, 201), answer.body
        return answer.body


@pytest.fixture(scope="session")
async def shop(running_stack: FullStack, open_collection: str) -> AsyncIterator[Shop]:
    """Of the open collection. Tests share it."""
    await running_stack.heal()
    async with running_stack.person() as seller:
        yield await Shop.open(running_stack, seller, open_collection)
