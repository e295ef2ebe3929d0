"""The indexer over a real node and a real database."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from typing import Final

import pytest
from eth_abi.abi import encode

from steadymint.chain.nodes.chain import FACTORY
from steadymint.indexing import indexer
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.projection import Projection
from steadymint.indexing.reading.source import RANGE_WEIGHT
from steadymint.indexing.subjects.movements import rows as movement_rows
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER
from steadymint.indexing.subjects.subject import RenderedBatch
from tests.support.indexing import ALICE, BOB, CAROL, ZERO, Driver, Index, catalog_of, fetch, indexed_chain
from tests.support.killing import Killer


async def test_a_collection_and_its_tokens_are_in_the_catalog_with_owners_balances_and_history(
    driver: Driver, index: Index
) -> None:
    cats = await driver.create(0, name="Cool Cats", max_supply=100)
    editions = await driver.create(1, name="Éditions №1")
    await driver.mint(cats, 3)
    await driver.transfer(cats, 2, ALICE, BOB)
    await driver.mint_batch(editions, [7, 8, 7], [5, 1, 2])
    await driver.transfer_1155(editions, 7, 3, ALICE, CAROL)
    await driver.anvil.mine(1)

    summary = await index.catch_up()

    assert summary.checkpoint == await driver.anvil.block_number() - 1
    collections = await fetch(
        index.dsn,
        "select contract_address, name, slug, standard, creator, owner, max_supply, total_supply, total_minted, paused,"
        " inconsistent_reason from catalog_service.collections order by created_at, deployed_block",
    )
    assert [tuple(row.values()) for row in collections] == [
        (cats, "Cool Cats", f"cool-cats-{cats[2:10]}", "erc721", ALICE, ALICE, 100, 3, 3, False, None),
        (editions, "Éditions №1", f"editions-no1-{editions[2:10]}", "erc1155", ALICE, ALICE, None, 8, 8, False, None),
    ]
    tokens = await fetch(
        index.dsn,
        "select contract_address, token_number, owner_address, supply, burned from catalog_service.tokens"
        " order by token_standard, token_number",
    )
    assert [tuple(row.values()) for row in tokens] == [
        (editions, 7, None, 7, False),
        (editions, 8, None, 1, False),
        (cats, 1, ALICE, 1, False),
        (cats, 2, BOB, 1, False),
        (cats, 3, ALICE, 1, False),
    ]
    balances = await fetch(
        index.dsn,
        "select contract, token_id, owner, quantity from catalog_service.token_balances order by quantity, 2, 3",
    )
    assert {tuple(row.values()) for row in balances} == {
        (cats, 1, ALICE, 1),
        (cats, 2, BOB, 1),
        (cats, 3, ALICE, 1),
        (editions, 7, ALICE, 4),
        (editions, 7, CAROL, 3),
        (editions, 8, ALICE, 1),
    }
    stats = await fetch(
        index.dsn,
        "select c.contract_address, s.items_count, s.owners_count from catalog_service.collection_stats s"
        " join catalog_service.collections c on c.id = s.collection_id",
    )
    assert {tuple(row.values()) for row in stats} == {(cats, 3, 2), (editions, 2, 2)}
    activities = await fetch(
        index.dsn,
        "select type, contract, token_number, quantity, from_address, to_address from catalog_service.activities"
        " order by block_number, log_index, batch_index",
    )
    zero = "0x" + "0" * 40
    assert [tuple(row.values()) for row in activities] == [
        ("mint", cats, 1, 1, zero, ALICE),
        ("mint", cats, 2, 1, zero, ALICE),
        ("mint", cats, 3, 1, zero, ALICE),
        ("transfer", cats, 2, 1, ALICE, BOB),
        ("mint", editions, 7, 5, zero, ALICE),
        ("mint", editions, 8, 1, zero, ALICE),
        ("mint", editions, 7, 2, zero, ALICE),
        ("transfer", editions, 7, 3, ALICE, CAROL),
    ]


async def test_indexing_block_by_block_gives_the_same_catalog_as_indexing_at_once(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    cats = await driver.create(0)
    await index.catch_up()
    editions = await driver.create(1)
    for step in (
        driver.mint(cats, 2),
        driver.transfer(cats, 1, ALICE, BOB),
        driver.call(cats, "Collection721", "pause"),
        driver.call(cats, "Collection721", "unpause"),
        driver.call(cats, "Collection721", "setMintConfig", (10**17, 5, 2**64 - 1, 3, b"\x01" * 32)),
        driver.mint_batch(editions, [1, 2], [10, 10]),
        driver.transfer_1155(editions, 1, 4, ALICE, BOB),
        driver.transfer_1155(editions, 1, 4, BOB, ALICE),
        driver.call(editions, "Collection1155", "transferOwnership", BOB),
    ):
        await step
        await index.catch_up()
    await driver.anvil.mine(2)
    await index.catch_up()

    await index.catch_up(dsn=fresh_index)

    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


EMITS_A_RANGE: Final = "0x" + "".join([
    "600035600052",  # the last token: what the log's data is
    "606035604035602035",  # the three topics after the first: first token, sender, recipient
    f"7f{CONSECUTIVE_TRANSFER[2:]}",
    "60206000a400",
])  # fmt: skip
"""A contract that says whatever range of tokens it is told (EIP-2309)."""
RANGE: Final = 20
"""Tokens. A range weighs as if it were of ten thousand."""


async def test_new_blocks_with_ranges_of_tokens_are_several_transactions_and_the_same_rows(
    driver: Driver, index: Index, fresh_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They once were one: as many ranges as sixteen blocks hold, written while no heartbeat could be sent."""
    rendered: set[tuple[bool, bool]] = set()
    render = Projection.render

    def watched(self: Projection, batch: Batch, children: Mapping[str, Child]) -> RenderedBatch:
        rendered.add((bool(batch.movements), threading.current_thread() is threading.main_thread()))
        return render(self, batch, children)

    monkeypatch.setattr(Projection, "render", watched)
    contract = await driver.create(0)
    await driver.anvil.mine(1)
    for dsn in (index.dsn, fresh_index):
        await index.catch_up(dsn=dsn)
        await fetch(dsn, "update catalog_service.collections set source = 'import', index_status = 'synced'")
    await driver.anvil.rpc("anvil_setCode", contract, EMITS_A_RANGE)
    for first in range(0, 15 * RANGE, RANGE):
        data = encode(["uint256", "uint256", "address", "address"], [first + RANGE - 1, first, ZERO, ALICE])
        await driver.receipt(await driver.send(ALICE, contract, "0x" + data.hex()))
    await driver.anvil.mine(1)
    monkeypatch.setattr(indexer, "LOGS_PER_TRANSACTION", 5 * (RANGE_WEIGHT + 1))
    points, at_once = Killer(), Killer()

    await index.catch_up(fault=points)
    monkeypatch.setattr(indexer, "LOGS_PER_TRANSACTION", 10**9)
    await index.catch_up(dsn=fresh_index, fault=at_once)

    assert points.passed.count("committed") - at_once.passed.count("committed") == 2
    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)
    assert rendered == {(True, False), (False, True)}  # only what is heavy pays for a thread
    owned = await fetch(index.dsn, "select owner_address, count(*) as number from catalog_service.tokens group by 1")
    assert owned == [{"owner_address": ALICE, "number": 15 * RANGE}]


