"""One batch, one transaction: the checkpoint and everything the batch says, or nothing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from steadymint.domain.types import ChainId
from steadymint.indexing import sql
from steadymint.indexing.collection_rows import CollectionRows
from steadymint.indexing.copy_text import ACTIVITY_COLUMNS, TRANSFER_COLUMNS, CopyText, chunks
from steadymint.indexing.decode import Header
from steadymint.indexing.rows import ERC721, ERC1155, Batch, Child
from steadymint.indexing.writer import Checkpoint, Writer

REORG_WINDOW: Final = 256
"""Blocks kept for finding a common ancestor. Four times Ethereum's finality; a deeper reorg is for people to judge."""

Fault = Callable[[str], None]
"""Called with the name of each point at which a process may die; tests raise there."""


def no_fault(_: str) -> None:
    """Nothing happens, as in production."""


class Projection:
    """Writes batches over the writer's connection."""

    def __init__(
        self,
        writer: Writer,
        *,
        chain_number: int,
        symbol: str,
        decimals: int,
        reorg_window: int = REORG_WINDOW,
        fault: Fault = no_fault,
    ) -> None:
        self._writer = writer
        self._chain_id: ChainId = writer.chain_id
        self._symbol = symbol
        self._decimals = decimals
        self._window = reorg_window
        self._fault = fault
        self.collections = CollectionRows(writer.connection, writer.chain_id, chain_number, decimals)

    async def commit(
        self,
        batch: Batch,
        children: Mapping[str, Child],
        before: Checkpoint,
        headers: Sequence[Header],
        head: int,
        stored: Awaitable[None] | None = None,
    ) -> Checkpoint:
        """Write `batch`, which covers the blocks after `before` up to the last of `headers`; the new checkpoint.

        `children` must hold the collections known so far; those born in the batch are taken from it. `stored` is
        awaited before the commit: raw first, checkpoint last.

        Raises:
            CheckpointMovedError: another writer was here; nothing is written.
        """
        counters = dict(Counter(before.counters) + batch.counts + Counter(logs=batch.logs))
        async with self._writer.connection.transaction():
            after = await self._writer.advance(before, headers[-1], head, counters)
            self._fault("advanced")
            if batch.events:
                await self.collections.apply(batch.events)
                self._fault("collections")
            if batch.movements:
                await self._move(batch, {**children, **batch.births} if batch.births else children)
            if batch.sightings:
                await self._sight(batch)
                self._fault("sightings")
            if batch.blocks:
                await self._processed(batch)
            if batch.inconsistent:
                await self._mark(batch.inconsistent)
            await self._writer.remember(headers, headers[-1].height - self._window)
            if stored is not None:
                await stored
            self._fault("before commit")
        self._fault("committed")
        return after

    async def _move(self, batch: Batch, children: Mapping[str, Child]) -> None:
        text = CopyText(batch, children, self._symbol, self._decimals)
        transfers, activities = text.movements()
        await self._copy("ownership_transfers", transfers, TRANSFER_COLUMNS)
        self._fault("transfers")
        await self._copy("activities", activities, ACTIVITY_COLUMNS)
        self._fault("activities")
        await self._stage("s_tokens", text.tokens())
        await self._stage("s_holders", text.holders())
        standards = {children[contract].standard for contract, _ in batch.tokens}
        owners = await self._writer.count(sql.COUNT_OWNERS)
        items = await self._writer.count(sql.COUNT_ITEMS) if ERC1155 in standards else {}
        await self._tokens(batch)
        self._fault("tokens")
        if ERC721 in standards:
            await self._run(sql.GIVE_TO_OWNERS)
        if ERC1155 in standards:
            await self._balances(text)
        self._fault("balances")
        await self._totals(batch, children, owners, items)
        self._fault("totals")

    async def _tokens(self, batch: Batch) -> None:
        """Tokens minted in this batch are new as a rule and are inserted without a look; the others are merged."""
        fresh = sum(change.fresh for change in batch.tokens.values())
        stale = len(batch.tokens) - fresh
        if fresh and await self._run(sql.INSERT_FRESH) != fresh:
            await self._writer.connection.execute(sql.DISTRUST)
            stale = len(batch.tokens)
        if stale:
            batch.inconsistent.update(await self._contracts(sql.CONTRADICTED_TOKENS, chain=False))
            await self._run(sql.MERGE_TOKENS)
            await self._run(sql.TAKE_FROM_OWNERS)

    async def _balances(self, text: CopyText) -> None:
        await self._stage("s_balances", text.balances())
        contradicted = await self._contracts(sql.CONTRADICTED_BALANCES)
        await self._run(sql.MERGE_BALANCES)
        if contradicted:
            await self._mark(contradicted)

    async def _totals(
        self, batch: Batch, children: Mapping[str, Child], owners: Mapping[UUID, int], items: Mapping[UUID, int]
    ) -> None:
        """Counts change by the difference between after and before, so that nothing is ever counted as a whole."""
        owners_now = await self._writer.count(sql.COUNT_OWNERS)
        standards = {children[contract].standard for contract, _ in batch.tokens}
        items_now = await self._writer.count(sql.COUNT_ITEMS) if ERC1155 in standards else {}
        last = {movement.contract: movement.at for movement in batch.movements}
        ids = [children[contract].collection_id for contract in last]
        await self._writer.connection.execute(
            sql.ADD_TOTALS,
            self._chain_id,
            ids,
            [batch.minted[contract] for contract in last],
            [batch.burned[contract] for contract in last],
            [
                batch.minted[contract] - batch.burned[contract]
                if children[contract].standard == ERC721
                else items_now.get(id_, 0) - items.get(id_, 0)
                for contract, id_ in zip(last, ids, strict=True)
            ],
            [owners_now.get(id_, 0) - owners.get(id_, 0) for id_ in ids],
            [datetime.fromtimestamp(at, UTC) for at in last.values()],
        )

    async def _sight(self, batch: Batch) -> None:
        await self._writer.connection.executemany(
            sql.INSERT_SIGHTING,
            [
                (
                    self._chain_id,
                    seen.block,
                    seen.log_index,
                    seen.block_hash,
                    seen.tx_hash,
                    seen.reference,
                    seen.kind.value,
                    seen.contract,
                    seen.minter,
                    seen.recipient,
                    [str(token_id) for token_id in seen.token_ids],
                    [str(quantity) for quantity in seen.quantities or ()],
                )
                for seen in batch.sightings
            ],
        )

    async def _processed(self, batch: Batch) -> None:
        chain = self._chain_id
        text = "".join(
            [f"{chain}:{hash_}\t{chain}\t{number}\t{hash_}\n" for number, (hash_, _) in batch.blocks.items()]
        ).encode()
        await self._copy("processed_events", text, ("event_id", "chain_id", "block_number", "block_hash"))
        self._fault("processed")

    async def _mark(self, contracts: set[str]) -> None:
        await self._writer.connection.execute(sql.MARK_INCONSISTENT, self._chain_id, list(contracts))

    async def _contracts(self, statement: str, *, chain: bool = True) -> set[str]:
        arguments = (self._chain_id,) if chain else ()
        return {row["contract"] for row in await self._writer.connection.fetch(statement, *arguments)}

    async def _run(self, statement: str) -> int:
        """Rows affected."""
        arguments = (self._chain_id,) if "$1" in statement else ()
        return int((await self._writer.connection.execute(statement, *arguments)).rpartition(" ")[2])

    async def _copy(self, table: str, text: bytes, columns: Sequence[str]) -> None:
        await self._writer.connection.copy_to_table(
            table, schema_name="catalog_service", source=chunks(text), columns=columns, format="text"
        )

    async def _stage(self, table: str, text: bytes) -> None:
        await self._writer.connection.copy_to_table(table, source=chunks(text), format="text")
