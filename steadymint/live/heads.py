"""The heads of chains as their indexers last saw them. They are used to show confirmations and never to decide."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import asyncpg

from steadymint.domain.types import BlockNumber, ChainId

_HEADS: Final = """
select chain_id, head_block from indexer_service.indexer_checkpoints
where chain_id = any($1) and head_block is not null"""


async def known_heads(pool: asyncpg.Pool, chain_ids: Collection[ChainId]) -> dict[ChainId, BlockNumber]:
    """The head of each chain that an indexer has seen."""
    if not chain_ids:
        return {}
    return {row["chain_id"]: row["head_block"] for row in await pool.fetch(_HEADS, list(chain_ids))}
