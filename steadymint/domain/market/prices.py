"""Prices as people write them: decimal strings in the unit of a currency, such as `1.5`."""

from __future__ import annotations

import re
from typing import Final

from steadymint.domain.types import UINT256_MAX, Wei

_PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,77})(?:\.([0-9]{1,78}))?", re.ASCII)
"""No sign, exponent, spaces, or separators of thousands. An amount of 256 bits has at most 78 digits."""


def parse_price(text: str, decimals: int) -> Wei:
    """The price in the smallest unit of a currency with so many decimals.

    Raises:
        ValueError: it is no decimal number, has more decimals than the currency, or does not fit into 256 bits.
    """
    match = _PRICE.fullmatch(text)
    if match is None:
        raise ValueError("must be a decimal number such as 1.5")
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"the currency has {decimals} decimals")
    amount = int(whole + fraction.ljust(decimals, "0"))
    if amount > UINT256_MAX:
        raise ValueError("must be at most 2^256-1 of the smallest unit")
    return Wei(amount)


def show_price(amount: int, decimals: int) -> str:
    """The amount as `parse_price` takes it, without zeros at its end."""
    if decimals == 0:
        return str(amount)
    whole, fraction = divmod(amount, 10**decimals)
    return f"{whole}.{fraction:0{decimals}}".rstrip("0").rstrip(".")
