"""Profiles for tests of the API: names, changes, and reads that are checked against the documented shape."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.follows import UserPage
from api.accounts.bodies.me import MeBody
from api.accounts.bodies.users import UserBody
from tests.support.sign_in import Wallet, bearer, sign_in


def a_name() -> str:
    return f"User_{uuid.uuid4().hex[:12]}"


async def me(client: httpx.AsyncClient, tokens: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get("/v1/me", headers=bearer(tokens))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    TypeAdapter(MeBody).validate_json(answer.content, strict=True)
    return answer.json()


async def patch(client: httpx.AsyncClient, tokens: dict[str, Any], **body: Any) -> httpx.Response:
    return await client.patch("/v1/me", headers=bearer(tokens), json=body)


async def profile(client: httpx.AsyncClient, name: str, tokens: dict[str, Any] | None = None) -> dict[str, Any]:
    """The user as others see them, or as the user of the tokens does."""
    answer = await client.get(f"/v1/users/{name}", headers=bearer(tokens) if tokens else {})
    assert answer.status_code == 200, answer.text
    TypeAdapter(UserBody).validate_json(answer.content, strict=True)
    return answer.json()


@dataclass
class Member:
    """Somebody with a name who has signed in."""

    client: httpx.AsyncClient
    tokens: dict[str, Any]
    name: str

    async def do(self, method: str, path: str, **params: Any) -> httpx.Response:
        return await self.client.request(method, path, headers=bearer(self.tokens), params=params)

    async def status(self, method: str, other: Member, what: str = "") -> int:
        """The status of a request about another member: of `/v1/users/{name}` or what is below it."""
        return (await self.do(method, f"/v1/users/{other.name}{what}")).status_code

    async def sees(self, other: Member) -> dict[str, Any]:
        return await profile(self.client, other.name, self.tokens)

    async def names(self, path: str, limit: int = 100) -> list[str]:
        """The names in a list, page by page."""
        found: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            answer = await self.do("GET", path, limit=limit, **cursor)
            assert answer.status_code == 200, answer.text
            TypeAdapter(UserPage).validate_json(answer.content, strict=True)
            page = answer.json()
            found += [one["username"] for one in page["items"]]
            if page["nextCursor"] is None:
                return found
            cursor = {"cursor": page["nextCursor"]}


async def member(client: httpx.AsyncClient, **changes: Any) -> Member:
    """Somebody new with a name. `changes` are members of `PATCH /v1/me`."""
    tokens, name = await sign_in(client, Wallet()), a_name()
    answer = await patch(client, tokens, username=name, **changes)
    assert answer.status_code == 200, answer.text
    return Member(client, tokens, name)
