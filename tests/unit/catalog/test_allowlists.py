"""Published allowlists: what they say of an account, how much that reads, and how long they stay."""

from __future__ import annotations

import json
from uuid import uuid4

import asyncpg
import pytest

from steadymint.catalog.allowlists import PROOF, Allowlists, AllowlistSweep, Eligibility
from steadymint.domain.allowlists import AllowlistTree, leaf_of
from steadymint.domain.errors import RateLimitedError
from steadymint.domain.types import Address, UserId
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from tests.support.catalog_rows import at, collection_row, insert
from tests.support.merkle import Merkle

SOMEBODY = UserId(uuid4())
MANY = 50_000


def tree_of(count: int, first: int = 1) -> AllowlistTree:
    return AllowlistTree.of(addresses(count, first))


def addresses(count: int, first: int = 1) -> list[Address]:
    return [Address(f"0x{number:040x}") for number in range(first, first + count)]


async def test_everybody_on_a_list_gets_the_proof_and_nobody_else(pool: asyncpg.Pool) -> None:
    lists = Allowlists(pool)
    for count in range(1, 18):
        tree, listed = tree_of(count), addresses(count)
        await lists.publish(tree, SOMEBODY, 100)
        for one in listed:
            proof = tuple("0x" + node.hex() for node in Merkle(listed).proof(one))
            assert await lists.of(tree.root, one) == Eligibility(proof)
        for one in addresses(20, 100):
            assert await lists.of(tree.root, one) == Eligibility(None)
    assert await lists.of(tree_of(18).root, addresses(1)[0]) is None


async def test_the_proof_is_the_one_that_the_storefront_makes(pool: asyncpg.Pool) -> None:
    lists, people = Allowlists(pool), [Address(one.address.lower()) for one in DEV_ACCOUNTS[:5]]
    tree = AllowlistTree.of(people)
    await lists.publish(tree, SOMEBODY, 1)
    assert await lists.of(tree.root, people[3]) == Eligibility((
        "0x208697df1b2d4c083944c10909fe1ed6e99c1eaccff33ba129464b28f8245f01",
        "0xd791b4384f11048b2330e9ec924a5c80226526b5e9d7f65537637981af4d404f",
        "0xe5b6e3298144ffbc1521ae5d17fdce81184e774c84119e5d254141bd246c771f",
    ))  # fmt: skip


async def test_a_question_reads_slices_of_the_largest_list_and_not_the_list(pool: asyncpg.Pool) -> None:
    tree = tree_of(MANY)
    await Allowlists(pool).publish(tree, SOMEBODY, 1)
    whole = await pages_read(pool, "select md5(nodes) from catalog_service.allowlists where root = $1", tree.root)
    slices = await pages_read(pool, PROOF, tree.root, leaf_of(addresses(1, MANY // 2)[0]))
    assert slices < whole / 2, (slices, whole)


async def pages_read(pool: asyncpg.Pool, sql: str, *args: object) -> int:
    found = await pool.fetchval("explain (analyze, buffers, format json) " + sql, *args)
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


async def test_a_user_publishes_so_many_new_lists_a_day_and_old_ones_again(pool: asyncpg.Pool) -> None:
    lists = Allowlists(pool)
    for count in (1, 2):
        await lists.publish(tree_of(count), SOMEBODY, 2)
    await lists.publish(tree_of(1), SOMEBODY, 2)
    with pytest.raises(RateLimitedError) as refused:
        await lists.publish(tree_of(3), SOMEBODY, 2)
    assert 86_000 < (refused.value.retry_after or 0) <= 86_400
    await lists.publish(tree_of(3), UserId(uuid4()), 2)
    await pool.execute("update catalog_service.allowlists set created_at = now() - interval '25 h'")
    await lists.publish(tree_of(4), SOMEBODY, 2)


async def test_a_list_that_no_collection_has_ever_named_is_deleted_after_its_days(pool: asyncpg.Pool) -> None:
    lists, sweep = Allowlists(pool), AllowlistSweep(pool)
    named, unnamed, again = (tree_of(count) for count in (1, 2, 3))
    collection = collection_row(1)
    rules = {
        "collection_id": collection["id"], "allowlist_root": named.root, "block_number": 1, "updated_at": at(1),
    }  # fmt: skip
    await insert(pool, "catalog_service.collections", [collection])
    await insert(pool, "catalog_service.collection_mint_config", [rules])
    for tree in (named, unnamed, again):
        await lists.publish(tree, SOMEBODY, 3)
    assert await sweep.run() == 0, "their days are not over"
    await pool.execute("delete from catalog_service.collection_mint_config")  # as while the index begins anew
    await pool.execute("update catalog_service.allowlists set published_at = now() - interval '31 d'")
    await lists.publish(again, SOMEBODY, 3)
    assert [await sweep.run(), await sweep.run()] == [1, 0]
    kept = {row["root"] for row in await pool.fetch("select root from catalog_service.allowlists")}
    assert kept == {named.root, again.root}
