"""Hex digits in rows of bytes: read as numbers, or taken as texts. Only lower-case digits are read."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from steadymint.indexing.reading.layout import Bytes

Integers = NDArray[np.int64]

LONGEST: Final = 12
"""Hex digits of a quantity: block times, and more than any block number and log index."""
WINDOW: Final = 16
"""Bytes in which a quantity ends: `0x`, its digits and the quotation mark."""

_DIGITS: Final = np.full(256, 255, np.uint8)
_DIGITS[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
_COLUMN: Final = np.arange(2, 2 + LONGEST)
_WEIGHTS: Final = 16 ** np.arange(LONGEST - 1, -1, -1, dtype=np.int64)


def quantities(window: Bytes) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Of each row, which is `WINDOW` bytes: the quantity (JSON-RPC: 0x and hex digits) that stands before a quotation
    mark; its length; whether it is one."""
    lengths = (window == ord('"')).argmax(axis=1)
    digits = _DIGITS[window[:, 2 : 2 + LONGEST]] * (lengths[:, None] > _COLUMN)
    right = (window[:, 0] == ord("0")) & (window[:, 1] == ord("x")) & (lengths > 2) & (lengths <= 2 + LONGEST)
    right &= (digits < 16).all(axis=1)
    return (digits @ _WEIGHTS) >> 4 * (2 + LONGEST - lengths).clip(0, LONGEST), lengths, right


def texts(digits: Bytes) -> list[str]:
    """Each row as a text, 0x and hex. Raises ValueError for what is no digit."""
    _check(_DIGITS[digits])
    width, whole = digits.shape[1], digits.tobytes().decode()
    return ["0x" + whole[at : at + width] for at in range(0, len(whole), width)]


def numbers(digits: Bytes) -> Integers:
    """Each row as a number. At most 15 digits. Raises ValueError for what is no digit."""
    read = _DIGITS[digits]
    _check(read)
    values = np.zeros(len(digits), np.int64)
    for column in range(digits.shape[1]):
        values = values << 4 | read[:, column]
    return values


def _check(read: NDArray[Any]) -> None:
    if (read > 15).any():
        raise ValueError("not a hex digit")
