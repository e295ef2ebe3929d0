"""How an import ends: `done` if it understood something or there was nothing to understand, else `failed` with why."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import load_artifact
from steadymint.catalog.imports import import_progress
from steadymint.database import create_pool
from steadymint.domain.errors import AlreadyInCatalogError
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.topics import OWNERSHIP_TRANSFERRED
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER, TRANSFER
from steadymint.stack.deploy import create
from tests.support.forged_logs import CATS, ZERO, log, topic, transfer, words
from tests.support.importing import register, run_until_imported
from tests.support.indexing import ALICE, BOB, Driver, Index, call_data, fetch

OLD = log(CATS, [TRANSFER], words(0, int(ALICE, 16), 7))
NO_FORM = log(CATS, [TRANSFER, topic(ZERO), topic(ALICE)], words(7))
OWNED = log(CATS, [OWNERSHIP_TRANSFERRED, topic(ZERO), topic(ALICE)])
RANGE = log(CATS, [CONSECUTIVE_TRANSFER, topic(1), topic(ZERO), topic(ALICE)], words(50))
HALF = log(CATS, [CONSECUTIVE_TRANSFER, topic(1), topic(ZERO), topic(ALICE)], words(6000))
BEYOND = log(CATS, [CONSECUTIVE_TRANSFER, topic(6001), topic(ZERO), topic(ALICE)], words(12_000))
TOO_WIDE = log(CATS, [CONSECUTIVE_TRANSFER, topic(1), topic(ZERO), topic(ALICE)], words(2**255))


async def history_of(driver: Driver, *logs: Log) -> Any:
    """An ERC-721 by ERC-165 with these logs in its past."""
    contract = (await create(driver.anvil, "ForeignERC721"))["contractAddress"]
    await emit(driver, contract, *logs)
    return contract


async def emit(driver: Driver, contract: str, *logs: Log) -> None:
    """The contract emits these logs, in one transaction."""
    honest = await driver.anvil.rpc("eth_getCode", contract, "latest")
    await driver.anvil.rpc("anvil_setCode", contract, load_artifact("LogForge").deployed_bytecode)
    forged = [([bytes.fromhex(t[2:]) for t in one.topics], bytes.fromhex(one.data[2:])) for one in logs]
    await driver.receipt(await driver.send(BOB, contract, call_data("LogForge", "emitLogs", forged)))
    await driver.anvil.rpc("anvil_setCode", contract, honest)


CASES = {
    "the old form": ([OLD], "done", None, 0, 1),
    "a range, one of which moved": ([RANGE, transfer(ALICE, BOB, 7)], "done", None, 0, 50),
    "no known form": ([NO_FORM] * 3, "failed", "none of its 3 events", 3, 0),
    "a range wider than any": ([TOO_WIDE], "failed", "claims no more than 10,000 tokens of one block", 1, 0),
    "ranges that are too wide together": (
        [HALF, BEYOND],
        "done",
        "claim more than 10,000 tokens of one block",
        1,
        6000,
    ),
    "some of it": ([OLD, NO_FORM, NO_FORM], "done", "2 of its events", 2, 1),
    "nothing yet": ([], "done", "No transfer of it was found", 0, 0),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_an_import_is_done_only_if_it_understood_what_there_was(
    driver: Driver, index: Index, case: tuple[list[Log], str, str | None, int, int]
) -> None:
    logs, status, note, failed, tokens = case
    await driver.create(0)
    contract = await history_of(driver, *logs)
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, contract)

    (progress,) = await run_until_imported(index, contract)

    assert (progress.status, progress.failed) == (status, failed)
    assert (progress.note is None) if note is None else note in (progress.note or "")
    rows = await fetch(
        index.dsn,
        "select c.index_status, (select count(*) from catalog_service.tokens t where t.collection_id = c.id) as tokens"
        " from catalog_service.collections c where c.contract_address = $1",
        contract,
    )
    assert rows == [{"index_status": "synced" if status == "done" else "failed", "tokens": tokens}]


def counting(target: str, supply: int) -> str:
    """Code that answers `totalSupply()`, and has the contract `target` answer everything else."""
    ask = "36600060003760006000366000" + f"73{target[2:]}5af4" + "3d600060003e3d6000f3"
    head = "60003560e01c6318160ddd1460"
    counted = len(bytes.fromhex(head + "0057" + ask))
    return f"0x{head}{counted:02x}57{ask}5b7f{supply:064x}60005260206000f3"


@pytest.mark.parametrize(
    ("supply", "logs", "status", "note"),
    [
        (7, [], "failed", "It says that it has 7 tokens"),
        (2**256 - 1, [log(CATS, [topic(99)], words(1))], "failed", "It says that it has 115,792"),
        (0, [], "done", "No transfer of it was found"),
        (7, [OLD], "done", None),
    ],
    ids=["it never says anything", "it says what nobody knows", "it has no tokens", "it says some of it"],
)
async def test_a_contract_that_counts_tokens_and_tells_of_none_is_not_imported(
    driver: Driver, index: Index, supply: int, logs: list[Log], status: str, note: str | None
) -> None:
    await driver.create(0)
    honest = await history_of(driver)
    contract = await history_of(driver, *logs)
    await driver.anvil.rpc("anvil_setCode", contract, counting(honest, supply))
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, contract)

    (progress,) = await run_until_imported(index, contract)

    assert (progress.status, progress.failed) == (status, 0)
    assert (progress.note is None) if note is None else note in (progress.note or "")


async def test_a_failed_import_starts_anew_when_it_is_asked_for_again(driver: Driver, index: Index) -> None:
    """By then the contract may have been upgraded, or we may read what we did not."""
    await driver.create(0)
    contract = await history_of(driver, NO_FORM, OWNED)
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, contract)
    (failed,) = await run_until_imported(index, contract)
    assert (failed.status, failed.failed) == ("failed", 1)
    await emit(driver, contract, OLD)
    await driver.anvil.mine(4)
    await index.catch_up()

    order = await register(index, contract)
    async with await create_pool(index.dsn, min_size=1, max_size=1) as pool:
        due = await import_progress(pool, order.chain_id, contract)
    assert due is not None
    assert (due.status, due.failed, due.done, due.note) == ("due", 0, 0, None)
    (done,) = await run_until_imported(index, contract)

    assert (done.status, done.failed, done.done) == ("done", 1, done.total)
    (row,) = await fetch(
        index.dsn,
        "select c.index_status, c.owner, (select count(*) from catalog_service.tokens t where t.collection_id = c.id)"
        " as tokens from catalog_service.collections c where c.contract_address = $1",
        contract,
    )
    assert row == {"index_status": "synced", "owner": ALICE.lower(), "tokens": 1}
    with pytest.raises(AlreadyInCatalogError):
        await register(index, contract)
