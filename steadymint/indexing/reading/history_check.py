"""Checks what a node says of history against a second source, so that logs which it leaves out are noticed.

With two endpoints or more, the logs of a span are asked of another endpoint. With one, a few blocks of a span are
compared with their own bloom filters. What differs is settled before the span is given on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from prometheus_client import Counter

from steadymint.chain.nodes.questions import Answer
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.block_logs import Filter
from steadymint.indexing.reading.comparing import contents, in_order
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.range_logs import Piece
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.sample_check import SampleCheck
from steadymint.indexing.reading.settling import Forked, Settling
from steadymint.indexing.reading.span_width import MAX_WIDTH

PATIENCE: Final = 10.0
"""Seconds for the second endpoint to answer. The span waits for it."""
REST: Final = 60.0
"""Seconds for which an endpoint checks nothing, after it did not answer or was wrong itself. It would cost each span
the patience or the settling."""
REFUSALS: Final = 8
"""Of one check. A node that refuses more often, each time half as many blocks, is left alone for a while."""
GROWTH: Final = 16
"""A width that was refused is tried again in steps of a sixteenth."""
DIFFERED: Final = "differed_endpoint_"
"""How the name of a count begins that ends with the number of an endpoint: the logs that it left out or made up."""

_checked: Final = Counter(
    "steadymint_indexer_spans_checked", "Replies of history that were to be checked, by outcome", ["chain", "outcome"]
)


class HistoryNodes(Protocol):
    """The nodes of a chain, as they are registered now."""

    async def client(self) -> RpcClient: ...

    async def share(self) -> float:
        """The share of history that is to be checked, from 0 to 1."""
        ...


class Checked(NamedTuple):
    """A reply, after its check."""

    reply: Reply
    differed: Mapping[int, int] = {}
    """The number of an endpoint -> how many logs it had left out or made up."""


class HistoryCheck:
    """Checks the replies of one source."""

    def __init__(self, nodes: HistoryNodes, wanted: Filter) -> None:
        self._nodes = nodes
        self._wanted = wanted
        self._sample = SampleCheck(wanted)
        self._widths: dict[int, int] = {}
        """The number of an endpoint -> how many blocks it takes at once."""
        self._rests: dict[int, float] = {}
        """The number of an endpoint -> until when it checks nothing."""

    async def answer(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
    ) -> Answer:
        """Ask the chain's nodes, as `RpcClient.answer` does."""
        client = await self._nodes.client()
        return await client.answer(method, params, timeout=timeout, is_large=is_large, anywhere=anywhere)

    async def checked(self, piece: Piece, edges: Sequence[Header], ours: bloom.Watch | None) -> Checked:
        """The reply of a piece with what it lacked. `edges` are the headers that were read of the span.

        Raises:
            NodesDisagreeError: see there.
            UpstreamUnavailableError: no node answers what has to be asked to settle a difference.
        """
        if piece.endpoint is None or random.random() >= await self._nodes.share():
            return Checked(piece.reply)
        rpc = await self._nodes.client()
        if len(rpc.endpoints) > 1:
            outcome, checked = await self._compared(rpc, piece, piece.endpoint)
        elif ours is None:
            return Checked(piece.reply)
        else:
            outcome, missing = await self._sample.missing(rpc, piece, edges, ours)
            checked = _with(piece, missing) if missing else Checked(piece.reply)
        _checked.labels(rpc.chain_id, outcome).inc()
        return checked

    async def _compared(self, rpc: RpcClient, piece: Piece, reader: int) -> tuple[str, Checked]:
        """Compare the piece with what another endpoint says of it."""
        second = self._second(rpc, reader)
        if second is None:
            return "skipped", Checked(piece.reply)
        try:
            async with asyncio.timeout(PATIENCE):
                theirs = await self._read(rpc, second, piece.first, piece.last)
        except (SteadymintError, TimeoutError):
            self._rest(second)
            return "unanswered", Checked(piece.reply)
        if len(theirs) == 1 and theirs[0].last == piece.last and theirs[0].reply.text == piece.reply.text:
            return "agreed", Checked(piece.reply)
        upto = theirs[-1].last
        first = contents(one for one in piece.reply.decoded().logs if int(one.block_number, 16) <= upto)
        other = contents(one for part in theirs for one in part.reply.logs)
        if first.keys() == other.keys():
            return "agreed", Checked(piece.reply)
        found = await Settling(rpc, self._wanted, reader, second).settled(first, other)
        if isinstance(found, Forked):
            self._rest(second)
            return "forked", Checked(piece.reply)
        if reader not in found.differed:
            self._rest(second)
            return "differed", Checked(piece.reply, found.differed)
        rest = [one for one in piece.reply.decoded().logs if int(one.block_number, 16) > upto]
        return "differed", Checked(Reply(in_order([*found.logs, *rest])), found.differed)

    def _second(self, rpc: RpcClient, reader: int) -> int | None:
        """The number of another endpoint that has a call to spare, which is taken."""
        now = asyncio.get_running_loop().time()
        others = [one for one in rpc.endpoints if one.config.id != reader]
        awake = [one for one in others if self._rests.get(one.config.id, now) <= now]
        return next((one.config.id for one in random.sample(awake, len(awake)) if one.take_spare()), None)

    async def _read(self, rpc: RpcClient, second: int, first: int, last: int) -> list[Piece]:
        """What the second endpoint says of these blocks, or of the first of them where it has no more calls to
        spare."""
        only, refusals = rpc.only(second), 0
        pieces: list[Piece] = []
        at = first
        while at <= last and (not pieces or only.endpoints[0].take_spare()):
            width = self._widths.get(second, MAX_WIDTH)
            end = min(last, at + width - 1)
            try:
                pieces.append(await self._piece(only, at, end))
            except SteadymintError:
                refusals += 1
                self._widths[second] = max(1, (end - at + 1) // 2)
                if refusals == REFUSALS or at == end:
                    raise
            else:
                self._widths[second] = min(MAX_WIDTH, width + width // GROWTH + 1)
                at = end + 1
        return pieces

    async def _piece(self, only: RpcClient, first: int, last: int) -> Piece:
        query = self._wanted.query(fromBlock=hex(first), toBlock=hex(last))
        return Piece(first, last, Reply.of(await only.raw("eth_getLogs", [query], timeout=PATIENCE, is_large=True)))

    def _rest(self, endpoint: int) -> None:
        self._rests[endpoint] = asyncio.get_running_loop().time() + REST


def differed(counters: Mapping[str, int]) -> dict[int, int]:
    """The logs that each endpoint left out or made up, as the counts of a checkpoint have it."""
    return {int(name.removeprefix(DIFFERED)): number for name, number in counters.items() if name.startswith(DIFFERED)}


def _with(piece: Piece, missing: Sequence[Log]) -> Checked:
    assert piece.endpoint is not None
    return Checked(Reply(in_order([*piece.reply.decoded().logs, *missing])), {piece.endpoint: len(missing)})
