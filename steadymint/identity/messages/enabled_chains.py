"""The chains on which a sign-in is allowed. They are read at each sign-in, so disabling a chain works at once."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.errors import UnknownChainError
from steadymint.domain.types import ChainId

_ENABLED: Final = "SELECT EXISTS (SELECT FROM chain_registry_service.chains WHERE caip2 = $1 AND enabled)"


class EnabledChains:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def require(self, chain_id: ChainId) -> None:
        """Raises UnknownChainError for a chain that is not registered or not enabled."""
        if not await self._pool.fetchval(_ENABLED, chain_id):
            raise UnknownChainError
