"""Where people came from is not kept for ever, and their sessions are."""

from __future__ import annotations

import secrets
from uuid import uuid4

import asyncpg

from steadymint.audit.keys import SIGN_IN_RETENTION
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.identity.log_sweeping import SignInLogSweep


async def test_where_people_came_from_goes_when_the_setting_says(pool: asyncpg.Pool) -> None:
    wallet_id = await pool.fetchval(
        "INSERT INTO wallet_service.wallet_links (user_id, address, chain_id) VALUES ($1, $2, 'eip155:1')"
        " RETURNING wallet_id",
        uuid4(),
        "0x" + "a1" * 20,
    )
    for days in (1, 20, 200):
        await pool.execute(
            "INSERT INTO auth_service.login_events (attempt_id, result, ip, ts)"
            " VALUES ($1, 'failed', '192.0.2.7', now() - make_interval(days => $2))",
            uuid4(),
            days,
        )
        await pool.execute(
            "INSERT INTO auth_service.sessions (user_id, family_id, nonce_hash, address, chain_id, ip_address,"
            " user_agent, created_at, expires_at, absolute_expires_at) SELECT $1, $1, $2, $3, 'eip155:1', '192.0.2.7',"
            " 'Browser', t - interval '1 h', t, t FROM (SELECT now() - make_interval(days => $4)) of (t)",
            uuid4(),
            secrets.token_hex(32),
            "0x" + "a1" * 20,
            days,
        )
        await pool.execute(
            "INSERT INTO wallet_service.wallet_activity (wallet_id, action, ip_address, user_agent, created_at)"
            " VALUES ($1, 'verified', '192.0.2.7', 'Browser', now() - make_interval(days => $2))",
            wallet_id,
            days,
        )
        for owner in (None, uuid4()):
            await pool.execute(
                "INSERT INTO audit_service.security_events (event_type, description, ip_address, user_id, created_at)"
                " VALUES ('limits.exceeded', 'x', '192.0.2.7', $1, now() - make_interval(days => $2))",
                owner,
                days,
            )
    settings = OperatorSettings(pool)
    sweep = SignInLogSweep(pool, settings)
    assert [await sweep.run(), await sweep.run()] == [4, 0]
    await settings.set(SIGN_IN_RETENTION, "10", reason="a new law", operator="test")
    assert await sweep.run() == 4
    assert await pool.fetchval("SELECT count(*) FROM auth_service.login_events") == 1
    traced = "SELECT count(*), count(user_id) FROM audit_service.security_events WHERE ip_address IS NOT NULL"
    assert tuple(await pool.fetchrow(traced)) == (4, 3), "of a user's event it goes with the user"
    for table in ("auth_service.sessions", "wallet_service.wallet_activity"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 3
        assert await pool.fetchval(f"SELECT count(*) FROM {table} WHERE num_nonnulls(ip_address, user_agent) = 2") == 1
        assert await pool.fetchval(f"SELECT count(*) FROM {table} WHERE num_nonnulls(ip_address, user_agent) = 0") == 2


async def test_a_row_that_this_version_cannot_read_leaves_the_default(pool: asyncpg.Pool) -> None:
    for key, value in ((SIGN_IN_RETENTION.name, "for ever"), ("of.another.version", "1")):
        await pool.execute("INSERT INTO audit_service.settings (key, value) VALUES ($1, $2)", key, value)
    assert await OperatorSettings(pool).get(SIGN_IN_RETENTION) == SIGN_IN_RETENTION.default
