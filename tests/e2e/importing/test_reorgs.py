"""A reorg of imported blocks, during the import or after it, leaves what the final chain says."""

from __future__ import annotations

from contextlib import suppress

import pytest

from steadymint.chain.nodes.chain import FACTORY
from steadymint.domain.types import Address
from tests.support.importing import (
    chain_rows,
    foreign_drop,
    foreign_editions,
    move,
    past,
    register,
    run_until_imported,
)
from tests.support.indexing import ALICE, BOB, CAROL, Driver, Index, fetch
from tests.support.killing import KilledError, Killer


async def test_a_reorg_of_imported_blocks_rolls_back_with_everything_else(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    index.chain["reorg_window"] = 40
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    await past(driver, drop, editions)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await move(driver, drop, 12, ALICE, CAROL)
    await driver.call(drop, "ForeignDrop", "burn", 13)
    await driver.call(drop, "ForeignDrop", "transferOwnership", CAROL, sender=BOB)
    await driver.call(editions, "ForeignERC1155", "safeTransferFrom", BOB, CAROL, 1, 4, b"", sender=BOB)
    await driver.anvil.mine(4)
    await index.catch_up()
    for contract in (drop, editions):
        await register(index, contract)
    await run_until_imported(index, drop, editions)
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await move(driver, drop, 12, ALICE, BOB)
    await driver.anvil.mine(12)

    summary = await index.catch_up()

    assert summary.reorgs == 1
    await index.catch_up(dsn=fresh_index)
    for contract in (drop, editions):
        await register(index, contract, fresh_index)
    await run_until_imported(index, drop, editions, dsn=fresh_index)
    await index.catch_up()
    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)
    owner = await fetch(index.dsn, "select owner from catalog_service.collections where contract_address = $1", drop)
    assert owner == [{"owner": BOB}]


async def test_a_reorg_while_the_newest_blocks_are_imported_is_read_again(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    index.chain["reorg_window"] = 40
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    await past(driver, drop, editions)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await move(driver, drop, 12, ALICE, CAROL)
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, drop)
    points = Killer(15)
    with suppress(KilledError):
        await run_until_imported(index, drop, fault=points)
    under_way = await fetch(index.dsn, "select status from catalog_service.sync_state where source = 'import'")
    assert under_way == [{"status": "running"}]
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await move(driver, drop, 12, ALICE, BOB)
    await driver.anvil.mine(12)

    await run_until_imported(index, drop)
    await index.catch_up()

    await index.catch_up(dsn=fresh_index)
    await register(index, drop, fresh_index)
    await run_until_imported(index, drop, dsn=fresh_index)
    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)


@pytest.mark.parametrize("status", ["syncing", "failed"])
async def test_a_creation_that_is_met_ends_an_import_of_its_collection(
    driver: Driver, index: Index, fresh_index: str, status: str
) -> None:
    """Its factory is registered later, and its blocks are read again. Another import goes before it."""
    drop = await foreign_drop(driver)
    await driver.anvil.mine(3)
    before = await driver.anvil.block_number()
    ours = Address(await driver.create(0))
    for _ in range(6):
        await driver.mint(ours, 2)
    await driver.anvil.mine(16)
    index.chain["roles"] = {"0x" + "12" * 20: FACTORY}
    await index.catch_up()
    for contract in (drop, ours):
        await register(index, contract)
    change = "update catalog_service.collections set index_status = $1 where contract_address = $2"
    await fetch(index.dsn, change, status, ours)
    index.chain.pop("roles")

    for _ in range(2):
        async with index.indexer() as indexer:
            await indexer.rewind(before)
        await index.catch_up()
    await run_until_imported(index, drop)
    await driver.mint(ours, 2)
    await driver.anvil.mine(2)
    await index.catch_up()

    await index.catch_up(dsn=fresh_index)
    await register(index, drop, fresh_index)
    await run_until_imported(index, drop, dsn=fresh_index)
    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)
    imports = await fetch(index.dsn, "select status from catalog_service.sync_state where source = 'import'")
    assert imports == [{"status": "done"}]
