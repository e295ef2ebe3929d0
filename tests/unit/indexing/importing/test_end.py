"""How an import ends: `done` if it understood something or there was nothing to understand, else `failed` with why."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import load_artifact
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER, TRANSFER
from steadymint.stack.deploy import create
from tests.support.forged_logs import CATS, ZERO, log, topic, transfer, words
from tests.support.importing import register, run_until_imported
from tests.support.indexing import ALICE, BOB, Driver, Index, call_data, fetch

OLD = log(CATS, [TRANSFER], words(0, int(ALICE, 16), 7))
NO_FORM = log(CATS, [TRANSFER, topic(ZERO), topic(ALICE)], words(7))
RANGE = log(CATS, [CONSECUTIVE_TRANSFER, topic(1), topic(ZERO), topic(ALICE)], words(50))
TOO_WIDE = log(CATS, [CONSECUTIVE_TRANSFER, topic(1), topic(ZERO), topic(ALICE)], words(2**255))


async def history_of(driver: Driver, *logs: Log) -> Any:
    """An ERC-721 by ERC-165 with these logs in its past."""
    contract = (await create(driver.anvil, "ForeignERC721"))["contractAddress"]
    honest = await driver.anvil.rpc("eth_getCode", contract, "latest")
    await driver.anvil.rpc("anvil_setCode", contract, load_artifact("LogForge").deployed_bytecode)
    forged = [([bytes.fromhex(t[2:]) for t in one.topics], bytes.fromhex(one.data[2:])) for one in logs]
    await driver.receipt(await driver.send(BOB, contract, call_data("LogForge", "emitLogs", forged)))
    await driver.anvil.rpc("anvil_setCode", contract, honest)
    return contract


CASES = {
    "the old form": ([OLD], "done", None, 0, 1),
    "a range, one of which moved": ([RANGE, transfer(ALICE, BOB, 7)], "done", None, 0, 50),
    "no known form": ([NO_FORM] * 3, "failed", "none of its 3 events", 3, 0),
    "a range wider than any": ([TOO_WIDE], "failed", "none of its 1 events", 1, 0),
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
