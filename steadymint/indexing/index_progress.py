"""How far the indexer of a chain has come, for those who wait for one block and for operators."""

from __future__ import annotations

import asyncpg

from steadymint.domain.index_standing import IndexStanding
from steadymint.domain.transactions import BlockState
from steadymint.domain.types import BlockHash, Bytes32, ChainId
from steadymint.indexing.reading.history_check import differed
from steadymint.indexing.reading.log_order import RENUMBERED

# A block of history is remembered by its number only; the newest, where reorgs happen, are all remembered by hash.
_BLOCK_STATE = """
select case
    when not coalesce((select last_block >= $2 from indexer_service.indexer_checkpoints where chain_id = $1), false)
        then 'pending'
    when exists (select from indexer_service.recent_blocks where chain_id = $1 and number = $2 and hash <> $3)
        then 'forked'
    when exists (
        select from indexer_service.intent_sightings where match_key = $4 and chain_id = $1 and settled_at is null)
        then 'pending'
    else 'indexed' end"""


_STANDING = """
select last_block, state, halted_reason, updated_at, counters
from indexer_service.indexer_checkpoints where chain_id = $1"""


class IndexProgress:
    """What followers ask: how the indexer stands to a block. Share one per process."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def block_state(
        self, chain_id: ChainId, block_number: int, block_hash: BlockHash | None, match_key: Bytes32
    ) -> BlockState:
        return BlockState(await self._pool.fetchval(_BLOCK_STATE, chain_id, block_number, block_hash, match_key))

    async def standing(self, chain_id: ChainId) -> IndexStanding:
        """Where the index of the chain stands."""
        row = await self._pool.fetchrow(_STANDING, chain_id)
        if row is None:
            return IndexStanding(chain_id=chain_id)
        return IndexStanding(
            chain_id=chain_id,
            checkpoint=row["last_block"],
            state=row["state"],
            halted=row["halted_reason"],
            moved_at=row["updated_at"],
            renumbered=row["counters"].get(RENUMBERED, 0),
            differed=differed(row["counters"]),
        )
