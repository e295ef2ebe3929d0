"""A token that one of the people launches: who holds it by the catalog, beside what its contract says."""

from __future__ import annotations

from typing import Any, Final

from contracts import load_artifact
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoRun
from steadymint.demo.wallets import Wallet
from steadymint.domain.counting import counted

UNIT: Final = 10**18
SYMBOL: Final = "HRBR"


class Coin:
    """An ERC-20 of our factory, which its holders may burn."""

    def __init__(self, demo: DemoRun, contract: str) -> None:
        self._demo = demo
        self._path = f"/v1/tokens-fungible/{demo.chain_id}/{contract}"
        address = demo.web3.to_checksum_address(contract)
        self._contract: Any = demo.web3.eth.contract(address=address, abi=list(load_artifact("FungibleToken").abi))
        self._done: list[str] = []
        """What the catalog has to show, oldest first."""
        self.holders = 0

    @classmethod
    async def launch(cls, demo: DemoRun, creator: Person, supply: int) -> Coin:
        """Raises DemoFailedError, ProblemError."""
        asked = {"name": "Harbour Coin", "symbol": SYMBOL, "supply": str(supply * UNIT), "burnable": True}
        prepared = await creator.prepare("/v1/tokens-fungible/prepare", **asked)
        creator.tell("prepared", f"{SYMBOL} will be at {prepared['previewAddress']}")
        done = await creator.go_through(f"launch {SYMBOL}", prepared)
        expect(done.contract == prepared["previewAddress"], f"{SYMBOL} is where it was previewed")
        coin = cls(demo, done.contract)
        coin._done += ["create", "mint"]
        return coin

    async def transfer(self, who: str, wallet: Wallet, to: str, name: str, amount: int) -> None:
        await self._call(wallet, "transfer", to, amount * UNIT)
        self._demo.tell(who, "sends", f"{amount:,} {SYMBOL} to {name}")

    async def burn(self, who: str, wallet: Wallet, amount: int) -> None:
        await self._call(wallet, "burn", amount * UNIT)
        self._demo.tell(who, "burns", f"{amount:,} {SYMBOL}")

    async def compare(self, reader: Person) -> None:
        """The catalog, once it has read all, with the contract. Raises DemoFailedError, ProblemError."""
        shown: list[dict[str, Any]] = []

        async def read() -> bool:
            nonlocal shown
            shown = await self._demo.pages(reader.client, f"{self._path}/transactions")
            return len(shown) >= len(self._done)

        await self._demo.until(f"{counted(len(self._done), 'transaction')} of {SYMBOL} are in the catalog", read)
        types = [one["type"] for one in reversed(shown)]
        expect(types == self._done, f"what happened to {SYMBOL} is {self._done}, and not {types}")
        token = await reader.client.call("GET", self._path)
        holders = await self._demo.pages(reader.client, f"{self._path}/holders", 2)
        functions, total = self._contract.functions, 0
        for holder in holders:
            held = await functions.balanceOf(holder["address"]).call()
            expect(str(held) == holder["balance"], f"{holder['address']} holds {holder['balance']}, and not {held}")
            total += held
        supply = await functions.totalSupply().call()
        # Balances that add up to the supply leave nothing to a holder who is not listed.
        expect(total == supply == int(token["supply"]), f"the holders have all {supply} of the supply")
        self.holders = token["holders"]
        expect(self.holders == len(holders), f"{SYMBOL} has {self.holders} holders")
        whole = counted(self.holders, "holder")
        self._demo.tell("Catalog", "compared", f"{whole} of {supply // UNIT:,} {SYMBOL}: each as balanceOf says")

    async def _call(self, wallet: Wallet, function: str, *arguments: Any) -> None:
        """One transaction, in a block."""
        data = self._contract.encode_abi(function, args=list(arguments))
        tx_hash: Any = await wallet.send({"to": self._contract.address, "data": data, "value": "0"})
        receipt: Any = await self._demo.web3.eth.wait_for_transaction_receipt(tx_hash, timeout=60, poll_latency=0.1)
        expect(receipt["status"] == 1, f"{function} of {SYMBOL} is done")
        self._done.append(function)
