"""Bad input to the profile, and bodies that are none: attack cases A04 and A06."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from tests.support.problems import problem_of
from tests.support.sign_in import Wallet, bearer, sign_in


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "аdmin",
        "ａｄｍｉｎ",
        "e\u0301lodie",
        "élodie",
        "mi\u200bnt",
        "mint.",
        "😀",
        "a",
        "\x00\x00\x00",
        "a" * 31,
        "x\n",
        "\u202enimda",
        None,
        7,
        ["admin"],
    ],
)
async def test_a_username_that_imitates_or_breaks_is_refused(visitor: httpx.AsyncClient, name: Any) -> None:
    tokens = await sign_in(visitor, Wallet())
    problem_of(await visitor.patch("/v1/me", headers=bearer(tokens), json={"username": name}))
    assert (await visitor.get("/v1/me", headers=bearer(tokens))).json()["username"] is None


async def test_a_username_in_another_casing_is_the_same_username(visitor: httpx.AsyncClient) -> None:
    first, second = await sign_in(visitor, Wallet()), await sign_in(visitor, Wallet())
    name = f"Zoe_{uuid.uuid4().hex[:8]}"
    assert (await visitor.patch("/v1/me", headers=bearer(first), json={"username": name})).status_code == 200
    answer = await visitor.patch("/v1/me", headers=bearer(second), json={"username": name.swapcase()})
    assert problem_of(answer, 409)["code"] == "username_taken"


@pytest.mark.parametrize(
    "body",
    [
        {"isAdmin": True},
        {"userId": str(uuid.UUID(int=1))},
        {"role": "admin"},
        {"createdAt": "2000-01-01T00:00:00Z"},
        {"joinedAt": "2000-01-01T00:00:00Z"},
        {"status": "active"},
        {"stats": {"followers": 10**6}},
        {"wallets": []},
        {"display_name": "by its column"},
        {"preferences": {"isAdmin": True}},
        {"preferences": {"theme": None}},
        {"preferences": {"emailNotifications": "yes"}},
        {"socials": {"evil": "https://evil.example"}},
        {"socials": {"website": "javascript:alert(1)"}},
        {"avatarUrl": "https://market.example/a.png"},
        {"avatarId": "data:image/svg+xml,<svg onload=alert(1)>"},
        {"bannerId": "../" * 21 + "x"},
        {"socials": {"github": "https://market.example@evil.example/zoe"}},
        {"displayName": "a" * 51},
        {"displayName": "\u202egnp.exe"},
        {"bio": "nul\x00"},
        {"bio": "b" * 501},
        {"timezone": "../../etc/passwd"},
        {"locale": "en;drop"},
        [],
        "text",
        None,
    ],
)
async def test_a_change_of_what_is_not_ones_own_to_change_is_refused_and_changes_nothing(
    visitor: httpx.AsyncClient, body: Any
) -> None:
    tokens = await sign_in(visitor, Wallet())
    before = (await visitor.get("/v1/me", headers=bearer(tokens))).json()
    answer = await visitor.patch("/v1/me", headers=bearer(tokens), content=json.dumps(body))
    problem_of(answer)
    if isinstance(body, dict):
        mixed = {"bio": "me", **body}
        problem_of(await visitor.patch("/v1/me", headers=bearer(tokens), content=json.dumps(mixed)))
    assert (await visitor.get("/v1/me", headers=bearer(tokens))).json() == before


async def test_a_body_that_is_no_json_or_no_text_is_refused(visitor: httpx.AsyncClient) -> None:
    tokens = await sign_in(visitor, Wallet())
    headers = bearer(tokens) | {"content-type": "application/json"}
    bodies: list[bytes] = [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"bio": "\\ud800"}',
        b'{"bio": "\xed\xa0\x80"}',
        b'{"bio": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"bio": NaN}',
        b'{"bio": ' + b"9" * 5_000 + b"}",
        b'{"\\ud800": 1}',
        b'{"\\u0000": 1}',
        b'{"preferences": {"\\udfff": 1}}',
    ]
    for body in bodies:
        answer = await visitor.patch("/v1/me", headers=headers, content=body)
        problem_of(answer, 422 if answer.status_code == 422 else 400)


async def test_what_nobody_knows_is_complained_about_once_however_much_it_is(visitor: httpx.AsyncClient) -> None:
    """An error for each of 20,000 members takes a hundred times as long as reading them, and asks for no sign-in."""
    tokens = await sign_in(visitor, Wallet())
    many = {f"member{number}": 1 for number in range(15_000)}
    complaint = [{"field": "body", "reason": "has more than 64 members"}]
    for path in ("/v1/auth/nonce", "/v1/auth/refresh"):
        assert problem_of(await visitor.post(path, json=many))["fields"] == complaint
    assert problem_of(await visitor.post("/v1/auth/verify", json=many))["code"] == "invalid_message"
    for method, path in (("PATCH", "/v1/me"), ("POST", "/v1/mints/prepare"), ("POST", "/v1/collections/prepare")):
        answer = await visitor.request(method, path, headers=bearer(tokens), json=many)
        assert problem_of(answer)["fields"] == complaint
    answer = await visitor.get("/v1/collections", params={f"p{number}": "" for number in range(2_000)})
    assert [found["reason"] for found in problem_of(answer)["fields"]] == ["has more than 64 members"]
