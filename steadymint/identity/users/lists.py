"""Lists of users: by the beginning of a name, who follows whom, whom a user has blocked. SQL of `user_service`.

A page is one statement that walks one index from where the page before ended. Users who are not active, and users who
have blocked the viewer, are left out of every list.
"""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.domain.media import MediaId
from steadymint.domain.types import UserId

_AFTER_NAMES: Final = "~"
"""Sorts behind every character of a username."""

_CARD: Final = "p.username, p.display_name, p.avatar_id, u.user_id"
_SHOWN: Final = """u.status = 'active' AND p.username IS NOT NULL AND NOT EXISTS (
    SELECT FROM user_service.user_blocks b WHERE b.blocker_id = u.user_id AND b.blocked_id = $1
)"""
"""The condition on a user `u` in a list that $1 reads; null for a reader who has not signed in."""

BY_PREFIX: Final = f"""
SELECT {_CARD}, u.created_at AS since
FROM user_service.profiles p JOIN user_service.users u USING (user_id)
WHERE lower(p.username) >= $2 AND lower(p.username) < $3 AND lower(p.username) > $4 AND {_SHOWN}
ORDER BY lower(p.username) LIMIT $5
"""
"""The users whose name is from $2 to before $3, and behind $4. Bounds on the expression of the unique index make it the
order of the list; `LIKE` would treat `_` as any character."""


def _list(table: str, of: str, shown: str) -> str:
    """The statement of the list of $2: of the rows of `table` whose column `of` is $2, the users in column `shown`,
    newest first. $3 and $4 are the position behind which the page starts. They are never null, because the plan for
    all arguments could not use the index for a condition that may be left out."""
    return f"""
    SELECT {_CARD}, f.created_at AS since
    FROM user_service.{table} f
    JOIN user_service.users u ON u.user_id = f.{shown}
    JOIN user_service.profiles p ON p.user_id = f.{shown}
    WHERE f.{of} = $2 AND (f.created_at, f.{shown}) < ($3, $4) AND {_SHOWN}
    ORDER BY f.created_at DESC, f.{shown} DESC LIMIT $5
    """


FOLLOWERS: Final = _list("user_follows", "following_id", "follower_id")
FOLLOWING: Final = _list("user_follows", "follower_id", "following_id")
BLOCKED: Final = _list("user_blocks", "blocker_id", "blocked_id")


@dataclass(frozen=True, slots=True)
class ListedUser:
    """What a list shows of a user: what everyone may see."""

    username: str
    display_name: str | None
    avatar_id: MediaId | None
    user_id: UserId
    since: datetime
    """When they followed or were blocked; in a list by names, when they joined. It is shown to nobody."""


class AfterUser(NamedTuple):
    """The position in a list by time."""

    since: datetime
    user_id: UUID


_NEWEST: Final = AfterUser(datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
"""Before every user of a list."""


async def users_by_prefix(
    pool: asyncpg.Pool, prefix: str, *, viewer: UserId | None, after: str | None, limit: int
) -> list[ListedUser]:
    """The users whose name begins with `prefix` (lower case), by name. `after` is the last name, in lower case, of the
    page before."""
    rows = await pool.fetch(BY_PREFIX, viewer, prefix, prefix + _AFTER_NAMES, after or "", limit)
    return [ListedUser(**row) for row in rows]


async def related_users(
    pool: asyncpg.Pool, statement: str, user_id: UserId, *, viewer: UserId | None, after: AfterUser | None, limit: int
) -> list[ListedUser]:
    """A page of `FOLLOWERS`, `FOLLOWING` or `BLOCKED` of this user, newest first."""
    rows = await pool.fetch(statement, viewer, user_id, *(after or _NEWEST), limit)
    return [ListedUser(**row) for row in rows]
