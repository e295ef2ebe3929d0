"""Attack cases X13 and X14: extreme and contradictory movements, of real contracts made to lie, are marked."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import load_artifact
from steadymint.indexing.reading.logs import Log
from tests.support.forged_logs import MAX, ZERO, batch, single, transfer
from tests.support.indexing import ALICE as WALLET
from tests.support.indexing import BOB as OTHER
from tests.support.indexing import Driver, Index, call_data, fetch


async def lying(driver: Driver, kind: int) -> str:
    """A collection of our factory whose code now emits whatever it is told to."""
    contract = await driver.create(kind)
    await driver.anvil.rpc("anvil_setCode", contract, load_artifact("LogForge").deployed_bytecode)
    return contract


async def emit(driver: Driver, contract: str, *logs: Log) -> None:
    forged = [([bytes.fromhex(t[2:]) for t in one.topics], bytes.fromhex(one.data[2:])) for one in logs]
    await driver.receipt(await driver.send(WALLET, contract, call_data("LogForge", "emitLogs", forged)))


async def state(index: Index, contract: str) -> tuple[dict[int, Any], dict[tuple[int, str], int], str | None]:
    tokens = await fetch(
        index.dsn,
        "select token_number, supply, owner_address from catalog_service.tokens where contract_address = $1",
        contract,
    )
    balances = await fetch(
        index.dsn, "select token_id, owner, quantity from catalog_service.token_balances where contract = $1", contract
    )
    reason = await fetch(
        index.dsn, "select inconsistent_reason from catalog_service.collections where contract_address = $1", contract
    )
    return (
        {row["token_number"]: (row["supply"], row["owner_address"]) for row in tokens},
        {(row["token_id"], row["owner"]): row["quantity"] for row in balances},
        reason[0]["inconsistent_reason"],
    )


async def test_x13_the_largest_id_and_quantity_are_stored_exactly_and_their_overflow_is_marked(
    driver: Driver, index: Index
) -> None:
    editions = await lying(driver, 1)
    await emit(driver, editions, single(ZERO, WALLET, MAX, MAX))
    await driver.anvil.mine(1)
    await index.catch_up()
    assert await state(index, editions) == ({MAX: (MAX, None)}, {(MAX, WALLET): MAX}, None)

    await emit(driver, editions, *(single(ZERO, WALLET, MAX, MAX) for _ in range(12)))
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, editions)
    assert reason is not None
    assert balances[MAX, WALLET] == tokens[MAX][0] == 13 * MAX
    totals = await fetch(index.dsn, "select total_supply from catalog_service.collections")
    assert totals[0]["total_supply"] == 13 * MAX


CONTRADICTIONS = {
    "burn of an unseen token": [transfer(WALLET, ZERO, 5)],
    "transfer before mint": [transfer(WALLET, OTHER, 5)],
    "mint of a token that stands": [transfer(ZERO, WALLET, 1)],
    "transfer by someone who does not hold it": [transfer(OTHER, WALLET, 1)],
    "from nobody to nobody": [transfer(ZERO, ZERO, 1)],
    "two mints at once": [transfer(ZERO, WALLET, 6), transfer(ZERO, OTHER, 6)],
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
async def test_x14_contradictions_of_an_erc721_never_make_a_second_owner(
    driver: Driver, index: Index, name: str
) -> None:
    cats = await lying(driver, 0)
    await emit(driver, cats, transfer(ZERO, WALLET, 1))
    await driver.anvil.mine(1)
    await index.catch_up()

    await emit(driver, cats, *CONTRADICTIONS[name])
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, cats)
    assert reason is not None
    for token, (supply, owner) in tokens.items():
        held = {holder: quantity for (id_, holder), quantity in balances.items() if id_ == token}
        assert held == ({owner: 1} if supply else {})


async def test_x14_contradictions_of_an_edition_never_make_a_negative_balance(driver: Driver, index: Index) -> None:
    editions = await lying(driver, 1)
    await emit(driver, editions, single(ZERO, WALLET, 1, 5), single(WALLET, WALLET, 1, 5))
    await driver.anvil.mine(1)
    await index.catch_up()
    assert (await state(index, editions))[1:] == ({(1, WALLET): 5}, None)

    await emit(driver, editions, single(WALLET, OTHER, 1, 9), single(OTHER, ZERO, 2, 4), single(ZERO, ZERO, 3, 1))
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, editions)
    assert reason is not None
    assert balances == {(1, OTHER): 9}
    assert tokens[2] == (0, None)
    assert 3 not in tokens


async def test_x14_supply_is_mints_less_burns(driver: Driver, index: Index) -> None:
    cats, editions = await lying(driver, 0), await lying(driver, 1)
    await emit(driver, cats, *(transfer(ZERO, WALLET, token) for token in range(6)), transfer(WALLET, ZERO, 2))
    await emit(driver, editions, batch(ZERO, WALLET, [1, 2, 3], [5, 6, 7]), batch(WALLET, ZERO, [1, 2], [5, 1]))
    await driver.anvil.mine(1)
    await index.catch_up()
    await emit(driver, cats, transfer(WALLET, ZERO, 4), transfer(ZERO, OTHER, 2))
    await driver.anvil.mine(1)

    await index.catch_up()

    rows = await fetch(
        index.dsn,
        "select c.total_supply, c.total_minted, s.items_count, s.owners_count, c.inconsistent_reason"
        " from catalog_service.collections c join catalog_service.collection_stats s on s.collection_id = c.id"
        " order by c.standard",
    )
    assert [tuple(row.values()) for row in rows] == [(12, 18, 2, 1, None), (5, 7, 5, 2, None)]
