"""One batch, one transaction: the checkpoint and everything the batch says, or nothing of it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.indexed_chain import REORG_WINDOW
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.store import sql
from steadymint.indexing.store.writer import Checkpoint, Writer
from steadymint.indexing.subjects.movements.batch_rows import BatchRows
from steadymint.indexing.subjects.subject import ChainTerms, Fault, Prepared, no_fault
from steadymint.indexing.subjects.table import SUBJECTS


class Projection:
    """Writes batches over the writer's connection."""

    def __init__(
        self,
        writer: Writer,
        *,
        chain_number: int,
        decimals: int,
        reorg_window: int = REORG_WINDOW,
        fault: Fault = no_fault,
    ) -> None:
        self._writer = writer
        self._chain_id: ChainId = writer.chain_id
        self._decimals = decimals
        self._window = reorg_window
        self._fault = fault
        terms = ChainTerms(chain_number, decimals)
        self.subjects = [subject(writer, terms, fault) for subject in SUBJECTS]

    def prepare(self, batch: Batch, children: Mapping[str, Child]) -> Prepared:
        """The batch as the database takes it; pure work, which may be done in a thread.

        `children` must hold the collections known before the batch; those created in it are taken from it.
        """
        known = {**children, **batch.created} if batch.created else children
        return Prepared(batch, known, BatchRows(batch, known, self._decimals).render())

    async def number(self, prepared: Prepared) -> None:
        """Give every account that the batch names its number; before the transaction of `project`."""
        await self._writer.accounts.number((*prepared.rows.names, *prepared.batch.accounts))

    async def commit(
        self,
        prepared: Prepared,
        before: Checkpoint,
        headers: Sequence[Header],
        head: int,
        stored: Awaitable[None] | None = None,
    ) -> Checkpoint:
        """Write a batch, which covers the blocks after `before` up to the last of `headers`; the new checkpoint.

        `stored` is awaited before the commit: raw first, checkpoint last.

        Raises:
            CheckpointMovedError: another writer was here; nothing is written.
        """
        batch = prepared.batch
        counters = dict(Counter(before.counters) + batch.counts + Counter(logs=batch.logs))
        await self.number(prepared)
        async with self._writer.connection.transaction():
            after = await self._writer.advance(before, headers[-1], head, counters)
            self._fault("advanced")
            collections = await self.project(prepared)
            await self._writer.remember(headers, headers[-1].height - self._window)
            if stored is not None:
                await stored
            self._fault("before commit")
        self._writer.remember_collections(collections)
        self._fault("committed")
        return after

    async def project(self, prepared: Prepared) -> Mapping[str, int]:
        """The rows of a batch, inside the caller's transaction, which moves whatever says how far has been read. Its
        accounts have their numbers (`number`).

        Returns the numbers of collections, to be remembered (`Writer.remember_collections`) after the commit.
        """
        batch = prepared.batch
        for subject in self.subjects:
            await subject.write(prepared)
        if batch.blocks:
            await self._processed(batch)
        if batch.inconsistent:
            await self._mark(batch.inconsistent)
        return prepared.collections

    async def _processed(self, batch: Batch) -> None:
        """Blocks that changed something, and which contracts spoke of metadata in them, so that a rollback has it read
        again. The history of an import meets blocks that are there already."""
        chain, blocks = self._chain_id, batch.blocks
        rows = [(f"{chain}:{hash_}", number, hash_) for number, (hash_, _) in blocks.items()]
        rows += [
            (f"{chain}:{blocks[number][0]}:{contract}", number, blocks[number][0])
            for number, contract in batch.announcements.places
        ]
        if not batch.queued:
            await self._writer.connection.execute(sql.INSERT_PROCESSED, chain, *map(list, zip(*rows, strict=True)))
            return
        text = "".join([f"{event_id}\t{chain}\t{number}\t{hash_}\n" for event_id, number, hash_ in rows]).encode()
        await self._writer.connection.copy_to_table(
            "processed_events",
            schema_name="catalog_service",
            source=io.BytesIO(text),
            columns=("event_id", "chain_id", "block_number", "block_hash"),
            format="text",
        )
        self._fault("processed")

    async def _mark(self, contracts: set[str]) -> None:
        await self._writer.connection.execute(sql.MARK_INCONSISTENT, self._chain_id, list(contracts))
