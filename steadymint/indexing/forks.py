"""Whether the node still stands on the chain that the catalog shows, and if not, where the two part."""

from __future__ import annotations

from steadymint.domain.errors import InvalidInputError
from steadymint.indexing.reading.block_logs import ForkedReplyError
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.reading.source import LogSource, Span
from steadymint.indexing.store.writer import Checkpoint, Writer


class Forks:
    """Compares a node with a checkpoint."""

    def __init__(self, source: LogSource, writer: Writer) -> None:
        self._source = source
        self._writer = writer

    async def has_left(self, checkpoint: Checkpoint, head: Header) -> bool:
        """Whether the node, at `head`, is on another chain. A node that only lags behind is not."""
        number = min(head.height, checkpoint.block)
        if number < 0 or checkpoint.hash is None:
            return False
        if number == checkpoint.block:
            return not await self.is_on_chain(number, checkpoint.hash)
        known = dict(await self._writer.recent_blocks()).get(number)
        return known is not None and known != head.hash

    async def is_on_chain(self, number: int, block_hash: str) -> bool:
        """Whether the node has this block, or none of this number yet."""
        header = await self._source.header(number)
        return header is None or header.hash == block_hash

    async def stands_on(self, checkpoint: Checkpoint) -> bool:
        """Whether the node is seen to have the checkpoint's block on its chain."""
        if checkpoint.hash is None:
            return False
        header = await self._source.header(checkpoint.block)
        return header is not None and header.hash == checkpoint.hash

    async def prove_unlinked(self, checkpoint: Checkpoint) -> None:
        """A block did not follow the checkpoint: returns if that is a reorg.

        Raises:
            ForkedReplyError: the checkpoint is on the chain after all; two answers did not belong together.
        """
        header = await self._source.header(checkpoint.block)
        if header is None or header.hash == checkpoint.hash:
            raise ForkedReplyError

    async def check_shared(self, block: int, start: int) -> None:
        """Check that what the catalog has of the blocks up to `block` is on the node's chain. It has nothing of blocks
        below `start`.

        Raises:
            InvalidInputError: it is not. The message names the first block that is to be read again.
        """
        if block < start or await self._is_shared(block):
            return
        shared, left = start - 1, block
        while left - shared > 1:
            middle = (shared + left) // 2
            if await self._is_shared(middle):
                shared = middle
            else:
                left = middle
        raise InvalidInputError(f"The node's chain lacks earlier blocks of the catalog: reindex from block {left}")

    async def _is_shared(self, block: int) -> bool:
        known = await self._writer.newest_known(block)
        if known is None:
            return True
        header = await self._source.header(known[0])
        return header is not None and header.hash == known[1]

    async def ancestor(self) -> tuple[int, str] | None:
        """Number and hash of the newest block kept that is on the node's chain; None if none of them is."""
        for number, block_hash in await self._writer.recent_blocks():
            header = await self._source.header(number)
            if header is not None and header.hash == block_hash:
                return number, block_hash
        return None


def follows(span: Span, block_hash: str | None) -> bool:
    """Whether the span's first block is the child of this one; anything follows where nothing is known."""
    return block_hash is None or span.first.parent_hash == block_hash
