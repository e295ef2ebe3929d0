"""The end of a chain's first reading.

Until then the chain is in the state `history`: its movements are appended to a table without an index, which nobody
reads, and there are no tokens and holders. Sealing makes all of them at once, sorted, with half of the work of doing it
block by block. After a kill at any line, the next attempt drops what is half made and starts again from the movements.

Plain ERC-721 tokens are most of what there is. Their movements are read back and folded in memory (`seal_fold`). The
other collections are left to statements (`seal_sql`): those with ERC-1155 tokens, with token numbers of more than
twelve digits, or with too many movements.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from steadymint.database import prepare_connection
from steadymint.indexing.store.binary_rows import copy_rows
from steadymint.indexing.store.chain_tables import attach_tables
from steadymint.indexing.store.writer import SESSION, Checkpoint, CheckpointMovedError, Writer
from steadymint.indexing.subjects.approvals.seal import end_moved
from steadymint.indexing.subjects.movements import seal_sql
from steadymint.indexing.subjects.movements.batch_rows import ITEM_COLUMNS
from steadymint.indexing.subjects.movements.seal_fold import Summary, fold
from steadymint.indexing.subjects.movements.seal_rows import (
    HOLDER_COLUMNS,
    Census,
    holder_rows,
    item_rows,
    read_moved,
    take_census,
)
from steadymint.indexing.subjects.orders.causes import take_up_history
from steadymint.metadata.queue import enqueue_ranges, whole

_BUILDING: Final = """
set maintenance_work_mem = '128MB'; set max_parallel_maintenance_workers = 0; set enable_seqscan = on;
set enable_nestloop = off; set work_mem = '128MB'"""
"""Whole tables are read, sorted and hashed. Without statistics the planner would not choose that."""


class Seal:
    """Moves one chain from `history` to `live`, on the writer's connection and one more."""

    def __init__(self, writer: Writer, dsn: str, fault: Callable[[str], None]) -> None:
        self._writer = writer
        self._connection = writer.connection
        self._dsn = dsn
        self._fault = fault
        self._side: _Beside
        self._census = Census()
        self._folded: list[Summary] = []
        """What was folded in memory, but for the tokens, which are written at once."""

    async def clear(self) -> None:
        """Remove what a killed attempt has left."""
        for row in await self._connection.fetch(self._fill(seal_sql.INDEXES)):
            await self._connection.execute(f"drop index {row['name']}")
        await self._connection.execute(self._fill("truncate {items}, {holders}"))

    async def run(self, at: Checkpoint) -> list[str]:
        """Seal the chain. Returns the contracts whose metadata must be read. The checkpoint stays at `at`.

        Raises:
            CheckpointMovedError: another writer was here; the chain stays in `history`.
        """
        await self.clear()
        beside = await asyncpg.connect(self._dsn, server_settings=SESSION, timeout=10)
        try:
            await prepare_connection(beside)
            for connection in (self._connection, beside):
                await connection.execute(_BUILDING)
            await self._build(beside)
        finally:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError):
                await beside.close(timeout=2)
        self._fault("sealed tables")
        async with self._connection.transaction():
            queued = await self._finish(at)
            self._fault("seal before commit")
        await self._connection.execute(seal_sql.TEMPORARY)
        await self._connection.execute("reset all")
        self._writer.in_history = False
        self._fault("sealed")
        return queued

    # -- tables and indexes --------------------------------------------------------------------------------------------

    async def _build(self, beside: asyncpg.Connection) -> None:
        """Make tokens and indexes. One connection makes the tokens, the other the indexes that need nothing more."""
        side = self._side = _Beside(beside, self._fill)
        try:
            side.add(seal_sql.MOVEMENT_INDEXES)
            await self._connection.execute(seal_sql.TEMPORARY)
            await self._fold_plain()
            if self._has_left:
                await self._make_rest()
            side.add(seal_sql.ITEM_INDEXES)
            await self._make_holders()
            self._fault("sealed items")
            side.add(seal_sql.HOLDER_INDEXES)
            await side.help(self._connection)
        finally:
            await side.close()

    async def _fold_plain(self) -> None:
        """Make the tokens of the collections that are folded in memory, and note which are left."""
        connection, tables = self._connection, self._writer.tables
        self._census, self._folded = await take_census(connection, tables), []
        for collections in self._census.turns:
            moved = await read_moved(connection, tables, collections)
            tokens, summary = await asyncio.to_thread(fold, moved)
            self._folded.append(summary)
            if len(summary.later_mints):
                await self._side.done()
                await connection.execute(self._fill(seal_sql.LATER_MINTS), *summary.later_mints.lists())
            if len(self._folded) == len(self._census.turns) and not self._has_left:
                self._side.add(seal_sql.KIND_INDEXES)
            await copy_rows(connection, tables.items, item_rows(tokens, tables.no), ITEM_COLUMNS)
        if not self._has_left:
            await self._run(seal_sql.ITEM_KEY)

    async def _make_rest(self) -> None:
        """Make the tokens of the collections that are left to statements."""
        await self._connection.execute(seal_sql.LEFT)
        await self._connection.execute(seal_sql.FILL_LEFT, self._census.singles, self._census.divisible)
        for statement in (seal_sql.DIVISIBLE, seal_sql.DIVISIBLE_ITEMS, seal_sql.MOVED):
            await self._run(statement)
        try:
            if await self._connection.fetchval(self._fill(seal_sql.IS_ODD)):
                raise asyncpg.UniqueViolationError
            await self._run(seal_sql.SINGLE_ITEMS)
            await self._run(seal_sql.ITEM_KEY)
        except asyncpg.UniqueViolationError:
            await self._side.done()
            await self._make_rest_again()
        self._side.add(seal_sql.KIND_INDEXES)

    async def _make_rest_again(self) -> None:
        """Make the tokens again, because a token was minted twice, or moved before it was minted."""
        await self._run(seal_sql.FORGET_SINGLES)
        await self._run(seal_sql.SETTLE_KINDS)
        await self._connection.execute("drop table h_moved")
        for statement in (seal_sql.MOVED, seal_sql.SINGLE_ITEMS, seal_sql.ITEMS_WITHOUT_FIRST_MINT, seal_sql.ITEM_KEY):
            await self._run(statement)

    async def _make_holders(self) -> None:
        """Make the holders of all collections."""
        tables = self._writer.tables
        for folded in self._folded:
            await copy_rows(self._connection, tables.holders, holder_rows(folded.holders, tables.no), HOLDER_COLUMNS)
        if self._has_left:
            await self._run(seal_sql.HOLDERS)

    @property
    def _has_left(self) -> bool:
        return bool(self._census.singles or self._census.divisible)

    # -- what is shown -------------------------------------------------------------------------------------------------

    async def _finish(self, at: Checkpoint) -> list[str]:
        """Write what is not in the chain's own tables, then attach these."""
        wrong = [collection for folded in self._folded for collection in folded.contradicted.tolist()]
        if self._has_left:
            rows = [*await self._rows(seal_sql.CONTRADICTED_SINGLES), *await self._rows(seal_sql.CONTRADICTED_UNITS)]
            wrong += [row["collection"] for row in rows]
            for statement in (seal_sql.BALANCES, seal_sql.TOTALS):
                await self._run(statement)
        for folded in self._folded:
            await self._connection.execute(seal_sql.GIVEN_TOTALS, *folded.totals.lists())
        if wrong:
            await self._mark(wrong)
        moved = await self._connection.fetch(seal_sql.MOVED_COLLECTIONS, self._census.every)
        await enqueue_ranges(self._connection, [whole(row["id"]) for row in moved], "mint")
        await attach_tables(self._connection, self._writer.tables)
        if await self._connection.execute(seal_sql.LIVE, self._writer.chain_id, at.block, at.hash) != "UPDATE 1":
            raise CheckpointMovedError
        await take_up_history(self._connection, self._writer.chain_id, self._writer.tables, at.block)
        await end_moved(self._connection, self._writer.chain_id, self._writer.tables)
        return [row["contract_address"] for row in moved]

    async def _mark(self, collections: Sequence[int]) -> None:
        """These contradict themselves; so do some of their movements."""
        await self._connection.execute(seal_sql.MARK, collections)
        await self._connection.execute(self._fill(seal_sql.SUSPICIOUS_SINGLES), collections)
        if self._has_left:
            await self._connection.execute(self._fill(seal_sql.SUSPICIOUS_UNITS), collections)

    async def _rows(self, statement: str) -> Sequence[Any]:
        return await self._connection.fetch(self._fill(statement))

    async def _run(self, statement: str) -> None:
        await self._connection.execute(self._fill(statement))

    def _fill(self, statement: str) -> str:
        return self._writer.tables.fill(statement)


class _Beside:
    """Builds indexes on a second connection, one after another."""

    def __init__(self, connection: asyncpg.Connection, fill: Callable[[str], str]) -> None:
        self._connection = connection
        self._fill = fill
        self._waiting: list[str] = []
        self._building: asyncio.Task[None] | None = None

    def add(self, indexes: Iterable[str]) -> None:
        """Build these, too. Raises what went wrong with those before."""
        self._waiting += indexes
        if self._building is not None and self._building.done():
            self._building.result()
            self._building = None
        if self._building is None:
            self._building = asyncio.create_task(self._build(self._connection))

    async def done(self) -> None:
        """Wait until all are built."""
        if self._building is not None:
            await self._building

    async def help(self, connection: asyncpg.Connection) -> None:
        """Build those that wait on this connection as well, and wait until all are built."""
        await self._build(connection)
        await self.done()

    async def close(self) -> None:
        """Stop."""
        if self._building is not None:
            self._building.cancel()
            await asyncio.gather(self._building, return_exceptions=True)

    async def _build(self, connection: asyncpg.Connection) -> None:
        while self._waiting:
            await connection.execute(self._fill(self._waiting.pop(0)))
