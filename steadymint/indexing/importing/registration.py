"""The rows of an import, which the indexer picks up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import asyncpg

from steadymint.domain.errors import (
    AlreadyInCatalogError,
    ChainNotIndexedError,
    TooManyImportsError,
)
from steadymint.domain.importing import ImportOrder, Inspection, Registered
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import collection_id_of
from steadymint.indexing.importing.creation import not_indexed
from steadymint.indexing.subjects.collections.state import slug_of

AT_ONCE: Final = 50
"""Imports of one chain under way, past which users are asked to wait: the oldest is read first, and the history of a
busy contract takes an hour."""
FULL: Final = 600.0
"""Seconds that they are asked to wait."""
_SHORT_ADDRESS: Final = 10

_KNOWN: Final = """
select source, index_status from catalog_service.collections where chain_id = $1 and contract_address = $2"""

_UNDER_WAY: Final = """
select count(*) from catalog_service.collections where chain_id = $1 and index_status = 'syncing'"""

_CHECKPOINT: Final = "select last_block from indexer_service.indexer_checkpoints where chain_id = $1"

_INSERT: Final = """
insert into catalog_service.collections (
    id, slug, name, symbol, chain_id, contract_address, standard, source, owner, deployed_block, deployed_at,
    index_status, created_at, updated_at)
values ($1, case when exists (select from catalog_service.collections where slug = $2) then $3 else $2 end,
    $4, $5, $6, $7, $8, 'import', $9, $10, case when $10::bigint is not null then $11::timestamptz end, 'syncing',
    $11, $11)
on conflict (chain_id, contract_address) do nothing"""

_INSERT_REST: Final = """
with binding as (
    insert into catalog_service.collection_bindings (id, collection_id, chain_id, token_standard, contract_address)
    values ($1, $1, $2, $3, $4) on conflict (id) do nothing
), stats as (
    insert into catalog_service.collection_stats (collection_id, last_updated_at) values ($1, $5)
    on conflict (collection_id) do nothing
)
insert into catalog_service.sync_state (collection_id, source, cursor, status, total, started_at, last_run_at)
values ($1, 'import', $6::bigint::text, 'due', $7, now(), now())
on conflict (collection_id, source) do nothing"""

_ANNOUNCE_ANEW: Final = """
update catalog_service.sync_state s set status = 'due', cursor = null, total = 0, done = 0, failed = 0, note = null
from catalog_service.collections c
where c.id = s.collection_id and s.source = 'import' and s.status = 'failed'
    and c.chain_id = $1 and c.contract_address = $2"""

# Nothing of the contract was understood, so it has no tokens. What it said of itself is read again.
_START_ANEW: Final = """
with forgotten as (
    delete from catalog_service.collection_events where chain_id = $1 and contract = $2
), bound as (
    update catalog_service.collection_bindings set token_standard = $4 where id = $3
), read_again as (
    update catalog_service.collections set
        name = $5, symbol = $6, standard = $4, owner = $7, last_event_block = null, updated_at = created_at,
        inconsistent_reason = null, index_status = 'syncing'
    where id = $3
)
update catalog_service.sync_state set
    cursor = $8::bigint::text, status = 'due', total = $9, done = 0, failed = 0, note = null, started_at = now(),
    last_run_at = now()
where collection_id = $3 and source = 'import'"""


class Registrations:
    """Over any connection: the rows are new, and the indexer does not look at them before they are committed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def check_new(self, order: ImportOrder) -> None:
        """Raises AlreadyInCatalogError unless the contract is unknown, or its import under way; and TooManyImportsError
        where a user asks for one more than the indexer should have before it."""
        known = await self._pool.fetchrow(_KNOWN, order.chain_id, order.contract)
        if known is not None and (known["source"] != "import" or known["index_status"] == "synced"):
            raise AlreadyInCatalogError
        is_new = known is None or known["index_status"] == "failed"
        asked_by_user = order.requested_by is not None and is_new
        if asked_by_user and await self._pool.fetchval(_UNDER_WAY, order.chain_id) >= AT_ONCE:
            raise TooManyImportsError(retry_after=FULL)

    async def announce_anew(self, order: ImportOrder) -> None:
        """Show a failed import as due: from now on it is asked for again. Nothing happens to any other."""
        await self._pool.execute(_ANNOUNCE_ANEW, order.chain_id, order.contract)

    async def checkpoint(self, chain_id: ChainId) -> int:
        """The last block that is indexed. Raises ChainNotIndexedError if nobody would pick an import up."""
        checkpoint = await self._pool.fetchval(_CHECKPOINT, chain_id)
        if checkpoint is None:
            raise ChainNotIndexedError
        return checkpoint

    async def register(
        self, order: ImportOrder, found: Inspection, first_block: int, at: datetime, *, chain_number: int, exact: bool
    ) -> Registered:
        """Make the rows, once; an import that has failed starts anew. `at` is the time of the block `first_block`,
        `exact` whether the contract was created there.

        The contract's creation must be indexed, so that one of our own that the indexer has yet to meet is not taken
        for somebody else's (`creation.check_created`).

        Raises:
            AlreadyInCatalogError: it is ours, or was imported before.
            ChainNotIndexedError: nobody would pick it up.
            UpstreamUnavailableError: the indexer has not come so far.
        """
        checkpoint = await self.checkpoint(order.chain_id)
        if checkpoint < first_block:
            raise not_indexed()
        collection_id = collection_id_of(order.chain_id, order.contract)
        name = found.name or order.contract[:_SHORT_ADDRESS]
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                _INSERT,
                collection_id,
                slug_of(name, order.contract),
                slug_of(name, order.contract, chain_number),
                name,
                found.symbol or None,
                order.chain_id,
                order.contract,
                found.standard,
                found.owner,
                first_block if exact else None,
                at,
            )
            known = await connection.fetchrow(_KNOWN, order.chain_id, order.contract)
            if known["source"] != "import" or known["index_status"] == "synced":
                raise AlreadyInCatalogError
            if known["index_status"] == "failed":
                await connection.execute(
                    _START_ANEW,
                    order.chain_id,
                    order.contract,
                    collection_id,
                    found.standard,
                    name,
                    found.symbol or None,
                    found.owner,
                    first_block - 1,
                    checkpoint - first_block + 1,
                )
                return Registered(collection_id=collection_id, first_block=first_block)
            await connection.execute(
                _INSERT_REST,
                collection_id,
                order.chain_id,
                found.standard,
                order.contract,
                at,
                first_block - 1,
                checkpoint - first_block + 1,
            )
        return Registered(collection_id=collection_id, first_block=first_block)


def time_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
