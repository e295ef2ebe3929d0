"""Raw logs as they are stored: slices of consecutive blocks, each the node's own JSON, compressed.

A slice never crosses a multiple of `RAW_BLOCKS`, so that the slices that may hold a block are a short range of keys.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from steadymint.documents import RAW_BLOCKS
from steadymint.indexing.reading.replies import Reply

SLICE_TEXT: Final = 1_000_000
"""Characters of JSON from which a slice is full. A read of one transaction unpacks a whole slice, in some ten
milliseconds."""
LONGEST_TEXT: Final = 12_000_000
"""Characters of JSON that a slice never passes, unless one log does: a document may have 16 MB, and compression makes
of hex digits half at least."""
LEVEL: Final = 1
"""Of zlib. Logs repeat themselves: higher levels take longer and save nothing."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Logs of the blocks from `first` to `last`, both of which have some."""

    first: int
    last: int
    part: int
    """Counts the slices that begin with the same block, whose logs are too many for one."""
    packed: bytes

    def logs(self) -> list[dict[str, Any]]:
        """The logs as the node wrote them."""
        return msgspec.json.decode(zlib.decompress(self.packed))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a JSON array: objects, with commas between them."""

    first: int
    last: int
    text: bytes


def slices_of(replies: Sequence[Reply], ours: Callable[[str], bool]) -> list[Slice]:
    """The logs of contracts that are `ours`. The replies are of consecutive blocks, in order."""
    slices: list[Slice] = []
    gathered: list[_Piece] = []
    size = 0
    for reply in replies:
        for piece in _pieces(reply, ours):
            if gathered and _is_full(gathered, size, piece):
                slices.append(_slice(gathered, slices))
                gathered, size = [], 0
            gathered.append(piece)
            size += len(piece.text)
    if gathered:
        slices.append(_slice(gathered, slices))
    return slices


def without(one: Slice, above: int) -> Slice:
    """The slice without the logs of blocks above `above`, which is not below its first."""
    kept = [log for log in one.logs() if int(log["blockNumber"], 16) <= above]
    last = max(int(log["blockNumber"], 16) for log in kept)
    return Slice(one.first, last, one.part, zlib.compress(msgspec.json.encode(kept), LEVEL))


def _pieces(reply: Reply, ours: Callable[[str], bool]) -> Iterator[_Piece]:
    """The whole reply, if all of it may go into one slice; else each log of ours by itself."""
    if not len(reply):
        return
    first, last = reply.blocks()
    whole = first // RAW_BLOCKS == last // RAW_BLOCKS and len(reply.text) <= LONGEST_TEXT
    if whole and all(map(ours, reply.addresses())):
        yield _Piece(first, last, reply.array().strip()[1:-1])
        return
    chosen = [
        (int(log.block_number, 16), int(log.log_index, 16), text)
        for log, text in zip(reply.decoded().logs, reply.texts(), strict=True)
        if ours(log.address)
    ]
    for number, _, text in sorted(chosen):
        yield _Piece(number, number, text)


def _is_full(gathered: Sequence[_Piece], size: int, following: _Piece) -> bool:
    last = gathered[-1].last
    if following.first // RAW_BLOCKS != last // RAW_BLOCKS or size + len(following.text) > LONGEST_TEXT:
        return True
    return size >= SLICE_TEXT and following.first > last


def _slice(pieces: Sequence[_Piece], before: Sequence[Slice]) -> Slice:
    first = pieces[0].first
    part = before[-1].part + 1 if before and before[-1].first == first else 0
    text = b"[" + b",".join([piece.text for piece in pieces]) + b"]"
    return Slice(first, pieces[-1].last, part, zlib.compress(text, LEVEL))
