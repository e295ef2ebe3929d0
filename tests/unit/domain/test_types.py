"""Addresses are read and shown in the casing of EIP-55."""

from __future__ import annotations

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.types import Address, parse_address, show_address

OF_THE_EIP = (
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
)


@pytest.mark.parametrize("address", OF_THE_EIP)
def test_an_address_is_shown_in_the_casing_of_the_eip(address: str) -> None:
    assert show_address(Address(address.lower())) == address
    assert parse_address(address) == address.lower()


@given(st.binary(min_size=20, max_size=20))
def test_every_address_is_shown_as_others_show_it(raw: bytes) -> None:
    assert show_address(Address("0x" + raw.hex())) == to_checksum_address(raw)


@pytest.mark.parametrize("address", OF_THE_EIP[2:])
def test_a_letter_in_the_wrong_case_is_refused(address: str) -> None:
    place = next(at for at, digit in enumerate(address) if at > 1 and digit.isalpha())
    with pytest.raises(ValueError, match="checksum"):
        parse_address(address[:place] + address[place].swapcase() + address[place + 1 :])
