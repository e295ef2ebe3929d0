"""Who follows and who blocks whom. SQL of `user_service`.

A follow and a block of the same two users exclude each other. Both changes first lock the counters of the two, in the
order of their ids, as the trigger that counts follows does. So neither can overlook the other.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from steadymint.domain.errors import ConflictError, InvalidInputError, NotFoundError, UsernameNeededError
from steadymint.domain.types import UserId
from steadymint.identity.users.privacy import Relation
from steadymint.identity.users.usernames import is_username

MAX_FOLLOWING: Final = 10_000
"""Users that one user may follow. It bounds the rows that one account can write."""

RELATION: Final = """
    u.user_id = $2::uuid AS is_self,
    EXISTS (SELECT FROM user_service.user_follows f WHERE f.follower_id = $2 AND f.following_id = u.user_id) AS follows,
    EXISTS (
        SELECT FROM user_service.user_follows f WHERE f.follower_id = u.user_id AND f.following_id = $2
    ) AS followed_by,
    EXISTS (SELECT FROM user_service.user_blocks b WHERE b.blocker_id = $2 AND b.blocked_id = u.user_id) AS blocks,
    EXISTS (SELECT FROM user_service.user_blocks b WHERE b.blocker_id = u.user_id AND b.blocked_id = $2) AS blocked_by
"""
"""SQL: the relation of the viewer $2, who may be null, to a user `u`."""

_OTHER: Final = f"""
SELECT u.user_id, {RELATION}
FROM user_service.users u JOIN user_service.profiles p USING (user_id)
WHERE lower(p.username) = $1 AND u.status = 'active'
"""  # noqa: S608 - a constant

_LOCK: Final = """
SELECT FROM user_service.user_stats WHERE user_id IN ($1, $2) ORDER BY user_id FOR UPDATE
"""
_MAY_FOLLOW: Final = """
SELECT p.username IS NOT NULL AS named, s.following_count,
    EXISTS (SELECT FROM user_service.user_blocks WHERE blocker_id = $2 AND blocked_id = $1) AS blocked_by,
    EXISTS (SELECT FROM user_service.user_blocks WHERE blocker_id = $1 AND blocked_id = $2) AS blocks
FROM user_service.profiles p JOIN user_service.user_stats s USING (user_id) WHERE p.user_id = $1
"""
_FOLLOW: Final = """
INSERT INTO user_service.user_follows (follower_id, following_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_UNFOLLOW: Final = "DELETE FROM user_service.user_follows WHERE follower_id = $1 AND following_id = $2"
_PART: Final = """
DELETE FROM user_service.user_follows
WHERE (follower_id = $1 AND following_id = $2) OR (follower_id = $2 AND following_id = $1)
"""
_BLOCK: Final = """
INSERT INTO user_service.user_blocks (blocker_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_UNBLOCK: Final = "DELETE FROM user_service.user_blocks WHERE blocker_id = $1 AND blocked_id = $2"


@dataclass(frozen=True, slots=True)
class Other:
    """Another user, as far as it matters for what is between the two."""

    user_id: UserId
    relation: Relation


def relation_of(row: Any) -> Relation:
    """The relation in a row with the columns of `RELATION`."""
    return Relation(
        is_self=bool(row["is_self"]),  # null for a viewer who has not signed in
        follows=row["follows"],
        followed_by=row["followed_by"],
        blocks=row["blocks"],
        blocked_by=row["blocked_by"],
    )


async def other_user(pool: asyncpg.Pool, viewer: UserId, username: str) -> Other:
    """The active user with this name in any casing.

    Raises NotFoundError if there is none, or if they have blocked the viewer and the viewer has not blocked them;
    InvalidInputError if it is the viewer.
    """
    row = await pool.fetchrow(_OTHER, username.lower(), viewer) if is_username(username) else None
    if row is None:
        raise NotFoundError
    other = Other(row["user_id"], relation_of(row))
    if other.relation.is_self:
        fields = [{"field": "path.username", "reason": "is your own"}]
        raise InvalidInputError("path.username: is your own", fields=fields)
    if other.relation.blocked_by and not other.relation.blocks:
        raise NotFoundError
    return other


async def follow(pool: asyncpg.Pool, user_id: UserId, other_id: UserId) -> None:
    """Let the user follow the other. A repeated call changes nothing.

    Raises NotFoundError if the other has blocked the user; ConflictError if the user has blocked the other or follows
    too many; UsernameNeededError if the user has no name by which lists could show them.
    """
    async with _locked(pool, user_id, other_id) as connection:
        row = await connection.fetchrow(_MAY_FOLLOW, user_id, other_id)
        if row is None or row["blocked_by"]:
            raise NotFoundError
        if row["blocks"]:
            raise ConflictError("You have blocked this user; unblock them first")
        if not row["named"]:
            raise UsernameNeededError
        if row["following_count"] >= MAX_FOLLOWING:
            raise ConflictError(f"You follow {MAX_FOLLOWING:,} users, which is the limit")
        await connection.execute(_FOLLOW, user_id, other_id)


async def unfollow(pool: asyncpg.Pool, user_id: UserId, other_id: UserId) -> None:
    """A repeated call changes nothing."""
    await pool.execute(_UNFOLLOW, user_id, other_id)


async def block(pool: asyncpg.Pool, user_id: UserId, other_id: UserId) -> None:
    """Hide the user from the other. Neither follows the other from then on. A repeated call changes nothing."""
    async with _locked(pool, user_id, other_id) as connection:
        await connection.execute(_PART, user_id, other_id)
        await connection.execute(_BLOCK, user_id, other_id)


async def unblock(pool: asyncpg.Pool, user_id: UserId, other_id: UserId) -> None:
    """A repeated call changes nothing. Follows do not come back."""
    await pool.execute(_UNBLOCK, user_id, other_id)


@asynccontextmanager
async def _locked(pool: asyncpg.Pool, user_id: UserId, other_id: UserId) -> AsyncGenerator[Any]:
    """A transaction in which nobody else changes what is between the two."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_LOCK, user_id, other_id)
        yield connection
