"""How many transactions that no node knows one user may have followed at a time."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.errors import ConflictError
from steadymint.domain.types import UserId

MAX_UNKNOWN: Final = 200
"""Nodes know a transaction seconds after its wallet has sent it, so honest users have a few. Each that is made up takes
a place of a worker, and a question to a node at every block, until the deadline of its intent."""

_COUNT: Final = """
select count(*) from (
    select from orchestrator_service.tx_intents
    where created_by = $1 and status = 'pending' and tx_hash is not null and tx_nonce is null and block_number is null
    limit $2) as unknown"""


async def refuse_if_many(pool: asyncpg.Pool, user_id: UserId) -> None:
    """Raises ConflictError if the user has `MAX_UNKNOWN` of them."""
    unknown: int = await pool.fetchval(_COUNT, user_id, MAX_UNKNOWN)
    if unknown >= MAX_UNKNOWN:
        raise ConflictError(
            f"No node knows {MAX_UNKNOWN} transactions that you have reported: wait until they are seen or expire"
        )
