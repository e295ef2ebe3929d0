"""The order of locks of whoever changes wallet links: first the address, then the users by their ids.

The lock of the address decides who owns it: a key has a link on each chain, and all of them belong to one user. The
lock of a user decides which of their links is the primary one, and which is the last. A lock is held until the end of
the transaction. No lock is of a row, because there may be none yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from steadymint.domain.types import Address

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"


async def lock_address(connection: Any, address: Address) -> None:
    """Wait until nobody else changes links of this address. Comes before `lock_users`."""
    await connection.execute(_LOCK, f"wallet_service.wallet_links/{address}")


async def lock_users(connection: Any, users: Iterable[UUID]) -> None:
    """Wait until nobody else changes which wallets these users have. All users of a transaction are locked at once."""
    for user_id in sorted(set(users)):
        await connection.execute(_LOCK, f"wallet_service.users/{user_id}")
