"""What the database does by itself when rows come, change and go."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from tests.migrations.rows import ROWS, fill, insert

REGISTRY = "chain_registry_service"


async def new_user(database: asyncpg.Pool | asyncpg.Connection) -> UUID:
    return await database.fetchval("insert into user_service.users default values returning user_id")


async def follows(pool: asyncpg.Pool, user: UUID) -> tuple[int, int]:
    """How many the user follows, how many follow them."""
    row = await pool.fetchrow(
        "select following_count, followers_count from user_service.user_stats where user_id = $1", user
    )
    return row["following_count"], row["followers_count"]


async def test_a_user_comes_with_profile_preferences_and_stats(connection: asyncpg.Connection) -> None:
    user = await new_user(connection)
    for table in ("profiles", "user_preferences", "user_stats"):
        assert await connection.fetchval(f"select count(*) from user_service.{table} where user_id = $1", user) == 1


async def test_follows_are_counted_on_both_sides(pool: asyncpg.Pool) -> None:
    alice, bob = await new_user(pool), await new_user(pool)
    await pool.execute("insert into user_service.user_follows values ($1, $2)", alice, bob)
    await pool.execute("insert into user_service.user_follows values ($1, $2) on conflict do nothing", alice, bob)
    assert (await follows(pool, alice), await follows(pool, bob)) == ((1, 0), (0, 1))
    await pool.execute("delete from user_service.user_follows where follower_id = $1", alice)
    assert (await follows(pool, alice), await follows(pool, bob)) == ((0, 0), (0, 0))


async def test_users_who_follow_each_other_at_once_do_not_deadlock(pool: asyncpg.Pool) -> None:
    users = [await new_user(pool) for _ in range(4)]
    pairs = [(one, other) for one in users for other in users if one != other]
    await asyncio.gather(
        *(pool.execute("insert into user_service.user_follows values ($1, $2)", *pair) for pair in pairs)
    )
    assert [await follows(pool, user) for user in users] == [(3, 3)] * 4


async def test_a_user_name_is_taken_in_any_case(connection: asyncpg.Connection) -> None:
    alice, bob = await new_user(connection), await new_user(connection)
    rename = "update user_service.profiles set username = $2 where user_id = $1"
    await connection.execute(rename, alice, "Satoshi")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute(rename, bob, "sATOSHI")


async def test_updated_at_follows_a_change_unless_the_writer_sets_it(connection: asyncpg.Connection) -> None:
    await fill(connection)
    touched = await connection.fetch("""
        select event_object_schema || '.' || event_object_table as name from information_schema.triggers
        where action_statement like '%touch_updated_at%'
    """)
    assert len(touched) > 10
    for (table,) in touched:
        column = await connection.fetchval(
            """select column_name from information_schema.columns
            where table_schema || '.' || table_name = $1 and column_name <> 'updated_at' limit 1""",
            table,
        )
        backdated = await connection.fetchval(f"update {table} set updated_at = '2001-01-01' returning updated_at")
        assert backdated.year == 2001, f"{table}: a time that the writer gives stays"
        now = await connection.fetchval(f"update {table} set {column} = {column} returning updated_at")
        assert now.year > 2001, table


async def test_a_nonce_is_used_once_it_is_consumed(connection: asyncpg.Connection) -> None:
    row = {**ROWS["auth_service.auth_nonces"], "consumed_at": None, "consumed_by": None}
    await insert(connection, "auth_service.auth_nonces", row)
    assert await connection.fetchval("select used from auth_service.auth_nonces") is False
    consume = "update auth_service.auth_nonces set consumed_at = now() where consumed_at is null returning used"
    assert await connection.fetchval(consume) is True
    assert await connection.fetchval(consume) is None


async def version(connection: asyncpg.Connection, chain: str = "eip155:31337") -> int:
    return await connection.fetchval(f"select version from {REGISTRY}.registry_version where caip2 = $1", chain)


CHANGES = (
    "update {r}.chains set name = 'Other'",
    "update {r}.chain_endpoints set weight = 9",
    "delete from {r}.chain_endpoints",
    "insert into {r}.chain_endpoints (chain_id, url) values (1, 'http://other.example')",
    "update {r}.chain_contracts set verified_at = now()",
    "update {r}.abi_blobs set s3_key = 'elsewhere'",
    "delete from {r}.chain_contracts",
    "update {r}.chain_gas_policy set multiplier = 2",
    "delete from {r}.chain_gas_policy",
    "delete from {r}.chains",
)


async def test_every_change_of_the_registry_raises_its_version(connection: asyncpg.Connection) -> None:
    await fill(connection)
    for change in CHANGES:
        before = await version(connection)
        await connection.execute(change.format(r=REGISTRY))
        assert await version(connection) > before, change


async def test_an_observed_fee_and_another_chain_leave_the_version_alone(connection: asyncpg.Connection) -> None:
    await fill(connection)
    before = await version(connection)
    await connection.execute(f"update {REGISTRY}.chain_gas_policy set last_observed_base_fee_gwei = 8")
    await connection.execute(
        f"insert into {REGISTRY}.chains (id, caip2, chain_numeric, name, native_symbol)"
        " values (5, 'eip155:5', 5, 'x', 'x')"
    )
    assert await version(connection) == before
    assert await version(connection, "eip155:5") == 1


async def test_a_version_is_never_used_twice(connection: asyncpg.Connection) -> None:
    await fill(connection)
    before = await version(connection)
    await connection.execute(f"delete from {REGISTRY}.chains")
    await connection.execute(
        f"insert into {REGISTRY}.chains (caip2, chain_numeric, name, native_symbol)"
        " values ('eip155:31337', 31337, 'x', 'x')"
    )
    assert await version(connection) > before


async def test_an_order_outlives_a_token_that_a_reorg_took_and_cannot_be_filled(connection: asyncpg.Connection) -> None:
    await fill(connection)
    await connection.execute("delete from catalog_service.items")
    order = await connection.fetchrow("select status, reasons, fillable from catalog_service.orders")
    assert order is not None
    assert tuple(order) == ("inactive", ["insufficient_balance"], 0)
    assert await connection.fetchval("select is_active from catalog_service.listings") is False
    for table in ("token_trait_links", "token_rarity", "rarity_scores"):
        assert await connection.fetchval(f"select count(*) from catalog_service.{table}") == 0


async def test_security_events_are_written_once(connection: asyncpg.Connection) -> None:
    await fill(connection)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("update audit_service.security_events set severity = 'info'")


async def test_hot_tables_have_no_foreign_keys_and_no_trigger_that_what_the_projection_writes_would_fire(
    connection: asyncpg.Connection,
) -> None:
    """Those of `items` are about its name, which comes with the metadata and never with a block, and about rows that
    a rollback deletes."""
    burdens = await connection.fetch("""
        select c.relname, conname from pg_constraint k join pg_class c on c.oid = k.conrelid
        where contype = 'f' and c.relname in ('items', 'unit_balances', 'movements', 'holders', 'accounts')
        union all
        select c.relname, tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where not tgisinternal and c.relname in ('items', 'unit_balances', 'movements', 'holders', 'accounts')
    """)
    assert {name for _, name in burdens} == {"items_named", "items_renamed", "items_gone", "items_forgotten"}
    for definition in await connection.fetch(
        "select pg_get_triggerdef(oid) as d from pg_trigger"
        " where tgname ~ '^items_(named|renamed|gone)$' and not tgisinternal"
    ):
        assert "name IS" in definition["d"], "it has a condition, which a row without a name does not meet"


async def test_the_words_of_a_name_are_those_it_has_now(connection: asyncpg.Connection) -> None:
    async def words() -> list[str]:
        rows = await connection.fetch("select word from catalog_service.token_words order by word")
        return [row["word"] for row in rows]

    await fill(connection)
    await connection.execute("delete from catalog_service.token_words")
    await connection.execute("update catalog_service.items set owner = owner")
    assert await words() == []
    await connection.execute("update catalog_service.items set name = 'Crème BRÛLÉE #5, crème'")
    assert await words() == ["5", "brulee", "creme"]
    await connection.execute("update catalog_service.items set name = 'Plain Toast #5'")
    assert await words() == ["5", "plain", "toast"]
    await connection.execute("delete from catalog_service.items")
    assert await words() == []


async def test_a_link_and_a_floor_know_their_tokens_number(connection: asyncpg.Connection) -> None:
    await fill(connection)
    for table in ("token_trait_links", "token_floors"):
        assert await connection.fetchval(f"select token_number from catalog_service.{table}") == 1


async def test_a_deleted_session_takes_its_refresh_tokens_along(connection: asyncpg.Connection) -> None:
    await fill(connection)
    await connection.execute("delete from auth_service.sessions")
    assert await connection.fetchval("select count(*) from auth_service.refresh_tokens") == 0
