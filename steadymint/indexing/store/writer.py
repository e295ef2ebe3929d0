"""The one connection that writes a chain's state, with the lock, the checkpoint, and the settings of a fast session.

The advisory lock belongs to the connection. A worker that is killed loses both at once: the system closes its socket,
which Postgres notices within `client_connection_check_interval`. Of a worker whose host vanishes Postgres hears nothing
more, and gives up the connection after `tcp_user_timeout`. Then the next worker is the single writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import asyncpg

from steadymint.database import prepare_connection
from steadymint.domain.errors import ConflictError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Child
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.store import sql
from steadymint.indexing.store.accounts import Accounts
from steadymint.indexing.store.chain_tables import ChainTables, attach_tables, open_tables

LOCK_CLASS: Final = 0x57EAD1
"""First half of the key of the advisory lock, so that no other program uses the same key by chance."""
LOCK_RETRY: Final = 0.1
"""Seconds between two tries while the connection of the former writer is still open."""

SESSION: Final[dict[str, str]] = {
    "application_name": "steadymint indexer",
    "timezone": "UTC",
    "jit": "off",
    # Safe here and only here: checkpoint and rows are one transaction, and the log is written in order. A crash of
    # Postgres loses the last transactions whole, newest first, and the indexer goes on from the checkpoint it finds.
    # What others are told (`ready`) is committed later on another connection, synchronously, which flushes this too.
    "synchronous_commit": "off",
    "work_mem": "64MB",
    # Large tables are looked up by key. While they are small the planner prefers to scan them, and keeps that plan.
    "enable_seqscan": "off",
    # A kill -9 during a long statement must free the lock at once, not at the statement's end.
    "client_connection_check_interval": "100ms",
    # A host without power, or behind a broken network, closes no socket, and Linux would look after two hours. Probes
    # begin after 5 s of silence; 15 s without an answer, to them or to what was sent, end the connection and free the
    # lock. Where a system does not know the last one, three probes without an answer do. Postgres ignores these
    # settings on a Unix socket, whose other end is on its own host.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
}

_CHILDREN: Final = """
select contract_address, id, no, standard, source = 'import' as foreign from catalog_service.collections
where chain_id = $1 and (source = 'factory' or index_status = 'synced')"""
_LAUNCHED: Final = """
select contract_address from token_service.fungible_tokens where network_id = $1 and contract_address is not null"""
_NUMBERS: Final = """
select contract_address, no from catalog_service.collections
where chain_id = $1 and contract_address = any($2::text[])"""


class AnotherWriterError(UpstreamUnavailableError):
    """Another process holds the chain's lock."""

    title = "Another indexer writes this chain"


