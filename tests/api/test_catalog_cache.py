"""The read cache: it is used, it is never older than the last word of a writer, and nobody needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from steadymint.catalog.cache import LIFE, CatalogCache
from steadymint.catalog.flags import Flags
from steadymint.domain.types import Address, ChainId, TokenId
from steadymint.stack.valkey import Valkey
from tests.support.catalog_rows import CHAIN, account, balance_row, collection_row, contract, insert, token_row
from tests.support.reads import Reads, serving_reads

ON, OF = ChainId(CHAIN), Address(contract(1))
BASE = f"/v1/collections/{CHAIN}/{contract(1)}"
ONE, OTHER = collection_row(1), collection_row(2)
PATHS = [
    BASE,
    f"{BASE}/tokens",
    f"{BASE}/tokens/1",
    f"{BASE}/tokens?trait=Hat:Red&sort=rank",
    f"{BASE}/stats",
    f"{BASE}/traits",
    f"{BASE}/owners",
    f"{BASE}/holders",
    f"{BASE}/activity",
    "/v1/collections",
    "/v1/search?q=collection",
    f"/v1/accounts/{account(2)}",
    f"/v1/accounts/{account(2)}/tokens",
    f"/v1/accounts/{account(2)}/collections",
    f"/v1/accounts/{account(2)}/activity",
]


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey, socket_timeout=1, socket_connect_timeout=1)
    yield client
    await client.aclose()


@pytest.fixture
async def reads(database: str, redis: Redis) -> AsyncIterator[Reads]:
    async with serving_reads(database, redis=redis) as found:
        await insert(found.pool, "catalog_service.collections", [ONE, OTHER])
        tokens = [token_row(collection, number) for collection in (ONE, OTHER) for number in (1, 2)]
        await insert(found.pool, "catalog_service.tokens", tokens)
        await insert(found.pool, "catalog_service.token_balances", [balance_row(one, account(2)) for one in tokens])
        yield found


async def name_of(reads: Reads, path: str = BASE) -> str:
    return (await reads.http.get(path)).json()["name"]


async def rename(reads: Reads, name: str) -> None:
    """A write of which nobody has told the cache yet."""
    await reads.pool.execute("UPDATE catalog_service.collections SET name = $1 WHERE id = $2", name, ONE["id"])


async def test_a_page_is_read_once_until_somebody_says_that_it_changed(reads: Reads, redis: Redis) -> None:
    assert await name_of(reads) == "Collection 1"
    await rename(reads, "Renamed")
    assert await name_of(reads) == "Collection 1", "it came from the cache"
    await CatalogCache(redis).bump([(ON, OF)])
    assert await name_of(reads) == "Renamed"


async def test_no_page_of_a_collection_nor_any_list_is_stale_after_its_invalidation(reads: Reads, redis: Redis) -> None:
    for path in PATHS:
        assert (await reads.http.get(path)).status_code == 200, path
    kept = set(await redis.keys("catalog:page:*"))
    assert len(kept) == len(PATHS)
    await CatalogCache(redis).bump([(ON, OF)])
    for count, path in enumerate(PATHS, 1):
        await reads.http.get(path)
        made = set(await redis.keys("catalog:page:*")) - kept
        assert len(made) == count, f"{path} was not asked of the database"


async def test_a_page_of_another_collection_stays(reads: Reads, redis: Redis) -> None:
    other = BASE.replace(contract(1), contract(2))
    await name_of(reads, other)
    await CatalogCache(redis).bump([(ON, OF)])
    await reads.pool.execute("UPDATE catalog_service.collections SET name = 'New'")
    assert await name_of(reads, other) == "Collection 2"
    await CatalogCache(redis).bump_chain(ON)
    assert await name_of(reads, other) == "New"


async def test_who_read_before_a_commit_and_keeps_after_the_bump_keeps_nothing_that_is_found(redis: Redis) -> None:
    """The race of every cache: the slow reader's page is old, and must not be found under the new version."""
    cache = CatalogCache(redis)
    slow = await cache.look((ON, OF), "page")
    await cache.bump([(ON, OF)])
    await cache.keep(slow, b"old")
    assert (await cache.look((ON, OF), "page")).answer is None


async def test_a_version_that_redis_lost_brings_no_old_page_back(redis: Redis) -> None:
    cache = CatalogCache(redis)
    await cache.keep(await cache.look((ON, OF), "page"), b"old")
    await cache.bump([(ON, OF)])
    await redis.delete(*await redis.keys("catalog:version:*"))
    assert (await cache.look((ON, OF), "page")).answer is None


async def test_pages_die_by_themselves_where_a_writer_could_not_say_that_it_wrote(redis: Redis) -> None:
    cache = CatalogCache(redis)
    look = await cache.look(None, "page")
    await cache.keep(look, b"body")
    assert look.key is not None
    assert 0 < await redis.ttl(look.key) <= LIFE


