"""How far a chain has come, as this deployment last heard: for counting confirmations that are shown, never decided."""

from __future__ import annotations

import logging
from typing import Final

import asyncpg
from redis.asyncio import Redis

from steadymint.domain.types import BlockNumber, ChainId

log = logging.getLogger(__name__)

KEPT: Final = 60
"""Seconds a head in Redis is believed; whoever tracks the chain sets it anew with every block."""

_CHECKPOINT: Final = "select head_block from indexer_service.indexer_checkpoints where chain_id = $1"


class KnownHeads:
    """Reads and sets `chain:head:{caip2}`; where Redis does not know, what the indexer wrote last counts."""

    def __init__(self, redis: Redis, pool: asyncpg.Pool) -> None:
        self._redis = redis
        self._pool = pool

    async def of(self, chain_id: ChainId) -> BlockNumber | None:
        """None if nobody has looked at the chain yet."""
        try:
            known = await self._redis.get(f"chain:head:{chain_id}")
            if known is not None:
                return BlockNumber(int(known))
        except Exception as error:
            log.warning("the head of %s was not read from Redis: %s", chain_id, type(error).__name__)
        return await self._pool.fetchval(_CHECKPOINT, chain_id)

    async def remember(self, chain_id: ChainId, head: BlockNumber) -> None:
        """Best effort; never raises."""
        try:
            await self._redis.set(f"chain:head:{chain_id}", head, ex=KEPT)
        except Exception as error:
            log.warning("the head of %s was not remembered: %s", chain_id, type(error).__name__)
