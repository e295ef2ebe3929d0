"""Collections that others have deployed: imported with all of their past, and followed like our own from then on."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from steadymint.documents import EVENTS_RAW, Document, collection_of
from steadymint.domain.errors import (
    AlreadyInCatalogError,
    ContractNotFoundError,
    NotACollectionError,
    TooManyImportsError,
    UpstreamUnavailableError,
)
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import Address, ChainId
from steadymint.indexing import history, indexer
from steadymint.indexing.importing import backfill, pieces, registration
from steadymint.indexing.reading import span_width
from steadymint.indexing.store.raw_store import MongoRawStore
from steadymint.indexing.subjects.table import BELIEVED
from steadymint.stack.deploy import create
from tests.support.importing import chain_rows, foreign_drop, foreign_editions, register, run_until_imported
from tests.support.indexing import ALICE, BOB, CAROL, ZERO, Driver, Index, call_data, fetch
from tests.support.raw_logs import unpacked


@pytest.fixture(autouse=True)
def small_pieces(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an import of a few blocks has many pieces, of the deep past and of the newest blocks."""
    index.chain["reorg_window"] = 8
    index.options["source"] = {"target_bytes": 2_000}
    monkeypatch.setattr(backfill, "TAIL_AT_ONCE", 3)
    monkeypatch.setattr(pieces, "LOGS_PER_PIECE", 4)
    monkeypatch.setattr(backfill, "LOOK_EVERY", 0.05)


async def move(driver: Driver, drop: Address, token_id: int, sender: str, recipient: str) -> None:
    await driver.call(drop, "ForeignDrop", "transferFrom", sender, recipient, token_id, sender=sender)


async def past(driver: Driver, drop: Address, editions: Address) -> None:
    """Twenty blocks and more of it."""
    for token_id in range(10, 20):
        await driver.call(drop, "ForeignDrop", "mint", ALICE, token_id)
    await move(driver, drop, 10, ALICE, BOB)
    await move(driver, drop, 10, BOB, CAROL)
    await driver.call(drop, "ForeignDrop", "burn", 11)
    await driver.call(drop, "ForeignDrop", "setTokenURI", 12, "ipfs://twelve")
    await driver.call(drop, "ForeignDrop", "transferOwnership", BOB)
    await driver.call(editions, "ForeignERC1155", "mintBatch", ALICE, [1, 2, 3], [10, 20, 30])
    await driver.call(editions, "ForeignERC1155", "safeTransferFrom", ALICE, BOB, 1, 4, b"")
    await driver.anvil.mine(12)


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
    await run_until_imported(index, drop, editions)
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


class KilledError(BaseException):
    """Not an Exception: nothing may catch it and go on."""


class Killer:
    """Dies at the n-th point of an import."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed: list[str] = []

    def __call__(self, point: str) -> None:
        self.passed.append(point)
        if self.at is not None and len(self.passed) > self.at:
            raise KilledError(point)


async def test_x23_an_import_killed_at_every_point_ends_as_if_it_never_was(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    await past(driver, drop, editions)
    for dsn in (index.dsn, fresh_index):
        await index.catch_up(dsn=dsn)
        await register(index, drop, dsn)
    points = Killer()
    await run_until_imported(index, drop, fault=points, dsn=fresh_index)
    assert points.passed.count("import committed") > 3

    # Each attempt gets one point further than the one before, and dies there.
    for at in itertools.count():
        try:
            await run_until_imported(index, drop, fault=Killer(at))
        except KilledError:
            continue
        break

    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)


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


async def test_only_collections_that_are_not_in_the_catalog_are_imported(driver: Driver, index: Index) -> None:
    coin = Address((await create(driver.anvil, "ForeignERC20"))["contractAddress"])
    ours, drop = Address(await driver.create(0)), await foreign_drop(driver)
    await driver.anvil.mine(4)
    await index.catch_up()

    for contract, refusal in (
        (Address(ALICE), ContractNotFoundError),
        (coin, NotACollectionError),
        (ours, AlreadyInCatalogError),
    ):
        with pytest.raises(refusal):
            await register(index, contract)
    await register(index, drop)
    await register(index, drop)  # asked for twice, begun once
    await run_until_imported(index, drop)
    with pytest.raises(AlreadyInCatalogError):
        await register(index, drop)


async def test_users_wait_while_many_are_under_way_and_operators_do_not(
    driver: Driver, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await foreign_drop(driver), await foreign_drop(driver)
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, first)
    monkeypatch.setattr(registration, "AT_ONCE", 1)

    with pytest.raises(TooManyImportsError):
        await register(index, second, requested_by=uuid4())
    await register(index, first, requested_by=uuid4())  # this one is under way: joined
    await register(index, second)


async def test_raw_logs_of_an_import_stand_beside_those_of_their_blocks_each_once(
    driver: Driver, index: Index, mongo: str
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    ours = await driver.create(0)
    await driver.mint(ours, 1)
    await past(driver, drop, editions)
    client: AsyncMongoClient[Document] = AsyncMongoClient(mongo)
    raw = collection_of(client, EVENTS_RAW)
    index.options["raw"] = MongoRawStore(raw, ChainId(driver.anvil.caip2))
    await index.catch_up()
    await register(index, drop)
    for at in (0, 20):  # killed with raw logs written and their rows not
        with suppress(KilledError):
            await run_until_imported(index, drop, fault=Killer(at))

    await run_until_imported(index, drop)

    found = [
        (one["address"], one["transactionHash"], one["logIndex"])
        async for document in raw.find()
        for one in unpacked(document)
    ]
    query = {"fromBlock": "0x0", "toBlock": "latest", "address": drop, "topics": [list(BELIEVED)]}
    logs = await driver.anvil.rpc("eth_getLogs", query)
    assert len(set(found)) == len(found)
    assert {(drop, log["transactionHash"], log["logIndex"]) for log in logs} <= set(found)
    assert ours in {address for address, _, _ in found}
    await client.close()


async def test_a_contract_above_the_checkpoint_waits_since_it_may_turn_out_to_be_ours(
    driver: Driver, index: Index
) -> None:
    await driver.anvil.mine(4)
    await index.catch_up()
    ours = Address(await driver.create(0))
    await driver.anvil.mine(4)

    with pytest.raises(UpstreamUnavailableError):
        await register(index, ours)
    await index.catch_up()
    with pytest.raises(AlreadyInCatalogError):
        await register(index, ours)
