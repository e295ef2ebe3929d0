"""Settles what blocks hold where two endpoints differ: by the blocks' bloom filters, and by their receipts, which are
another index of a node than that of its logs."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.indexing.reading import comparing
from steadymint.indexing.reading.block_logs import Block, BlockLogs, Filter, ForkedReplyError
from steadymint.indexing.reading.comparing import Contents, Key
from steadymint.indexing.reading.headers import Headers
from steadymint.indexing.reading.logs import Header, Log

BY_RECEIPTS: Final = 8
"""Blocks of a span whose receipts are asked for. If they bear out what is likely, it is taken for the span's other
blocks too: a node that has no logs of a wide span would cost thousands of receipts."""

log = logging.getLogger(__name__)


class NodesDisagreeError(UpstreamUnavailableError):
    """Two endpoints contradict each other about the logs of a block, and its receipts do not settle it. Nothing of the
    span is taken until an operator has left one of them out, or a node has mended itself."""

    title = "Two nodes of the chain contradict each other about its logs"


class Forked(NamedTuple):
    """The second endpoint is on another fork there."""

    block: int


class Settled(NamedTuple):
    """What blocks hold."""

    logs: Sequence[Log]
    differed: Mapping[int, int]
    """The number of an endpoint -> how many logs it had left out or made up."""


class Settling:
    """Between two endpoints: `reader`, of which the logs were read, and `second`, which was asked for a check."""

    def __init__(self, rpc: RpcClient, wanted: Filter, reader: int, second: int) -> None:
        self._rpc = rpc
        self._endpoints = (reader, second)
        self._receipts = [BlockLogs(rpc.only(endpoint), wanted) for endpoint in self._endpoints]

    async def settled(self, mine: Contents, theirs: Contents) -> Settled | Forked:
        """What the blocks hold of which the reader says `mine` and the second endpoint `theirs`.

        Raises:
            ForkedReplyError: the reader is on another fork than the headers.
            NodesDisagreeError: it cannot be settled.
            UpstreamUnavailableError: no node gives the headers.
        """
        first, other = comparing.by_block(mine), comparing.by_block(theirs)
        blocks = sorted(number for number in first.keys() | other.keys() if _differ(first, other, number))
        headers = await Headers(self._rpc).many(blocks)
        for header in headers:
            if any(one.block_hash != header.hash for one in first.get(header.height, {}).values()):
                raise ForkedReplyError
            if any(one.block_hash != header.hash for one in other.get(header.height, {}).values()):
                log.warning("%s: endpoint %d is on another fork at block %d", *self._name(1), header.height)
                return Forked(header.height)
        likely = {
            one.height: comparing.likely(first.get(one.height, {}), other.get(one.height, {}), one.logs_bloom)
            for one in headers
        }
        first |= await self._by_receipts(headers, likely)
        differed = Counter[int]()
        for endpoint, said in zip(self._endpoints, (mine, theirs), strict=True):
            own = comparing.by_block(said)
            differed[endpoint] = sum(len(own.get(number, {}).keys() ^ first[number].keys()) for number in blocks)
        self._say(+differed, blocks)
        return Settled([one for found in first.values() for one in found.values()], +differed)

    async def _by_receipts(self, headers: Sequence[Header], likely: dict[int, Contents]) -> dict[int, dict[Key, Log]]:
        """What each of the blocks holds."""
        step = max(1, len(headers) // BY_RECEIPTS)
        found = {header.height: await self._of_block(header, likely[header.height]) for header in headers[::step]}
        if any(found[number].keys() != likely[number].keys() for number in found):
            rest = [header for header in headers if header.height not in found]
            found |= {header.height: await self._of_block(header, likely[header.height]) for header in rest}
        return {number: dict(one) for number, one in (likely | found).items()}

    async def _of_block(self, header: Header, likely: Contents) -> Contents:
        block = Block(header.height, header.hash)
        answers = await asyncio.gather(*(_receipts(one, block) for one in self._receipts))
        found = comparing.settled(likely, [answer for answer in answers if answer is not None])
        if found is None:
            names = " and ".join(map(str, self._endpoints))
            raise NodesDisagreeError(
                f"Endpoints {names} contradict each other about the logs of block {header.height}, and its receipts do "
                "not settle it. Leave out the one that is wrong: `steadymint chain add FILE`"
            )
        return found

    def _say(self, differed: Mapping[int, int], blocks: Sequence[int]) -> None:
        for endpoint, number in differed.items():
            log.warning(
                "%s: endpoint %d left out or made up %d logs of %d blocks from %d to %d; nothing is lost",
                self._rpc.chain_id, endpoint, number, len(blocks), blocks[0], blocks[-1],
            )  # fmt: skip

    def _name(self, which: int) -> tuple[str, int]:
        return self._rpc.chain_id, self._endpoints[which]


def _differ(first: Mapping[int, Contents], other: Mapping[int, Contents], number: int) -> bool:
    return first.get(number, {}).keys() != other.get(number, {}).keys()


async def _receipts(logs: BlockLogs, block: Block) -> Contents | None:
    """The block's logs in its receipts, as one endpoint gives them; None if it gives none."""
    try:
        return comparing.contents((await logs.from_receipts(block)).logs)
    except SteadymintError:
        return None
