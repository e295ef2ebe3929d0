"""The rows of a user are erased, and those that are not theirs stay."""

from __future__ import annotations

import asyncio

import asyncpg

from steadymint.account_data.erasing import HeldRows
from steadymint.domain.types import UserId
from steadymint.identity.wallets.links import Wallets
from steadymint.identity.wallets.locks import lock_address
from steadymint.identity.wallets.rows import Cause, write_link
from tests.unit.identity.test_granting import account, attempt

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


async def test_refused_sign_ins_of_a_wallet_are_its_users_since_it_was_linked(pool: asyncpg.Pool) -> None:
    """Before that, somebody else may have had it."""
    who = account()
    user_id = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    for address, hours, what in ((who, 1, "before"), (who, 0, "since"), (account(), 0, "of another wallet")):
        await pool.execute(
            "INSERT INTO auth_service.login_events (attempt_id, account_id, result, ua, ts)"
            " VALUES (gen_random_uuid(), $1, 'failed', $3, now() - make_interval(hours => $2))",
            address,
            hours,
            what,
        )
    await HeldRows(pool).forget(user_id)
    left = await pool.fetch("SELECT ua FROM auth_service.login_events")
    assert {row["ua"] for row in left} == {"before", "of another wallet"}
