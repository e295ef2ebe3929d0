"""Users: what one changes of oneself, and what everyone sees of it."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.accounts.bodies.users import MeBody, UserBody
from tests.support.catalog_rows import at, collection_row, insert, token_row
from tests.support.market import listing, put, sale
from tests.support.sign_in import Desk, Wallet, bearer, sign_in
from tests.support.traits import Drop


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


async def test_a_new_user_has_defaults_a_wallet_and_no_name(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    found = await me(visitor, tokens)
    assert found["userId"] == tokens["userId"]
    assert (found["username"], found["bio"], found["socials"]) == (None, None, {})
    assert found["preferences"]["privacyLevel"] == "public"
    assert found["stats"]["volumeSold"] == "0"
    assert [(item["address"], item["isPrimary"]) for item in found["wallets"]] == [(wallet.address, True)]


async def test_a_change_keeps_what_it_does_not_name_and_empties_what_it_names_as_null(
    visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    first = await patch(
        visitor,
        tokens,
        username=name,
        displayName="  Zoe\u0308 ",
        bio="one\r\ntwo",
        avatarUrl="https://cdn.example/a.png",
        timezone="Europe/Berlin",
        locale="pt-BR",
        socials={"website": "https://zoe.example", "x": "https://x.com/zoe"},
        preferences={"theme": "dark", "marketingEmails": True},
    )
    assert first.status_code == 200, first.text
    second = await patch(visitor, tokens, bio=None, socials={"github": "https://github.com/zoe"})
    found = second.json()
    assert found == await me(visitor, tokens)
    assert (found["username"], found["displayName"], found["bio"]) == (name, "Zoë", None)
    assert (found["avatarUrl"], found["timezone"], found["locale"]) == (
        "https://cdn.example/a.png",
        "Europe/Berlin",
        "pt-BR",
    )
    assert found["socials"] == {"github": "https://github.com/zoe"}
    assert (found["preferences"]["theme"], found["preferences"]["marketingEmails"]) == ("dark", True)
    assert found["preferences"]["currency"] == "USD"


async def test_everyone_finds_a_user_by_name_in_any_casing(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(visitor, tokens, username=name, bio="I mint.")
    for shown in (name, name.lower(), name.upper()):
        found = await profile(visitor, shown)
        assert (found["username"], found["bio"], found["address"]) == (name, "I mint.", wallet.address)
    assert tokens["userId"] not in str(found)


async def test_a_profile_that_is_not_public_shows_name_and_picture_only(
    visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(
        visitor,
        tokens,
        username=name,
        displayName="Zoe",
        bio="secret",
        avatarUrl="ipfs://cid/a.png",
        socials={"website": "https://zoe.example"},
        preferences={"privacyLevel": "private"},
    )
    assert await profile(visitor, name) == {"username": name, "displayName": "Zoe", "avatarUrl": "ipfs://cid/a.png"}


async def test_one_name_has_one_owner_though_many_ask_at_once(desk: Desk) -> None:
    async with desk.visitor() as client:
        users = [await sign_in(client, Wallet()) for _ in range(5)]
        name = a_name()
        casings = [name, name.lower(), name.upper(), name.swapcase(), name]
        answers = await asyncio.gather(
            *(patch(client, user, username=casing) for user, casing in zip(users, casings, strict=True))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert refused.json()["code"] == "username_taken"
        winner = next(user for user, answer in zip(users, answers, strict=True) if answer.status_code == 200)
        assert (await patch(client, winner, username=name.title())).status_code == 200, "one's own name in other case"


async def test_a_refused_change_changes_nothing(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    name = a_name()
    await patch(visitor, other, username=name)
    before = await me(visitor, tokens)
    answer = await patch(visitor, tokens, username=name, bio="changed", preferences={"theme": "dark"})
    assert answer.status_code == 409
    assert await me(visitor, tokens) == before


async def test_a_user_who_is_not_active_is_not_shown(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(visitor, tokens, username=name)
    await desk.pool.execute(
        "UPDATE user_service.users SET status = 'banned' WHERE user_id = $1", uuid.UUID(tokens["userId"])
    )
    assert (await visitor.get(f"/v1/users/{name}")).status_code == 404
    assert (await visitor.get("/v1/me", headers=bearer(tokens))).status_code == 401


@pytest.mark.parametrize("name", ["no_such_user_at_all", "%00%00%00", "%F0%9F%98%80", "%ed%a0%80"])
async def test_a_name_nobody_has_is_404_whatever_its_bytes(visitor: httpx.AsyncClient, name: str) -> None:
    answer = await visitor.get(f"/v1/users/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_me_is_nobody_without_a_session(visitor: httpx.AsyncClient, method: str) -> None:
    answer = await visitor.request(method, "/v1/me", json={} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_what_a_users_wallets_have_and_sell_is_shown_of_the_user(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(visitor, tokens, username=name)
    found = await me(visitor, tokens)
    address, chain = wallet.address.lower(), found["wallets"][0]["chainId"]
    collection = {
        **collection_row(0, chain_id=chain, creator=address),
        "contract_address": f"0x{uuid.uuid4().hex:0>40}",
    }
    collection |= {"id": uuid.uuid4(), "slug": uuid.uuid4().hex}
    token = token_row(collection, 1)
    await insert(desk.pool, "catalog_service.collections", [collection])
    await insert(desk.pool, "catalog_service.tokens", [token])
    held = {"collection_id": collection["id"], "owner": address, "quantity": 12, "updated_at": at(1)}
    await insert(desk.pool, "catalog_service.collection_owners", [held])
    drop = Drop(desk.pool, collection["id"], collection, [token["id"]] * 2)
    elsewhere = await desk.pool.fetchval("select id from catalog_service.marketplaces where slug = 'seaport'")
    given = {"chain_id": chain, "marketplace_id": elsewhere}
    await put(desk.pool, "orders", [listing(drop, 1, "1.5", maker=address, **given)])
    await put(desk.pool, "sales", [sale(drop, 1, "1.5", at(1), seller_address=address, **given)])
    expected = {"collections": 1, "items": "12", "listings": 1, "sales": 1, "purchases": 0}
    for stats in ((await me(visitor, tokens))["stats"], (await profile(visitor, name))["stats"]):
        assert {key: stats[key] for key in expected} == expected
        assert (stats["volumeSold"], stats["volumePurchased"], stats["followers"]) == ("1.5", "0", 0)
