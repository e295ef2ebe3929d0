"""The two wallets of the demo, each an `AsyncWallet` of the client: one with a key, and one that is a contract."""

from __future__ import annotations

from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from web3 import AsyncWeb3

from contracts import load_artifact


class KeyWallet:
    """An externally owned account."""

    def __init__(self, web3: AsyncWeb3[Any], private_key: str) -> None:
        self._web3 = web3
        self._account: LocalAccount = Account.from_key(private_key)
        self._chain_id: int | None = None

    @property
    def address(self) -> ChecksumAddress:
        return self._account.address

    def sign(self, message: str) -> str:
        return "0x" + self._account.sign_message(encode_defunct(text=message)).signature.hex()

    def sign_typed(self, typed_data: dict[str, Any]) -> str:
        signed = self._account.sign_message(encode_typed_data(full_message=typed_data))
        return "0x" + signed.signature.hex()

    async def send(self, tx_request: dict[str, Any]) -> str:
        call: dict[str, Any] = {"to": tx_request["to"], "data": tx_request["data"], "value": int(tx_request["value"])}
        if "gas" in tx_request:
            call["gas"] = int(tx_request["gas"])
        return await self.transact({"from": self.address, **{k: v for k, v in call.items() if v is not None}})

    async def transact(self, call: dict[str, Any]) -> str:
        eth = self._web3.eth
        if self._chain_id is None:
            self._chain_id = await eth.chain_id
        gas_price = await eth.gas_price
        filled: Any = call | {
            "nonce": await eth.get_transaction_count(self.address, "pending"),
            "gas": call.get("gas") or int(await eth.estimate_gas(call) * 1.2),  # pyright: ignore[reportArgumentType]
            "maxFeePerGas": gas_price * 2,
            "maxPriorityFeePerGas": min(gas_price, 10**9),
            "chainId": self._chain_id,
        }
        signed = self._account.sign_transaction(filled)
        return "0x" + (await eth.send_raw_transaction(signed.raw_transaction)).hex()


class ContractWallet:
    """An ERC-1271 wallet with one owner: the owner's key signs for it and makes it call."""

    def __init__(self, web3: AsyncWeb3[Any], owner: KeyWallet, address: ChecksumAddress) -> None:
        self._owner = owner
        self.address = address
        self._contract: Any = web3.eth.contract(address=address, abi=list(load_artifact("TestWallet1271").abi))

    @classmethod
    async def deploy(cls, web3: AsyncWeb3[Any], owner: KeyWallet) -> ContractWallet:
        artifact = load_artifact("TestWallet1271")
        contract: Any = web3.eth.contract(abi=list(artifact.abi), bytecode=artifact.bytecode)
        call = await contract.constructor(owner.address).build_transaction({"from": owner.address, "gas": 1})
        tx_hash = await owner.transact({"from": owner.address, "data": call["data"]})
        receipt: Any = await web3.eth.wait_for_transaction_receipt(tx_hash, timeout=60, poll_latency=0.1)  # pyright: ignore[reportArgumentType]
        return cls(web3, owner, receipt["contractAddress"])

    def sign(self, message: str) -> str:
        return self._owner.sign(message)

    def sign_typed(self, typed_data: dict[str, Any]) -> str:
        return self._owner.sign_typed(typed_data)

    async def send(self, tx_request: dict[str, Any]) -> str:
        value = int(tx_request["value"])
        data = self._contract.encode_abi("execute", args=[tx_request["to"], value, tx_request["data"]])
        return await self._owner.transact(
            {"from": self._owner.address, "to": self.address, "data": data, "value": value}
        )
