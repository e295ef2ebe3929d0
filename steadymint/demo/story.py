"""The main job, step by step, and its proof: what the catalog says is what the contracts say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from web3 import AsyncHTTPProvider, AsyncWeb3

from contracts import load_artifact
from steadymint.demo.client import ApiClient, StatusEvent
from steadymint.demo.wallets import ContractWallet, KeyWallet, Wallet

PRICE = 10**15
"""Wei; a thousandth of an ether for one token."""


class DemoFailedError(Exception):
    """The catalog and the chain disagree, or an intent did not end ready."""


@dataclass(slots=True)
class Done:
    """One intent, as the closing table shows it."""

    what: str
    intent_id: str
    workflow_id: str
    tx_hash: str = "-"
    contract: str = ""
    token_ids: tuple[str, ...] = ()
    steps: list[str] = field(default_factory=list[str])
    confirmations: str = "-"
    seconds: float = 0.0


Tell = Callable[[str, str, str], None]
"""Called with (who, what, detail) as things happen."""


class Story:
    """Signs in, creates collections, mints, and compares. `stack` is the content of `stack.json`."""

    def __init__(self, stack: dict[str, Any], tell: Tell) -> None:
        self._stack = stack
        self._tell = tell
        chain = stack["chains"][0]
        self._chain_id: str = chain["chainId"]
        self._web3: AsyncWeb3[Any] = AsyncWeb3(AsyncHTTPProvider(chain["rpcUrl"]))
        self.done: list[Done] = []
        self.tokens_compared = 0

    async def run(self) -> None:
        """Raises DemoFailedError, ProblemError."""
        keys = [account["privateKey"] for account in self._stack["devAccounts"]]
        alice = KeyWallet(self._web3, keys[1])
        bob = KeyWallet(self._web3, keys[2])
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._web3.provider.disconnect)
            alices = await stack.enter_async_context(self._client())
            await self._sign_in(alices, alice, "Alice, a key")
            self._tell("Bob", "deploys", "an ERC-1271 contract wallet")
            vault = await ContractWallet.deploy(self._web3, bob)
            bobs = await stack.enter_async_context(self._client())
            await self._sign_in(bobs, vault, "Bob, a contract wallet")

            lights, cards = await asyncio.gather(
                self._create(alices, alice, "erc721", "Harbour Lights", "HARB", {"price": str(PRICE)}),
                self._create(bobs, vault, "erc1155", "Tide Tables", "TIDE", {"limitPerWallet": 100}),
            )
            await self._mint(alices, alice, "Mint 1 ERC-721", lights, {"standard": "erc721", "quantity": "1"})
            await self._mint(alices, alice, "Mint 10 ERC-721", lights, {"standard": "erc721", "quantity": "10"})
            items = [
                {"tokenId": "1", "quantity": "5"},
                {"tokenId": "7", "quantity": "1"},
                {"tokenId": "42", "quantity": "20"},
            ]
            await self._mint(alices, alice, "Mint an ERC-1155 batch", cards, {"standard": "erc1155", "items": items})
            await self._compare_721(alices, lights, 11, alice.address)
            await self._compare_1155(alices, cards, items, alice.address)

    # -- what the users do ------------------------------------------------------------------------------------------

    async def _sign_in(self, client: ApiClient, wallet: Wallet, who: str) -> None:
        begun = time.perf_counter()
        session = await client.sign_in(wallet, self._chain_id)
        took = (time.perf_counter() - begun) * 1000
        self._tell(who.split(",")[0], "signed in", f"{who}: {session['address']} in {took:.0f} ms")

    async def _create(
        self, client: ApiClient, wallet: Wallet, standard: str, name: str, symbol: str, mint: dict[str, Any]
    ) -> str:
        asked = {
            "chainId": self._chain_id,
            "standard": standard,
            "name": name,
            "symbol": symbol,
            "royaltyBps": 500,
            "mint": mint,
        }
        begun = time.perf_counter()
        prepared = await client.call("POST", "/v1/collections/prepare", asked, key=f"create-{standard}-{begun}")
        self._tell(name, "prepared", f"will be at {prepared['previewAddress']}")
        done = await self._sign_and_follow(client, wallet, f"Create {standard} {name!r}", prepared, begun)
        if done.contract != prepared["previewAddress"]:
            raise DemoFailedError(f"{name} was previewed at {prepared['previewAddress']} and is at {done.contract}")
        return done.contract

    async def _mint(self, client: ApiClient, wallet: Wallet, what: str, contract: str, asked: dict[str, Any]) -> None:
        begun = time.perf_counter()
        body = {"chainId": self._chain_id, "contract": contract, **asked}
        prepared = await client.call("POST", "/v1/mints/prepare", body, key=f"{what}-{begun}")
        self._tell(what, "prepared", f"{int(prepared['txRequest']['value']) / 10**18:g} ETH to pay")
        await self._sign_and_follow(client, wallet, what, prepared, begun)

    async def _sign_and_follow(
        self, client: ApiClient, wallet: Wallet, what: str, prepared: dict[str, Any], begun: float
    ) -> Done:
        intent_id = prepared["intentId"]
        done = Done(what, intent_id, f"{prepared['kind']}:{intent_id}")
        following = asyncio.create_task(self._follow(client, done, what))
        done.tx_hash = await wallet.send(prepared["txRequest"])
        self._tell(what, "sent", done.tx_hash)
        await client.call("POST", f"/v1/intents/{intent_id}/track", {"txHash": done.tx_hash})
        last = await following
        if last.step != "ready":
            raise DemoFailedError(f"{what} ended {last.step}: {last.intent.get('error')}")
        if done.steps != ["prepared", "tracked", "confirming", "indexed", "ready"]:
            raise DemoFailedError(f"{what} was shown the steps {done.steps}")
        done.contract = last.intent["contract"]
        done.token_ids = tuple(last.intent.get("tokenIds", ()))
        done.confirmations = str(last.intent.get("requiredConfirmations", "-"))
        done.seconds = time.perf_counter() - begun
        self.done.append(done)
        return done

    async def _follow(self, client: ApiClient, done: Done, what: str) -> StatusEvent:
        async for event in client.events(done.intent_id):
            done.steps.append(event.step)
            if event.step != "prepared":
                self._tell(what, event.step, _detail(event))
            if event.final:
                return event
        raise DemoFailedError(f"the stream of {what} ended early")

    # -- what is true -----------------------------------------------------------------------------------------------

    async def _compare_721(self, client: ApiClient, contract: str, count: int, owner: str) -> None:
        chain: Any = self._web3.eth.contract(
            address=self._web3.to_checksum_address(contract), abi=list(load_artifact("Collection721").abi)
        )
        shown = await self._all_tokens(client, contract)
        if [token["tokenId"] for token in shown] != [str(number) for number in range(1, count + 1)]:
            raise DemoFailedError(f"the catalog shows {[token['tokenId'] for token in shown]}")
        for token in shown:
            said = await chain.functions.ownerOf(int(token["tokenId"])).call()
            if not token["owner"] == said == owner:
                raise DemoFailedError(f"token {token['tokenId']}: catalog {token['owner']}, contract {said}")
        self.tokens_compared += len(shown)
        self._tell("Catalog", "compared", f"{len(shown)} ERC-721 tokens: every owner is what ownerOf says")

    async def _compare_1155(self, client: ApiClient, contract: str, items: list[dict[str, str]], owner: str) -> None:
        chain: Any = self._web3.eth.contract(
            address=self._web3.to_checksum_address(contract), abi=list(load_artifact("Collection1155").abi)
        )
        held = await self._pages(client, f"/v1/accounts/{owner}/tokens")
        quantities = {token["tokenId"]: token["quantity"] for token in held if token["contract"] == contract}
        if quantities != {item["tokenId"]: item["quantity"] for item in items}:
            raise DemoFailedError(f"the catalog shows the balances {quantities}")
        for token_id, quantity in quantities.items():
            said = await chain.functions.balanceOf(self._web3.to_checksum_address(owner), int(token_id)).call()
            if str(said) != quantity:
                raise DemoFailedError(f"token {token_id}: catalog {quantity}, contract {said}")
        self.tokens_compared += len(quantities)
        self._tell("Catalog", "compared", f"{len(quantities)} ERC-1155 ids: every balance is what balanceOf says")

    async def _all_tokens(self, client: ApiClient, contract: str) -> list[dict[str, Any]]:
        return await self._pages(client, f"/v1/collections/{self._chain_id}/{contract}/tokens")

    async def _pages(self, client: ApiClient, path: str) -> list[dict[str, Any]]:
        """All rows of a list, page by page as a front end reads them."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await client.call("GET", path, limit="7", **cursor)
            rows += page["items"]
            if not page.get("nextCursor"):
                return rows
            cursor = {"cursor": page["nextCursor"]}

    def _client(self) -> ApiClient:
        return ApiClient(self._stack["apiUrl"], f"http://{self._stack['signInDomain']}")


def _detail(event: StatusEvent) -> str:
    intent = event.intent
    if event.step == "confirming":
        return f"{intent.get('confirmations', 1)} of {intent['requiredConfirmations']} confirmations"
    if event.step == "ready":
        ids = intent.get("tokenIds") or []
        shown = ", ".join(ids[:4]) + (f" … {ids[-1]}" if len(ids) > 4 else "")
        return f"in the catalog: {f'tokens {shown}' if ids else intent['contract']}"
    return str((intent.get("error") or {}).get("detail", ""))
