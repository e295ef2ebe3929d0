"""The signed-in user: what one changes of oneself, and how one gets a name."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from asyncpg import Pool

from tests.support.intents_api import User
from tests.support.media_api import PUBLIC_URL, Studio, picture, upload
from tests.support.problems import problem_of
from tests.support.profiles import a_name, me, patch
from tests.support.sign_in import Desk, Wallet, sign_in


async def test_a_new_user_has_defaults_a_wallet_and_no_name(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    found = await me(visitor, tokens)
    assert found["userId"] == tokens["userId"]
    assert (found["username"], found["bio"], found["socials"]) == (None, None, {})
    assert found["preferences"]["privacyLevel"] == "public"
    assert found["stats"]["volumeSold"] == "0"
    assert [(item["address"], item["isPrimary"]) for item in found["wallets"]] == [(wallet.address, True)]


async def test_counters_of_a_key_are_those_of_every_chain(
    visitor: httpx.AsyncClient, wallet: Wallet, desk: Desk
) -> None:
    tokens = await sign_in(visitor, wallet)
    await desk.pool.execute(
        "insert into catalog_service.account_stats (account, chain_id, sales_count, volume_sold)"
        " values ($1, 'eip155:5', 2, 7)",
        wallet.address.lower(),
    )
    stats = (await me(visitor, tokens))["stats"]
    assert (stats["sales"], stats["volumeSold"]) == (2, "7")


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
        timezone="Europe/Berlin",
        locale="pt-BR",
        socials={"website": "https://zoe.example", "x": "https://twitter.com/zoe/"},
        preferences={"theme": "dark", "marketingEmails": True},
    )
    assert first.status_code == 200, first.text
    assert first.json()["socials"] == {"website": "https://zoe.example", "x": "https://x.com/zoe"}
    second = await patch(visitor, tokens, bio=None, socials={"github": "https://github.com/zoe"})
    found = second.json()
    assert found == await me(visitor, tokens)
    assert (found["username"], found["displayName"], found["bio"]) == (name, "Zoë", None)
    assert (found["timezone"], found["locale"]) == ("Europe/Berlin", "pt-BR")
    assert found["socials"] == {"github": "https://github.com/zoe"}
    assert (found["preferences"]["theme"], found["preferences"]["marketingEmails"]) == ("dark", True)
    assert found["preferences"]["currency"] == "USD"


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


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_me_is_nobody_without_a_session(visitor: httpx.AsyncClient, method: str) -> None:
    answer = await visitor.request(method, "/v1/me", json={} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


# -- names -------------------------------------------------------------------------------------------------------------


async def later(pool: Pool, tokens: dict[str, Any], days: int) -> None:
    """Let so many days pass for the user's names."""
    for statement in (
        "UPDATE user_service.profiles SET username_changed_at = username_changed_at - $2::interval WHERE user_id = $1",
        "UPDATE user_service.usernames SET held_until = held_until - $2::interval WHERE user_id = $1",
    ):
        await pool.execute(statement, uuid.UUID(tokens["userId"]), timedelta(days=days))


async def test_a_name_that_looks_like_anothers_is_taken(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    tail = uuid.uuid4().hex[:8]
    assert (await patch(visitor, tokens, username=f"Million_{tail}")).status_code == 200
    for name in (f"mi1lion_{tail}", f"rniIIion_{tail}", f"MILL10N_{tail}"):
        assert problem_of(await patch(visitor, other, username=name), 409)["code"] == "username_taken"


async def test_a_new_name_may_be_taken_once_in_30_days_and_the_old_one_is_kept_for_its_owner(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    first, second, third = a_name(), a_name(), a_name()

    async def refused(asker: dict[str, Any], name: str) -> str:
        return problem_of(await patch(visitor, asker, username=name), 409)["code"]

    await patch(visitor, tokens, username=first)
    changed = (await patch(visitor, tokens, username=second)).json()
    assert (changed["username"], changed["usernameChangeableAt"] is not None) == (second, True)
    assert (await visitor.get(f"/v1/users/{first}")).status_code == 404, "an old name leads nowhere"
    assert await refused(tokens, third) == "username_changed_recently"
    assert await refused(other, first) == "username_taken"
    for name in (second.upper(), second, first, second):  # another casing, and back and forth
        assert (await patch(visitor, tokens, username=name)).status_code == 200, name
    assert await refused(tokens, third) == "username_changed_recently"
    await later(desk.pool, tokens, 31)
    assert (await patch(visitor, other, username=first)).status_code == 200
    assert await refused(tokens, first) == "username_taken"
    assert (await patch(visitor, tokens, username=third)).status_code == 200


async def test_a_look_alike_of_ones_own_name_is_no_new_name_and_leads_back(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    tail = uuid.uuid4().hex[:8]
    million, look_alike, second = f"million_{tail}", f"mi1Iion_{tail}", a_name()
    names = (million, look_alike, million, second, look_alike, second, million)  # the second name is the one new name
    for name in names:
        assert (await patch(visitor, tokens, username=name)).status_code == 200, name
        assert problem_of(await patch(visitor, other, username=look_alike), 409)["code"] == "username_taken"
    refused = await patch(visitor, tokens, username=a_name())
    assert problem_of(refused, 409)["code"] == "username_changed_recently"


# -- pictures ----------------------------------------------------------------------------------------------------------


async def test_a_picture_of_a_profile_is_one_that_the_user_has_uploaded(painter: User, studio: Studio) -> None:
    pool: Pool = studio.front.pool
    await pool.execute("INSERT INTO user_service.users (user_id) VALUES ($1)", painter.id)
    media_id = (await upload(painter, picture())).json()["mediaId"]
    answer = await painter.http.patch("/v1/me", json={"username": a_name(), "avatarId": media_id})
    assert answer.status_code == 200, answer.text
    assert answer.json()["avatarUrl"] == f"{PUBLIC_URL}/media/{media_id}"
    shown = await painter.http.get(f"/v1/users/{answer.json()['username']}")
    assert shown.json()["avatarUrl"] == f"{PUBLIC_URL}/media/{media_id}"
    async with studio.front.user() as other:
        await pool.execute("INSERT INTO user_service.users (user_id) VALUES ($1)", other.id)
        for named in (media_id, "ab" * 32):
            refused = await other.http.patch("/v1/me", json={"bannerId": named, "bio": "mine"})
            assert problem_of(refused, 422)["code"] == "unknown_media"
        assert (await other.http.get("/v1/me")).json()["bio"] is None
    cleared = (await painter.http.patch("/v1/me", json={"avatarId": None})).json()
    assert (cleared["avatarId"], cleared["avatarUrl"]) == (None, None)
