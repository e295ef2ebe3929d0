"""Reads the history of imported collections in pieces, each as large as one transaction should be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch
from steadymint.indexing.fold import Fold
from steadymint.indexing.importing.progress import Job
from steadymint.indexing.interpreter import set_for_history
from steadymint.indexing.reading.block_logs import ForkedReplyError
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.source import LogSource, Span
from steadymint.indexing.subjects.table import BELIEVED

LOGS_PER_PIECE: Final = 5_000
"""In one transaction: a fifth of a second in which the newest block waits."""
SECONDS_PER_PIECE: Final = 2.0
"""After which what was read is written, so that progress shows and little is lost by a crash."""
SUPPLY_TRIES: Final = 3
"""Times that a contract is asked how many tokens it has, of a node that answers for the block. Anybody can write a
contract whose question always ends in an error, and its import must end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a collection's history, folded."""

    job: Job
    batch: Batch
    upto: int
    """The last block it covers."""
    last_hash: str | None
    """Of that block; None if no block was read."""
    replies: list[Reply] = field(default_factory=list[Reply])


@dataclass(slots=True)
class _Stream:
    """Spans of one collection's history. It stays open from piece to piece, so that what is in flight is not lost."""

    spans: AsyncGenerator[Span]
    at: int
    """The last block that came out of it."""
    last: int
    """The last that will."""
    last_hash: str | None = None
    """Of the block `at`; None before the first."""


class PieceReader:
    """Reads the collections of one chain, one at a time."""

    def __init__(self, chain_id: ChainId, source: LogSource) -> None:
        self._chain_id = chain_id
        self._source = source
        self._sources: dict[str, LogSource] = {}
        """Contract -> its source, which knows how wide its spans may be."""
        self._streams: dict[str, _Stream] = {}
        self._unanswered = Counter[str]()
        """Contract -> how often the question of its supply had no answer."""

    async def read(self, job: Job, final: int) -> Piece:
        """The next piece, of blocks up to `final`, which is deeper than any rollback reaches and not reached yet."""
        fold, replies, number, at = self._fold(job), list[Reply](), 0, job.cursor
        late_at = asyncio.get_running_loop().time() + SECONDS_PER_PIECE
        with set_for_history():
            try:
                async for span in self._spans(job, final):
                    fold.take(span)
                    replies.extend(span.replies)
                    number += span.weight
                    at = span.last.height
                    if number >= LOGS_PER_PIECE or asyncio.get_running_loop().time() >= late_at:
                        break
                    await asyncio.sleep(0)
            except BaseException:
                await self.forget(job.contract)
                raise
        return Piece(job, fold.batch, at, self._streams[job.contract].last_hash, replies)

    async def tail(self, job: Job, target: int) -> Piece:
        """The blocks up to `target`, whatever they hold. There may be none."""
        await self.forget(job.contract)
        fold, replies, last_hash = self._fold(job), list[Reply](), None
        if job.cursor < target:
            async for span in self._linked(job, job.cursor, target):
                fold.take(span)
                replies.extend(span.replies)
                last_hash = span.last.hash
        return Piece(job, fold.batch, target, last_hash, replies)

    async def supply(self, job: Job, block: int) -> int | None:
        """How many tokens the contract says that it has at this block; None if it does not say it, also after a few
        tries. Raises UpstreamUnavailableError if it may say it later."""
        try:
            return await self._source.total_supply(job.contract, block)
        except UpstreamUnavailableError:
            await self._source.headers([block])  # raises if the node is down
            self._unanswered[job.contract] += 1
            if self._unanswered[job.contract] < SUPPLY_TRIES:
                raise
        return None

    async def forget(self, contract: str) -> None:
        """Cancel what is in flight of this contract."""
        stream = self._streams.pop(contract, None)
        if stream is not None:
            await stream.spans.aclose()

    async def close(self) -> None:
        """Cancel all that is in flight."""
        for contract in [*self._streams]:
            await self.forget(contract)

    def _fold(self, job: Job) -> Fold:
        fold = Fold(self._chain_id, {}, {job.contract: job.child})
        fold.batch.queued = False
        return fold

    async def _spans(self, job: Job, final: int) -> AsyncIterator[Span]:
        """Spans from the cursor to `final`, out of the open stream as far as it goes."""
        stream = self._streams.get(job.contract)
        if stream is None or stream.at != job.cursor:
            await self.close()  # one at a time: what is in flight takes memory
            stream = self._open(job, job.cursor, final, None)
        while stream.at < final:
            if stream.at >= stream.last:
                stream = self._open(job, stream.at, final, stream.last_hash)
            async for span in stream.spans:
                stream.at, stream.last_hash = span.last.height, span.last.hash
                yield span

    def _open(self, job: Job, at: int, last: int, last_hash: str | None) -> _Stream:
        stream = self._streams[job.contract] = _Stream(self._linked(job, at, last, last_hash), at, last, last_hash)
        return stream

    async def _linked(self, job: Job, at: int, last: int, last_hash: str | None = None) -> AsyncGenerator[Span]:
        """Spans from the block after `at` to `last`, each the child of the one before."""
        source = self._sources.get(job.contract)
        if source is None:
            source = self._sources[job.contract] = self._source.of_contract(job.contract, BELIEVED)
        spans = source.spans(at + 1, last)
        try:
            async for span in spans:
                if last_hash is not None and span.first.parent_hash != last_hash:
                    raise ForkedReplyError
                last_hash = span.last.hash
                yield span
        finally:
            await spans.aclose()