class CheckpointMovedError(ConflictError):
    """The checkpoint has moved since this writer read it. Its batch belongs to another state and is dropped."""

    code = "checkpoint_moved"
    retryable = True
    title = "The checkpoint was moved by someone else"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last block whose effects are in the catalog."""

    block: int
    hash: str | None
    published: int | None = None
    halted: str | None = None
    counters: Mapping[str, int] = field(default_factory=dict[str, int])


class Writer:
    """Owns the connection. Open it with `Writer.open`, end it with `close`."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId, tables: ChainTables) -> None:
        self.connection = connection
        self.chain_id = chain_id
        self.tables = tables
        self.accounts = Accounts(connection)
        self.in_history = False
        """Whether the chain is read for the first time. Its tables are not attached yet, and hold movements only."""
        self._collections: dict[str, int] = {}

    @classmethod
    async def open(cls, dsn: str, chain_id: ChainId, *, patience: float = 10.0) -> Writer:
        """Connect and take the chain's lock. Wait up to `patience` seconds for the former holder.

        Raises:
            AnotherWriterError: the former holder still has it.
        """
        connection = await asyncpg.connect(dsn, server_settings=SESSION, timeout=10)
        try:
            await prepare_connection(connection)
            await _lock(connection, chain_id, patience)
            tables = await open_tables(connection, chain_id)
            if await connection.fetchval(sql.IS_LIVE, chain_id):
                await attach_tables(connection, tables)
        except BaseException:
            await connection.close(timeout=1)
            raise
        return cls(connection, chain_id, tables)

    async def close(self) -> None:
        if not self.connection.is_closed():
            try:
                await self.connection.close(timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError):
                self.connection.terminate()

    async def checkpoint(self) -> Checkpoint | None:
        row = await self.connection.fetchrow(sql.CHECKPOINT, self.chain_id)
        if row is None:
            return None
        self.in_history = row["state"] == "history"
        return Checkpoint(
            row["last_block"], row["last_block_hash"], row["published_block"], row["halted_reason"], row["counters"]
        )

    async def start(self, block: int, block_hash: str | None, *, history: bool = False) -> Checkpoint:
        """Write the first checkpoint: the block before the first one to index, or -1 for none.

        With `history` the chain's tables stay detached until they are sealed (`seal.Seal`).
        """
        async with self.connection.transaction():
            state = "history" if history else "live"
            await self.connection.execute(sql.START, self.chain_id, block, block_hash, state)
            found = await self.checkpoint()
            assert found is not None
            if not self.in_history:
                await attach_tables(self.connection, self.tables)
        return found

    async def halt(self, reason: str) -> None:
        """Stop this chain until a person lifts the halt. It survives restarts."""
        await self.connection.execute(sql.HALT, self.chain_id, reason)

    async def lift_halt(self) -> None:
        """Let the chain continue."""
        await self.connection.execute(sql.HALT, self.chain_id, None)

    async def children(self) -> dict[str, Child]:
        """Contract -> collection, for all that factories of this chain made and all whose import is done."""
        rows = await self.connection.fetch(_CHILDREN, self.chain_id)
        self._collections = {row["contract_address"]: row["no"] for row in rows}
        return {row["contract_address"]: Child(row["id"], row["standard"], row["foreign"]) for row in rows}

    async def launched(self) -> set[str]:
        """The contracts of the fungible tokens that token factories of this chain launched."""
        return {row["contract_address"] for row in await self.connection.fetch(_LAUNCHED, self.chain_id)}

    async def collections(self, contracts: Collection[str]) -> Mapping[str, int]:
        """The number of each contract's collection, also of those created in the caller's transaction. Call
        `remember_collections` when it is committed."""
        missing = [contract for contract in contracts if contract not in self._collections]
        if not missing:
            return self._collections
        rows = await self.connection.fetch(_NUMBERS, self.chain_id, missing)
        return self._collections | {row["contract_address"]: row["no"] for row in rows}

    def remember_collections(self, numbers: Mapping[str, int]) -> None:
        """Keep the numbers that `collections` returned, since they are committed."""
        self._collections.update(numbers)

    async def recent_blocks(self) -> list[tuple[int, str]]:
        """(number, hash) of the blocks that are kept to find a common ancestor, newest first."""
        return [(row["number"], row["hash"]) for row in await self.connection.fetch(sql.RECENT_BLOCKS, self.chain_id)]

    async def newest_known(self, upto: int) -> tuple[int, str] | None:
        """(number, hash) of the newest block at or below `upto` whose hash is known: no block between the two has
        changed anything."""
        row = await self.connection.fetchrow(sql.NEWEST_KNOWN, self.chain_id, upto)
        return None if row is None else (row["number"], row["hash"])

    async def advance(
        self,
        before: Checkpoint,
        headers: Sequence[Header],
        head: int,
        counters: Mapping[str, int],
        keep_from: int,
        processed: Sequence[tuple[str, int, str]] = (),
    ) -> Checkpoint:
        """Move the checkpoint to the last of `headers` by compare-and-set, and keep them for a later reorg, but forget
        blocks below `keep_from`. Inside the caller's transaction. `processed` are event ids with number and hash of
        their block.

        Raises:
            CheckpointMovedError: it is not at `before`.
        """
        after = headers[-1]
        moved = await self.connection.fetchval(
            sql.ADVANCE,
            self.chain_id,
            after.height,
            after.hash,
            head,
            counters,
            before.block,
            before.hash,
            keep_from,
            *_columns(headers),
            *([done[at] for done in processed] for at in range(3)),
        )
        if moved != 1:
            raise CheckpointMovedError
        return Checkpoint(after.height, after.hash, before.published, None, counters)

    async def hold(self, at: Checkpoint) -> None:
        """Lock the checkpoint until the caller's transaction ends.

        Raises:
            CheckpointMovedError: it is not at `at`.
        """
        if await self.connection.execute(sql.HOLD, self.chain_id, at.block, at.hash) != "SELECT 1":
            raise CheckpointMovedError

    async def remember(self, headers: Sequence[Header], keep_from: int) -> None:
        """Keep the blocks for a later reorg, and drop those below `keep_from`."""
        await self.connection.execute(
            sql.REMEMBER_BLOCKS,
            self.chain_id,
            *_columns(headers),
            keep_from,
        )


def _columns(headers: Sequence[Header]) -> tuple[list[int], list[str], list[str], list[datetime]]:
    """Number, hash, hash of the parent and time."""
    return (
        [header.height for header in headers],
        [header.hash for header in headers],
        [header.parent_hash for header in headers],
        [datetime.fromtimestamp(header.time, UTC) for header in headers],
    )


async def _lock(connection: asyncpg.Connection, chain_id: ChainId, patience: float) -> None:
    deadline = asyncio.get_running_loop().time() + patience
    while not await connection.fetchval("select pg_try_advisory_lock($1, hashtext($2))", LOCK_CLASS, chain_id):
        if asyncio.get_running_loop().time() >= deadline:
            raise AnotherWriterError(f"Another indexer writes {chain_id}")
        await asyncio.sleep(LOCK_RETRY)
