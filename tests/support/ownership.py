"""Every kind of caller of the API, with somebody who owns one of everything, for the matrix of who gets what.

Each request comes with a session of its own, so that a route that ends one disturbs no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import httpx
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import Route

from steadymint.account_data.exports import key_of
from steadymint.domain.errors import IntentFinalError
from steadymint.domain.types import Address, IntentId, TxHash, UserId
from tests.support import owned_rows
from tests.support.intents import Draft, tx_hash
from tests.support.intents_api import Front, User
from tests.support.media_api import Studio, picture, upload

Place = tuple[str, str]
"""Method and path of a route. A WebSocket's method is WS."""
CALLERS: Final = ("nobody", "other", "blocked", "owner", "suspended", "operator")
"""In the order of the table's columns. An operator works on the command line: over HTTP they are as any other user."""
FILE: Final = Path(__file__).parents[1] / "security" / "ownership.txt"
CONTRACT: Final = "0x5fbdb2315678afecb367f032d93f642f64180aa3"

BODIES: Final[dict[Place, Any]] = {
    ("PATCH", "/v1/me"): {"bio": "mine"},
    ("PATCH", "/v1/me/wallets/{address}"): {"label": "mine"},
    ("PATCH", "/v1/webhooks/{webhookId}"): {"description": "mine"},
    ("POST", "/v1/me/wallets/nonce"): {"domain": "localhost:3000"},
    ("POST", "/v1/webhooks/{webhookId}/replay"): {"first": 1},
    ("POST", "/v1/intents/{intentId}/track"): {"txHash": tx_hash()},
    ("POST", "/v1/auth/refresh"): {"refreshToken": "unknown"},
}
"""Requests that a route takes. All others get an empty object, which a route with a body refuses with 422: who gets
that far is let in."""
_UNBLOCK: Final = "DELETE FROM user_service.user_blocks WHERE blocker_id <> $1"
_LAST_SESSION: Final = """
SELECT session_id FROM auth_service.sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 1
"""
_SUSPEND: Final = """
WITH ended AS (UPDATE auth_service.sessions SET revoked_at = now() WHERE user_id = $1)
UPDATE user_service.users SET status = 'suspended' WHERE user_id = $1
"""
QUERIES: Final[dict[str, dict[str, str]]] = {"/v1/users": {"prefix": "own"}, "/v1/search": {"q": "own"}}


