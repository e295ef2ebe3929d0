"""What the movements of a batch do to transfers, activities, tokens, balances and counts. Inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.indexing import sql
from steadymint.indexing.copy_text import (
    ACTIVITY_COLUMNS,
    BALANCE_COLUMNS,
    ENTRY_COLUMNS,
    TOKEN_COLUMNS,
    TRANSFER_COLUMNS,
    CopyText,
    chunks,
)
from steadymint.indexing.holdings import Holder
from steadymint.indexing.rows import ERC1155, Batch, Child
from steadymint.metadata.queue import Span

DIRECT_COPY: Final = 200
"""Fresh tokens from which two COPYs and a savepoint are cheaper than a staging table."""

CLEAR_EVERY: Final = 256
"""Small batches between two truncations of the staging tables; until then deleted rows are walked over."""


class MovementRows:
    """Writes one batch. Use once."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        batch: Batch,
        children: Mapping[str, Child],
        text: CopyText,
        fault: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._chain_id = batch.chain_id
        self._batch = batch
        self._children = children
        self._text = text
        self._fault = fault
        self._with_1155 = any(children[contract].standard == ERC1155 for contract, _ in batch.tokens)
        self._fresh = sum(change.fresh for change in batch.tokens.values())
        self._direct = False
        self._items: dict[str, int] = defaultdict(int)
        self._supply: dict[str, int] = defaultdict(int)
        """Contract -> by how much they differ from before. Nothing is ever counted as a whole."""
        self._holdings: dict[Holder, int] = text.holdings.changes
        self.contradicted: set[str] = set()
        """Contracts whose movements do not fit what the catalog holds."""
        self.unqueued: list[Span] = []
        """Tokens written whose metadata is still to be queued, last of all."""

    async def write(self) -> None:
        await self._copy("ownership_transfers", self._text.transfers, TRANSFER_COLUMNS)
        self._fault("transfers")
        await self._copy("activities", self._text.activities, ACTIVITY_COLUMNS)
        self._fault("activities")
        await self._tokens_and_balances()
        self._fault("balances")
        owners = await self._owners()
        self._fault("owners")
        await self._totals(owners)
        self._fault("totals")
        # By the height, so that it happens now and then without anybody counting.
        clear = len(self._batch.tokens) >= DIRECT_COPY or self._batch.movements[-1].block % CLEAR_EVERY == 0
        await self._connection.execute(sql.CLEAR if clear else sql.EMPTY)

    # -- tokens and balances ------------------------------------------------------------------------------------------

    async def _tokens_and_balances(self) -> None:
        self._direct = self._fresh >= DIRECT_COPY and await self._copy_fresh()
        if self._direct:
            self._add_fresh()
            self.unqueued = [
                Span(self._children[contract].collection_id, *run) for contract, run in self._text.mint_runs.items()
            ]
        if not self._direct or self._fresh < len(self._batch.tokens):
            await self._stage("s_tokens", self._text.staged_tokens(fresh=not self._direct))
            if self._with_1155:
                await self._stage("s_balances", self._text.balances())
            await self._staged()

    async def _copy_fresh(self) -> bool:
        """Tokens minted in this batch are new as a rule: straight into the tables, twice as fast as by staging.

        False if one of them stands already: it was burned before, or its contract lies. Then nothing was written.
        """
        await self._connection.execute("savepoint fresh")
        try:
            await self._copy("tokens", self._text.fresh_tokens, TOKEN_COLUMNS)
            await self._copy("token_balances", self._text.fresh_balances, BALANCE_COLUMNS)
            if self._batch.queued:
                await self._copy("metadata_queue", self._text.fresh_entries, ENTRY_COLUMNS)
        except asyncpg.UniqueViolationError:
            # Released as well: rows written within a subtransaction carry another id than the transaction's, by which
            # the statements that follow know what is theirs.
            await self._connection.execute("rollback to savepoint fresh; release savepoint fresh")
            return False
        await self._connection.execute("release savepoint fresh")
        return True

    async def _staged(self) -> None:
        """What was staged: fresh tokens are inserted, and all others merged, with their owners' balances."""
        fresh = 0 if self._direct else self._fresh
        if fresh:
            if await self._run(sql.INSERT_FRESH) == fresh:
                self._add_fresh()
            else:
                await self._run(sql.DISTRUST)
                fresh = 0
        if self._direct or fresh < len(self._batch.tokens):
            await self._merge()
        else:
            self._fault("tokens")
            await self._run(sql.GIVE_TO_OWNERS)

    async def _merge(self) -> None:
        self.contradicted |= await self._contracts(sql.CONTRADICTED_TOKENS)
        if self._with_1155:
            self.contradicted |= await self._contracts(sql.CONTRADICTED_BALANCES)
        before = await self._held()
        for row in await self._connection.fetch(sql.MERGE_TOKENS, *self._arguments(sql.MERGE_TOKENS)):
            self._items[row["contract"]] += row["items"]
            self._supply[row["contract"]] += row["supply"]
        self._fault("tokens")
        await self._run(sql.TAKE_FROM_OWNERS)
        await self._run(sql.GIVE_TO_OWNERS)
        if self._with_1155:
            await self._run(sql.MERGE_BALANCES)
        if self.contradicted:
            self._believe_rows(before, await self._held())

    def _add_fresh(self) -> None:
        for contract, items in self._text.holdings.fresh_items().items():
            self._items[contract] += items
            self._supply[contract] += items

    # -- owners -------------------------------------------------------------------------------------------------------

    async def _held(self) -> dict[Holder, int]:
        """What stands of the staged tokens of contracts that lie; nothing, as a rule."""
        if not self.contradicted:
            return {}
        rows = await self._connection.fetch(sql.HELD, self._chain_id, list(self.contradicted))
        return {(row["contract"], row["owner"]): row["quantity"] for row in rows}

    def _believe_rows(self, before: Mapping[Holder, int], after: Mapping[Holder, int]) -> None:
        """Holdings of contracts that lie follow from their balances as they were and are, not from their events."""
        fresh = self._text.holdings.fresh(self.contradicted) if self._direct else {}
        changes = {holder: 0 if holder[0] in self.contradicted else delta for holder, delta in self._holdings.items()}
        for holder in {*before, *after, *fresh}:
            changes[holder] = after.get(holder, 0) - before.get(holder, 0) + fresh.get(holder, 0)
        self._holdings = changes

    async def _owners(self) -> dict[UUID, int]:
        """Collection -> accounts more or less that hold something of it."""
        honest = self._holdings is self._text.holdings.changes
        await self._stage("s_holders", self._text.holders if honest else self._text.holders_of(self._holdings))
        rows = await self._connection.fetch(sql.MERGE_OWNERS)
        return {row["collection_id"]: row["number"] for row in rows}

    # -- counts -------------------------------------------------------------------------------------------------------

    async def _totals(self, owners: Mapping[UUID, int]) -> None:
        batch, children = self._batch, self._children
        last = {movement.contract: movement.at for movement in batch.movements}
        ids = [children[contract].collection_id for contract in last]
        await self._connection.execute(
            sql.ADD_TOTALS,
            self._chain_id,
            ids,
            [batch.minted[contract] for contract in last],
            [self._supply[contract] for contract in last],
            [self._items[contract] for contract in last],
            [owners.get(id_, 0) for id_ in ids],
            [datetime.fromtimestamp(at, UTC) for at in last.values()],
        )

    # -- one level down -----------------------------------------------------------------------------------------------

    async def _copy(self, table: str, text: bytes, columns: Sequence[str]) -> None:
        await self._connection.copy_to_table(
            table, schema_name="catalog_service", source=chunks(text), columns=columns, format="text"
        )

    async def _stage(self, table: str, text: bytes) -> None:
        await self._connection.copy_to_table(table, source=chunks(text), format="text")

    async def _run(self, statement: str) -> int:
        """Rows affected, or selected."""
        status: str = await self._connection.execute(statement, *self._arguments(statement))
        return int(status.rpartition(" ")[2])

    async def _contracts(self, statement: str) -> set[str]:
        rows = await self._connection.fetch(statement, *self._arguments(statement))
        return {row["contract"] for row in rows}

    def _arguments(self, statement: str) -> tuple[Any, ...]:
        """The chain, and whether tokens join the queue, as far as the statement asks."""
        given = (self._chain_id, self._batch.queued)
        return given[: 2 if "$2" in statement else 1 if "$1" in statement else 0]
