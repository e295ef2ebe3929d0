"""Where an order stands, as the catalog keeps it: what follows from a verdict, the facts and the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from steadymint.domain.market.amounts import remaining_of
from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.findings import ENDS, Code, Severity
from steadymint.domain.market.sides import MarketOrder
from steadymint.domain.types import Wei

REPRICED_EVERY: Final = 60
"""Seconds between two checks of an order whose price moves. A buyer is told the price of the moment anyway."""

NEVER: Final = 253_402_300_800
"""Unix seconds of the year 10000. What lies beyond does not happen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalog keeps of a check. Its status follows: filled, cancelled, expired, inactive with `reasons`, else
    active."""

    quantity_filled: int
    fillable: int
    """Units that can be filled now."""
    is_cancelled: bool
    """By its hash or by the maker's counter."""
    is_expired: bool
    reasons: tuple[str, ...]
    """Codes of what keeps it from being filled, sorted."""
    approved_alone: bool
    unit_price: Wei
    """At the time of the check, rounded up."""
    due_at: int | None
    """When time alone changes it next, in Unix seconds. None if it never does."""


def standing_of(order: MarketOrder, verdict: Verdict, facts: OrderFacts, now: int) -> Standing:
    """The standing of an order that was checked at `now` (Unix seconds)."""
    codes = {finding.code for finding in verdict.findings if finding.severity is not Severity.WARNING}
    return Standing(
        quantity_filled=order.quantity - remaining_of(order.quantity, facts.filled),
        fillable=verdict.fillable,
        is_cancelled=bool(codes & {Code.CANCELLED, Code.WRONG_COUNTER}),
        is_expired=Code.EXPIRED in codes,
        reasons=tuple(sorted(codes - ENDS.keys())),
        approved_alone=facts.approved_alone,
        unit_price=unit_price(order, now),
        due_at=_due_at(order, codes, now),
    )


def unit_price(order: MarketOrder, now: int) -> Wei:
    """The price of one unit of an order that fits at `now`, rounded up; before the start that of the start, after the
    end that of the end."""
    price = order.price_at(min(max(now, order.start_time), order.end_time - 1))
    return Wei(-(-price // order.quantity))


def _due_at(order: MarketOrder, codes: set[Code], now: int) -> int | None:
    if codes & ENDS.keys():
        return None
    due = order.end_time
    if now < order.start_time:
        due = order.start_time
    elif any(one.start != one.end for one in (order.offered, *order.payments) if one is not None):
        due = min(due, now + REPRICED_EVERY)
    return due if due < NEVER else None
