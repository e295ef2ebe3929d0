"""A token that an imported contract mints to an account and moves on: what nobody is known to have allowed says so,
with its sender; what an approval, the account itself or its code explains does not."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import load_artifact
from steadymint.catalog.reads.activity import ActivityFilter, Feed, account_activity, collection_activity, read_feed
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.approvals.topics import APPROVAL_FOR_ALL
from steadymint.indexing.telling import node_facts
from steadymint.stack.deploy import create
from tests.support.forged_logs import log, topic, transfer, words
from tests.support.importing import register, run_until_imported
from tests.support.indexing import ALICE, BOB, CAROL, ZERO, Driver, Index, call_data
from tests.support.running import running, shown

FAMOUS = "0x" + "f0" * 20
WALLET = "0x" + "7a" * 20
DELEGATING = "0x" + "77" * 20
SHOWN = """
select from_address, token_number::integer, suspicious, tx_sender from catalog_service.activities
where type <> 'mint' order by block_number, log_index"""
CHECKPOINT = "select last_block from indexer_service.indexer_checkpoints"


async def say(driver: Driver, contract: str, sender: str, *logs: Log) -> None:
    """A transaction in which the contract says this."""
    told = [([bytes.fromhex(one[2:]) for one in said.topics], bytes.fromhex(said.data[2:])) for said in logs]
    await driver.receipt(await driver.send(sender, contract, call_data("LogForge", "emitLogs", told)))


def moved(sender: str, token: int) -> Log:
    return transfer(sender, CAROL if sender != CAROL else ALICE, token)


async def tell(driver: Driver, contract: str) -> list[tuple[Any, ...]]:
    """BOB is the stranger. Returns what is to be shown of its transfers and burns."""
    approved = log(contract, [APPROVAL_FOR_ALL, topic(CAROL), topic(WALLET)], words(1))
    await say(driver, contract, BOB, *(transfer(ZERO, FAMOUS, token) for token in range(1, 5)))
    await say(driver, contract, BOB, moved(FAMOUS, 1))
    await say(driver, contract, BOB, moved(FAMOUS, 2), transfer(FAMOUS, ZERO, 3))
    await say(driver, contract, BOB, transfer(BOB, FAMOUS, 9), moved(FAMOUS, 9))
    await say(driver, contract, BOB, *(transfer(ZERO, one, token) for token, one in enumerate((ALICE, CAROL), 10)))
    await say(driver, contract, ALICE, moved(ALICE, 10))
    await say(driver, contract, CAROL, approved)
    await say(driver, contract, BOB, moved(CAROL, 11))
    await say(driver, contract, BOB, transfer(ZERO, WALLET, 12), transfer(ZERO, DELEGATING, 13))
    await say(driver, contract, BOB, moved(WALLET, 12), moved(DELEGATING, 13))
    await say(driver, contract, ALICE, transfer(ZERO, ALICE, 14))
    await say(driver, contract, BOB, moved(ALICE, 14))
    return [
        (FAMOUS, 1, "not_approved", BOB),
        (FAMOUS, 2, "not_approved", BOB),
        (FAMOUS, 3, "not_approved", BOB),
        (BOB, 9, "never_minted", BOB),
        (FAMOUS, 9, "not_approved", BOB),
        (ALICE, 10, None, ALICE),
        (CAROL, 11, None, None),
        (WALLET, 12, None, BOB),
        (DELEGATING, 13, None, BOB),
        (ALICE, 14, None, None),
    ]


@pytest.mark.parametrize("later", [False, True], ids=["in its history", "once it is followed"])
async def test_a_transfer_by_somebody_else_without_an_approval_is_marked(
    driver: Driver, index: Index, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    monkeypatch.setattr(node_facts, "EVERY", 0.0)
    contract = Address((await create(driver.anvil, "ForeignERC721"))["contractAddress"])
    honest = await driver.anvil.rpc("eth_getCode", contract, "latest")
    forging = contract, load_artifact("LogForge").deployed_bytecode
    await driver.anvil.rpc("anvil_setCode", WALLET, "0x00")
    await driver.anvil.rpc("anvil_setCode", DELEGATING, "0xef0100" + "00" * 20)
    if later:
        await driver.anvil.mine(2)
        await index.catch_up()
        await register(index, contract)
        await run_until_imported(index, contract)
        await driver.anvil.rpc("anvil_setCode", *forging)
        async with running(index):
            at = [(await driver.anvil.block_number() + 1,)]
            await driver.anvil.mine(2)
            assert await shown(index, CHECKPOINT, at) == at, "nothing was due any more"
            rows = await tell(driver, contract)
            await driver.anvil.mine(2)
            assert await shown(index, SHOWN, rows) == rows
    else:
        await driver.anvil.rpc("anvil_setCode", *forging)
        rows = await tell(driver, contract)
        await driver.anvil.rpc("anvil_setCode", contract, honest)
        await driver.anvil.mine(12)
        await index.catch_up()
        await register(index, contract)
        async with running(index):
            assert await shown(index, SHOWN, rows) == rows

    assert await read(index, account_activity(Address(FAMOUS), after=None, limit=20)) == [("mint", None)] * 4
    only = ActivityFilter(suspicious="only")
    of_contract = collection_activity(ChainId(driver.anvil.caip2), contract, only, after=None, limit=20)
    assert await read(index, of_contract) == [
        ("transfer", "not_approved"),
        ("transfer", "never_minted"),
        ("burn", "not_approved"),
        ("transfer", "not_approved"),
        ("transfer", "not_approved"),
    ]


async def read(index: Index, feed: Feed) -> list[tuple[str, str | None]]:
    pool = await create_pool(index.dsn, min_size=1, max_size=1)
    try:
        return [(row.type, row.suspicious) for row in (await read_feed(pool, feed, 20)).rows]
    finally:
        await pool.close()
