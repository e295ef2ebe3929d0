"""Profiles for tests of the API: names, changes, and reads that are checked against the documented shape."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.me import MeBody
from api.accounts.bodies.users import UserBody
from tests.support.sign_in import bearer


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


async def profile(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/users/{name}")
    assert answer.status_code == 200, answer.text
    TypeAdapter(UserBody).validate_json(answer.content, strict=True)
    return answer.json()
