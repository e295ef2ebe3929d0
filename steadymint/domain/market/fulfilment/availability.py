"""Which parts of a purchase or sale can be filled, and how much of each, from the verdicts on their orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.findings import ENDS, Finding, OrderStatus, Severity
from steadymint.domain.market.fulfilment.outcomes import Absence, MissingPart
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.types import Address, TokenId

Sorted = tuple[list[Part], list[MissingPart]]
"""The parts that can be filled, with as many units as are there, and those that cannot."""


def sort_out(asked: Iterable[tuple[Part, Verdict, OrderFacts]]) -> Sorted:
    """What can be filled in one transaction. Each order alone may be active although two of them give the same token:
    the first one gets it."""
    fillable: list[Part] = []
    missing: list[MissingPart] = []
    left: dict[tuple[Address, Address, TokenId], int] = {}
    for part, verdict, facts in asked:
        if verdict.status is not OrderStatus.ACTIVE:
            missing.append(missing_for(part, verdict.findings))
            continue
        units = min(part.units, verdict.fillable)
        if part.order.read.offered is None:
            token = (part.order.read.maker, part.order.read.contract, part.token_id)
            there = left.setdefault(token, facts.held)
            units = min(units, there) if part.order.read.in_parts or there >= units else 0
            left[token] -= units
        if units:
            fillable.append(replace(part, units=units))
        else:
            missing.append(
                MissingPart(
                    part, Absence.SAME_TOKEN, "Another of the orders sells all that the seller has of this token."
                )
            )
    return fillable, missing


def missing_for(part: Part, findings: tuple[Finding, ...]) -> MissingPart:
    """A part whose order is not active. What ended the order is named first: a token that was sold is not the seller's
    any more either."""
    wrong = [finding for finding in findings if finding.severity is not Severity.WARNING]
    ends = list(ENDS)
    first = min(wrong, key=lambda finding: ends.index(finding.code) if finding.code in ENDS else len(ends))
    return MissingPart(part, first.code, first.problem, findings)


def refused(part: Part, sentence: str) -> MissingPart:
    """A part whose order is active, and that Seaport refuses all the same."""
    return MissingPart(part, Absence.WOULD_REVERT, sentence)
