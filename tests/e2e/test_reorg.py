"""Reorgs on a real node: the catalog always equals a fresh index of the final chain, row for row."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.indexing import SpanSummary
from steadymint.indexing.indexed_chain import IndexerHaltedError
from tests.support.indexing import ALICE, BOB, CAROL, Driver, Index, catalog_of, fetch


async def history(driver: Driver) -> tuple[str, str]:
    """A bit of everything, N deep afterwards."""
    cats = await driver.create(0, name="Cats")
    editions = await driver.create(1, name="Editions")
    await driver.mint(cats, 5)
    await driver.transfer(cats, 1, ALICE, BOB)
    await driver.mint_batch(editions, [1, 2, 3], [10, 20, 30])
    await driver.transfer_1155(editions, 1, 10, ALICE, BOB)
    await driver.anvil.mine(3)
    return cats, editions


async def doomed(driver: Driver, cats: str, editions: str) -> None:
    """What the reorg takes back: births, mints, movements there and back, roles, rules, ownership."""
    await driver.transfer(cats, 1, BOB, CAROL)
    await driver.transfer(cats, 2, ALICE, CAROL)
    await driver.mint(cats, 2, sender=CAROL)
    await driver.transfer_1155(editions, 1, 4, BOB, ALICE)
    await driver.transfer_1155(editions, 2, 20, ALICE, CAROL)
    await driver.mint_batch(editions, [4], [1])
    await driver.call(cats, "Collection721", "setMintConfig", (7, 0, 0, 0, b"\x07" * 32))
    await driver.call(cats, "Collection721", "grantRole", b"\x55" * 32, CAROL)
    await driver.call(editions, "Collection1155", "transferOwnership", BOB)
    await driver.call(cats, "Collection721", "pause")
    late = await driver.create(0, name="Late")
    await driver.mint(late, 3)


async def instead(driver: Driver, cats: str, editions: str) -> None:
    """What the chain holds in its place."""
    await driver.transfer(cats, 1, BOB, ALICE)
    await driver.mint(cats, 1, sender=BOB)
    await driver.transfer_1155(editions, 1, 10, BOB, CAROL)
    await driver.call(cats, "Collection721", "setRoyalty", BOB, 777)
    other = await driver.create(1, name="Other")
    await driver.mint_batch(other, [1], [9])


async def replaced(driver: Driver, index: Index, blocks_after: int) -> None:
    """`doomed` happens, is indexed, and is exchanged for `instead`, which ends up longer."""
    cats, editions = await history(driver)
    await index.catch_up()
    snapshot = await driver.anvil.rpc("evm_snapshot")
    start = await driver.anvil.block_number()
    await doomed(driver, cats, editions)
    await driver.anvil.mine(blocks_after)
    await index.catch_up()
    seen = await driver.anvil.block_number()
    await driver.anvil.rpc("evm_revert", snapshot)
    assert await driver.anvil.block_number() == start
    # Another timestamp, or the node would mine the very same blocks again.
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await instead(driver, cats, editions)
    await driver.anvil.mine(max(0, seen - await driver.anvil.block_number()) + 2)


async def test_a_reorg_deeper_than_n_rolls_the_catalog_back(driver: Driver, index: Index, fresh_index: str) -> None:
    await replaced(driver, index, blocks_after=4)

    summary = await index.catch_up()
    await index.catch_up(dsn=fresh_index)

    assert summary.reorgs == 1
    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)
    names = await fetch(index.dsn, "select name from catalog_service.collections order by deployed_block")
    assert [row["name"] for row in names] == ["Cats", "Editions", "Other"]


async def test_a_reorg_shallower_than_n_never_touches_a_row(driver: Driver, index: Index, fresh_index: str) -> None:
    index.chain["confirmations"] = 6
    cats, editions = await history(driver)
    await driver.anvil.mine(6)
    await index.catch_up()
    before = await catalog_of(index.dsn)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await driver.mint(cats, 3, sender=CAROL)
    await driver.anvil.mine(3)
    shallow = await index.catch_up()
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    assert await catalog_of(index.dsn) == before
    await instead(driver, cats, editions)
    await driver.anvil.mine(8)

    summary = await index.catch_up()
    await index.catch_up(dsn=fresh_index)

    assert (shallow.reorgs, summary.reorgs) == (0, 0)
    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


async def test_the_nodes_own_reorg_of_many_depths_ends_in_the_catalog_of_the_final_chain(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    cats, _ = await history(driver)
    for depth in (1, 3, 7, 20):
        for _ in range(3):
            await driver.mint(cats, 2, sender=BOB)
        await driver.anvil.mine(20)
        await driver.mint(cats, 1, sender=CAROL)
        await driver.anvil.mine(2)
        await index.catch_up()
        await driver.anvil.rpc("anvil_reorg", depth, [])
        await driver.anvil.mine(1)
        await index.catch_up()
    await driver.anvil.mine(3)

    await index.catch_up()
    await index.catch_up(dsn=fresh_index)

    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


async def test_a_chain_that_became_shorter_is_noticed_before_it_has_grown_again(driver: Driver, index: Index) -> None:
    cats, _ = await history(driver)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await driver.mint(cats, 3, sender=CAROL)
    await driver.anvil.mine(30)
    await index.catch_up()
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await driver.anvil.mine(2)  # far below the checkpoint

    summary = await _run_until(index, lambda found: found.reorgs == 1)

    assert summary.checkpoint <= await driver.anvil.block_number()
    owners = await fetch(
        index.dsn, "select count(*) as tokens from catalog_service.tokens where owner_address = $1", CAROL
    )
    assert owners[0]["tokens"] == 0


async def test_a_reorg_past_the_kept_blocks_halts_with_an_alarm_and_changes_nothing(
    driver: Driver, index: Index
) -> None:
    index.chain["reorg_window"] = 8
    cats, _ = await history(driver)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await driver.mint(cats, 3, sender=CAROL)
    await driver.anvil.mine(30)
    await index.catch_up()
    before = await catalog_of(index.dsn)
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await driver.anvil.mine(60)

    with pytest.raises(IndexerHaltedError):
        await index.catch_up()

    halted = await fetch(index.dsn, "select halted_reason from indexer_service.indexer_checkpoints")
    assert "deeper" in halted[0]["halted_reason"]
    assert await catalog_of(index.dsn) == before
    with pytest.raises(IndexerHaltedError):  # also after a restart
        await index.catch_up()


@pytest.mark.parametrize("block", [lambda fork: fork, lambda _: 0], ids=["the fork", "the start"])
async def test_an_operator_rewinds_a_halted_chain_and_it_is_read_again(
    driver: Driver, index: Index, fresh_index: str, block: Callable[[int], int]
) -> None:
    index.chain["reorg_window"] = 8
    cats, editions = await history(driver)
    snapshot, fork = await driver.anvil.rpc("evm_snapshot"), await driver.anvil.block_number()
    await driver.mint(cats, 3, sender=CAROL)
    await driver.anvil.mine(30)
    await index.catch_up()
    before = await catalog_of(index.dsn)
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await instead(driver, cats, editions)
    await driver.anvil.mine(60)
    with pytest.raises(IndexerHaltedError):
        await index.catch_up()

    for above in (fork + 24, fork + 1):  # above the fork, what stays would be of two chains
        async with index.indexer() as indexer:
            with pytest.raises(InvalidInputError, match=f"from block {fork + 1}$"):
                await indexer.rewind(above)
    halted = await fetch(
        index.dsn, "select halted_reason is not null as is_halted from indexer_service.indexer_checkpoints"
    )
    assert (await catalog_of(index.dsn), halted) == (before, [{"is_halted": True}])

    async with index.indexer() as indexer:
        await indexer.rewind(block(fork))
    await index.catch_up()
    await index.catch_up(dsn=fresh_index)

    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


async def test_a_halted_chain_goes_on_when_its_node_is_on_the_indexed_chain_again(driver: Driver, index: Index) -> None:
    """What `resume` relies on: an endpoint of another fork, say, that an operator has exchanged."""
    cats, _ = await history(driver)
    await index.catch_up()
    await fetch(
        index.dsn, "update indexer_service.indexer_checkpoints set halted_reason = 'the node was on another fork'"
    )
    await driver.mint(cats, 3, sender=CAROL)
    await driver.anvil.mine(3)

    summary = await index.catch_up()

    assert summary.checkpoint == await driver.anvil.block_number() - 1
    assert await fetch(index.dsn, "select halted_reason from indexer_service.indexer_checkpoints") == [
        {"halted_reason": None}
    ]


async def _run_until(index: Index, condition: Callable[[SpanSummary], bool]) -> SpanSummary:
    stop, found = asyncio.Event(), asyncio.Event()

    def watch(summary: SpanSummary) -> None:
        if condition(summary):
            found.set()

    index.options["progress"] = watch
    async with index.indexer() as indexer:
        running: Awaitable[SpanSummary] = asyncio.ensure_future(indexer.run(stop))
        async with asyncio.timeout(30):
            await found.wait()
        stop.set()
        return await running
