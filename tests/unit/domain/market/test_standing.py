"""What the catalog keeps of a check leads to the status that the check gave, and to the next check."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.build import Price, listing
from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.findings import Code, OrderStatus, Severity, found, severity_of, status_of
from steadymint.domain.market.sides import read_order
from steadymint.domain.market.standing import REPRICED_EVERY, Standing, standing_of, unit_price
from tests.unit.domain.market.test_checks import BID, CAT, FACTS, FRAME, LISTING, MAKER, NOW, UNITS, judge

FALLING = listing(MAKER, CAT, Price(2000, 1000, None), (), FRAME)


def status(standing: Standing, quantity: int) -> OrderStatus:
    """As the column `status` of `orders` is generated."""
    if standing.quantity_filled >= quantity:
        return OrderStatus.FILLED
    if standing.is_cancelled:
        return OrderStatus.CANCELLED
    if standing.is_expired:
        return OrderStatus.EXPIRED
    return OrderStatus.INACTIVE if standing.reasons else OrderStatus.ACTIVE


def test_any_findings_lead_to_the_status_that_the_check_gave() -> None:
    words = {"signed": 1, "counter": 2, "spender": MAKER, "held": 1, "needed": 2, "allowed": 0, "reason": "x"}
    words |= {"remaining": 2, "fillable": 1, "basis_points": 1, "recipient": MAKER}
    for pair in itertools.combinations(Code, 2):
        findings = tuple(found(code, **words) for code in pair)
        filled = Filled(1, 1) if Code.FILLED in pair else Filled(0, 0)
        verdict = Verdict(findings, status_of(findings), 0)
        standing = standing_of(read_order(LISTING), verdict, replace(FACTS, filled=filled), NOW)
        assert status(standing, 1) is verdict.status
        assert list(standing.reasons) == sorted(standing.reasons)
        assert not any(severity_of(Code(reason)) is Severity.WARNING for reason in standing.reasons)


@pytest.mark.parametrize(
    ("order", "now", "due"),
    [
        (LISTING, 500, FRAME.start_time),
        (LISTING, NOW, FRAME.end_time),
        (LISTING, FRAME.end_time, None),
        (FALLING, NOW, NOW + REPRICED_EVERY),
        (FALLING, FRAME.end_time - 1, FRAME.end_time),
    ],
    ids=["before its start", "with a fixed price", "at its end", "with a price that falls", "just before its end"],
)
def test_an_order_is_due_when_time_alone_changes_it(order: OrderComponents, now: int, due: int | None) -> None:
    assert standing_of(read_order(order), judge(order, now=now), FACTS, now).due_at == due


def test_a_filled_order_is_not_due_again() -> None:
    facts = replace(FACTS, filled=Filled(1, 1), validated=True)
    standing = standing_of(read_order(LISTING), judge(LISTING, facts), facts, NOW)
    assert (standing.due_at, standing.quantity_filled, standing.fillable) == (None, 1, 0)


def test_a_price_is_that_of_a_unit_at_the_time_rounded_up() -> None:
    assert unit_price(read_order(UNITS), NOW) == unit_price(read_order(BID), NOW) == 1000
    assert [unit_price(read_order(FALLING), now) for now in (0, 1000, 1333, 1999, 5000)] == [
        2000,
        2000,
        1667,
        1001,
        1001,
    ]