async def test_a_flushed_cache_is_filled_again(reads: Reads, redis: Redis) -> None:
    await name_of(reads)
    await redis.flushall()
    await rename(reads, "Renamed")
    assert await name_of(reads) == "Renamed"


async def test_without_redis_everything_is_read_from_the_database(
    reads: Reads, redis: Redis, valkey_server: Valkey
) -> None:
    await name_of(reads)
    await valkey_server.stop()
    assert await CatalogCache(redis).bump([(ON, OF)]) is False
    for name in ("First", "Second"):
        await rename(reads, name)
        assert await name_of(reads) == name
    for path in PATHS:
        assert (await reads.http.get(path)).status_code == 200, path


async def test_what_is_missing_or_refused_is_not_kept(reads: Reads, redis: Redis) -> None:
    assert (await reads.http.get(f"{BASE}/tokens/9")).status_code == 404
    assert (await reads.http.get(f"{BASE}/tokens?sort=x")).status_code == 422
    assert await redis.keys("catalog:page:*") == []
    await insert(reads.pool, "catalog_service.tokens", [token_row(ONE, 9)])
    assert (await reads.http.get(f"{BASE}/tokens/9")).status_code == 200


async def test_filters_limits_and_cursors_are_pages_of_their_own_and_the_order_of_parameters_is_not(
    reads: Reads, redis: Redis
) -> None:
    async def kept(*paths: str) -> int:
        await redis.flushall()
        for path in paths:
            assert (await reads.http.get(path)).status_code == 200
        return len(await redis.keys("catalog:page:*"))

    lists = f"{BASE}/tokens"
    assert await kept(lists, f"{lists}?limit=1", f"{lists}?sort=rank", f"{lists}?trait=a:b", f"{lists}?trait=a:c") == 5
    assert await kept(f"{lists}?limit=1&sort=rank", f"{lists}?sort=rank&limit=1") == 1
    assert await kept(f"/v1/collections/{CHAIN}/0x{contract(1)[2:].upper()}", BASE) == 1


async def test_an_etag_stays_while_nothing_changes_and_spares_the_transfer(reads: Reads, redis: Redis) -> None:
    for path in PATHS:
        first = await reads.http.get(path)
        assert first.headers["cache-control"] == "public, no-cache"
        await redis.flushall()  # what was made again has the same tag
        again = await reads.http.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
    before = (await reads.http.get(BASE)).headers["etag"]
    await rename(reads, "Renamed")
    await CatalogCache(redis).bump([(ON, OF)])
    assert (await reads.http.get(BASE, headers={"if-none-match": before})).status_code == 200


async def test_a_page_with_a_cursor_keeps_its_etag_too(reads: Reads, redis: Redis) -> None:
    first = await reads.http.get(f"{BASE}/tokens?limit=1")
    assert first.json()["nextCursor"]
    await redis.flushall()
    await asyncio.sleep(1.1)  # a cursor that named the second would differ now
    again = await reads.http.get(f"{BASE}/tokens?limit=1")
    assert again.headers["etag"] == first.headers["etag"]


async def test_flags_are_seen_at_once_and_stand_in_the_audit_log(reads: Reads, redis: Redis) -> None:
    flags = Flags(reads.pool, CatalogCache(redis))

    async def listed() -> list[str]:
        items: list[dict[str, Any]] = (await reads.http.get(f"{BASE}/tokens")).json()["items"]
        return [item["tokenId"] for item in items]

    assert await listed() == ["1", "2"]
    said = {"reason": "airdropped by the thousand", "operator": "ada"}
    await flags.set_token(ON, OF, TokenId(1), {"spam": True}, **said)
    assert await listed() == ["2"]
    found = await flags.set_token(ON, OF, TokenId(1), {"spam": False, "nsfw": True}, **said)
    assert (found.spam, found.nsfw) == (False, True)
    assert found.reason["nsfw"] == {"set": True, "reason": said["reason"], "by": "ada"}
    assert (await reads.http.get(f"{BASE}/tokens/1")).json()["flags"] == ["nsfw"]
    assert await flags.clear_token(ON, OF, TokenId(1), **said)
    assert not await flags.clear_token(ON, OF, TokenId(1), **said)
    assert "flags" not in (await reads.http.get(f"{BASE}/tokens/1")).json()
    await flags.set_collection(ON, OF, {"hidden": True}, **said)
    assert (await reads.http.get(BASE)).status_code == 404
    events = await reads.pool.fetch(
        "SELECT event_type, metadata FROM audit_service.security_events ORDER BY created_at"
    )
    assert [row["event_type"] for row in events] == ["catalog.token_flagged"] * 3 + ["catalog.collection_flagged"]
    assert {row["metadata"]["operator"] for row in events} == {"ada"}
