"""Lists of users: those whose name begins with a text. SQL of `user_service`, one statement for each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import asyncpg

from steadymint.domain.media import MediaId

_AFTER_NAMES: Final = "~"
"""Sorts behind every character of a username."""

# The bounds on the expression of the unique index make it the order of the list. `LIKE` would treat `_` as any
# character.
_BY_PREFIX: Final = """
SELECT p.username, p.display_name, p.avatar_id
FROM user_service.profiles p JOIN user_service.users u USING (user_id)
WHERE lower(p.username) >= $1 AND lower(p.username) < $2 AND lower(p.username) > $3 AND u.status = 'active'
ORDER BY lower(p.username) LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class ListedUser:
    """What a list shows of a user: what everyone may see."""

    username: str
    display_name: str | None
    avatar_id: MediaId | None


async def users_by_prefix(pool: asyncpg.Pool, prefix: str, *, after: str | None, limit: int) -> list[ListedUser]:
    """The active users whose name begins with `prefix` (lower case), by name. `after` is the last name, in lower case,
    of the page before."""
    rows = await pool.fetch(_BY_PREFIX, prefix, prefix + _AFTER_NAMES, after or "", limit)
    return [ListedUser(**row) for row in rows]
