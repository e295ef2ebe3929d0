"""Amounts at a time and in parts, and how a price is divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.market.amounts import AmountError, Filled, amount_at, part_of, remaining_of
from steadymint.domain.market.fees import WHOLE, Fee, split
from steadymint.domain.types import UINT256_MAX, Address

MARKETPLACE, ARTIST = Address("0x" + "fe" * 20), Address("0x" + "a7" * 20)
AMOUNTS = st.integers(0, 2**96)


@given(AMOUNTS, AMOUNTS, st.integers(1, 10**9), st.data())
def test_an_amount_moves_from_start_to_end_and_rounding_is_at_most_one_unit(
    start: int, end: int, duration: int, data: st.DataObject
) -> None:
    now = 1_700_000_000 + data.draw(st.integers(0, duration - 1))
    low, high = (
        amount_at(start, end, 1_700_000_000, 1_700_000_000 + duration, now, round_up=up) for up in (False, True)
    )
    assert min(start, end) <= low <= high <= max(start, end)
    assert high - low <= 1
    if now == 1_700_000_000:
        assert low == high == start


def test_an_amount_that_does_not_change_needs_no_time_to_be_computed() -> None:
    assert amount_at(UINT256_MAX, UINT256_MAX, 0, UINT256_MAX, 5, round_up=True) == UINT256_MAX


def test_an_amount_at_which_seaport_would_overflow_is_refused() -> None:
    with pytest.raises(AmountError):
        amount_at(2**250, 1, 0, 10**9, 5, round_up=False)
    with pytest.raises(AmountError):
        part_of(2**255, 2, 4)


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "part"),
    [(10, 3, 10, 3), (10, 1, 2, 5), (10, 10, 10, 10), (UINT256_MAX, 7, 7, UINT256_MAX), (0, 1, 3, 0)],
)
def test_a_part_is_exact(amount: int, numerator: int, denominator: int, part: int) -> None:
    assert part_of(amount, numerator, denominator) == part


def test_a_part_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(AmountError):
        part_of(10, 1, 3)


@pytest.mark.parametrize(
    ("filled", "left"),
    [(Filled(0, 0), 10), (Filled(3, 10), 7), (Filled(1, 2), 5), (Filled(1, 1), 0), (Filled(1, 3), 6)],
)
def test_what_remains_of_an_order_are_whole_units(filled: Filled, left: int) -> None:
    assert remaining_of(10, filled) == left


@given(st.integers(0, 2**128), st.integers(1, 1000), st.integers(0, WHOLE), st.data())
def test_a_split_adds_up_to_the_price_and_divides_by_the_units(
    unit_price: int, units: int, first: int, data: st.DataObject
) -> None:
    fees = (Fee(MARKETPLACE, first), Fee(ARTIST, data.draw(st.integers(0, WHOLE - first))))
    divided = split(unit_price, units, fees)
    amounts = [divided.seller, *(due.amount for due in divided.fees)]
    assert sum(amounts) == unit_price * units
    assert all(amount >= 0 and amount % units == 0 for amount in amounts)
    assert [due.recipient for due in divided.fees] == [MARKETPLACE, ARTIST]


@pytest.mark.parametrize("shares", [(WHOLE, 1), (-1, 0)])
def test_fees_of_more_than_the_price_and_fees_below_zero_are_refused(shares: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="basis points"):
        split(100, 1, [Fee(MARKETPLACE, shares[0]), Fee(ARTIST, shares[1])])
