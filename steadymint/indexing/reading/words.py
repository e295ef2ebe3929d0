"""Decodes the topics and words of a log. It is strict, and its memory is bounded.

A contract may write anything into a log. Every function here either returns values of exactly the shape of the event's
signature or raises `UndecodableError`. Nothing is allocated before its length is compared with the bytes that are
there.
"""

from __future__ import annotations

from typing import Any, Final

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from steadymint.domain.counting import counted
from steadymint.indexing.reading.logs import Log
from steadymint.metadata.texts import as_text

_WORD: Final = 64  # hex digits of 32 bytes
_ADDRESS_PADDING: Final = "0" * 24
MAX_NAME: Final = 256
MAX_URI: Final = 2048
"""Characters that are kept of a contract's text. It may write megabytes, but the catalog shows a line."""


class UndecodableError(ValueError):
    """The log does not have the shape of the event whose topic it carries."""


def word(data: str, index: int) -> int:
    """The `index`-th 32-byte word of `data` (0x hex) as an unsigned integer."""
    start = 2 + index * _WORD
    return int(data[start : start + _WORD], 16)


def words_of(data: str) -> int:
    """The number of words in `data`. Raises UndecodableError unless it is whole."""
    digits = len(data) - 2
    if digits < 0 or digits % _WORD or not data.startswith("0x"):
        raise UndecodableError("data is not a whole number of words")
    return digits // _WORD


def address_of(topic: str) -> str:
    """The address in an indexed topic. Upper bytes that are not zero are refused, since no compiler writes them."""
    if len(topic) != 66 or topic[2:26] != _ADDRESS_PADDING:
        raise UndecodableError("topic is not an address")
    return "0x" + topic[26:]


def expect(log: Log, topics: int, words: int | None = None) -> None:
    """Raise UndecodableError unless the log has so many topics and exactly so many words of data."""
    if len(log.topics) != topics:
        raise UndecodableError(f"{counted(len(log.topics), 'topic')} where {topics} belong")
    if words is not None and words_of(log.data) != words:
        raise UndecodableError("data has another length than the event")


def uint_array(data: str, total: int, head: int) -> list[int]:
    """The `uint256[]` whose offset is in word `head` of `data`, which has `total` words.

    The length is compared with the words that follow before anything is read, so that a length of 2^255 costs nothing.
    An offset that points into the head or outside is refused.
    """
    offset = word(data, head)
    if offset % 32 or not head < (start := offset // 32) < total:
        raise UndecodableError("array offset lies outside the data")
    length = word(data, start)
    if length > total - start - 1:
        raise UndecodableError("array is longer than the data")
    first = 2 + (start + 1) * _WORD
    return [int(data[at : at + _WORD], 16) for at in range(first, first + length * _WORD, _WORD)]


def pairs_of(data: str, heads: int) -> list[tuple[int, int]]:
    """Two parallel arrays, ids and quantities, as pairs.

    `heads` is the number of head words, the first two of which are the offsets of the arrays.
    """
    total = words_of(data)
    if total < heads + 2:
        raise UndecodableError("data is too short for two arrays")
    ids, quantities = uint_array(data, total, 0), uint_array(data, total, 1)
    if len(ids) != len(quantities):
        raise UndecodableError("ids and quantities differ in length")  # EIP-1155: they MUST match
    return list(zip(ids, quantities, strict=True))


def text_of(raw: bytes, longest: int) -> str:
    """A contract's text in a form that Postgres accepts: valid UTF-8, no NUL, at most `longest` characters."""
    return _utf8(raw, longest).replace("\0", "\ufffd")[:longest]


def line_of(raw: bytes, longest: int) -> str:
    """A contract's text as one line without control characters, because it is shown in lists and terminals."""
    return as_text(_utf8(raw, longest), longest) or ""


def _utf8(raw: bytes, longest: int) -> str:
    return raw[: longest * 4].decode("utf-8", "replace")


def abi(types: list[str], data: str) -> tuple[Any, ...]:
    """The values of these types in `data`. Raises UndecodableError."""
    try:
        return abi_decode(types, bytes.fromhex(data[2:]))
    except (DecodingError, ValueError, OverflowError) as error:
        raise UndecodableError("data does not decode") from error
