"""Users: what everyone sees of one, and how one is found."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.accounts.bodies.follows import UserPage
from tests.support.catalog_rows import at, collection_row, insert, token_row
from tests.support.market import listing, put, sale
from tests.support.problems import problem_of
from tests.support.profiles import a_name, me, patch, profile
from tests.support.sign_in import Desk, Wallet, bearer, sign_in
from tests.support.traits import Drop


async def test_everyone_finds_a_user_by_name_in_any_casing(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(visitor, tokens, username=name, bio="I mint.")
    for shown in (name, name.lower(), name.upper()):
        found = await profile(visitor, shown)
        assert (found["username"], found["bio"], found["address"]) == (name, "I mint.", wallet.address)
    assert tokens["userId"] not in str(found)


@pytest.mark.parametrize("level", ["private", "friends"])
async def test_a_profile_that_is_not_public_shows_a_stranger_name_and_picture_only(
    visitor: httpx.AsyncClient, wallet: Wallet, level: str
) -> None:
    tokens, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    name = a_name()
    await patch(
        visitor,
        tokens,
        username=name,
        displayName="Zoe",
        bio="secret",
        socials={"website": "https://zoe.example"},
        preferences={"privacyLevel": level},
    )
    card = {"username": name, "displayName": "Zoe"}
    unrelated = {"viewer": {"follows": False, "followedBy": False, "blocked": False}}
    assert await profile(visitor, name) == card
    assert await profile(visitor, name, other) == card | unrelated
    own = await profile(visitor, name, tokens)
    assert own["bio"] == "secret"
    assert "viewer" not in own
    for part in ("followers", "following"):
        assert (await visitor.get(f"/v1/users/{name}/{part}")).status_code == 404
        assert (await visitor.get(f"/v1/users/{name}/{part}", headers=bearer(tokens))).status_code == 200


async def test_a_profile_is_kept_by_caches_for_those_without_a_token_only(
    visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    name = a_name()
    await patch(visitor, tokens, username=name)
    answer = await visitor.get(f"/v1/users/{name}")
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("public, no-cache", "Authorization")
    again = await visitor.get(f"/v1/users/{name}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    own = await visitor.get(f"/v1/users/{name}", headers=bearer(tokens))
    assert (own.headers["cache-control"], own.headers["vary"]) == ("private, no-store", "Authorization")
    expired = await visitor.get(f"/v1/users/{name}", headers={"authorization": "Bearer nonsense"})
    assert problem_of(expired, 401)["code"] == "unauthorized"


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


async def test_users_are_found_by_the_beginning_of_their_name_page_by_page(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    stem = f"z_{uuid.uuid4().hex[:8]}"
    names = [f"{stem}_B", f"{stem}a", f"{stem}C", f"{stem}d"]
    people = [await sign_in(visitor, Wallet()) for _ in range(len(names) + 2)]
    for tokens, name in zip(people, [*names, f"{stem}gone", f"{stem[:-1]}"], strict=True):
        assert (await patch(visitor, tokens, username=name, preferences={"privacyLevel": "private"})).is_success
    await desk.pool.execute(
        "UPDATE user_service.users SET status = 'suspended' WHERE user_id = $1", uuid.UUID(people[-2]["userId"])
    )
    found: list[str] = []
    asked: dict[str, Any] = {"prefix": stem.upper(), "limit": 2}
    while True:
        answer = await visitor.get("/v1/users", params=asked)
        TypeAdapter(UserPage).validate_json(answer.content, strict=True)
        page = answer.json()
        found += [one["username"] for one in page["items"]]
        if page["nextCursor"] is None:
            break
        asked["cursor"] = page["nextCursor"]
    assert found == names, "only active ones that have the prefix, `_` being no wildcard"


@pytest.mark.parametrize("prefix", ["", "%", "z.", "é", "a" * 31, None])
async def test_what_no_username_begins_with_is_no_prefix(visitor: httpx.AsyncClient, prefix: str | None) -> None:
    answer = await visitor.get("/v1/users", params={} if prefix is None else {"prefix": prefix})
    assert problem_of(answer, 422)["fields"][0]["field"] == "query.prefix"
