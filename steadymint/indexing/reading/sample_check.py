"""Checks history where a chain has one endpoint: a few blocks of each span are compared with their own bloom filters.

It finds a node that answers nothing, or pages that are cut at their end. It may miss a gap in the middle.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence, Set
from typing import Final

from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.block_logs import Block, BlockLogs, Filter, ForkedReplyError
from steadymint.indexing.reading.comparing import Key, contents
from steadymint.indexing.reading.headers import Headers
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.range_logs import Piece

LOOK_EVERY: Final = 2.0
"""Seconds between two blocks that are read a second time. A full block of a busy chain has a filter that fits
everything, so that each span has one that looks as if it lacked something."""
HEADERS_AT_ONCE: Final = 100

log = logging.getLogger(__name__)


class SampleCheck:
    """Of one source."""

    def __init__(self, wanted: Filter) -> None:
        self._wanted = wanted
        self._look_at = float("-inf")

    async def missing(
        self, rpc: RpcClient, piece: Piece, edges: Sequence[Header], ours: bloom.Watch
    ) -> tuple[str, Sequence[Log]]:
        """The outcome, and the logs that the piece lacks.

        If one block of it lacks any, each block that may hold logs of `ours` is read by itself.
        """
        endpoint = rpc.endpoints[0]
        headers = [header for header in edges if piece.first <= header.height <= piece.last]
        if piece.last - piece.first > 1 and endpoint.rate is None:
            headers += await Headers(rpc).many([random.randint(piece.first + 1, piece.last - 1)])
        suspects = [one for one in headers if ours.misses(one.logs_bloom, piece.reply.addresses_in(one.height))]
        if not suspects:
            return "sampled", ()
        now = asyncio.get_running_loop().time()
        if now < self._look_at or not endpoint.take_spare():
            return "skipped", ()
        self._look_at = now + LOOK_EVERY
        known = contents(piece.reply.decoded().logs).keys()
        again = BlockLogs(rpc, self._wanted)
        if not await _unknown(again, random.choice(suspects), known):
            return "sampled", ()
        missing = await self._all_missing(rpc, piece, ours)
        log.warning(
            "%s: the only endpoint left out %d logs of the blocks %d to %d; they were read block by block",
            rpc.chain_id, len(missing), piece.first, piece.last,
        )  # fmt: skip
        return "differed", missing

    async def _all_missing(self, rpc: RpcClient, piece: Piece, ours: bloom.Watch) -> list[Log]:
        known, again = contents(piece.reply.decoded().logs).keys(), BlockLogs(rpc, self._wanted)
        missing: list[Log] = []
        for first in range(piece.first, piece.last + 1, HEADERS_AT_ONCE):
            numbers = range(first, min(first + HEADERS_AT_ONCE, piece.last + 1))
            for header in await Headers(rpc).many(numbers):
                if ours.misses(header.logs_bloom, set()):
                    missing += await _unknown(again, header, known)
        return missing


async def _unknown(again: BlockLogs, header: Header, known: Set[Key]) -> list[Log]:
    """The logs of a block that are not known, read by its hash and from its receipts if the node serves them."""
    block = Block(header.height, header.hash)
    found = dict(contents((await again.read(block)).logs))
    try:
        found |= contents((await again.from_receipts(block)).logs)
    except ForkedReplyError:
        raise
    except SteadymintError as error:
        log.debug("no receipts of block %d: %s", header.height, error)
    return [one for key, one in found.items() if key not in known and bloom.may_hold(header.logs_bloom, one)]
