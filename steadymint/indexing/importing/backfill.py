"""The history of imported collections, read by the indexer itself, in its own loop, between two of its batches.

There is one writer per chain, and this is it: while a piece of an import is written the checkpoint stands still, so
that the last piece can end exactly at the checkpoint, and the contract joins those that are followed in the transaction
that writes it. No block is missed and none is read twice, whatever is killed when.

What is deeper than the reorg window is read beside the loop, the next piece while one is written. Above, each piece
ends at a block whose hash the catalog knows, and its blocks are linked to each other: it lies on the chain that the
catalog shows. A rollback deletes and rebuilds its rows with all others, and takes the import back to where it is still
true.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import asyncpg

from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId
from steadymint.indexing import metrics
from steadymint.indexing.batch import Child
from steadymint.indexing.fold import DECODE_ERROR, InconsistentReplyError
from steadymint.indexing.importing.pieces import Piece, PieceReader
from steadymint.indexing.importing.progress import ImportProgress, Job
from steadymint.indexing.interpreter import set_for_history
from steadymint.indexing.projection import Projection
from steadymint.indexing.reading.block_logs import ForkedReplyError
from steadymint.indexing.reading.source import LogSource
from steadymint.indexing.store.raw_store import RawStore
from steadymint.indexing.store.writer import Checkpoint, CheckpointMovedError, Writer
from steadymint.indexing.subjects.movements.fold import RANGE_TOO_WIDE
from steadymint.indexing.subjects.subject import Fault, RenderedBatch, no_fault

log = logging.getLogger(__name__)

TAIL_AT_ONCE: Final = 16
"""Of the blocks within the reorg window, how many in one piece: as many as the indexer itself takes at once."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks for new imports while there is none."""
PAUSES: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before an import is tried again after the n-th failure in a row; the others go on meanwhile."""

NOT_UNDERSTOOD: Final = (DECODE_ERROR, RANGE_TOO_WIDE)
"""Counts of logs that an import cannot read. Where it reads nothing else it has failed."""

_DELAYS: Final = (
    SteadymintError,
    InconsistentReplyError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
)
"""What delays one import and no other: its contract is somebody else's, and so may be what it makes of our tables."""


