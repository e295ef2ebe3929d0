"""Writes a batch in one transaction: its rows and the checkpoint, or nothing."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final

from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.indexed_chain import REORG_WINDOW
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.store import sql
from steadymint.indexing.store.writer import Checkpoint, Writer
from steadymint.indexing.subjects.movements.batch_rows import BatchRows
from steadymint.indexing.subjects.subject import ChainTerms, Fault, RenderedBatch, no_fault
from steadymint.indexing.subjects.table import SUBJECTS

FEW_BLOCKS: Final = 500
"""Blocks that are noted in one statement with the checkpoint; more of them are copied."""


NO_POOLS: Final[Mapping[str, Address]] = {}
"""Of a chain where no such contract is registered."""


class Projection:
    """Writes batches on the writer's connection."""

    def __init__(
        self,
        writer: Writer,
        *,
        chain_number: int,
        decimals: int,
        money: Mapping[str | None, Currency],
        pools: Mapping[str, Address] = NO_POOLS,
        reorg_window: int = REORG_WINDOW,
        fault: Fault = no_fault,
    ) -> None:
        self._writer = writer
        self._chain_id: ChainId = writer.chain_id
        self._decimals = decimals
        self._window = reorg_window
        self._fault = fault
        self.terms = ChainTerms(chain_number, decimals, money, pools)
        self.subjects = [subject(writer, self.terms, fault) for subject in SUBJECTS]

    def render(self, batch: Batch, children: Mapping[str, Child]) -> RenderedBatch:
        """The batch in the form in which it is written. It does no I/O, so it may run in a thread.

        `children` must hold the collections known before the batch. Collections created in it are in the batch.
        """
        known = {**children, **batch.created} if batch.created else children
        return RenderedBatch(batch, known, BatchRows(batch, known, self._decimals).render())

    async def number(self, rendered: RenderedBatch) -> None:
        """Give a number to every account that the batch names. Call it before the transaction of `project`."""
        await self._writer.accounts.number((*rendered.rows.names, *rendered.batch.accounts))

    async def commit(
        self,
        rendered: RenderedBatch,
        before: Checkpoint,
        headers: Sequence[Header],
        head: int,
        stored: Awaitable[None] | None = None,
    ) -> Checkpoint:
        """Write a batch of the blocks after `before` up to the last of `headers`. Returns the new checkpoint.

        `stored` is awaited before the commit, because raw logs must be stored before the checkpoint moves.

        Raises:
            CheckpointMovedError: another writer was here; nothing is written.
        """
        batch = rendered.batch
        counters = dict(Counter(before.counters) + batch.counts + Counter(logs=batch.logs))
        processed = self._processed(batch)
        few = len(processed) <= FEW_BLOCKS
        await self.number(rendered)
        async with self._writer.connection.transaction():
            keep_from = headers[-1].height - self._window
            after = await self._writer.advance(before, headers, head, counters, keep_from, processed if few else ())
            self._fault("advanced")
            collections = await self.project(rendered)
            if not few:
                await self._copy_processed(processed)
            if stored is not None:
                await stored
            self._fault("before commit")
        self._writer.remember_collections(collections)
        self._fault("committed")
        return after

    async def project(self, rendered: RenderedBatch) -> Mapping[str, int]:
        """Write the rows of a batch in the caller's transaction, which also moves the checkpoint or cursor and notes
        the blocks as processed. Call `number` before.

        Returns the numbers of collections. Pass them to `Writer.remember_collections` after the commit.
        """
        batch = rendered.batch
        for subject in self.subjects:
            await subject.lock(rendered)
        for subject in self.subjects:
            await subject.write(rendered)
        if batch.inconsistent:
            await self._mark(batch.inconsistent)
        return rendered.collections

    async def note_processed(self, batch: Batch) -> None:
        """Note the blocks of an import, which may find blocks that are noted already."""
        rows = self._processed(batch)
        if rows:
            columns = map(list, zip(*rows, strict=True))
            await self._writer.connection.execute(sql.INSERT_PROCESSED, self._chain_id, *columns)

    def _processed(self, batch: Batch) -> list[tuple[str, int, str]]:
        """The blocks that changed something, and the contracts that announced metadata in them, so that a rollback has
        it read again: event id, number and hash."""
        chain, blocks = self._chain_id, batch.blocks
        rows = [(f"{chain}:{hash_}", number, hash_) for number, (hash_, _) in blocks.items()]
        return rows + [
            (f"{chain}:{blocks[number][0]}:{contract}", number, blocks[number][0])
            for number, contract in batch.announcements.places
        ]

    async def _copy_processed(self, rows: Sequence[tuple[str, int, str]]) -> None:
        chain = self._chain_id
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
