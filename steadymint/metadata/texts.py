"""Text that strangers wrote, as it is stored: cleaned and cut, never refused. Pure."""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal
from typing import Final

from steadymint.domain.texts import without_excess_marks, without_padding

_MAX_BITS: Final = 1024
"""Bits of the largest integer that is read. Python refuses to write one of 4,300 digits."""
_REPLACEMENT: Final = "\ufffd"
_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
_DIRECTIONS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF))
"""Overrides and isolates turn the page around a text; a byte order mark in the middle is invisible."""
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT)
_ONE_LINE: Final = {**_CONTROLS, **_DIRECTIONS, **_SURROGATES, 0: None}
_LINES: Final = {**_ONE_LINE, 0x0A: "\n", 0x0D: "\n", 0x2028: "\n", 0x2029: "\n"}


def as_text(value: object, max_length: int, *, lines: bool = False) -> str | None:
    """A text, a number or a boolean as text in NFC, cut to `max_length` code points; None for anything else or nothing.

    HTML stays as written: it is text to us, and must be shown as text.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        value = _number_as_text(value)
    if not isinstance(value, str):
        return None
    text = without_padding(value)[: 4 * max_length]  # before any work that grows with it
    if not (text.isascii() and text.isprintable()):
        text = text.replace("\r\n", "\n").translate(_LINES if lines else _ONE_LINE)
        text = unicodedata.normalize("NFC", without_excess_marks(text))
    return without_padding(without_padding(text)[:max_length]) or None


def _number_as_text(number: float | Decimal) -> str | None:
    """As JSON would have it; None beyond what is written as a number on purpose."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= _MAX_BITS else None
    return str(number) if math.isfinite(number) else None
