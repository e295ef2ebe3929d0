"""A wallet in the browser that signs with a key of the test, and does what people do with wallets."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any, Final

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from steadymint.stack.chain_node import ChainNode

GWEI: Final = 10**9
REFUSED: Final = 4001
"""EIP-1193: the user has said no."""
ASKS: Final = frozenset({"personal_sign", "eth_signTypedData_v4", "eth_sendTransaction"})
"""What a wallet shows its user before it answers."""


class BrowserWallet:
    """Answers what a page asks of an injected provider (EIP-1193). What it has no answer for, the node answers."""

    def __init__(self, key: str, node: ChainNode, name: str = "Test Wallet") -> None:
        self.uuid = str(uuid.uuid4())
        self.name = name
        self.sent: list[dict[str, Any]] = []
        """Each transaction as it was signed, with its `hash`, oldest first."""
        self._account = Account.from_key(key)
        self._node = node
        self._refusing = False
        self._open = asyncio.Event()
        self._open.set()

    @property
    def address(self) -> str:
        return self._account.address

    def refuse(self) -> None:
        """The user says no to all that they are asked from now on."""
        self._refusing = True

    def agree(self) -> None:
        """The user says yes again, which they do from the start."""
        self._refusing = False
        self._open.set()

    def wait(self) -> None:
        """The user does not look at the wallet until `agree` is called."""
        self._open.clear()

    async def speed_up(self) -> str:
        """Sends the last transaction again for a higher fee, as wallets do; the new hash. The page is not told."""
        last = {key: value for key, value in self.sent[-1].items() if key != "hash"}
        fees = {name: last[name] * 2 for name in ("maxFeePerGas", "maxPriorityFeePerGas")}
        return await self._send(last | fees)

    async def answer(self, method: str, params: Any) -> dict[str, Any]:
        """What the injected provider resolves or rejects with."""
        if method in ASKS:
            await self._open.wait()
            if self._refusing:
                return {"error": {"code": REFUSED, "message": "User rejected the request."}}
        try:
            return {"result": await self._answer(method, params)}
        except Exception as error:  # a page sees an error of its wallet, not of the test
            return {"error": {"code": -32603, "message": str(error)}}

    async def _answer(self, method: str, params: Any) -> Any:
        match method:
            case "eth_requestAccounts" | "eth_accounts":
                return [self.address]
            case "wallet_switchEthereumChain" | "wallet_addEthereumChain" | "wallet_revokePermissions":
                return None
            case "wallet_requestPermissions":
                return [{"parentCapability": "eth_accounts"}]
            case "personal_sign":
                return self._signature(encode_defunct(hexstr=params[0]))
            case "eth_signTypedData_v4":
                return self._signature(encode_typed_data(full_message=_parsed(params[1])))
            case "eth_sendTransaction":
                return await self._send(await self._filled(params[0]))
            case _:
                return await self._node.rpc(method, *params)

    def _signature(self, message: Any) -> str:
        return "0x" + bytes(self._account.sign_message(message).signature).hex()

    async def _filled(self, asked: dict[str, str]) -> dict[str, Any]:
        """The transaction that a page asks for, with what a wallet adds. The gas is the page's, if it names any."""
        call = {"from": self.address} | {name: asked[name] for name in ("to", "data", "value") if name in asked}
        gas = asked.get("gas") or await self._node.rpc("eth_estimateGas", call)
        return {
            "to": asked["to"],
            "data": asked.get("data", "0x"),
            "value": int(asked.get("value", "0x0"), 16),
            "gas": int(gas, 16),
            "nonce": int(await self._node.rpc("eth_getTransactionCount", self.address, "pending"), 16),
            "maxFeePerGas": 20 * GWEI,
            "maxPriorityFeePerGas": GWEI,
            "chainId": int(await self._node.rpc("eth_chainId"), 16),
        }

    async def _send(self, transaction: dict[str, Any]) -> str:
        signed = self._account.sign_transaction(transaction)
        tx_hash = await self._node.rpc("eth_sendRawTransaction", "0x" + bytes(signed.raw_transaction).hex())
        self.sent.append(transaction | {"hash": tx_hash})
        return tx_hash


def _parsed(typed: Any) -> dict[str, Any]:
    return json.loads(typed) if isinstance(typed, str) else typed
