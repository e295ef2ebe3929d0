"""Lists of users: by the beginning of a name, who follows whom, whom a user has blocked. SQL of `user_service`.

A page is one statement that walks one index from where the page before ended, and one more short one at the end of a
list. Users who are not active, and users who have blocked the viewer, are left out of every list.
"""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

import asyncpg

from steadymint.database import NEWEST
from steadymint.domain.media import MediaId
from steadymint.domain.types import UserId

_AFTER_NAMES: Final = "~"
"""Sorts behind every character of a username."""

LOOKED_AT: Final = 2_000
"""Users that one page may look at. If more than that in a row are left out, the page ends short, with a position from
which the list continues. So the cost of a page is bounded, however many followers an operator has banned."""

# `LATERAL ... LIMIT 1` keeps the order of the walk: Postgres cannot turn it into a join that reads all of it.
_SHOWN: Final = """
CROSS JOIN LATERAL (
    SELECT p.username, p.display_name, p.avatar_id, u.user_id
    FROM user_service.users u JOIN user_service.profiles p USING (user_id)
    WHERE u.user_id = w.other AND u.status = 'active' AND p.username IS NOT NULL AND NOT EXISTS (
        SELECT FROM user_service.user_blocks b WHERE b.blocker_id = u.user_id AND b.blocked_id = $4
    ) LIMIT 1
) c
"""
"""The users of a walk `w` whom $4, the reader, may find; null for a reader who has not signed in."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The statements of a list: one page, and the last position that it could look at."""

    page: str
    end: str

    @classmethod
    def of(cls, rows: str, order: str) -> Walk:
        """`rows` is a statement of at most `LOOKED_AT` rows, in their order, with the columns `other`, a user, and
        `at`. Its arguments are $1 to $3, the reader is $4."""
        ended = f"SELECT w.at, w.other AS user_id FROM ({rows}) w OFFSET {LOOKED_AT - 1}"
        return cls(f"SELECT c.*, w.at FROM ({rows}) w {_SHOWN} ORDER BY {order} LIMIT $5", ended)


# Bounds on the expression of the unique index make it the order of the list; `LIKE` would treat `_` as any character.
BY_PREFIX: Final = Walk.of(
    f"""
    SELECT n.user_id AS other, lower(n.username) AS at FROM user_service.profiles n
    WHERE lower(n.username) >= $1 AND lower(n.username) < $2 AND lower(n.username) > $3
    ORDER BY lower(n.username) LIMIT {LOOKED_AT}
    """,
    "w.at",
)
"""The users whose name is from $1 to before $2, and behind $3."""


def _list(table: str, of: str, shown: str) -> Walk:
    """The list of $1: of the rows of `table` whose column `of` is $1, the users in column `shown`, newest first. $2 and
    $3 are the position behind which the page starts. They are never null, because the plan for all arguments could not
    use the index for a condition that may be left out."""
    return Walk.of(
        f"""
        SELECT f.{shown} AS other, f.created_at AS at FROM user_service.{table} f
        WHERE f.{of} = $1 AND (f.created_at, f.{shown}) < ($2, $3)
        ORDER BY f.created_at DESC, f.{shown} DESC LIMIT {LOOKED_AT}
        """,
        "w.at DESC, w.other DESC",
    )


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


Position = TypeVar("Position")


@dataclass(frozen=True, slots=True)
class UserPage(Generic[Position]):
    """The users of one page, each with the position behind which the list continues."""

    rows: list[tuple[ListedUser, Position]]
    resume: Position | None = None
    """Where the list continues, if the page ends short because so many users were left out."""


class AfterUser(NamedTuple):
    """The position in a list by time: when they followed, or were blocked."""

    at: datetime
    user_id: UUID


async def users_by_prefix(
    pool: asyncpg.Pool, prefix: str, *, viewer: UserId | None, after: str | None, limit: int
) -> UserPage[str]:
    """The users whose name begins with `prefix` (lower case), by name. A position is a name in lower case."""
    arguments = (prefix, prefix + _AFTER_NAMES, after or "")
    return await _read(pool, BY_PREFIX, arguments, viewer, limit, lambda row: row["at"])


async def related_users(
    pool: asyncpg.Pool, walk: Walk, user_id: UserId, *, viewer: UserId | None, after: AfterUser | None, limit: int
) -> UserPage[AfterUser]:
    """A page of `FOLLOWERS`, `FOLLOWING` or `BLOCKED` of this user, newest first."""
    arguments = (user_id, *(after or NEWEST))
    return await _read(pool, walk, arguments, viewer, limit, lambda row: AfterUser(row["at"], row["user_id"]))


async def _read(
    pool: asyncpg.Pool,
    walk: Walk,
    arguments: tuple[Any, ...],
    viewer: UserId | None,
    limit: int,
    position: Callable[[Any], Position],
) -> UserPage[Position]:
    found = await pool.fetch(walk.page, *arguments, viewer, limit)
    rows = [
        (ListedUser(row["username"], row["display_name"], row["avatar_id"], row["user_id"]), position(row))
        for row in found
    ]
    if len(rows) == limit:
        return UserPage(rows)
    end = await pool.fetchrow(walk.end, *arguments)
    return UserPage(rows, None if end is None else position(end))
