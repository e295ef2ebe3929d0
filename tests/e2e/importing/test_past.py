"""An import takes all of a contract's past beside a chain that goes on, and holds up nobody."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import Address
from steadymint.indexing import history, indexer
from steadymint.indexing.reading import span_width
from steadymint.stack.deploy import create
from tests.support.importing import chain_rows, foreign_drop, foreign_editions, move, past, register, run_until_imported
from tests.support.indexing import ALICE, BOB, CAROL, ZERO, Driver, Index, call_data, fetch


async def present(driver: Driver, drop: Address, editions: Address) -> None:
    """What happens while it is imported, and afterwards."""
    supply = int(await driver.anvil.rpc("eth_blockNumber"), 16) * 1000
    await driver.call(drop, "ForeignDrop", "mint", CAROL, supply)
    await move(driver, drop, supply, CAROL, BOB)
    await driver.call(editions, "ForeignERC1155", "mint", CAROL, 7, 70)
    await driver.call(editions, "ForeignERC1155", "safeTransferFrom", CAROL, ALICE, 7, 1, b"")
    await driver.anvil.mine(1)


async def answers_of_the_contracts(driver: Driver, index: Index) -> None:
    """Every balance in the catalog is what the contract itself answers."""
    head = hex((await fetch(index.dsn, "select last_block from indexer_service.indexer_checkpoints"))[0]["last_block"])
    rows = await fetch(
        index.dsn,
        "select b.contract, b.token_id, b.owner, b.quantity, t.token_standard from catalog_service.token_balances b"
        " join catalog_service.tokens t on t.contract_address = b.contract and t.token_number = b.token_id",
    )
    assert {row["token_standard"] for row in rows} == {"erc721", "erc1155"}
    for row in rows:
        if row["token_standard"] == "erc721":
            data = call_data("ForeignDrop", "ownerOf", row["token_id"])
            answer = await driver.anvil.rpc("eth_call", {"to": row["contract"], "data": data}, head)
            assert ("0x" + answer[26:], row["quantity"]) == (row["owner"], 1)
        else:
            data = call_data("ForeignERC1155", "balanceOf", row["owner"], row["token_id"])
            answer = await driver.anvil.rpc("eth_call", {"to": row["contract"], "data": data}, head)
            assert int(answer, 16) == row["quantity"]


async def test_an_import_beside_a_chain_that_goes_on_misses_and_doubles_nothing(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    ours = await driver.create(0)
    await past(driver, drop, editions)
    await index.catch_up()
    for contract in (drop, editions):
        await register(index, contract)

    async def life() -> None:
        for _ in range(30):  # without an end it would outrun pieces of a few logs on a busy machine
            await present(driver, drop, editions)
            await driver.mint(ours, 1)

    living = asyncio.create_task(life())
    try:
        await run_until_imported(index, drop, editions)
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
    await present(driver, drop, editions)  # followed like our own
    await driver.anvil.mine(2)
    await index.catch_up()

    await answers_of_the_contracts(driver, index)
    await index.catch_up(dsn=fresh_index)
    for contract in (drop, editions):
        await register(index, contract, fresh_index)
    await run_until_imported(index, drop, editions, dsn=fresh_index)
    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)
    standing = "select contract, operator, token from wallet_service.approvals where approved order by token"
    assert [tuple(row.values()) for row in await fetch(index.dsn, standing)] == [(drop, BOB, ""), (drop, CAROL, "12")]
    rows = await fetch(index.dsn, "select * from catalog_service.collections where contract_address = $1", drop)
    row = rows[0]
    assert (row["source"], row["index_status"], row["name"], row["symbol"]) == (
        "import",
        "synced",
        "Foreign Drop",
        "DROP",
    )
    assert (row["owner"], row["inconsistent_reason"]) == (BOB, None)
    assert row["total_supply"] == row["total_minted"] - 1


async def test_an_import_begins_with_the_block_of_the_contracts_birth(driver: Driver, index: Index) -> None:
    await driver.anvil.mine(7)
    receipt = await create(driver.anvil, "ForeignDrop", ALICE, 3)
    drop = Address(receipt["contractAddress"])
    await driver.anvil.mine(20)
    await index.catch_up()

    await register(index, drop)
    (progress,) = await run_until_imported(index, drop)

    born = int(receipt["blockNumber"], 16)
    rows = await fetch(index.dsn, "select deployed_block, total_supply from catalog_service.collections")
    assert rows == [{"deployed_block": born, "total_supply": 3}]
    assert progress.cursor is not None
    assert progress.done == progress.cursor - born + 1 == progress.total


async def test_all_tokens_are_queued_at_the_end_and_not_before(driver: Driver, index: Index) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    await past(driver, drop, editions)
    await index.catch_up()
    await register(index, drop)

    await run_until_imported(index, drop)

    queued = await fetch(index.dsn, "select kind, reason from catalog_service.metadata_queue")
    spans = await fetch(index.dsn, "select cursor from catalog_service.sync_state where source = 'metadata'")
    assert queued == [{"kind": "contract", "reason": "import"}]
    assert spans == [{"cursor": f"import:0:{2**256 - 1}"}]


async def test_an_import_goes_on_between_spans_of_history_and_changes_nothing_of_it(
    driver: Driver, index: Index, fresh_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    ours = await driver.create(0)
    await past(driver, drop, editions)
    early = await driver.anvil.block_number()
    for token_id in range(30, 40):
        await driver.mint(ours, 2)
        await driver.call(drop, "ForeignDrop", "mint", BOB, token_id)
        await driver.anvil.mine(9)
    for name, value in (("LIVE_TAIL", 2), ("LIVE_AT_ONCE", 1), ("IMPORT_EVERY", 0.0), ("LOOK_FOR_IMPORTS_EVERY", 0.0)):
        monkeypatch.setattr(indexer, name, value)
    monkeypatch.setattr(history, "LOGS_PER_TRANSACTION", 3)
    monkeypatch.setattr(span_width, "MAX_WIDTH", 3)
    async with index.indexer() as far_behind:
        await far_behind.run(asyncio.Event(), until_block=early)
    await register(index, drop)
    written_at: list[int] = []

    def watch(point: str) -> None:
        if point == "import committed":
            written_at.append(far_ahead.checkpoint)

    far_ahead = Watched()
    index.options["progress"] = far_ahead
    await run_until_imported(index, drop, fault=watch)
    await index.catch_up()

    assert written_at[0] < await driver.anvil.block_number() - 8  # and not after all of it
    del index.options["progress"]
    await index.catch_up(dsn=fresh_index)
    await register(index, drop, fresh_index)
    await run_until_imported(index, drop, dsn=fresh_index)
    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)


class Watched:
    """Remembers where the indexer stands."""

    checkpoint = -1

    def __call__(self, summary: SpanSummary) -> None:
        self.checkpoint = summary.checkpoint


async def test_x16_a_contract_that_lies_is_marked_and_holds_up_nobody(driver: Driver, index: Index) -> None:
    drop, ours = await foreign_drop(driver), await driver.create(0)
    await driver.call(drop, "ForeignDrop", "lie", CAROL, BOB, 1)
    await driver.call(drop, "ForeignDrop", "lie", ZERO, BOB, 1)
    await driver.call(drop, "ForeignDrop", "lie", CAROL, ZERO, 99)
    await driver.anvil.mine(12)
    await index.catch_up()
    await register(index, drop)

    await run_until_imported(index, drop)
    await driver.mint(ours, 2)
    await driver.call(drop, "ForeignDrop", "lie", CAROL, ALICE, 2)
    await driver.anvil.mine(2)
    await index.catch_up()

    rows = await fetch(
        index.dsn,
        "select c.contract_address, c.inconsistent_reason is not null as marked, c.total_supply, s.owners_count,"
        " (select count(*) from catalog_service.collection_owners o where o.collection_id = c.id) as owners"
        " from catalog_service.collections c join catalog_service.collection_stats s on s.collection_id = c.id",
    )
    by_contract = {row["contract_address"]: row for row in rows}
    assert by_contract[drop]["marked"]
    assert not by_contract[ours]["marked"]
    assert by_contract[ours]["total_supply"] == 2
    assert all(row["owners"] == row["owners_count"] for row in rows)