async def test_the_reader_says_of_itself_when_it_seals_its_first_reading_and_how_old_the_head_is(
    driver: Driver, index: Index
) -> None:
    said: list[tuple[bool, bool]] = []
    index.options["progress"] = lambda summary: said.append((summary.first_reading, summary.sealing))
    await driver.anvil.mine(2)

    summary = await index.catch_up()

    assert summary.head_at == int((await driver.anvil.rpc("eth_getBlockByNumber", "latest", False))["timestamp"], 16)
    assert [now for before, now in itertools.pairwise([(True, False), *said]) if now != before] == [
        (True, True),
        (False, False),
    ]


async def test_a_slug_that_is_taken_gives_way_to_the_long_one(driver: Driver, index: Index) -> None:
    cats = await driver.create(0, name="Cool Cats")
    taken = f"cool-cats-{cats[2:10]}"
    await fetch(
        index.dsn,
        "insert into catalog_service.collections (id, slug, name, chain_id, contract_address, standard, created_at,"
        " updated_at) values (gen_random_uuid(), $1, 'Cool Cats', 'eip155:1', $2, 'erc721', now(), now())",
        taken,
        BOB,
    )
    await driver.anvil.mine(1)

    await index.catch_up()

    slugs = await fetch(index.dsn, "select slug from catalog_service.collections where chain_id <> 'eip155:1'")
    assert [row["slug"] for row in slugs] == [f"cool-cats-{cats[2:]}-31337"]


async def test_a_collection_of_an_older_factory_stays_known(driver: Driver, index: Index, fresh_index: str) -> None:
    cats = await driver.create(0)
    await driver.anvil.mine(1)
    await index.catch_up()
    index.chain["roles"] = {"0x" + "12" * 20: FACTORY}  # a newer one has taken over
    await driver.mint(cats, 2)
    await driver.anvil.mine(1)

    await index.catch_up()

    tokens = await fetch(index.dsn, "select count(*) as number from catalog_service.tokens")
    assert tokens[0]["number"] == 2


async def test_large_and_small_batches_take_different_roads_to_the_same_rows(
    driver: Driver, index: Index, fresh_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cats = await driver.create(0)
    await driver.mint(cats, 10)
    for token in (1, 2, 3):
        await driver.transfer(cats, token, ALICE, BOB)
    await driver.anvil.mine(1)
    await index.catch_up()

    monkeypatch.setattr(movement_rows, "DIRECT_COPY", 1)
    await index.catch_up(dsn=fresh_index)

    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


async def test_a_factory_that_is_registered_while_the_indexer_runs_counts_from_the_next_block_on(
    driver: Driver, index: Index
) -> None:
    known = indexed_chain(driver)
    index.chain["roles"] = {}
    asked = 0

    async def registry() -> IndexedChain:
        nonlocal asked
        asked += 1
        return known

    index.options["refresh"] = registry
    cats = await driver.create(0)
    await driver.anvil.mine(1)

    await index.catch_up()

    rows = await fetch(index.dsn, "select contract_address from catalog_service.collections")
    assert [row["contract_address"] for row in rows] == [cats]
    assert asked
