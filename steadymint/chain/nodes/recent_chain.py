"""The last blocks of a chain, linked by parent hash. A reorg is where a new block does not fit on top."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Final

from steadymint.chain.nodes.client import BlockRef, Header
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.types import BlockHash, BlockNumber

KEPT: Final = 256
"""Headers: more than the confirmations of any chain we know, at a few hundred bytes each."""

Fetch = Callable[[Sequence[BlockRef]], Awaitable[list[Header]]]


class Move(Enum):
    """What a header has done to the chain."""

    NONE = "none"
    """It was the head already."""
    GREW = "grew"
    """New blocks on top of what was known."""
    REORGED = "reorged"
    """Blocks that were known are gone, or too many were missed to tell."""
    BEHIND = "behind"
    """It is a known ancestor of the head: a lagging node speaks, or the chain was wound back."""


class RecentChain:
    """Up to `KEPT` linked headers ending in the head."""

    def __init__(self) -> None:
        self._headers: dict[int, Header] = {}
        self.head: Header | None = None

    def hash_at(self, number: int) -> BlockHash | None:
        """The hash of the block at `number`; None outside what is known."""
        header = self._headers.get(number)
        return header.hash if header else None

    def contradicts(self, number: int, block_hash: BlockHash) -> bool:
        """Whether the block is known not to be in the chain. Below what is kept nothing is known."""
        if self.head is not None and number > self.head.number:
            return True
        known = self.hash_at(number)
        return known is not None and known != block_hash

    async def advance(self, header: Header, fetch: Fetch) -> Move:
        """Take `header` as the new head, fetching what lies between. On an error nothing has changed.

        Raises UnknownBlockError if the node's blocks do not fit together: the chain moved while it was read.
        """
        if self.head is None:
            self._restart([header])
            return Move.GREW
        if header.hash == self.head.hash:
            return Move.NONE
        if self.hash_at(header.number) == header.hash:
            return Move.BEHIND
        if header.number - self.head.number > KEPT:
            self._restart([header])
            return Move.REORGED
        branch = await self._branch(header, fetch)
        lowest = branch[-1]
        linked = self.hash_at(lowest.number - 1) == lowest.parent_hash
        grew = linked and lowest.number == self.head.number + 1
        if linked:
            self._graft(branch)
        else:
            self._restart(branch)
        return Move.GREW if grew else Move.REORGED

    def wind_back(self, header: Header) -> None:
        """Make the known ancestor `header` the head."""
        for number in [number for number in self._headers if number > header.number]:
            del self._headers[number]
        self.head = header

    async def _branch(self, header: Header, fetch: Fetch) -> list[Header]:
        """`header` and its ancestors, downwards, until one fits on what is known or nothing is known below."""
        assert self.head is not None
        branch = [header]
        missing = range(header.number - 1, self.head.number, -1)
        for found in await fetch([*missing]) if missing else []:
            if found.hash != branch[-1].parent_hash:
                raise UnknownBlockError("The node's blocks do not fit together")
            branch.append(found)
        while len(branch) < KEPT:
            known = self.hash_at(branch[-1].number - 1)
            if known is None or known == branch[-1].parent_hash:
                break
            branch += await fetch([branch[-1].parent_hash])
        return branch

    def _graft(self, branch: Sequence[Header]) -> None:
        lowest = branch[-1].number
        kept = {number: header for number, header in self._headers.items() if number < lowest}
        self._set(kept, branch)

    def _restart(self, branch: Sequence[Header]) -> None:
        self._set({}, branch)

    def _set(self, kept: dict[int, Header], branch: Sequence[Header]) -> None:
        headers = kept | {header.number: header for header in reversed(branch)}
        floor = BlockNumber(branch[0].number - KEPT)
        self._headers = {number: header for number, header in headers.items() if number > floor}
        self.head = branch[0]
