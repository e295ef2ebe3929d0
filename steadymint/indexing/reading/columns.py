"""Plain transfers as columns: a reply with thousands of logs is read without an object for each.

Every byte of such a log is compared with what it must be, or read as hex. A log that differs in anything is decoded as
any other (`rest`), and a reply in which something does not fit together is not read this way at all.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from steadymint.indexing.reading import digits as hex_digits
from steadymint.indexing.reading.digits import WINDOW, Integers
from steadymint.indexing.reading.layout import NUMBERS, Bytes, Layout, layout_of
from steadymint.indexing.reading.logs import Log

LOOKED_AT: Final = 50
"""Logs among which one is sought that says how this node writes plain transfers."""
READ_AT_ONCE: Final = 1000
"""Logs: half a megabyte."""
FEWEST: Final = 4
"""One log in so many must be plain, or else all are decoded together."""
_MIX: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64
)
"""Odd numbers: products with them spread the digits of addresses. Whether two with one product are equal is checked."""


class _UnfitError(Exception):
    """Something in the reply does not fit together."""


@dataclass(frozen=True, slots=True)
class Names:
    """Addresses, each once, and the number of the one in each row."""

    names: list[str]
    numbers: Integers

    def only(self, rows: Any) -> Names:
        """Of these rows, without the names that they lack."""
        numbers = self.numbers[rows]
        used = np.zeros(len(self.names), bool)
        used[numbers] = True
        renumbered = np.cumsum(used) - 1
        return Names([name for name, keep in zip(self.names, used.tolist(), strict=True) if keep], renumbered[numbers])


@dataclass(frozen=True, slots=True)
class Columns:
    """The plain transfers of one reply, in the order of the chain, and its other logs."""

    text: bytes
    starts: Integers
    """Where the text of each row begins."""
    blocks: Integers
    indexes: Integers
    """Log indexes."""
    times: Integers | None
    """Unix seconds; None if this node's logs have none."""
    contracts: Names
    accounts: Names
    """Of all senders, then of all recipients."""
    tokens: Integers
    hashes: NDArray[Any]
    """Of transactions, 32 bytes each."""
    block_hashes: Mapping[int, str]
    """Of the blocks that have a row."""
    rest: list[Log]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def timeless(self) -> list[str]:
        """Numbers (hex) of the blocks whose time is still to be asked for."""
        return [hex(number) for number in self.block_hashes] if self.times is None else []

    def only(self, rows: Integers) -> Columns:
        """Only these rows."""
        if len(rows) == len(self):
            return self
        return replace(
            self,
            starts=self.starts[rows],
            blocks=self.blocks[rows],
            indexes=self.indexes[rows],
            times=None if self.times is None else self.times[rows],
            contracts=self.contracts.only(rows),
            accounts=self.accounts.only(np.concatenate([rows, rows + len(self)])),
            tokens=self.tokens[rows],
            hashes=self.hashes[rows],
        )

    def logs(self, rows: Integers) -> list[Log]:
        """These rows, decoded."""
        return [_log_at(self.text, start) for start in self.starts[rows].tolist()]

    def last(self) -> tuple[int, str]:
        """Number and hash of the last block that has a log."""
        number = int(self.blocks[-1])
        found = [(int(log.block_number, 16), log.block_hash) for log in self.rest[-1:]]
        return max([(number, self.block_hashes[number]), *found])


class Scanner:
    """Reads the replies of one source. `topic` is that of the event; its arguments are two accounts and a number."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._layout: Layout | None = None

    def scan(self, text: bytes) -> Columns | None:
        """The columns of a reply to `eth_getLogs`, or None if it is to be read log by log."""
        buffer = np.frombuffer(text, np.uint8)
        starts = np.flatnonzero(buffer == ord("{"))[1:]  # a log is the only kind of object in a reply
        if not len(starts):
            return None
        for layout in self._layouts(text, starts):
            found = _read(buffer, starts, layout)
            if np.count_nonzero(found.fits) * FEWEST >= len(starts):
                self._layout = layout
                try:
                    return _columns(text, buffer, starts, layout, found)
                except (_UnfitError, msgspec.MsgspecError, ValueError):
                    return None
        return None

    def _layouts(self, text: bytes, starts: Integers) -> Any:
        """The one that fitted last, then that of the first plain transfer."""
        if self._layout is not None:
            yield self._layout
        for start in starts[:LOOKED_AT].tolist():
            layout = layout_of(text[start : text.find(b"}", start) + 1], self._topic)
            if layout is not None:
                yield layout
                return


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of each log; of those that do not fit it means nothing."""

    fits: NDArray[np.bool_]
    ends: Integers
    places: Integers
    """Where each run begins."""
    numbers: Integers
    """In the order of `NUMBERS`."""


def _read(buffer: Bytes, starts: Integers, layout: Layout) -> _Found:
    """Some logs at a time, whose texts stay in the processor's cache."""
    parts = [
        _read_some(buffer, starts[first : first + READ_AT_ONCE], layout)
        for first in range(0, len(starts), READ_AT_ONCE)
    ]
    return _Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _read_some(buffer: Bytes, starts: Integers, layout: Layout) -> tuple[NDArray[Any], ...]:
    at, fits = starts, np.ones(len(starts), bool)
    places: list[Integers] = []
    numbers: dict[str, Integers] = dict.fromkeys(NUMBERS, np.zeros(len(starts), np.int64))
    for run in layout.runs:
        texts, within = _windows(buffer, at, run.width)
        fits &= within & run.matches(texts)
        places.append(at)
        at = at + run.length
        if run.number is not None:
            window, within = _windows(buffer, at, WINDOW)
            numbers[run.number], lengths, right = hex_digits.quantities(window)
            fits &= within & right
            at = at + lengths
    return fits, at, np.stack(places, 1), np.stack([numbers[name] for name in NUMBERS], 1)


