"""Events about orders are read strictly, and only from those who may say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steadymint.indexing.fold import DECODE_ERROR
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.orders.gathered import OrderLogs, Touched, Touches
from steadymint.market.checking.causes import CauseKind
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    MAX,
    SEAPORT,
    STRANGER,
    WRAPPED,
    ZERO,
    changed_nothing,
    folded,
    log,
    topic,
    words,
)
from tests.support.forged_trades import (
    ETHER,
    allowed,
    approved_for_all,
    cancelled,
    deposited,
    incremented,
    listing_filled,
    matched,
    paid,
    token,
    validated,
)

SAID = [
    listing_filled(1, ALICE, BOB, token(7), ETHER),
    matched([1, 2], index=1),
    cancelled(3, ALICE, index=2),
    incremented(ALICE, 5, index=3),
    validated(4, ALICE, index=4),
]


def test_each_event_of_seaport_is_gathered_with_its_place() -> None:
    batch = folded(SAID)
    logs: OrderLogs = batch.parts[OrderLogs]
    assert (len(logs.trades), len(logs.cancels), len(logs.increments), len(logs.validations)) == (2, 1, 1, 1)
    assert [logged.place & 0xFFFFFF for logged in logs.every()] == [0, 1, 2, 4, 3]
    assert (batch.logs, [*batch.blocks]) == (5, [10])


def cut(one: Log) -> Log:
    return log(one.address, one.topics, one.data[:-2])


def lengthless(one: Log) -> Log:
    return log(one.address, one.topics, "0x")


def unending(one: Log) -> Log:
    """A list of 2^256 - 1 items."""
    return log(one.address, one.topics, one.data[:66] + f"{MAX:064x}" * (len(one.data) // 64))


def bare(one: Log) -> Log:
    return log(one.address, one.topics[:1], one.data[:66])


SPOILT = [
    (said, spoil)
    for said in SAID
    for spoil in (cut, lengthless, unending, bare)
    if spoil is not unending or len(said.data) > 66  # those of one word have no list
]


@pytest.mark.parametrize(
    ("said", "spoil"), SPOILT, ids=[f"{said.log_index} {spoil.__name__}" for said, spoil in SPOILT]
)
def test_an_event_of_another_shape_is_counted_and_changes_nothing(said: Log, spoil: Callable[[Log], Log]) -> None:
    batch = folded([spoil(said)])
    assert changed_nothing(batch)
    assert not batch.parts
    assert batch.counts == {DECODE_ERROR: 1}


def test_nobody_but_a_registered_seaport_tells_of_orders() -> None:
    elsewhere = [log(address, one.topics, one.data) for one in SAID for address in (STRANGER, WRAPPED)]
    batch = folded(elsewhere)
    assert changed_nothing(batch)
    assert not batch.parts
    assert batch.counts["unregistered_seaport"] == len(SAID)
    of_a_collection = folded([log(CATS, one.topics, one.data) for one in SAID])
    assert of_a_collection.counts["unknown_event"] == len(SAID)


def touched(*logs: Log) -> set[Touched]:
    batch = folded(logs)
    assert batch.logs == 0, "no row follows from the log alone"
    return {*batch.of(Touches).blocks}


def test_approvals_and_currencies_touch_accounts() -> None:
    assert touched(approved_for_all(ALICE)) == {Touched(CauseKind.APPROVAL, ALICE, CATS)}
    assert touched(paid(ALICE, BOB)) == {Touched(CauseKind.FUNDS, who, WRAPPED) for who in (ALICE, BOB)}
    assert touched(paid(ZERO, BOB), allowed(ALICE), deposited(ALICE)) == {
        Touched(CauseKind.FUNDS, who, WRAPPED) for who in (ALICE, BOB)
    }


@pytest.mark.parametrize(
    "form",
    [
        {"topics": [topic(ALICE), topic(BOB), topic(9)], "data": "0x"},
        {"topics": [topic(ALICE), topic(BOB)], "data": words(9)},
        {"topics": [], "data": words(int(ALICE, 16), int(BOB, 16), 9)},
    ],
    ids=["all indexed", "two indexed", "none indexed"],
)
def test_the_approval_of_a_token_is_read_in_each_form_that_contracts_have_used(form: dict[str, Any]) -> None:
    approval = allowed(ALICE).topics[0]
    said = log(CATS, [approval, *form["topics"]], form["data"])
    assert touched(said) == {Touched(CauseKind.TOKEN, ALICE, CATS, 9)}


def test_approvals_of_strangers_and_of_the_wrong_shape_touch_nobody() -> None:
    batch = folded(
        [
            approved_for_all(ALICE, STRANGER),
            paid(ALICE, BOB, STRANGER),
            log(CATS, [approved_for_all(ALICE).topics[0], topic(ALICE)]),
            log(WRAPPED, [paid(ALICE, BOB).topics[0], topic(ALICE), topic(BOB), topic(1)]),
            log(SEAPORT, allowed(ALICE).topics, words(1)),
        ]
    )
    assert not batch.parts
    assert changed_nothing(batch)
