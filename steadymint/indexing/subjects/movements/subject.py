"""The subject `movements`: mints, transfers and burns of tokens, their holders, and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.store.binary_rows import copy_rows
from steadymint.indexing.store.chain_tables import first_place
from steadymint.indexing.subjects.folding import Handler
from steadymint.indexing.subjects.movements import fold, topics, undo_sql
from steadymint.indexing.subjects.movements.batch_rows import MOVEMENT_COLUMNS
from steadymint.indexing.subjects.movements.rows import MovementRows
from steadymint.indexing.subjects.movements.told import movements_told
from steadymint.indexing.subjects.subject import RenderedBatch, Subject, Told, Undoing


class Movements(Subject):
    """Writes tokens and holdings from the transfers of their contracts."""

    ours: ClassVar[Mapping[str, Handler]] = {
        topics.TRANSFER: fold.transfer,
        topics.TRANSFER_SINGLE: fold.transfer_single,
        topics.TRANSFER_BATCH: fold.transfer_batch,
        topics.MINTED: fold.minted,
        topics.MINTED_BATCH: fold.minted_batch,
    }
    imported: ClassVar[Mapping[str, Handler]] = {
        topics.TRANSFER: fold.transfer,
        topics.CONSECUTIVE_TRANSFER: fold.consecutive_transfer,
        topics.TRANSFER_SINGLE: fold.transfer_single,
        topics.TRANSFER_BATCH: fold.transfer_batch,
    }

    async def write(self, rendered: RenderedBatch) -> None:
        batch = rendered.batch
        if not (batch.movements or batch.plain):
            return
        rendered.collections = await self._writer.collections(rendered.rows.contracts)
        if self._writer.in_history:
            await self._append(rendered)
        else:
            assert not batch.plain, "folded for a first reading"
            await self._move(rendered)

    async def _append(self, rendered: RenderedBatch) -> None:
        """Append the movements only. Tokens and holders are made when the chain's history is sealed."""
        writer, rows = self._writer, rendered.rows
        rows.mark_first_mints(rows.fresh)
        payload = rows.movements(writer.tables.no, writer.accounts.numbers, rendered.collections)
        await copy_rows(writer.connection, writer.tables.movements, payload, MOVEMENT_COLUMNS)
        self._fault("transfers")

    async def _move(self, rendered: RenderedBatch) -> None:
        writer, batch = self._writer, rendered.batch
        rows = MovementRows(
            writer.connection,
            self._chain_id,
            writer.tables,
            rendered.rows,
            rendered.collections,
            writer.accounts.numbers,
            rendered.traded,
            self._fault,
        )
        await rows.write()
        batch.inconsistent |= rows.contradicted
        rendered.minted = rows.unqueued

    async def undo(self, undoing: Undoing) -> None:
        """Delete the movements, then rebuild the tokens that they touched from the movements that are left."""
        fill, connection = self._writer.tables.fill, self._connection
        if self._writer.in_history:
            await connection.execute(fill(undo_sql.DELETE_MOVEMENTS), undoing.place)
            return
        for statement in (undo_sql.TOUCHED_ITEMS, undo_sql.NAMED_OWNERS):
            await connection.execute(fill(statement), undoing.place)
        await connection.execute(fill(undo_sql.HOLDING_OWNERS))
        for statement in (undo_sql.DELETE_MOVEMENTS, undo_sql.DELETE_SUSPICIONS, undo_sql.RETREAT_SENDERS):
            await connection.execute(fill(statement), undoing.place)
        for statement in undo_sql.REBUILD:
            await connection.execute(fill(statement))
        rows = await connection.fetch("select distinct contract from r_items")
        undoing.queued.update(row["contract"] for row in rows)

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        return await movements_told(pool, chain_id, first_place(after + 1), first_place(upto + 1))
