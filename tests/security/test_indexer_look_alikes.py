"""Attack cases X01, X02 and X22: a look-alike or a second creation at one address adds nothing to the catalog."""

from __future__ import annotations

from steadymint.indexing.subjects.collections.topics import CREATED, INIT_TYPE
from steadymint.stack.deploy import create
from tests.support.forged_logs import ALICE, BOB, CATS, FACTORY, ZERO, abi, folded, log, topic, transfer
from tests.support.indexing import ALICE as WALLET
from tests.support.indexing import Driver, Index, call_data, catalog_of, fetch, init


async def test_x01_x02_look_alikes_of_factory_and_collection_leave_no_row(driver: Driver, index: Index) -> None:
    fake = (await create(driver.anvil, "LookAlikeFactory"))["contractAddress"]
    victim = (await create(driver.anvil, "ForeignERC721"))["contractAddress"]
    forged = call_data("LookAlikeFactory", "forge", victim, WALLET, b"\1" * 32, 0, WALLET, init(WALLET, "Cool Cats"))
    await driver.receipt(await driver.send(WALLET, fake, forged))
    await driver.receipt(await driver.send(WALLET, victim, call_data("ForeignERC721", "mint", WALLET, 1)))
    coin = (await create(driver.anvil, "ForeignERC20"))["contractAddress"]
    await driver.receipt(await driver.send(WALLET, coin, call_data("ForeignERC20", "mint", WALLET, 1)))
    await driver.anvil.mine(2)

    await index.catch_up()

    assert {table: rows for table, rows in (await catalog_of(index.dsn)).items() if rows} == {}
    counters = (await fetch(index.dsn, "select counters from indexer_service.indexer_checkpoints"))[0]["counters"]
    assert counters["unregistered_factory"] == 1
    assert counters["foreign"] == 2


def test_x22_a_second_creation_at_the_same_address_is_marked_and_replaces_nothing() -> None:
    init_type, init_value = INIT_TYPE, init(ALICE, "Impostor")
    data = abi(["uint8", "address", init_type], 1, BOB, init_value)
    again = log(FACTORY, [CREATED, topic(CATS), topic(BOB), topic(1)], data)

    result = folded([again, transfer(ZERO, ALICE, 9, block=11)])

    assert result.created == {}
    assert result.events == []
    assert result.inconsistent == {CATS}
    assert result.counts == {"created_again": 1}
    assert result.tokens[CATS, 9].owner == ALICE  # followed on under its first standard
