"""How a node writes a plain transfer: where the values stand in the JSON of a log.

A node writes all logs alike: the same members in the same order, addresses and hashes of the same length. So the text
of one log says where to look in the others: runs of the same length, with a number of one to a few digits behind each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from steadymint.indexing.reading.logs import Log

Bytes = NDArray[np.uint8]

NUMBERS: Final = ("blockNumber", "blockTimestamp", "logIndex", "transactionIndex")
"""Members whose values differ in length."""
TOKEN_DIGITS: Final = 10
"""Hex digits of a token number that are read: it has less than 2^40."""

# What may differ from log to log, by hex digits from the end of the value.
_VARIES: Final = {
    "address": 40,
    "blockHash": 64,
    "transactionHash": 64,
    "topic1": 40,
    "topic2": 40,
    "topic3": TOKEN_DIGITS,
}

_MEMBER: Final = re.compile(
    rb'\s*"([A-Za-z]+)"\s*:\s*(?:"([^"\\]*)"|\[\s*((?:"[^"\\]*"\s*,\s*)*"[^"\\]*")\s*\]|true|false|null|[0-9]+)\s*([,}])'
)
_STRING: Final = re.compile(rb'"([^"\\]*)"')


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the text with the same length in every log."""

    length: int
    expected: NDArray[np.uint64]
    """The text, filled up to a multiple of eight bytes; zeros where it varies."""
    mask: NDArray[np.uint64]
    """Ones where the text is the same in every log."""
    number: str | None
    """The member whose digits follow; None for the last run."""

    @property
    def width(self) -> int:
        """Its length, filled up."""
        return len(self.expected) * 8

    def matches(self, texts: Bytes) -> NDArray[np.bool_]:
        """Whether each row of `texts` is such a run."""
        words = texts.view(np.uint64) & self.mask
        words ^= self.expected
        return np.bitwise_or.reduce(words, axis=1) == 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The runs of a log's text, and the place of each value in them."""

    runs: tuple[Run, ...]
    values: dict[str, tuple[int, int, int]]
    """Value -> run, first byte and length of the hex digits that vary."""


def layout_of(text: bytes, topic: str) -> Layout | None:
    """The layout of a log whose text begins `text`; None unless it is an event `topic` with three arguments and no data
    that wants nothing but small numbers."""
    spans = dict(_spans(text))
    try:
        log = msgspec.json.decode(text[: text.find(b"}") + 1], type=Log)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if not _is_plain(log, topic) or not set(_VARIES) | {"blockNumber", "logIndex"} <= set(spans):
        return None
    end = text.index(b"}") + 1
    same = np.full(end, 255, np.uint8)
    values: dict[str, tuple[int, int]] = {}
    for name, digits in _VARIES.items():
        stop = spans[name][1]
        same[stop - digits : stop] = 0
        values[name] = stop - digits, digits
    numbers = sorted((spans[name], name) for name in NUMBERS if name in spans)
    edges = [(0, 0), *(span for span, _ in numbers)]
    stops = [*(span[0] for span, _ in numbers), end]
    names = [*(name for _, name in numbers), None]
    stretches = [(edge[1], stop) for edge, stop in zip(edges, stops, strict=True)]
    runs = tuple(_run(text, same, *stretch, name) for stretch, name in zip(stretches, names, strict=True))
    return Layout(runs, {name: _within(stretches, *value) for name, value in values.items()})


def _is_plain(log: Log, topic: str) -> bool:
    return (
        len(log.topics) == 4
        and log.topics[0] == topic
        and log.data in ("0x", "")
        and not log.removed
        and log.topics[1][:26] == log.topics[2][:26] == "0x" + "0" * 24
        and log.topics[3][:-TOKEN_DIGITS] == "0x" + "0" * (64 - TOKEN_DIGITS)
        and len(log.topics[3]) == len(log.block_hash) == len(log.transaction_hash) == 66
        and len(log.topics[1]) == len(log.topics[2]) == 66
        and len(log.address) == 42
        and (log.address[:2], log.block_hash[:2], log.transaction_hash[:2]) == ("0x",) * 3
    )


def _spans(text: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name and place of each string; those of the topics are numbered."""
    at, sign = 1, b","
    while sign == b"," and (member := _MEMBER.match(text, at)) is not None:
        name = member[1].decode()
        if member[3] is not None:
            for number, string in enumerate(_STRING.finditer(text, *member.span(3))):
                yield f"topic{number}", string.span(1)
        elif member[2] is not None:
            yield name, member.span(2)
        at, sign = member.end(), member[4]


def _run(text: bytes, same: Bytes, start: int, stop: int, number: str | None) -> Run:
    length = stop - start
    filled: Any = np.zeros((2, -(-length // 8) * 8), np.uint8)
    filled[0, :length] = np.frombuffer(text, np.uint8, length, start)
    filled[1, :length] = same[start:stop]
    text_, mask = filled.view(np.uint64)
    return Run(length, text_ & mask, mask, number)


def _within(stretches: list[tuple[int, int]], start: int, digits: int) -> tuple[int, int, int]:
    for number, (first, stop) in enumerate(stretches):
        if first <= start < stop:
            return number, start - first, digits
    raise AssertionError("a value stands in one of the runs")
