"""The erasure of what Postgres holds of a user."""

from __future__ import annotations

import asyncpg

from steadymint.account_data.held import HELD, LINKS, Held
from steadymint.database import AT_ONCE
from steadymint.domain.types import UserId


class HeldRows:
    """Deletes or empties rows, table by table."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def forget(self, user_id: UserId) -> int:
        """Erase all that is listed, and return the number of rows. Each batch is a transaction of its own. What a
        killed call has left, the next one erases."""
        return sum([await self._table(held, user_id) for held in HELD])

    async def end_links(self, user_id: UserId) -> None:
        """End the links of the user's wallets. A sign-in that has found one is waited for; the next makes another
        user."""
        await self._table(LINKS, user_id)

    async def _table(self, held: Held, user_id: UserId) -> int:
        erased = 0
        if held.forget is None:
            return erased
        while True:
            async with self._pool.acquire() as connection, connection.transaction():
                if held.lock is not None:
                    await connection.execute(held.lock, user_id, AT_ONCE)
                status: str = await connection.execute(held.forget, user_id, AT_ONCE)
            batch = int(status.rpartition(" ")[2])
            erased += batch
            if batch < AT_ONCE:
                return erased
