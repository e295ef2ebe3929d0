"""The main job, step by step, with a comparison of the catalog and the contracts at the end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from contracts import load_artifact
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint_client import AsyncSteadymint, models

PRICED = models.MintRulesBody(price=str(10**15))
"""A thousandth of an ether for one token, in wei."""
LIMITED = models.MintRulesBody(limit_per_wallet="100")
PAGE = 7
"""Rows of a page: few, so that there are several."""


class MainJob:
    """The main job: sign in, create collections, mint, and compare."""

    def __init__(self, demo: DemoRun) -> None:
        self._demo = demo
        self.tokens_compared = 0

    async def run(self) -> None:
        """Raises DemoFailedError, SteadymintError."""
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
                self._demo.create(alices, alice, "erc721", "Harbour Lights", "HARB", mint=PRICED),
                self._demo.create(bobs, vault, "erc1155", "Tide Tables", "TIDE", mint=LIMITED),
            )
            chain_id = self._demo.chain_id
            for quantity in ("1", "10"):
                body = models.PrepareMintBody(chain_id=chain_id, contract=lights, standard="erc721", quantity=quantity)
                await self._demo.go_through(f"Mint {quantity} ERC-721", alices.mint(alice, body))
            items = [
                models.MintItemBody(token_id=token_id, quantity=quantity)
                for token_id, quantity in (("1", "5"), ("7", "1"), ("42", "20"))
            ]
            body = models.PrepareMintBody(chain_id=chain_id, contract=cards, standard="erc1155", items=items)
            await self._demo.go_through("Mint an ERC-1155 batch", alices.mint(alice, body))
            await self._compare_721(alices, lights, 11, alice.address)
            await self._compare_1155(alices, cards, items, alice.address)

    # -- comparison ------------------------------------------------------------------------------------------------

    async def _compare_721(self, client: AsyncSteadymint, contract: str, count: int, owner: str) -> None:
        chain: Any = self._demo.web3.eth.contract(
            address=self._demo.web3.to_checksum_address(contract), abi=list(load_artifact("Collection721").abi)
        )
        tokens = client.items(client.api.list_tokens, self._demo.chain_id, contract, limit=PAGE)
        shown = [token async for token in tokens]
        ids = [token.token_id for token in shown]
        if ids != [str(number) for number in range(1, count + 1)]:
            raise DemoFailedError(f"the catalog shows {ids}")
        for token in shown:
            said = await chain.functions.ownerOf(int(token.token_id)).call()
            if not token.owner == said == owner:
                raise DemoFailedError(f"token {token.token_id}: catalog {token.owner}, contract {said}")
        self.tokens_compared += len(shown)
        self._demo.tell("Catalog", "compared", f"{len(shown)} ERC-721 tokens: every owner is what ownerOf says")

    async def _compare_1155(
        self, client: AsyncSteadymint, contract: str, items: list[models.MintItemBody], owner: str
    ) -> None:
        chain: Any = self._demo.web3.eth.contract(
            address=self._demo.web3.to_checksum_address(contract), abi=list(load_artifact("Collection1155").abi)
        )
        held = client.items(
            client.api.list_account_tokens, owner, chain_id=self._demo.chain_id, contract=contract, limit=PAGE
        )
        quantities = {token.token_id: token.quantity async for token in held}
        if quantities != {item.token_id: item.quantity for item in items}:
            raise DemoFailedError(f"the catalog shows the balances {quantities}")
        for token_id, quantity in quantities.items():
            said = await chain.functions.balanceOf(self._demo.web3.to_checksum_address(owner), int(token_id)).call()
            if str(said) != quantity:
                raise DemoFailedError(f"token {token_id}: catalog {quantity}, contract {said}")
        self.tokens_compared += len(quantities)
        self._demo.tell("Catalog", "compared", f"{len(quantities)} ERC-1155 ids: every balance is what balanceOf says")
