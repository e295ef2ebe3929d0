"""From bytes that a stranger sent to plain JSON that nothing of ours chokes on. Pure.

What comes out: objects, lists, text, integers, exact decimals, booleans and null, nested at most `MAX_DEPTH` deep;
text and keys without NUL and without lone surrogates. What a reader could take in two ways is refused instead of
guessed at: a key that stands twice, NaN, UTF-16 (RFC 8259, 4, 6 and 8.1).

The standard library's parser does the work, after a scan that keeps it from what it is not made for. `orjson` and
`msgspec` are faster and were tried: the one makes floats of all numbers and keeps the last of two equal keys, the
other raises RecursionError, and both refuse line feeds in text, which contracts that put JSON together write often.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

from steadymint.domain.metadata import unreadable

MAX_BYTES: Final = 4 * 1024 * 1024
"""Whatever the settings say: a parse of that size holds the event loop for some 50 ms."""
MAX_DEPTH: Final = 32
"""Levels. Real documents have four."""
MAX_VALUES: Final = 50_000
"""Commas and brackets: some 10 MB of Python objects. Real documents have hundreds."""
MAX_NUMBER: Final = 100
"""Characters of a number, and orders of magnitude on either side of one; a uint256 has 78 digits."""

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_OR_32: Final = re.compile(rb"\xff\xfe|\xfe\xff|\x00|.\x00", re.DOTALL)
"""How such a text begins: a byte order mark, or a zero byte among the first two, which are ASCII in any JSON."""
_STRUCTURE: Final = re.compile(rb'[\[\]{},]|"[^"]*"?')
"""Brackets and commas outside of text, in a document whose escapes are taken out. A text needs no closing quote, so no
match is ever undone: linear on any input."""
_UNSTORABLE: Final = {0: None} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Postgres takes neither NUL nor surrogates as text, MongoDB no NUL in keys."""


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
    except ValueError:  # also of our hooks; says what was found where, which is the stranger's text
        raise unreadable("not_json", "The document is not JSON") from None


def clean_text(text: str) -> str:
    """`text` as it can be stored."""
    return text.translate(_UNSTORABLE) if not text.isprintable() else text


def _scan(body: bytes) -> None:
    """Refuse what is too deep or too much before a parser recurses or allocates for it."""
    opened = body.count(b"{") + body.count(b"[")
    if opened <= MAX_DEPTH and opened + body.count(b",") <= MAX_VALUES // 2:
        return  # nearly all documents: whatever stands in text can only have added to these
    depth = values = 0
    # Pairs of backslashes go first: what is left of a backslash and a quote is an escaped quote.
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
    """Text is cleaned where it hangs: values of objects here, elements of lists likewise."""
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
    number = Decimal(digits)
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
    strict=False,  # lets control characters stand in text
)