def table() -> dict[Place, tuple[int, ...]]:
    """The declared statuses of every route, in the order of `CALLERS`."""
    lines = [line.split() for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {(method, path): tuple(map(int, statuses)) for method, path, *statuses in lines}


def line(place: Place, statuses: Iterable[int]) -> str:
    """A line of the table."""
    return f"{place[0]:6} {place[1]:72} {' '.join(map(str, statuses))}"


def served(routes: Iterable[Any]) -> Iterator[Place]:
    """Every route of the application, those in routers of routers included."""
    for route in routes:
        if isinstance(route, APIWebSocketRoute):
            yield "WS", _plain(route.path)
        elif isinstance(route, APIRoute):
            yield from ((method, _plain(route.path)) for method in route.methods)
        elif isinstance(route, Route):
            yield from ((method, route.path) for method in route.methods or ())
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from served(inner.routes)


def _plain(path: str) -> str:
    return path.replace(":path}", "}")


@dataclass
class Cast:
    """The callers, and what the owner has."""

    front: Front
    users: dict[str, UserId]
    tokens: dict[str, str]
    owned: dict[str, str]
    """Values of path parameters: things of the owner, and public ones that do not exist."""

    async def statuses(self, http: aiohttp.ClientSession, place: Place) -> tuple[int, ...]:
        """What each caller gets, in the order of `CALLERS`."""
        return tuple([await self._status(http, place, caller) for caller in CALLERS])

    async def _status(self, http: aiohttp.ClientSession, place: Place, caller: str) -> int:
        method, path = place
        await self.front.pool.execute(_UNBLOCK, self.users["owner"])
        await owned_rows.restore(self.front.pool, self.users["owner"], Address(CONTRACT))
        spare = str(await self._spare_session()) if "{sessionId}" in path else ""
        url = self.front.url + path.format(**self.owned, sessionId=spare)
        headers = {} if caller == "nobody" else {"Authorization": f"Bearer {await self._token(place, caller)}"}
        if method == "WS":
            try:
                async with http.ws_connect(url, headers=headers):
                    return 101
            except aiohttp.WSServerHandshakeError as denied:
                return denied.status
        json = BODIES.get(place, {}) if method in ("POST", "PUT", "PATCH") else None
        async with http.request(method, url, headers=headers, json=json, params=QUERIES.get(path)) as answer:
            return answer.status  # a stream is left at once

    async def _token(self, place: Place, caller: str) -> str:
        """Another one for a request that ends it."""
        ends = "logout" in place[1] and caller != "suspended"
        return await self.front.token(self.users[caller]) if ends else self.tokens[caller]

    async def _spare_session(self) -> UUID:
        await self.front.token(self.users["owner"])
        return await self.front.pool.fetchval(_LAST_SESSION, self.users["owner"])


async def assemble(studio: Studio) -> Cast:
    """Make the users, and one of everything for the owner."""
    front = studio.front
    users = {name: UserId(uuid4()) for name in CALLERS if name != "nobody"}
    for name, user_id in users.items():
        await _make(front.pool, name, user_id)
    await front.pool.execute(
        "INSERT INTO user_service.user_blocks (blocker_id, blocked_id) VALUES ($1, $2)",
        users["owner"],
        users["blocked"],
    )
    draft = Draft(user_id=users["owner"])
    await front.recorder.create(draft)
    async with httpx.AsyncClient(
        base_url=front.url, headers={"Authorization": f"Bearer {await front.token(users['owner'])}"}
    ) as http:
        media = (await upload(User(users["owner"], http), picture(7))).json()["mediaId"]
    await _export(studio, users["owner"])
    front.flows.on_track = _ended
    owned = {
        "username": await _name(front.pool, users["owner"]),
        "intentId": str(draft.intent_id),
        "mediaId": media,
        "chainId": "eip155:31337",
        "contract": CONTRACT,
        "tokenId": "1",
        "address": CONTRACT,
        "orderHash": "0x" + "ab" * 32,
        "cid": "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        "path": "1",
        "width": "64",
        "webhookId": str(owned_rows.WEBHOOK),
        "issuanceId": str(owned_rows.ISSUANCE),
    }
    tokens = {name: await front.token(user_id) for name, user_id in users.items()}
    await front.pool.execute(_SUSPEND, users["suspended"])  # as an operator's verb does it
    return Cast(front, users, tokens, owned)


async def _make(pool: asyncpg.Pool, name: str, user_id: UserId) -> None:
    await pool.execute("INSERT INTO user_service.users (user_id) VALUES ($1)", user_id)
    username = f"{name}_{user_id.hex[:8]}"
    await pool.execute("UPDATE user_service.profiles SET username = $2 WHERE user_id = $1", user_id, username)


async def _name(pool: asyncpg.Pool, user_id: UserId) -> str:
    return await pool.fetchval("SELECT username FROM user_service.profiles WHERE user_id = $1", user_id)


async def _ended(intent_id: IntentId, hash_: TxHash) -> None:
    raise IntentFinalError


async def _export(studio: Studio, user_id: UserId) -> None:
    """An export that is ready."""
    export_id, content = uuid4(), b"a zip file"
    await studio.media.store.put(key_of(export_id), content, "application/zip")
    await studio.front.pool.execute(
        "INSERT INTO user_service.exports (export_id, user_id, ready_at, expires_at, bytes)"
        " VALUES ($1, $2, now(), now() + interval '1 hour', $3)",
        export_id,
        user_id,
        len(content),
    )
