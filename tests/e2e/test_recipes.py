"""The recipes that need a running stack."""

from __future__ import annotations

import asyncio
from typing import Any

from eth_account import Account
from web3 import HTTPProvider, Web3

from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.domain.types import show_address
from steadymint.stack.deploy import create
from steadymint_client import AsyncSteadymint
from tests.support.full_stack import ETHER, FullStack
from tests.support.indexing import ALICE
from tests.support.recipes import python_of


async def funded(stack: FullStack) -> str:
    """The private key of an account with money."""
    account = Account.create()
    await stack.stack.anvil.rpc("anvil_setBalance", account.address, hex(10 * ETHER))
    return "0x" + bytes(account.key).hex()


async def test_a_contract_wallet_lists_a_token_by_the_recipe(full_stack: FullStack, open_collection: str) -> None:
    api, chain = full_stack.described["apiUrl"], full_stack.chain_id
    async with full_stack.blocks.ticking(), full_stack.person() as person:
        owner = KeyWallet(full_stack.web3, await funded(full_stack))
        vault = await ContractWallet.deploy(full_stack.web3, owner)
        prepared = await person.client.ask(
            "POST",
            "/v1/mints/prepare",
            {"chainId": chain, "contract": open_collection, "standard": "erc721", "to": vault.address},
        )
        assert prepared.status == 201, prepared.body
        await person.send_and_track(prepared.body)
        minted = await person.until_final(prepared.body["intentId"])
        loop = asyncio.get_running_loop()

        async def carry_out(tx_request: dict[str, Any]) -> None:
            tx_hash: Any = await vault.send(tx_request)
            await full_stack.web3.eth.wait_for_transaction_receipt(tx_hash)

        def send(tx_request: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(carry_out(tx_request), loop).result(60)

        listed = python_of("list-from-a-safe")["list_token"]
        asked = (api, chain, vault.address, open_collection, minted["tokenIds"][0], "1.5", vault.sign_typed, send)
        order = await asyncio.to_thread(listed, *asked)
    assert (order["status"], order["maker"]) == ("active", vault.address)


async def test_a_collection_is_imported_by_the_recipe(full_stack: FullStack) -> None:
    drop = show_address((await create(full_stack.stack.anvil, "ForeignDrop", ALICE, 2))["contractAddress"])
    recipe = python_of("import-your-collection")["import_collection"]
    url = full_stack.stack.api_url
    async with full_stack.blocks.ticking(), AsyncSteadymint(url, origin=full_stack.origin) as client:
        session = await client.sign_in(KeyWallet(full_stack.web3, await funded(full_stack)), full_stack.chain_id)
        asked = (url, session.access_token, full_stack.chain_id, drop)
        for _ in range(2):
            shown = await asyncio.to_thread(recipe, *asked)
            assert (shown["contract"], shown["totalSupply"]) == (drop, "2")


async def test_the_contracts_of_a_chain_are_deployed_by_the_recipe(full_stack: FullStack) -> None:
    web3 = Web3(HTTPProvider(full_stack.described["chains"][0]["rpcUrl"]))
    account = Account.from_key(await funded(full_stack))
    async with full_stack.blocks.ticking():
        rows = await asyncio.to_thread(python_of("index-a-chain-of-your-own")["deploy_all"], web3, account)
    assert [row["name"] for row in rows] == ["factory", "token_factory"]
    assert all(len(web3.eth.get_code(row["address"])) > 100 for row in rows)
