"""People as the API meets them: a client, a wallet, and what they do with both."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_typing import ChecksumAddress
from httpx_ws import WebSocketDisconnect, WebSocketUpgradeError, aconnect_ws
from web3 import AsyncWeb3

from steadymint_client import AsyncSteadymint, ProblemError, StatusEvent

GWEI = 10**9
GAS = 3_000_000
"""Enough for whatever these tests send; given, so that what would revert can be sent too."""

_keys = itertools.count(1)


class Wallet:
    """A key. Unlike `steadymint.demo.wallets.KeyWallet` it sends what no sane wallet would: reverting calls, old
    nonces, replacements."""

    def __init__(self, web3: AsyncWeb3[Any], private_key: str) -> None:
        self._web3 = web3
        self.private_key = private_key
        self._account = Account.from_key(private_key)

    @property
    def address(self) -> ChecksumAddress:
        return self._account.address

    def sign(self, message: str) -> str:
        return "0x" + bytes(self._account.sign_message(encode_defunct(text=message)).signature).hex()

    async def nonce(self) -> int:
        """The next one, transactions in the pool counted."""
        return await self._web3.eth.get_transaction_count(self.address, "pending")

    async def send(self, call: dict[str, Any], *, nonce: int | None = None, tip: int = 1) -> str:
        """The hash. `tip` in gwei; a replacement must offer more than what it replaces."""
        transaction = {
            "to": call["to"],
            "data": call["data"],
            "value": int(call["value"]),
            "nonce": await self.nonce() if nonce is None else nonce,
            "gas": GAS,
            "maxFeePerGas": (10 + tip) * GWEI,
            "maxPriorityFeePerGas": tip * GWEI,
            "chainId": await self._web3.eth.chain_id,
        }
        signed = self._account.sign_transaction(transaction)
        return "0x" + bytes(await self._web3.eth.send_raw_transaction(signed.raw_transaction)).hex()


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: Any
    location: str | None = None


class Visitor(AsyncSteadymint):
    """The client, and what no sane one sends: single requests with its session, whose answers are shown as they came.
    Keeps every problem document."""

    def __init__(self, base_url: str, origin: str) -> None:
        super().__init__(base_url, origin=origin)
        self.problems: list[str] = []

    @property
    def authorization(self) -> str:
        """The header of a signed-in request, for clients of other kinds."""
        assert self.session is not None
        return f"Bearer {self.session.access_token}"

    async def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Answer:
        """Never raises for what the API says."""
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        answer = await self.http.raw.request(method, path, json=body, headers=headers, params=query or None)
        if answer.status_code >= 400:
            self.problems.append(answer.text)
        return Answer(answer.status_code, answer.json() if answer.content else None, answer.headers.get("location"))

    async def patiently(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """As front ends do it: again until the API is there and its parts are. Give a key to what makes something."""
        while True:
            try:
                answer = await self.ask(method, path, body, key=key)
            except httpx.TransportError:
                pass
            else:
                if answer.status < 500:
                    return answer
            await asyncio.sleep(0.2)

    async def stream(self, intent_id: str, after: int | None = None) -> AsyncIterator[tuple[int, str]]:
        """One connection of the status stream: ids and data as they came."""
        async for event in self.api.stream_intent(intent_id, last_event_id=None if after is None else str(after)):
            yield int(event.id), event.data

    async def socket(self, intent_id: str, after: int = 0) -> AsyncIterator[tuple[int, Any]]:
        """One WebSocket: ids and data as they came."""
        path = f"/v1/intents/{intent_id}/ws?after={after}"
        async with aconnect_ws(path, self.http.raw, headers=self._headers()) as socket:
            with suppress(WebSocketDisconnect):
                while True:
                    event = await socket.receive_json()
                    yield int(event["id"]), event["data"]

    async def handshake(self, path: str) -> int:
        """The status with which a WebSocket is denied; 101 if it is not."""
        try:
            async with aconnect_ws(path, self.http.raw, headers=self._headers()):
                return 101
        except WebSocketUpgradeError as denied:
            return denied.response.status_code

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.authorization} if self.session else {}


@dataclass
class Person:
    """Somebody signed in, with their wallet."""

    client: Visitor
    wallet: Wallet
    chain_id: str

    async def prepare_collection(self, standard: str = "erc721", **asked: Any) -> dict[str, Any]:
        number = next(_keys)
        body = {"chainId": self.chain_id, "standard": standard, "name": f"Collection {number}", "symbol": "C", **asked}
        return _made(
            await self.client.patiently("POST", "/v1/collections/prepare", body, key=f"{self.wallet.address}-{number}")
        )

    def mint_of(self, contract: str, **asked: Any) -> dict[str, Any]:
        """The body of a request to mint."""
        return {"chainId": self.chain_id, "contract": contract, "standard": "erc721", **asked}

    async def prepare_mint(self, contract: str, **asked: Any) -> dict[str, Any]:
        key = f"{self.wallet.address}-{next(_keys)}"
        return _made(await self.client.patiently("POST", "/v1/mints/prepare", self.mint_of(contract, **asked), key=key))

    async def track(self, intent_id: str, tx_hash: str) -> Answer:
        return await self.client.patiently("POST", f"/v1/intents/{intent_id}/track", {"txHash": tx_hash})

    async def send_and_track(self, prepared: dict[str, Any], **how: Any) -> str:
        """What a front end does after `prepare`; the hash."""
        tx_hash = await self.wallet.send(prepared["txRequest"], **how)
        answer = await self.track(prepared["intentId"], tx_hash)
        assert answer.status == 202, answer
        return tx_hash

    async def view(self, intent_id: str) -> dict[str, Any]:
        answer = await self.client.patiently("GET", f"/v1/intents/{intent_id}")
        assert answer.status == 200, answer
        return answer.body

    async def until(self, intent_id: str, *steps: str, patience: float = 90.0) -> dict[str, Any]:
        """The intent once it stands at one of `steps`. Raises AssertionError once patience is over."""
        deadline = asyncio.get_running_loop().time() + patience
        while (view := await self.view(intent_id))["step"] not in steps:
            assert asyncio.get_running_loop().time() < deadline, f"waited for {steps}, stands at {view}"
            await asyncio.sleep(0.05)
        return view

    async def until_final(self, intent_id: str, patience: float = 90.0) -> dict[str, Any]:
        return await self.until(intent_id, "ready", "failed", "replaced", "expired", patience=patience)

    async def watch(self, intent_id: str) -> list[StatusEvent]:
        """Every event to the end, through broken connections."""
        return [event async for event in self.client.follow(intent_id)]


def _made(answer: Answer) -> dict[str, Any]:
    if answer.status >= 400:
        raise ProblemError(answer.body)
    return answer.body
