"""A token that one of the people launches: who holds it by the catalog, beside what its contract says."""

from __future__ import annotations

from typing import Any, Final

from contracts import load_artifact
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoRun
from steadymint.domain.counting import counted
from steadymint_client import AsyncWallet, models

UNIT: Final = 10**18
SYMBOL: Final = "HRBR"


class Coin:
    """An ERC-20 of our factory, which its holders may burn."""

    def __init__(self, demo: DemoRun, contract: str) -> None:
        self._demo = demo
        self._at = (demo.chain_id, contract)
        address = demo.web3.to_checksum_address(contract)
        self._contract: Any = demo.web3.eth.contract(address=address, abi=list(load_artifact("FungibleToken").abi))
        self._done: list[str] = []
        """What the catalog has to show, oldest first."""
        self.holders = 0

    @classmethod
    async def launch(cls, demo: DemoRun, creator: Person, supply: int) -> Coin:
        """Raises DemoFailedError, SteadymintError."""
        body = models.PrepareLaunchBody(
            chain_id=demo.chain_id, name="Harbour Coin", symbol=SYMBOL, supply=str(supply * UNIT), burnable=True
        )
        launch = creator.client.launch_token(creator.wallet, body)
        intent = await creator.go_through(f"launch {SYMBOL}", launch)
        coin = cls(demo, intent.contract or "")
        coin._done += ["create", "mint"]
        return coin

    async def transfer(self, who: str, wallet: AsyncWallet, to: str, name: str, amount: int) -> None:
        await self._call(wallet, "transfer", to, amount * UNIT)
        self._demo.tell(who, "sends", f"{amount:,} {SYMBOL} to {name}")

    async def burn(self, who: str, wallet: AsyncWallet, amount: int) -> None:
        await self._call(wallet, "burn", amount * UNIT)
        self._demo.tell(who, "burns", f"{amount:,} {SYMBOL}")

    async def compare(self, reader: Person) -> None:
        """The catalog, once it has read all, with the contract. Raises DemoFailedError, SteadymintError."""
        client, api = reader.client, reader.api
        shown: list[models.FungibleTransactionBody] = []

        async def read() -> bool:
            nonlocal shown
            shown = [one async for one in client.items(api.list_fungible_transactions, *self._at)]
            return len(shown) >= len(self._done)

        await self._demo.until(f"{counted(len(self._done), 'transaction')} of {SYMBOL} are in the catalog", read)
        types = [one.type for one in reversed(shown)]
        expect(types == self._done, f"what happened to {SYMBOL} is {self._done}, and not {types}")
        token = await api.get_fungible_token(*self._at)
        holders = [one async for one in client.items(api.list_fungible_holders, *self._at, limit=2)]
        functions, total = self._contract.functions, 0
        for holder in holders:
            held = await functions.balanceOf(holder.address).call()
            expect(str(held) == holder.balance, f"{holder.address} holds {holder.balance}, and not {held}")
            total += held
        supply = await functions.totalSupply().call()
        # Balances that add up to the supply leave nothing to a holder who is not listed.
        expect(total == supply == int(token.supply), f"the holders have all {supply} of the supply")
        self.holders = token.holders
        expect(self.holders == len(holders), f"{SYMBOL} has {self.holders} holders")
        whole = counted(self.holders, "holder")
        self._demo.tell("Catalog", "compared", f"{whole} of {supply // UNIT:,} {SYMBOL}: each as balanceOf says")

    async def _call(self, wallet: AsyncWallet, function: str, *arguments: Any) -> None:
        """One transaction, in a block."""
        data = self._contract.encode_abi(function, args=list(arguments))
        tx_hash: Any = await wallet.send({"to": self._contract.address, "data": data, "value": "0"})
        receipt: Any = await self._demo.web3.eth.wait_for_transaction_receipt(tx_hash, timeout=60, poll_latency=0.1)
        expect(receipt["status"] == 1, f"{function} of {SYMBOL} is done")
        self._done.append(function)
