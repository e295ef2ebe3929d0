"""Numbers and addresses as JSON shows them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http import shown
from steadymint.domain.types import show_address


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (Decimal("0E-18"), "0"),
        (Decimal("0.080000000000000000"), "0.08"),
        (Decimal("1E+30"), "1" + "0" * 30),
        (Decimal("100"), "100"),
        (Decimal("1E-18"), "0.000000000000000001"),
        (2**256, str(2**256)),
    ],
)
def test_an_amount_is_plain_decimal(value: Decimal | int, text: str) -> None:
    assert shown.amount(value) == text


@given(st.decimals(min_value=0, max_value=10**60, places=18))
def test_an_amount_loses_nothing(value: Decimal) -> None:
    assert Decimal(shown.amount(value)) == value


@given(st.binary(min_size=20, max_size=20))
def test_a_remembered_address_is_shown_as_a_new_one(raw: bytes) -> None:
    address = "0x" + raw.hex()
    assert shown.address(address) == shown.address(address) == show_address(address)  # pyright: ignore[reportArgumentType]
