"""The approval of a single token ends when the token moves, when somebody else is approved, and when nobody is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.forged_logs import ALICE, BOB, CATS, ZERO, log, topic, transfer
from tests.support.forged_trades import allowed
from tests.support.indexing import fetch
from tests.support.projected import creation, projected
from tests.unit.indexing.subjects.orders.conftest import Market, market

__all__ = ["market"]

APPROVAL = allowed(ALICE).topics[0]
OPERATOR, OTHER = "0x" + "0b" * 20, "0x" + "0c" * 20


def approves(owner: str, operator: str, token: int, **place: Any) -> Any:
    return log(CATS, [APPROVAL, topic(owner), topic(operator), topic(token)], **place)


async def standing(dsn: str) -> set[tuple[str, str, str]]:
    """Owner, operator and token of what stands."""
    rows = await fetch(dsn, "select owner, operator, token from wallet_service.approvals where approved")
    return {tuple(row.values()) for row in rows}


async def lines(dsn: str) -> list[tuple[Any, ...]]:
    rows = await fetch(
        dsn,
        "select place >> 24 as block, operator, token, approved, cause from wallet_service.approvals_history"
        " order by place, approved",
    )
    return [tuple(row.values()) for row in rows]


async def test_an_approval_of_one_token_ends_by_each_of_its_ends(market: Market) -> None:
    await market.say(*(approves(ALICE, OPERATOR, token, block=3, index=token) for token in range(4)))
    assert await standing(market.dsn) == {(ALICE, OPERATOR, str(token)) for token in range(4)}
    await market.say(
        transfer(ALICE, BOB, 0, block=4),
        approves(ALICE, ZERO, 1, block=4, index=1),
        approves(ALICE, OTHER, 2, block=4, index=2),
        approves(ALICE, OPERATOR, 3, block=4, index=3),
    )
    assert await standing(market.dsn) == {(ALICE, OTHER, "2"), (ALICE, OPERATOR, "3")}
    assert (await lines(market.dsn))[4:] == [
        (4, OPERATOR, "0", False, "transfer"),
        (4, OPERATOR, "1", False, "event"),
        (4, OPERATOR, "2", False, "replaced"),
        (4, OTHER, "2", True, "event"),
        (4, OPERATOR, "3", True, "event"),
    ]
    await market.index.back_to(3)
    assert await standing(market.dsn) == {(ALICE, OPERATOR, str(token)) for token in range(4)}
    assert len(await lines(market.dsn)) == 4


async def test_what_begins_and_ends_in_one_batch_is_told_in_its_order(market: Market) -> None:
    await market.say(
        approves(ALICE, ZERO, 0, block=3),  # nothing stood
        approves(ALICE, OPERATOR, 0, block=3, index=1),
        transfer(ALICE, BOB, 0, block=3, index=2),
        transfer(BOB, ALICE, 0, block=3, index=3),
        approves(ALICE, OTHER, 0, block=4),
    )
    assert await standing(market.dsn) == {(ALICE, OTHER, "0")}
    assert await lines(market.dsn) == [
        (3, OPERATOR, "0", True, "event"),
        (3, OPERATOR, "0", False, "transfer"),
        (4, OTHER, "0", True, "event"),
    ]


@pytest.mark.parametrize("moved", [False, True])
async def test_a_first_reading_ends_what_has_moved_when_it_ends(database: str, moved: bool) -> None:
    """It keeps transfers as they are, and looks at none of them."""
    async with projected(database, history=True) as index:
        await index.take([creation(CATS, 0, block=1, index=0)], 1)
        await index.take([transfer(ZERO, ALICE, token, block=2, index=token) for token in range(3)], 2)
        await index.take([approves(ALICE, OPERATOR, 0, block=3), approves(ALICE, OPERATOR, 1, block=3, index=1)], 3)
        await index.take([transfer(ALICE, BOB, 0, block=4)] if moved else [], 4)
        await index.take([approves(ALICE, ZERO, 1, block=5), approves(ALICE, ZERO, 2, block=5, index=1)], 5)
        await index.seal()
    assert await standing(database) == (set() if moved else {(ALICE, OPERATOR, "0")})
    ends = [(4, OPERATOR, "0", False, "transfer")] if moved else []
    assert (await lines(database))[2:] == [*ends, (5, OPERATOR, "1", False, "event")]
