"""Profiles and preferences of users: reads and changes of `user_service`.

A change is a set of named columns from the lists below. No other column can be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from steadymint.domain.media import MediaId
from steadymint.domain.types import UserId
from steadymint.identity.users.privacy import Member, PrivacyLevel, Relation, visible
from steadymint.identity.users.relations import RELATION, relation_of
from steadymint.identity.users.renaming import rename
from steadymint.identity.users.usernames import is_username


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of `profiles`, with the times of the user. `username` is None until the user chooses one."""

    user_id: UserId
    username: str | None
    username_changed_at: datetime | None
    display_name: str | None
    bio: str | None
    avatar_id: MediaId | None
    """The user's own picture, as the one below."""
    banner_id: MediaId | None
    locale: str | None
    timezone: str | None
    socials: Mapping[str, str]
    joined_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    email_notifications: bool
    push_notifications: bool
    marketing_emails: bool
    theme: str
    privacy_level: PrivacyLevel
    currency: str


@dataclass(frozen=True, slots=True)
class UserStats:
    """The user service's own counts of a user. The catalog counts what the user's accounts own and do."""

    followers: int
    following: int


@dataclass(frozen=True, slots=True)
class User:
    """A user with their profile, preferences and counters."""

    profile: Profile
    preferences: Preferences
    stats: UserStats


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A user, and what is between them and the viewer."""

    user: User
    relation: Relation

    @property
    def visible(self) -> frozenset[Member]:
        return visible(self.user.preferences.privacy_level, self.relation.viewer)


PROFILE_COLUMNS: Final = frozenset(
    {"display_name", "bio", "avatar_id", "banner_id", "locale", "timezone", "socials_json"}
)
PREFERENCE_COLUMNS: Final = frozenset(
    {"email_notifications", "push_notifications", "marketing_emails", "theme", "privacy_level", "currency"}
)

_COLUMNS: Final = """
SELECT u.user_id, p.username, p.username_changed_at, p.display_name, p.bio, p.avatar_id, p.banner_id, p.locale,
       p.timezone, p.socials_json, u.created_at AS joined_at, greatest(p.updated_at, r.updated_at) AS updated_at,
       r.email_notifications, r.push_notifications, r.marketing_emails, r.theme, r.privacy_level, r.currency,
       s.followers_count, s.following_count
"""
_TABLES: Final = """
FROM user_service.users u
JOIN user_service.profiles p USING (user_id)
JOIN user_service.user_preferences r USING (user_id)
JOIN user_service.user_stats s USING (user_id)
"""
_BY_ID: Final = _COLUMNS + _TABLES + "WHERE u.user_id = $1 AND u.status = 'active'"
_BY_USERNAME: Final = f"{_COLUMNS}, {RELATION}{_TABLES} WHERE lower(p.username) = $1 AND u.status = 'active'"

# A column that the change does not name keeps its value. A column that it names as null becomes null.
# jsonb_populate_record does both, so one statement serves every set of columns.
_CHANGE_PROFILE: Final = """
UPDATE user_service.profiles p SET
    (display_name, bio, avatar_id, banner_id, locale, timezone, socials_json) = (
        SELECT n.display_name, n.bio, n.avatar_id, n.banner_id, n.locale, n.timezone, n.socials_json
        FROM jsonb_populate_record(p, $2) n
    )
WHERE user_id = $1
"""
_CHANGE_PREFERENCES: Final = """
UPDATE user_service.user_preferences p SET
    (email_notifications, push_notifications, marketing_emails, theme, privacy_level, currency) = (
        SELECT n.email_notifications, n.push_notifications, n.marketing_emails, n.theme, n.privacy_level, n.currency
        FROM jsonb_populate_record(p, $2) n
    )
WHERE user_id = $1
"""


async def user_by_id(pool: asyncpg.Pool, user_id: UserId) -> User | None:
    """The user if they are active, else None."""
    return _user(await pool.fetchrow(_BY_ID, user_id))


async def user_by_username(pool: asyncpg.Pool, username: str, viewer: UserId | None) -> SeenUser | None:
    """The user with that name in any casing if they are active and the viewer may see them, else None."""
    if not is_username(username):  # this also rejects NUL, which Postgres does not accept in text
        return None
    row = await pool.fetchrow(_BY_USERNAME, username.lower(), viewer)
    user = _user(row)
    if row is None or user is None:
        return None
    seen = SeenUser(user, relation_of(row))
    return seen if seen.visible else None


async def change(
    pool: asyncpg.Pool,
    user_id: UserId,
    profile: Mapping[str, Any],
    preferences: Mapping[str, Any],
    *,
    username: str | None = None,
) -> None:
    """Write the name and all named columns, or nothing.

    Raises UsernameTakenError, UsernameChangedRecentlyError, and ValueError for a column outside the lists.
    """
    if profile.keys() - PROFILE_COLUMNS or preferences.keys() - PREFERENCE_COLUMNS:
        raise ValueError("a column that cannot be changed")
    async with pool.acquire() as connection, connection.transaction():
        if username is not None:
            await rename(connection, user_id, username)
        if profile:
            await connection.execute(_CHANGE_PROFILE, user_id, dict(profile))
        if preferences:
            await connection.execute(_CHANGE_PREFERENCES, user_id, dict(preferences))


def _user(row: asyncpg.Record | None) -> User | None:
    if row is None:
        return None
    profile = Profile(
        user_id=row["user_id"],
        username=row["username"],
        username_changed_at=row["username_changed_at"],
        display_name=row["display_name"],
        bio=row["bio"],
        avatar_id=row["avatar_id"],
        banner_id=row["banner_id"],
        locale=row["locale"],
        timezone=row["timezone"],
        socials=row["socials_json"],
        joined_at=row["joined_at"],
        updated_at=row["updated_at"],
    )
    preferences = Preferences(
        email_notifications=row["email_notifications"],
        push_notifications=row["push_notifications"],
        marketing_emails=row["marketing_emails"],
        theme=row["theme"],
        privacy_level=row["privacy_level"],
        currency=row["currency"],
    )
    stats = UserStats(followers=row["followers_count"], following=row["following_count"])
    return User(profile, preferences, stats)
