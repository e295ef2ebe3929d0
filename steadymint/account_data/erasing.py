"""The erasure of what Postgres holds of a user."""

from __future__ import annotations

import asyncpg

from steadymint.account_data.held import HELD
from steadymint.database import AT_ONCE
from steadymint.domain.types import UserId


class HeldRows:
    """Deletes or empties rows, table by table."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def forget(self, user_id: UserId) -> int:
        """Erase all that is listed, and return the number of rows. Each batch is a transaction of its own. What a
        killed call has left, the next one erases."""
        return sum([await self._table(held.lock, held.forget, user_id) for held in HELD if held.forget is not None])

    async def _table(self, lock: str | None, statement: str, user_id: UserId) -> int:
        erased = 0
        while True:
            async with self._pool.acquire() as connection, connection.transaction():
                if lock is not None:
                    await connection.execute(lock, user_id, AT_ONCE)
                status: str = await connection.execute(statement, user_id, AT_ONCE)
            batch = int(status.rpartition(" ")[2])
            erased += batch
            if batch < AT_ONCE:
                return erased
