"""What the movements of a batch do to transfers, activities, tokens, balances and counts. Inside one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.indexing import sql
from steadymint.indexing.copy_text import (
    ACTIVITY_COLUMNS,
    BALANCE_COLUMNS,
    TOKEN_COLUMNS,
    TRANSFER_COLUMNS,
    CopyText,
    chunks,
)
from steadymint.indexing.rows import ERC721, ERC1155, Batch, Child

DIRECT_COPY: Final = 200
"""Fresh tokens from which two COPYs and a savepoint are cheaper than a staging table."""

CLEAR_EVERY: Final = 256
"""Small batches between two truncations of the staging tables; until then deleted rows are walked over."""

Counts = Mapping[UUID, int]
"""Collection -> number."""


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
        self._items: Counts = {}
        self.contradicted: set[str] = set()
        """Contracts whose movements do not fit what the catalog holds."""

    async def write(self) -> None:
        await self._copy("ownership_transfers", self._text.transfers, TRANSFER_COLUMNS)
        self._fault("transfers")
        await self._copy("activities", self._text.activities, ACTIVITY_COLUMNS)
        self._fault("activities")
        await self._stage("s_holders", self._text.holders)
        owners = await self._counted(sql.COUNT_OWNERS, self._tokens_and_balances)
        await self._totals(owners)
        self._fault("totals")
        # By the height, so that it happens now and then without anybody counting.
        clear = len(self._batch.tokens) >= DIRECT_COPY or self._batch.movements[-1].block % CLEAR_EVERY == 0
        await self._connection.execute(sql.CLEAR if clear else sql.EMPTY)

    # -- tokens and balances ------------------------------------------------------------------------------------------

    async def _tokens_and_balances(self) -> None:
        self._direct = self._fresh >= DIRECT_COPY and await self._copy_fresh()
        if not self._direct or self._fresh < len(self._batch.tokens):
            await self._stage("s_tokens", self._text.staged_tokens(fresh=not self._direct))
            self._items = await self._counted(sql.COUNT_ITEMS, self._staged, needed=self._with_1155)
        self._fault("tokens")
        if self._with_1155:
            await self._balances_1155()
        self._fault("balances")

    async def _copy_fresh(self) -> bool:
        """Tokens minted in this batch are new as a rule: straight into the tables, twice as fast as by staging.

        False if one of them stands already: it was burned before, or its contract lies. Then nothing was written.
        """
        try:
            async with self._connection.transaction():
                await self._copy("tokens", self._text.fresh_tokens, TOKEN_COLUMNS)
                await self._copy("token_balances", self._text.fresh_balances, BALANCE_COLUMNS)
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def _staged(self) -> None:
        """What was staged: fresh tokens are inserted, and all others merged, with their owners' balances."""
        fresh = 0 if self._direct else self._fresh
        if fresh and await self._run(sql.INSERT_FRESH) != fresh:
            await self._run(sql.DISTRUST)
            fresh = 0
        if self._direct or fresh < len(self._batch.tokens):
            self.contradicted |= await self._contracts(sql.CONTRADICTED_TOKENS)
            await self._run(sql.MERGE_TOKENS)
            await self._run(sql.TAKE_FROM_OWNERS)
        await self._run(sql.GIVE_TO_OWNERS)

    async def _balances_1155(self) -> None:
        await self._stage("s_balances", self._text.balances())
        self.contradicted |= await self._contracts(sql.CONTRADICTED_BALANCES)
        await self._run(sql.MERGE_BALANCES)

    # -- counts -------------------------------------------------------------------------------------------------------

    async def _counted(self, statement: str, change: Callable[[], Awaitable[None]], *, needed: bool = True) -> Counts:
        """By how much the counts differ after `change`. Nothing is ever counted as a whole."""
        before = await self._count(statement) if needed else {}
        await change()
        after = await self._count(statement) if needed else {}
        return {id_: after.get(id_, 0) - before.get(id_, 0) for id_ in before | after}

    async def _totals(self, owners: Counts) -> None:
        batch, children = self._batch, self._children
        last = {movement.contract: movement.at for movement in batch.movements}
        minted = [batch.minted[contract] for contract in last]
        burned = [batch.burned[contract] for contract in last]
        ids = [children[contract].collection_id for contract in last]
        await self._connection.execute(
            sql.ADD_TOTALS,
            self._chain_id,
            ids,
            minted,
            burned,
            [
                more - less if children[contract].standard == ERC721 else self._items.get(id_, 0)
                for contract, id_, more, less in zip(last, ids, minted, burned, strict=True)
            ],
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

    async def _count(self, statement: str) -> dict[UUID, int]:
        rows = await self._connection.fetch(statement, *self._arguments(statement))
        return {row["collection_id"]: row["number"] for row in rows}

    async def _contracts(self, statement: str) -> set[str]:
        rows = await self._connection.fetch(statement, *self._arguments(statement))
        return {row["contract"] for row in rows}

    def _arguments(self, statement: str) -> tuple[Any, ...]:
        return (self._chain_id,) if "$1" in statement else ()
