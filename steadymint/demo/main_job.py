"""The main job, step by step, with a comparison of the catalog and the contracts at the end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from contracts import load_artifact
from steadymint.demo.client import ApiClient
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import ContractWallet, KeyWallet

PRICE = 10**15
"""Wei; a thousandth of an ether for one token."""


class MainJob:
    """The main job: sign in, create collections, mint, and compare."""

    def __init__(self, demo: DemoRun) -> None:
        self._demo = demo
        self.tokens_compared = 0

    async def run(self) -> None:
        """Raises DemoFailedError, ProblemError."""
        alice = KeyWallet(self._demo.web3, self._demo.keys[1])
        bob = KeyWallet(self._demo.web3, self._demo.keys[2])
        async with AsyncExitStack() as stack:
            alices = await stack.enter_async_context(self._demo.client())
            await self._demo.sign_in(alices, alice, "Alice, a key")
            self._demo.tell("Bob", "deploys", "an ERC-1271 contract wallet")
            vault = await ContractWallet.deploy(self._demo.web3, bob)
            bobs = await stack.enter_async_context(self._demo.client())
            await self._demo.sign_in(bobs, vault, "Bob, a contract wallet")

            lights, cards = await asyncio.gather(
                self._demo.create(alices, alice, "erc721", "Harbour Lights", "HARB", {"price": str(PRICE)}),
                self._demo.create(bobs, vault, "erc1155", "Tide Tables", "TIDE", {"limitPerWallet": 100}),
            )
            await self._demo.mint(alices, alice, "Mint 1 ERC-721", lights, {"standard": "erc721", "quantity": "1"})
            await self._demo.mint(alices, alice, "Mint 10 ERC-721", lights, {"standard": "erc721", "quantity": "10"})
            items = [
                {"tokenId": "1", "quantity": "5"},
                {"tokenId": "7", "quantity": "1"},
                {"tokenId": "42", "quantity": "20"},
            ]
            await self._demo.mint(
                alices, alice, "Mint an ERC-1155 batch", cards, {"standard": "erc1155", "items": items}
            )
            await self._compare_721(alices, lights, 11, alice.address)
            await self._compare_1155(alices, cards, items, alice.address)

    # -- comparison ------------------------------------------------------------------------------------------------

    async def _compare_721(self, client: ApiClient, contract: str, count: int, owner: str) -> None:
        chain: Any = self._demo.web3.eth.contract(
            address=self._demo.web3.to_checksum_address(contract), abi=list(load_artifact("Collection721").abi)
        )
        shown = await self._all_tokens(client, contract)
        if [token["tokenId"] for token in shown] != [str(number) for number in range(1, count + 1)]:
            raise DemoFailedError(f"the catalog shows {[token['tokenId'] for token in shown]}")
        for token in shown:
            said = await chain.functions.ownerOf(int(token["tokenId"])).call()
            if not token["owner"] == said == owner:
                raise DemoFailedError(f"token {token['tokenId']}: catalog {token['owner']}, contract {said}")
        self.tokens_compared += len(shown)
        self._demo.tell("Catalog", "compared", f"{len(shown)} ERC-721 tokens: every owner is what ownerOf says")

    async def _compare_1155(self, client: ApiClient, contract: str, items: list[dict[str, str]], owner: str) -> None:
        chain: Any = self._demo.web3.eth.contract(
            address=self._demo.web3.to_checksum_address(contract), abi=list(load_artifact("Collection1155").abi)
        )
        held = await self._demo.pages(client, f"/v1/accounts/{owner}/tokens")
        quantities = {token["tokenId"]: token["quantity"] for token in held if token["contract"] == contract}
        if quantities != {item["tokenId"]: item["quantity"] for item in items}:
            raise DemoFailedError(f"the catalog shows the balances {quantities}")
        for token_id, quantity in quantities.items():
            said = await chain.functions.balanceOf(self._demo.web3.to_checksum_address(owner), int(token_id)).call()
            if str(said) != quantity:
                raise DemoFailedError(f"token {token_id}: catalog {quantity}, contract {said}")
        self.tokens_compared += len(quantities)
        self._demo.tell("Catalog", "compared", f"{len(quantities)} ERC-1155 ids: every balance is what balanceOf says")

    async def _all_tokens(self, client: ApiClient, contract: str) -> list[dict[str, Any]]:
        return await self._demo.pages(client, f"/v1/collections/{self._demo.chain_id}/{contract}/tokens")