def _windows(buffer: Bytes, starts: Integers, width: int) -> tuple[Bytes, NDArray[np.bool_]]:
    """So many bytes from each start on, and whether there are as many: behind the last log there may be fewer."""
    last = len(buffer) - width
    if last < 0:
        return np.zeros((len(starts), width), np.uint8), np.zeros(len(starts), bool)
    each: Any = np.ndarray((last + 1,), np.dtype(f"V{width}"), buffer, 0, (1,))
    within = starts <= last
    return each[np.where(within, starts, 0)].view(np.uint8).reshape(len(starts), width), within


def _columns(text: bytes, buffer: Bytes, starts: Integers, layout: Layout, found: _Found) -> Columns:
    """Raises ValueError or _UnfitError."""
    blocks, times, indexes, transactions = found.numbers.T
    fits = found.fits & (blocks < 1 << 38) & (indexes < 1 << 24)  # what a place of the catalog holds
    following = np.append(starts[1:], len(text))
    fits[:-1] &= (following - found.ends == 1)[:-1] & (buffer[starts[1:] - 1] == ord(","))
    rest = _rest(text, starts, following, np.flatnonzero(~fits))
    _check_envelope(text, starts, int(found.ends[-1]) if fits[-1] else None)
    rows = np.flatnonzero(fits)
    if not len(rows):
        raise _UnfitError
    blocks, indexes = _in_order(rest, blocks, indexes, transactions)
    timed = any(run.number == "blockTimestamp" for run in layout.runs)
    own = {
        name: _windows(buffer, found.places[rows, run] + first, length)[0]
        for name, (run, first, length) in layout.values.items()
    }
    return Columns(
        text,
        starts[rows],
        blocks[rows],
        indexes[rows],
        times[rows] if timed else None,
        _names(own["address"]),
        _names(np.concatenate([own["topic1"], own["topic2"]])),
        hex_digits.numbers(own["topic3"]),
        np.frombuffer(binascii.unhexlify(own["transactionHash"].tobytes()), "V32"),
        _hashes(blocks[rows], times[rows] if timed else None, own["blockHash"], rest),
        list(rest.values()),
    )


def _rest(text: bytes, starts: Integers, following: Integers, rows: Integers) -> dict[int, Log]:
    """The logs that are no plain transfers, by their number in the reply."""
    rest: dict[int, Log] = {}
    for row in rows.tolist():
        start, stop = int(starts[row]), int(following[row])
        end = text.find(b"}", start) + 1
        log = msgspec.json.decode(text[start:end], type=Log)
        if log.removed or (row < len(starts) - 1 and text[end:stop].strip() != b","):
            raise _UnfitError
        rest[row] = log
    return rest


def _check_envelope(text: bytes, starts: Integers, end: int | None) -> None:
    """What is left without the logs is a reply with none."""
    first, last = int(starts[0]), int(starts[-1])
    left = msgspec.json.decode(text[:first] + text[end or text.find(b"}", last) + 1 :])
    if not isinstance(left, dict) or left.get("result") != [] or left.get("error") is not None:  # pyright: ignore
        raise _UnfitError


def _in_order(
    rest: Mapping[int, Log], blocks: Integers, indexes: Integers, transactions: Integers
) -> tuple[Integers, Integers]:
    """The block and the index of every log. Raises _UnfitError unless each stands once, behind those before it, and so
    does its transaction (`log_order`)."""
    blocks, indexes, transactions = blocks.copy(), indexes.copy(), transactions.copy()
    for row, log in rest.items():
        blocks[row], indexes[row] = int(log.block_number, 16), int(log.log_index, 16)
        transactions[row] = int(log.transaction_index or "0x0", 16)
    risen, falls = np.diff(blocks), (np.diff(indexes) <= 0) | (np.diff(transactions) < 0)
    if ((risen < 0) | ((risen == 0) & falls)).any():
        raise _UnfitError
    return blocks, indexes


def _hashes(blocks: Integers, times: Integers | None, digits: Bytes, rest: Mapping[int, Log]) -> dict[int, str]:
    """One hash and one time for each block."""
    words: Any = digits.view(np.uint64)
    stays = blocks[1:] == blocks[:-1]
    differ = (words[1:] != words[:-1]).any(axis=1)
    if times is not None:
        differ |= times[1:] != times[:-1]
    if (stays & differ).any():
        raise _UnfitError
    firsts = np.flatnonzero(np.append(True, ~stays))
    hashes = dict(zip(blocks[firsts].tolist(), hex_digits.texts(digits[firsts]), strict=True))
    times_of = {} if times is None else dict(zip(blocks[firsts].tolist(), times[firsts].tolist(), strict=True))
    for log in rest.values():
        number = int(log.block_number, 16)
        if hashes.get(number, log.block_hash) != log.block_hash or (log.block_timestamp is None) != (times is None):
            raise _UnfitError
        if log.block_timestamp is not None and times_of.get(number, time := int(log.block_timestamp, 16)) != time:
            raise _UnfitError
    return hashes


def _names(digits: Bytes) -> Names:
    """Addresses, of 40 digits each."""
    words: Any = digits.view(np.uint64)
    products = (words * _MIX).sum(axis=1, dtype=np.uint64)
    products ^= products >> np.uint64(29)
    _, firsts, numbers = np.unique(products, return_index=True, return_inverse=True)
    if (words[firsts][numbers] != words).any():
        raise _UnfitError  # two addresses with the same product
    return Names(hex_digits.texts(digits[firsts]), numbers.astype(np.int64))


def _log_at(text: bytes, start: int) -> Log:
    return msgspec.json.decode(text[start : text.find(b"}", start) + 1], type=Log)
