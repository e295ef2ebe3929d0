"""Transactions that the people of the showcase send by themselves: money, approvals, transfers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from contracts import load_artifact
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.stack.market import expected_market

MAX_UINT256: Final = 2**256 - 1
GAS: Final = "120000"
"""More than any of these calls needs, so that none has to be measured."""
MINED_WITHIN: Final = 60.0
"""Seconds until transactions that were sent are in a block."""

TxRequest = dict[str, Any]


class Calls:
    """Makes `txRequest`s, as the API has them."""

    def __init__(self, demo: DemoRun) -> None:
        self._demo = demo
        market = expected_market()
        self._conduit = demo.web3.to_checksum_address(market.conduit)
        self._wrapped = market.wrapped_native
        self._abis = {
            name: list(load_artifact(name).abi) for name in ("WrappedNative", "Collection721", "FungibleToken")
        }

    def wrap(self, wei: int) -> TxRequest:
        return self._call("WrappedNative", self._wrapped, "deposit") | {"value": str(wei)}

    def approve_currency(self) -> TxRequest:
        """The market may take any amount of the wrapped currency."""
        return self._call("WrappedNative", self._wrapped, "approve", self._conduit, MAX_UINT256)

    def approve_tokens(self, contract: str) -> TxRequest:
        """The market may move all tokens of a collection; the call of both standards is the same."""
        return self._call("Collection721", contract, "setApprovalForAll", self._conduit, True)

    def give(self, contract: str, sender: str, receiver: str, token: int) -> TxRequest:
        return self._call("Collection721", contract, "transferFrom", sender, receiver, token)

    def pay(self, coin: str, receiver: str, amount: int) -> TxRequest:
        """`amount` is in the smallest unit."""
        return self._call("FungibleToken", coin, "transfer", receiver, amount)

    async def mined(self, hashes: Iterable[str]) -> None:
        """Until all are in a block. Raises DemoFailedError if one has failed."""

        async def one(tx_hash: Any) -> None:
            receipt: Any = await self._demo.web3.eth.wait_for_transaction_receipt(tx_hash, MINED_WITHIN, 0.1)
            if receipt["status"] != 1:
                raise DemoFailedError(f"transaction {tx_hash} failed")

        await asyncio.gather(*map(one, hashes))

    def _call(self, artifact: str, contract: str, function: str, *arguments: Any) -> TxRequest:
        address = self._demo.web3.to_checksum_address(contract)
        bound: Any = self._demo.web3.eth.contract(address=address, abi=self._abis[artifact])
        return {"to": address, "data": bound.encode_abi(function, args=list(arguments)), "value": "0", "gas": GAS}
