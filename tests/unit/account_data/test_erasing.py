"""The rows of a user are erased, and those that are not theirs stay."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import uuid4

import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.accounts import Leaving
from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.held import HELD
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.accounts import DueOrder
from steadymint.domain.sign_in import SignatureKind
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.login_events import Attempt, LoginEvents
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets.links import Wallets
from steadymint.identity.wallets.locks import lock_address
from steadymint.identity.wallets.rows import NOWHERE, Cause, Link, unlink, write_link
from tests.migrations.rows import ROWS
from tests.support.catalog_rows import insert
from tests.unit.identity.test_granting import CHAIN, account, attempt

IP: Final = "203.0.113.7"

WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


async def test_a_sign_in_that_overlaps_the_erasure_leaves_the_erased_user_neither_wallet_nor_trace(
    pool: asyncpg.Pool,
) -> None:
    who = account()
    user_id = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    async with pool.acquire() as connection:
        async with connection.transaction():
            await lock_address(connection, who)
            # The sign-in has found here that the wallet is the user's.
            erasing = asyncio.create_task(HeldRows(pool).forget(user_id))
            while not erasing.done() and not await pool.fetchval(WAITING):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await write_link(connection, attempt(who, "01" * 32), user_id, Cause.SIGN_IN)
        await erasing
    live = "SELECT count(*) FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL"
    assert await pool.fetchval(live, user_id) == 0
    traced = "SELECT count(*) FROM wallet_service.wallet_activity WHERE num_nonnulls(ip_address, user_agent) > 0"
    assert await pool.fetchval(traced) == 0
    assert await pool.fetchval("SELECT count(*) FROM wallet_service.wallet_verifications") == 0
    assert (await Wallets(pool).link(attempt(who, "02" * 32))).user_id != user_id


async def test_once_an_erasure_is_due_a_sign_in_is_not_of_the_user_who_is_erased(
    pool: asyncpg.Pool,
) -> None:
    who, nothing = account(), cast(Any, None)
    user_id = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    await Users(pool).ensure(user_id)
    deletions = Deletions(pool, OperatorSettings(pool))
    await deletions.close(user_id)
    look = Leaving(deletions, nothing, nothing, HeldRows(pool)).look_whether_due
    for days, state in ((0, "waiting"), (15, "due")):
        order = DueOrder(user_id=user_id, at=datetime.now(UTC) + timedelta(days=days))
        assert (await ActivityEnvironment().run(look, order)).state == state
        refused_now = Attempt(uuid4(), IP, "a browser", who, CHAIN)
        assert await LoginEvents(pool).file_failure(refused_now, "failed", "This account is closed")
    named = "SELECT array_agg(user_id ORDER BY created_at) FROM audit_service.security_events WHERE ip_address = $1"
    assert await pool.fetchval(named, IP) == [user_id, None]
    assert (await Wallets(pool).link(attempt(who, "01" * 32))).user_id != user_id


async def test_refused_sign_ins_go_with_whoever_had_the_wallet_or_with_both_if_nobody_had_it(
    pool: asyncpg.Pool,
) -> None:
    who = account()
    users: list[UserId] = []
    for turn, since in enumerate((8, 4)):  # hours ago; the first user has it for two hours, the second keeps it
        users.append(UserId((await Wallets(pool).link(attempt(who, f"0{turn}" * 32))).user_id))
        await lived(pool, users[-1], since, until=since - 2 if turn == 0 else None)
    for hours, what in ((9, "before"), (7, "of the first"), (5, "between"), (3, "of the second")):
        await refused(pool, who, what, hours)
    await refused(pool, account(), "of another wallet", 3)
    exported = next(one.export for one in HELD if one.table == "auth_service.login_events")
    for user, own, left in (
        (users[0], "of the first", {"of the second", "of another wallet"}),
        (users[1], "of the second", {"of another wallet"}),
    ):
        assert [json.loads(row["row"])["ua"] for row in await pool.fetch(exported, user)] == [own]
        await HeldRows(pool).forget(user)
        assert {row["ua"] for row in await pool.fetch("SELECT ua FROM auth_service.login_events")} == left


async def test_refused_sign_ins_after_an_erasure_are_of_the_user_who_has_the_wallet_next(pool: asyncpg.Pool) -> None:
    who = account()
    first = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    await refused(pool, who, "of the first", 0)
    await HeldRows(pool).forget(first)
    second = UserId((await Wallets(pool).link(attempt(who, "01" * 32))).user_id)
    await refused(pool, who, "of the second", 0)
    await HeldRows(pool).forget(first)
    assert [row["ua"] for row in await pool.fetch("SELECT ua FROM auth_service.login_events")] == ["of the second"]
    await HeldRows(pool).forget(second)
    assert await pool.fetchval("SELECT count(*) FROM auth_service.login_events") == 0


async def test_a_contract_elsewhere_and_a_wallet_that_came_back_are_told_apart(pool: asyncpg.Pool) -> None:
    who, elsewhere = account(), ChainId("eip155:5")
    contract = {"proof": SignatureKind.CONTRACT}
    other = UserId((await Wallets(pool).link(attempt(who, "00" * 32, chain_id=elsewhere, **contract))).user_id)
    await lived(pool, other, 9)
    user = UserId((await Wallets(pool).link(attempt(who, "01" * 32, **contract))).user_id)
    await lived(pool, user, 8, until=6)
    assert UserId((await Wallets(pool).link(attempt(who, "02" * 32, **contract))).user_id) != user
    for chain_id in (CHAIN, elsewhere, None):
        await refused(pool, who, str(chain_id), 7, chain_id)
    await HeldRows(pool).forget(user)
    left = {row["ua"] for row in await pool.fetch("SELECT ua FROM auth_service.login_events")}
    assert left == {elsewhere, "None"}, "the other user had the account, or may have meant it"


async def test_refusals_to_the_same_address_of_a_day_that_name_nobody_lose_it(pool: asyncpg.Pool) -> None:
    who = account()
    await refused(pool, who, "before", 30)
    user = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    for ip, hours, owner in ((IP, 60, None), ("192.0.2.8", 32, None), (IP, 31, uuid4()), (IP, 29, None)):
        await pool.execute(
            "INSERT INTO audit_service.security_events (event_type, description, ip_address, user_id, metadata,"
            " created_at) VALUES ('limits.exceeded', 'x', $1, $2, '{\"limit\": \"nonce\"}',"
            " now() - make_interval(hours => $3))",
            ip,
            owner,
            hours,
        )
    await HeldRows(pool).forget(user)
    rows = await pool.fetch(
        "SELECT host(ip_address) AS ip, metadata ->> 'limit' AS what FROM audit_service.security_events"
        " WHERE event_type = 'limits.exceeded' ORDER BY created_at"
    )
    assert [row["ip"] for row in rows] == [IP, "192.0.2.8", IP, None]
    assert {row["what"] for row in rows} == {"nonce"}, "the entry itself stays"


async def test_of_an_intent_on_chain_what_was_asked_for_goes(pool: asyncpg.Pool) -> None:
    asked = ROWS["orchestrator_service.tx_intents"] | {"req_payload_json": {"description": "a text of mine"}}
    await insert(pool, "orchestrator_service.tx_intents", [asked])
    for _ in range(2):
        await HeldRows(pool).forget(UserId(asked["created_by"]))
    kept = await pool.fetchrow("SELECT tx_hash, req_payload_json FROM orchestrator_service.tx_intents")
    assert dict(kept) == {"tx_hash": asked["tx_hash"], "req_payload_json": {}}


async def lived(pool: asyncpg.Pool, user: UserId, since: int, until: int | None = None) -> None:
    """The user has had the wallet since so many hours ago, and until so many."""
    link = "UPDATE wallet_service.wallet_links SET created_at = now() - make_interval(hours => $2) WHERE user_id = $1"
    line = (
        "UPDATE wallet_service.wallet_activity a SET created_at = now() - make_interval(hours => $2)"
        " FROM wallet_service.wallet_links l WHERE l.wallet_id = a.wallet_id AND l.user_id = $1 AND a.action = $3"
    )
    await pool.execute(link, user, since)
    await pool.execute(line, user, since, "linked")
    if until is not None:
        (row,) = await pool.fetch("SELECT * FROM wallet_service.wallet_links WHERE user_id = $1", user)
        link = Link(**{name: row[name] for name in ("wallet_id", "user_id", "address", "chain_id", "is_primary")})
        async with pool.acquire() as connection, connection.transaction():
            await unlink(connection, [link], Cause.REQUEST, NOWHERE)
        await pool.execute(line, user, until, "unlinked")


async def refused(pool: asyncpg.Pool, who: Address, what: str, hours: int, chain_id: str | None = CHAIN) -> None:
    await pool.execute(
        "INSERT INTO auth_service.login_events (attempt_id, account_id, chain_id, result, ip, ua, ts)"
        " VALUES (gen_random_uuid(), $1, $2, 'failed', $3, $4, now() - make_interval(hours => $5))",
        who,
        chain_id,
        IP,
        what,
        hours,
    )
