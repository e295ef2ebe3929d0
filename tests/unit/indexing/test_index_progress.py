"""Whether the indexer has passed a block, and whether it was the same block."""

from __future__ import annotations

import asyncpg

from steadymint.domain.transactions import BlockState
from steadymint.indexing.index_progress import IndexProgress
from tests.support.intents import CHAIN, Draft, block_hash


async def test_the_indexer_has_passed_a_block_only_if_it_is_the_same_block(pool: asyncpg.Pool) -> None:
    progress, draft = IndexProgress(pool), Draft()

    async def stands(number: int, hash_: str | None) -> BlockState:
        return await progress.block_state(CHAIN, number, hash_, draft.match_key)  # type: ignore[arg-type]

    assert await stands(10, block_hash(10)) is BlockState.PENDING
    await pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash) values ($1, 11, $2)",
        CHAIN,
        block_hash(11),
    )
    await pool.execute(
        """insert into indexer_service.recent_blocks (chain_id, number, hash, parent_hash, timestamp)
        values ($1, 10, $2, $3, now())""",
        CHAIN,
        block_hash(10),
        block_hash(9),
    )
    assert await stands(12, block_hash(12)) is BlockState.PENDING
    assert await stands(10, block_hash(10)) is BlockState.INDEXED
    assert await stands(10, block_hash(10, fork=1)) is BlockState.FORKED
    assert await stands(10, None) is BlockState.INDEXED
    assert await stands(3, block_hash(3)) is BlockState.INDEXED  # long ago: remembered by its number
