"""Accounts that an operator closes: every session ends at once, and none is opened."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.errors import ConflictError, NotFoundError
from steadymint.domain.types import UserId
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.users.standing import Standing
from tests.support.command_line import steadymint
from tests.support.problems import problem_of
from tests.support.sign_in import Desk, Wallet, allowed, nonce_for, refresh, sign_in, verify


@pytest.fixture
def standing(desk: Desk) -> Standing:
    sessions = Sessions(desk.pool, 3_600, 3_600, 3_600)
    return Standing(desk.pool, Revocation(sessions, desk.redis, 900))


async def test_an_operator_ends_all_sessions_of_a_user_at_once_and_lets_them_in_again(
    desk: Desk, visitor: httpx.AsyncClient, standing: Standing
) -> None:
    wallet = Wallet()
    first, second = await sign_in(visitor, wallet), await sign_in(visitor, wallet)
    bystander = await sign_in(visitor, Wallet())
    environment = {
        "STEADYMINT_POSTGRES__DSN": desk.settings.postgres.dsn.get_secret_value(),
        "STEADYMINT_REDIS__URL": desk.settings.redis.url.get_secret_value(),
    }
    words = ("user", "suspend", wallet.address, "--reason", "a stolen key")
    assert await steadymint(environment, *words) == (0, f"{first['userId']} is suspended; 2 sessions ended\n")
    assert [await allowed(visitor, one) for one in (first, second, bystander)] == [False, False, True]
    assert (await refresh(visitor, second["refreshToken"])).status_code == 401
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    refused = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert problem_of(refused, 403)["code"] == "account_closed"
    recorded = await desk.pool.fetchrow(
        "SELECT event_type, severity, metadata FROM audit_service.security_events WHERE user_id = $1",
        uuid.UUID(first["userId"]),
    )
    assert recorded is not None
    assert (recorded["event_type"], recorded["severity"]) == ("users.status_changed", "warning")
    assert recorded["metadata"]["reason"] == "a stolen key"
    found = await standing.find(first["userId"])
    assert (found.status, found.sessions) == ("suspended", 0)
    await standing.change(found.user_id, "active", reason="a mistake", operator="test")
    assert await allowed(visitor, await sign_in(visitor, wallet))


async def test_a_repeated_verb_ends_what_was_left_and_records_nothing(
    desk: Desk, visitor: httpx.AsyncClient, standing: Standing
) -> None:
    tokens = await sign_in(visitor, Wallet())
    user_id = UserId(uuid.UUID(tokens["userId"]))
    await desk.pool.execute("UPDATE user_service.users SET status = 'banned' WHERE user_id = $1", user_id)
    assert await standing.change(user_id, "banned", reason="again", operator="test") == 1
    assert not await allowed(visitor, tokens)
    counted = "SELECT count(*) FROM audit_service.security_events WHERE user_id = $1"
    assert await desk.pool.fetchval(counted, user_id) == 0


async def test_who_is_deleted_or_unknown_has_no_status_to_change(
    desk: Desk, visitor: httpx.AsyncClient, standing: Standing
) -> None:
    user_id = UserId(uuid.UUID((await sign_in(visitor, Wallet()))["userId"]))
    await desk.pool.execute("UPDATE user_service.users SET status = 'deleted' WHERE user_id = $1", user_id)
    with pytest.raises(ConflictError):
        await standing.change(user_id, "active", reason="x", operator="test")
    for key in ("nobody_at_all", "\x00", str(uuid.uuid4()), Wallet().address):
        with pytest.raises(NotFoundError):
            await standing.find(key)


async def test_nobody_dodges_a_ban_by_asking_for_their_deletion(
    desk: Desk, visitor: httpx.AsyncClient, standing: Standing
) -> None:
    user_id = UserId(uuid.UUID((await sign_in(visitor, Wallet()))["userId"]))
    deletions = Deletions(desk.pool, OperatorSettings(desk.pool))
    due_at = await deletions.close(user_id)
    with pytest.raises(ConflictError):
        await standing.change(user_id, "active", reason="x", operator="test")
    await standing.change(user_id, "banned", reason="x", operator="test")
    assert (await deletions.open_until(user_id), await deletions.take_back(user_id)) == (None, False)
    assert await deletions.close(user_id) == due_at, "a step that is repeated finds the deletion that stands"
    await standing.change(user_id, "active", reason="a mistake", operator="test")
    assert await deletions.open_until(user_id) == due_at, "who is restored has still asked for it"
    await standing.change(user_id, "banned", reason="x", operator="test")
    assert (await deletions.begin(user_id, datetime.now(UTC) + timedelta(days=15))).state == "due"
    with pytest.raises(ConflictError):
        await standing.change(user_id, "active", reason="x", operator="test")
    assert (await standing.find(str(user_id))).status == "deleted"
