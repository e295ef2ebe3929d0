"""Approvals of single tokens at the end of a chain's first reading."""

from __future__ import annotations

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.store.chain_tables import ChainTables
from steadymint.indexing.subjects.approvals.rows import ANY_TOKENS, FORGET_PLAIN, SEAL_TOKENS


async def end_moved(connection: asyncpg.Connection, chain_id: ChainId, tables: ChainTables) -> None:
    """End the approvals of tokens that have moved since, or for which somebody else was approved. A first reading only
    notes what was said. The caller's transaction seals the chain."""
    if await connection.fetchval(ANY_TOKENS, chain_id):
        await connection.execute(tables.fill(SEAL_TOKENS), chain_id)
    await connection.execute(FORGET_PLAIN, chain_id)
