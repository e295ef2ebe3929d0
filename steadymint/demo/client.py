"""A small client of the HTTP API, as a front end has one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from steadymint.demo.wallets import Wallet

TRIES: Final = 5
"""Tries of a request that answers 503. The `Idempotency-Key` makes repeated requests one intent."""


class ProblemError(Exception):
    """A problem document (RFC 9457)."""

    def __init__(self, document: dict[str, Any], retry_after: float = 1.0) -> None:
        super().__init__(f"{document['status']} {document['code']}: {document['detail']}")
        self.document = document
        self.retry_after = retry_after
        """Seconds."""
        self.code: str = document["code"]
        self.status: int = document["status"]


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One event of an intent's stream."""

    seq: int
    intent: dict[str, Any]

    @property
    def step(self) -> str:
        return self.intent["step"]

    @property
    def final(self) -> bool:
        return self.intent["status"] != "pending"


class ApiClient:
    """The API for one user. An async context manager."""

    def __init__(self, base_url: str, origin: str) -> None:
        self._base_url = base_url
        self._origin = origin
        self._http: aiohttp.ClientSession
        self._token: str | None = None

    async def __aenter__(self) -> Self:
        # The server closes an idle connection after five seconds; a request that is sent at that moment fails.
        connector = aiohttp.TCPConnector(keepalive_timeout=1)
        timeout = aiohttp.ClientTimeout(total=30)
        self._http = aiohttp.ClientSession(self._base_url, connector=connector, timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """The JSON of an answer; None for 204. A request that may be repeated is repeated while the answer is 503.

        Raises ProblemError.
        """
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        for _ in range(TRIES - 1 if method == "GET" or key else 0):
            try:
                return await self._ask(method, path, body, headers, query)
            except ProblemError as problem:
                if problem.status != 503:
                    raise
                await asyncio.sleep(problem.retry_after)
        return await self._ask(method, path, body, headers, query)

    async def _ask(self, method: str, path: str, body: Any, headers: dict[str, str], query: dict[str, Any]) -> Any:
        async with self._http.request(method, path, json=body, headers=headers, params=query) as answer:
            if answer.status == 204:
                return None
            document = json.loads(await answer.text())
            if answer.status >= 400:
                raise ProblemError(document, float(answer.headers.get("Retry-After", 1)))
            return document

    async def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Upload a file with `POST /v1/media` and return the asset. Raises ProblemError."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        async with self._http.post("/v1/media", data=form, headers=self._headers()) as answer:
            document = await answer.json()
            if answer.status >= 400:
                raise ProblemError(document)
            return document

    async def bytes_of(self, url: str) -> tuple[str, bytes]:
        """The content type and the bytes at a path or URL of this API. Raises ProblemError."""
        async with self._http.get(url) as answer:
            if answer.status >= 400:
                raise ProblemError(await answer.json())
            return answer.content_type, await answer.read()

    async def sign_in(self, wallet: Wallet, chain_id: str) -> dict[str, Any]:
        """Sign in and return the session, which later requests use."""
        session = await self.call("POST", "/v1/auth/verify", await self._proof(wallet, chain_id, "/v1/auth/nonce"))
        self._token = session["accessToken"]
        return session

    async def link(self, wallet: Wallet, chain_id: str, *, move: bool = False) -> dict[str, Any]:
        """Link a wallet to the user who has signed in, and return the link. Raises ProblemError."""
        proof = await self._proof(wallet, chain_id, "/v1/me/wallets/nonce")
        return await self.call("POST", "/v1/me/wallets", proof | {"move": move})

    async def _proof(self, wallet: Wallet, chain_id: str, nonce_path: str) -> dict[str, Any]:
        """A message that the wallet has signed, with a nonce of the route."""
        domain = self._origin.split("://", 1)[1]
        asked = {"accountId": wallet.address, "chainId": chain_id, "domain": domain}
        nonce = await self.call("POST", nonce_path, asked)
        message = sign_in_message(self._origin, wallet.address, chain_id, nonce["nonce"], nonce["issuedAt"])
        return {"accountId": wallet.address, "message": message, "signature": wallet.sign(message)}

    async def events(self, intent_id: str) -> AsyncGenerator[StatusEvent]:
        """Every step once and in order until the intent is final. A broken connection is opened again."""
        seen = 0
        while True:
            with suppress(aiohttp.ClientError, TimeoutError, ConnectionError):
                async for event in self._stream(intent_id, seen):
                    seen = event.seq
                    yield event
                    if event.final:
                        return
            await asyncio.sleep(0.2)

    async def _stream(self, intent_id: str, after: int) -> AsyncGenerator[StatusEvent]:
        headers = self._headers() | {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
        timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
        async with self._http.get(f"/v1/intents/{intent_id}/events", headers=headers, timeout=timeout) as answer:
            if answer.status != 200:
                return
            seq = 0
            async for raw in answer.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name == "id":
                    seq = int(value)
                elif name == "data":
                    yield StatusEvent(seq, json.loads(value))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


def sign_in_message(origin: str, address: str, chain_id: str, nonce: str, issued_at: str) -> str:
    """The text to sign (EIP-4361). `address` is in EIP-55 casing."""
    domain = origin.split("://", 1)[1]
    return (
        f"{domain} wants you to sign in with your Ethereum account:\n{address}\n\n"
        f"Sign in to Steadymint.\n\nURI: {origin}\nVersion: 1\nChain ID: {chain_id.split(':')[1]}\n"
        f"Nonce: {nonce}\nIssued At: {issued_at}"
    )
