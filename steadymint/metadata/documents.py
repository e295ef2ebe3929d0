"""The parser of untrusted JSON documents. Pure.

The result holds objects, lists, text, integers, exact decimals, booleans and null, at most `MAX_DEPTH` levels deep.
Text and keys hold no NUL and no lone surrogates. Ambiguous documents are refused: a repeated key, NaN, UTF-16 (RFC
8259, 4, 6 and 8.1).

The standard library's parser does the work, after a scan that refuses input it cannot handle. We tried `orjson` and
`msgspec`, which are faster. `orjson` makes floats of all numbers and keeps the last of two equal keys. `msgspec` raises
RecursionError. Both refuse line feeds in text, which contracts that assemble JSON write often.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

from steadymint.domain.metadata import unreadable

MAX_BYTES: Final = 4 * 1024 * 1024
"""An upper limit for the setting. A parse of that size blocks the event loop for some 50 ms."""
MAX_DEPTH: Final = 32
"""Levels. Real documents have four."""
MAX_VALUES: Final = 50_000
"""Commas and brackets, which mean some 10 MB of Python objects. Real documents have hundreds."""
MAX_NUMBER: Final = 100
"""Characters of a number, and its orders of magnitude above or below 1. A uint256 has 78 digits."""

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_OR_32: Final = re.compile(rb"\xff\xfe|\xfe\xff|\x00|.\x00", re.DOTALL)
"""The beginning of UTF-16 or UTF-32: a byte order mark, or a zero byte among the first two. In UTF-8 both are ASCII."""
_STRUCTURE: Final = re.compile(rb'[\[\]{},]|"[^"]*"?')
"""Brackets and commas outside of text, in a document without escapes. A text needs no closing quote, so the expression
never backtracks and is linear on any input."""
_UNSTORABLE: Final = {0: None} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Postgres accepts neither NUL nor surrogates in text, and MongoDB accepts no NUL in keys."""


def parse_document(body: bytes) -> object:
    """The JSON value in `body`; numbers with a point or an exponent are `Decimal`s.

    Bytes that are not UTF-8 become U+FFFD; a byte order mark of UTF-8 is skipped. Raises `DocumentUnreadableError`:
    `too_large`, `not_json`, `too_deep`, `too_complex`.
    """
    if len(body) > MAX_BYTES:
        raise unreadable("too_large", f"The document has more than {MAX_BYTES} bytes")
    if _UTF16_OR_32.match(body):
        raise unreadable("not_json", "The document is not UTF-8")
    body = body.removeprefix(_UTF8_BOM)
    _scan(body)
    try:
        return _value(_DECODER.decode(body.decode("utf-8", "replace")))
    except (ValueError, ArithmeticError, RecursionError):  # also from our hooks; a message may quote untrusted text
        raise unreadable("not_json", "The document is not JSON") from None


def clean_text(text: str) -> str:
    """`text` without the characters that the databases refuse."""
    return text.translate(_UNSTORABLE) if not text.isprintable() else text


def _scan(body: bytes) -> None:
    """Refuse a document that is too deep or has too many values, before the parser recurses or allocates."""
    opened = body.count(b"{") + body.count(b"[")
    if opened <= MAX_DEPTH and opened + body.count(b",") <= MAX_VALUES // 2:
        return  # nearly all documents end here; brackets within text only add to these counts
    depth = values = 0
    # Pairs of backslashes are removed first. A backslash before a quote then marks an escaped quote.
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    for match in _STRUCTURE.finditer(plain):
        char = plain[match.start()]
        if char == 0x22:  # a text
            continue
        values += 1
        if char in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise unreadable("too_deep", f"The document is nested more than {MAX_DEPTH} levels deep")
        elif char in b"]}":
            depth -= 1
        if values > MAX_VALUES:
            raise unreadable("too_complex", f"The document has more than {MAX_VALUES} values")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    found = {clean_text(key): _value(value) for key, value in pairs}
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _value(value: object) -> object:
    """The value with cleaned text. It is called for the values of objects and for the elements of lists."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_value(element) for element in value]  # pyright: ignore[reportUnknownArgumentType]
    return value


def _integer(digits: str) -> int:
    if len(digits) > MAX_NUMBER:
        raise ValueError("a number is too long")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > MAX_NUMBER:
        raise ValueError("a number is too long")
    number = Decimal(digits)  # InvalidOperation for an exponent of 19 digits
    if abs(number.adjusted()) > MAX_NUMBER:
        raise ValueError("a number is too large or too small")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_decimal,
    parse_constant=_no_constant,
    strict=False,  # allows control characters in text
)
