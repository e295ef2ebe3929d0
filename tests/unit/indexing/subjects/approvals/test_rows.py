"""Approvals that the chain tells are kept for every account, and a rollback restores what they have replaced."""

from __future__ import annotations

from typing import Any

from tests.support.forged_logs import ALICE, BOB, CATS, EDITIONS, STRANGER, WRAPPED, ZERO, log, topic, words
from tests.support.forged_trades import allowed, approved_for_all
from tests.support.indexing import fetch
from tests.unit.indexing.subjects.orders.conftest import Market, market

__all__ = ["market"]

FOR_ALL, ALLOWED = approved_for_all(ALICE).topics[0], allowed(ALICE).topics[0]
OPERATOR, OTHER = "0x" + "0b" * 20, "0x" + "0c" * 20
Row = tuple[Any, ...]


def for_all(owner: str, operator: str, approved: int, *, contract: str = CATS, **place: Any) -> Any:
    return log(contract, [FOR_ALL, topic(owner), topic(operator)], words(approved), **place)


def allows(owner: str, spender: str, amount: int, **place: Any) -> Any:
    return log(WRAPPED, [ALLOWED, topic(owner), topic(spender)], words(amount), **place)


async def standing(market: Market) -> list[Row]:
    """Every row of `approvals`."""
    rows = await fetch(
        market.dsn,
        "select owner, contract, operator, standard, approved, amount,"
        " coalesce(approved_at, revoked_at) = updated_at and place = (select max(place)"
        "   from wallet_service.approvals_history h where (h.owner, h.chain_id, h.contract, h.operator, h.token)"
        "     = (a.owner, a.chain_id, a.contract, a.operator, a.token)) as timed"
        " from wallet_service.approvals a order by contract, operator, owner",
    )
    assert all(row["timed"] for row in rows)
    return [tuple(row.values())[:-1] for row in rows]


async def test_the_last_word_on_each_operator_stands_and_every_word_is_kept(market: Market) -> None:
    await market.say(
        for_all(ALICE, OPERATOR, 1, block=3),
        for_all(ALICE, OPERATOR, 0, block=3, index=1),
        for_all(ALICE, OTHER, 1, block=3, index=2),
        for_all(BOB, OPERATOR, 1, contract=EDITIONS, block=4),
        allows(ALICE, OPERATOR, 2**256 - 1, block=4, index=1),
    )
    await market.say(for_all(ALICE, OPERATOR, 1, block=5), allows(ALICE, OPERATOR, 7, block=5, index=1))
    assert await standing(market) == [
        (ALICE, CATS, OPERATOR, "erc721", True, None),
        (ALICE, CATS, OTHER, "erc721", True, None),
        (ALICE, WRAPPED, OPERATOR, "erc20", True, 7),
        (BOB, EDITIONS, OPERATOR, "erc1155", True, None),
    ]
    (kept,) = await fetch(market.dsn, "select count(*) as lines from wallet_service.approvals_history")
    assert kept["lines"] == 7


async def test_a_rollback_leaves_what_the_blocks_before_said(market: Market) -> None:
    await market.say(
        for_all(ALICE, OPERATOR, 1, block=3),
        allows(ALICE, OPERATOR, 9, block=3, index=1),
        allows(ALICE, OPERATOR, 8, block=3, index=2),
    )
    before = await standing(market)
    await market.say(
        for_all(ALICE, OPERATOR, 0, block=4),
        allows(ALICE, OPERATOR, 0, block=4, index=1),
        for_all(BOB, OTHER, 1, block=4, index=2),
    )
    assert len(await standing(market)) == 3
    await market.index.back_to(3)
    assert await standing(market) == before
    await market.index.back_to(2)
    assert await standing(market) == []
    assert await fetch(market.dsn, "select from wallet_service.approvals_history") == []


async def test_strangers_and_malformed_logs_approve_nobody(market: Market) -> None:
    await market.say(
        for_all(ALICE, OPERATOR, 1, contract=STRANGER, block=3),
        for_all(ZERO, OPERATOR, 1, block=3, index=1),
        log(CATS, [FOR_ALL, topic(ALICE)], words(1), block=3, index=2),
        log(CATS, [FOR_ALL, topic(ALICE), topic(OPERATOR)], words(1, 1), block=3, index=3),
        log(WRAPPED, [ALLOWED, topic(ALICE), topic(OPERATOR), topic(1)], block=3, index=4),
        log(CATS, [ALLOWED, topic(ZERO), topic(OPERATOR), topic(1)], block=3, index=5),
        log(EDITIONS, [ALLOWED, topic(ALICE), topic(OPERATOR), topic(1)], block=3, index=6),
    )
    assert await standing(market) == []