class Backfill:
    """The imports of one chain, for one run of its indexer."""

    def __init__(
        self,
        writer: Writer,
        projection: Projection,
        source: LogSource,
        *,
        reorg_window: int,
        raw: RawStore | None = None,
        fault: Fault = no_fault,
    ) -> None:
        self._writer = writer
        self._chain_id: ChainId = writer.chain_id
        self._projection = projection
        self._progress = ImportProgress(writer.connection, writer.chain_id)
        self._pieces = PieceReader(writer.chain_id, source)
        self._window = reorg_window
        self._raw = raw
        self._fault = fault
        self._reading: tuple[asyncio.Task[Piece], Job] | None = None
        self._failures: dict[str, tuple[int, float]] = {}
        """Contract -> failures in a row, and when it may be tried again, on the loop's clock."""
        self._looked_at = float("-inf")
        self.written: set[str] = set()
        """Contracts of which the last step wrote a piece."""
        self.joined: tuple[str, Child] | None = None
        """Contract and collection whose import was finished by the last step."""

    @property
    def has_piece(self) -> bool:
        """Whether a piece waits to be written."""
        return self._reading is not None and self._reading[0].done()

    @property
    def is_reading(self) -> bool:
        """Whether a piece is on its way."""
        return self._reading is not None and not self._reading[0].done()

    async def piece(self) -> None:
        """Returns when a piece waits to be written; never, while none is read."""
        if self._reading is None:
            await asyncio.Event().wait()
        else:
            await asyncio.wait((self._reading[0],))

    async def step(self, at: Checkpoint) -> bool:
        """Write the piece that was read while the next is read. `at` is the checkpoint. False if nothing was written.

        What goes wrong with one import is noted there and holds up nothing else. Raises CheckpointMovedError.
        """
        self.joined, self.written = None, set()
        wrote = False
        if self._reading is not None:
            reading, job = self._reading
            if not reading.done():
                return False
            self._reading = None
            wrote = await self._write_piece(reading, job, at)
        job = await self._next()
        if self._reading is not None:
            if job == self._reading[1]:
                return wrote
            await self.close()  # another import goes before it
        if job is None:
            return wrote
        final = at.block - self._window
        if job.cursor < final:
            self._begin(job, final)
            return wrote
        return await self._tail(job, at) or wrote

    async def close(self) -> None:
        """Drop what was read and not written."""
        if self._reading is not None:
            self._reading[0].cancel()
            await asyncio.gather(self._reading[0], return_exceptions=True)
            self._reading = None
        await self._pieces.close()

    # -- pieces --------------------------------------------------------------------------------------------------------

    async def _next(self) -> Job | None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_EVERY:
            return None
        jobs = await self._progress.waiting()
        if not jobs:
            self._looked_at = now
        return next((job for job in jobs if self._failures.get(job.contract, (0, now))[1] <= now), None)

    def _begin(self, job: Job, final: int) -> None:
        """Begin to read a piece of the history, which is final: what is so deep no rollback reaches."""
        self._reading = asyncio.create_task(self._pieces.read(job, final), name=f"import {job.contract}"), job

    async def _write_piece(self, reading: asyncio.Task[Piece], job: Job, at: Checkpoint) -> bool:
        final = at.block - self._window
        try:
            piece = reading.result()
            if piece.upto < final:
                self._begin(replace(job, cursor=piece.upto), final)
            with set_for_history():
                await self._commit(piece, at, finished=False)
        except CheckpointMovedError:
            await self.close()
            return True  # a rollback went below it: read again from where it stands now
        except _DELAYS as error:
            await self.close()
            await self._failed(job, error)
            return False
        self._failures.pop(job.contract, None)
        return True

    async def _tail(self, job: Job, at: Checkpoint) -> bool:
        """The next of the newest blocks, up to one whose hash we know: the piece is on the chain that the catalog
        shows, or it is not written. The one that ends at the checkpoint is the last."""
        known = {**dict(await self._writer.recent_blocks()), at.block: at.hash}
        target = min(block for block in known if block >= min(job.cursor + TAIL_AT_ONCE, at.block))
        try:
            piece = await self._pieces.tail(job, target)
            if piece.last_hash not in (None, known[target]):
                raise ForkedReplyError
            finished, supply = target == at.block, None
            if finished and await self._progress.is_silent(job.child.collection_id):
                supply = await self._pieces.supply(job, target)
            joins = await self._commit(piece, at, finished=finished, supply=supply)
        except CheckpointMovedError:
            raise
        except _DELAYS as error:
            await self._failed(job, error)
            return False
        self._failures.pop(job.contract, None)
        if target == at.block:
            if joins:
                self.joined = job.contract, job.child
                log.info("%s: %s is imported up to block %d", self._chain_id, job.contract, target)
            else:
                log.warning("%s: nothing of %s is understood, so it is not imported", self._chain_id, job.contract)
        return True

    async def _commit(self, piece: Piece, at: Checkpoint, *, finished: bool, supply: int | None = None) -> bool:
        """Rows and cursor in one transaction; with the last piece, also whether the contract is followed from now on,
        which is the answer. `supply` is what the contract says, if nothing of a transfer was found before."""
        job, counts = piece.job, piece.batch.counts
        joins = False
        children = {job.contract: job.child}
        rendered = await asyncio.to_thread(self._projection.render, piece.batch, children)
        if self._raw is not None:
            await self._raw.write(job.cursor, piece.replies, piece.upto, job.contract.__eq__, job.contract)
        self._fault("import raw stored")
        await self._projection.number(rendered)
        async with self._writer.connection.transaction():
            await self._writer.hold(at)
            await self._progress.advance(
                job, piece.upto, at.block, not_understood=sum(counts[reason] for reason in NOT_UNDERSTOOD)
            )
            self._fault("import advanced")
            collections = await self._project(rendered)
            if finished:
                joins = await self._progress.finish(job.child.collection_id, at.block, supply)
            self._fault("import before commit")
        self._writer.remember_collections(collections)
        metrics.count(self._chain_id, piece.batch)
        self.written.add(job.contract)
        self._fault("import committed")
        return joins

    async def _project(self, rendered: RenderedBatch) -> Mapping[str, int]:
        if rendered.batch.logs or not rendered.batch.empty:
            await self._projection.note_processed(rendered.batch)
            return await self._projection.project(rendered)
        return {}

    async def _failed(self, job: Job, error: Exception) -> None:
        failures = self._failures.get(job.contract, (0, 0.0))[0]
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        self._failures[job.contract] = failures + 1, asyncio.get_running_loop().time() + pause
        log.warning("%s: the import of %s is delayed: %s", self._chain_id, job.contract, type(error).__name__)
        reason = error.detail if isinstance(error, SteadymintError) else type(error).__name__
        await self._progress.note(job.child.collection_id, f"tried again in {pause:g} s: {reason}"[:500])
