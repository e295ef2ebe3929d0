"""Reads the data of a log word by word, as the ABI of Solidity lays it out. It is strict, and its memory is bounded.

Any address can emit any bytes under any topic. So nothing is read before its place is compared with the bytes that are
there, and what does not fit raises `EventError` and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from steadymint.domain.types import Address, Bytes32

_WORD: Final = 32


class EventError(ValueError):
    """The log does not have the shape of the event whose topic it carries."""


class Words(NamedTuple):
    """Some 32-byte words of a log's data."""

    raw: bytes

    @classmethod
    def of(cls, data: str, at_least: int) -> Words:
        try:
            raw = bytes.fromhex(data[2:])
        except ValueError:
            raise EventError("data is no hex") from None
        if not data.startswith("0x") or len(raw) % _WORD or len(raw) < at_least * _WORD:
            raise EventError("data is too short, or no whole number of words")
        return cls(raw)

    def uint(self, at: int) -> int:
        """The number in word `at`, which must be there. So must it be for the next three."""
        return int.from_bytes(self.raw[at * _WORD : (at + 1) * _WORD])

    def below(self, at: int, limit: int) -> int:
        if (value := self.uint(at)) >= limit:
            raise EventError("a number is none of its kind")
        return value

    def bytes32(self, at: int) -> Bytes32:
        return Bytes32("0x" + self.raw[at * _WORD : (at + 1) * _WORD].hex())

    def address(self, at: int) -> Address:
        word = self.raw[at * _WORD : (at + 1) * _WORD]
        if any(word[:12]):
            raise EventError("a word is no address")
        return Address("0x" + word[12:].hex())

    def tail(self, at: int, *, heads: int, least: int) -> Words:
        """What begins where the offset in word `at` points: behind the heads, with `least` words or more."""
        offset = self.uint(at)
        if offset % _WORD or not heads * _WORD <= offset <= len(self.raw) - least * _WORD:
            raise EventError("an offset leads out of the data")
        return Words(self.raw[offset:])

    def structs(self, at: int, width: int, *, heads: int) -> list[Words]:
        """The list of structs of `width` words to which the offset in word `at` leads."""
        tail = self.tail(at, heads=heads, least=1)
        size = width * _WORD
        if (count := tail.uint(0)) > (len(tail.raw) - _WORD) // size:
            raise EventError("a list is longer than the data")
        return [Words(tail.raw[start : start + size]) for start in range(_WORD, _WORD + count * size, size)]

    def encoded(self, at: int, *, heads: int, least: int = 0) -> Words:
        """What the bytes encode to which the offset in word `at` leads: `least` words or more."""
        tail = self.tail(at, heads=heads, least=1)
        size = tail.uint(0)
        if size % _WORD or not least * _WORD <= size <= len(tail.raw) - _WORD:
            raise EventError("bytes are too short, longer than the data, or no whole number of words")
        return Words(tail.raw[_WORD : _WORD + size])


def expect(topics: Sequence[str], count: int) -> None:
    """Raises EventError if the log has another number of topics, topic 0 included."""
    if len(topics) != count:
        raise EventError("another number of topics than the event has")


def indexed(topic: str) -> Address:
    """The address in an indexed parameter. Raises EventError."""
    if len(topic) != 2 + 2 * _WORD or topic[2:26] != "0" * 24:
        raise EventError("a topic is no address")
    return Address("0x" + topic[26:].lower())
