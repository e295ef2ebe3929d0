"""The recent headers of a chain, linked by parent hash. A reorg shows as a new block that does not follow the head."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Final

from steadymint.chain.nodes.client import BlockRef, Header
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.types import BlockHash, BlockNumber

KEPT: Final = 256
"""Headers. No chain that we know has as many confirmations. A header takes a few hundred bytes."""

Fetch = Callable[[Sequence[BlockRef]], Awaitable[list[Header]]]


class Move(Enum):
    """The effect of a header on the chain."""

    NONE = "none"
    """The header is already the head."""
    GREW = "grew"
    """New blocks follow the known ones."""
    REORGED = "reorged"
    """Known blocks left the chain, or too many blocks were missed to know."""
    BEHIND = "behind"
    """The header is a known ancestor of the head: it comes from a lagging node, or the chain was wound back."""


class RecentChain:
    """Up to `KEPT` linked headers; the last one is the head."""

    def __init__(self) -> None:
        self._headers: dict[int, Header] = {}
        self.head: Header | None = None

    def hash_at(self, number: int) -> BlockHash | None:
        """The hash of the block at `number`; None if it is not known."""
        header = self._headers.get(number)
        return header.hash if header else None

    def contradicts(self, number: int, block_hash: BlockHash) -> bool:
        """Whether the block is surely not in the chain. False for blocks below the headers that are kept."""
        if self.head is not None and number > self.head.number:
            return True
        known = self.hash_at(number)
        return known is not None and known != block_hash

    async def advance(self, header: Header, fetch: Fetch) -> Move:
        """Take `header` as the new head and fetch the headers in between. After an error nothing has changed.

        Raises UnknownBlockError if the node's blocks are not linked, because the chain moved while it was read.
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
        """`header` and its ancestors, from the top down to the first that follows a known block, or has no known block
        below it."""
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
