"""How far a chain has come, as its indexer last heard: for counting confirmations that are shown, never decided."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.types import BlockNumber, ChainId

_HEAD: Final = "select head_block from indexer_service.indexer_checkpoints where chain_id = $1"


async def known_head(pool: asyncpg.Pool, chain_id: ChainId) -> BlockNumber | None:
    """None if nobody has looked at the chain yet."""
    return await pool.fetchval(_HEAD, chain_id)
