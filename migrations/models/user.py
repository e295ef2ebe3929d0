"""Tables of the user service."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import Sha256Hex, Table, Time, UuidColumn, check, index, key, optional, required

AsciiName: Final = String(30, collation="C")


class User(Table, table=True):
    """Who someone is, apart from the wallets they use. Never deleted: `status` says what they may do."""

    __tablename__ = "users"
    __table_args__ = (
        check("status", "status in ('active', 'banned', 'deleted', 'suspended')"),
        {"schema": "user_service"},
    )

    user_id: UUID = key(UuidColumn, default="gen_random_uuid()")
    status: str = required(String(32), default="'active'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class Profile(Table, table=True):
    """What a user shows of themselves."""

    __tablename__ = "profiles"
    __table_args__ = (
        check("username", "username ~ '^[A-Za-z0-9_]{3,30}$'"),
        check("bio", "char_length(bio) <= 500"),
        check("socials_json", "jsonb_typeof(socials_json) = 'object'"),
        index("profiles_username_key", "lower(username)", unique=True),
        {"schema": "user_service"},
    )

    user_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    username: str | None = optional(AsciiName)
    username_changed_at: datetime | None = optional(Time)
    """None until the first name was given up for another."""
    display_name: str | None = optional(String(50))
    bio: str | None = optional(Text)
    avatar_id: str | None = optional(Sha256Hex)
    """Of the user's own media."""
    banner_id: str | None = optional(Sha256Hex)
    locale: str | None = optional(String(35))
    """BCP 47."""
    timezone: str | None = optional(String(64))
    """IANA name."""
    socials_json: Any = required(JSONB, default="'{}'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class Username(Table, table=True):
    """Who may have a username: its skeleton is one for all names that look alike, in any case."""

    __tablename__ = "usernames"
    __table_args__ = (
        check("username", "username ~ '^[A-Za-z0-9_]{3,30}$'"),
        check("skeleton", "skeleton = replace(translate(lower(username), '01i', 'oll'), 'm', 'rn')"),
        index("usernames_user_id_idx", "user_id"),
        {"schema": "user_service"},
    )

    skeleton: str = key(String(60, collation="C"))
    username: str = required(AsciiName)
    user_id: UUID = required(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    held_until: datetime | None = optional(Time)
    """None while the user has the name."""


class UserPreferences(Table, table=True):
    """What a user wants of us."""

    __tablename__ = "user_preferences"
    __table_args__ = (
        check("theme", "theme in ('light', 'dark', 'auto')"),
        check("privacy_level", "privacy_level in ('public', 'private', 'friends')"),
        check("currency", "currency ~ '^[A-Z0-9]{2,10}$'"),
        {"schema": "user_service"},
    )

    user_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    email_notifications: bool = required(Boolean, default="true")
    push_notifications: bool = required(Boolean, default="true")
    marketing_emails: bool = required(Boolean, default="false")
    theme: str = required(String(20), default="'auto'")
    privacy_level: str = required(String(20), default="'public'")
    currency: str = required(String(10), default="'USD'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class UserStats(Table, table=True):
    """Counters kept by those who change what they count. Volumes are in the native currency, 8 decimals, for
    display.
    """

    __tablename__ = "user_stats"
    __table_args__ = (
        check(
            "counts",
            (
                "collections_count >= 0 and items_count >= 0 and listings_count >= 0 and sales_count >= 0 and "
                "purchases_count >= 0 and followers_count >= 0 and following_count >= 0"
            ),
        ),
        check("volumes", "volume_sold >= 0 and volume_purchased >= 0"),
        {"schema": "user_service"},
    )

    user_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    collections_count: int = required(Integer, default="0")
    items_count: int = required(Integer, default="0")
    listings_count: int = required(Integer, default="0")
    sales_count: int = required(Integer, default="0")
    purchases_count: int = required(Integer, default="0")
    volume_sold: Decimal = required(Numeric(), default="0")
    volume_purchased: Decimal = required(Numeric(), default="0")
    followers_count: int = required(Integer, default="0")
    following_count: int = required(Integer, default="0")
    updated_at: datetime = required(Time, default="now()")


class UserFollow(Table, table=True):
    """Who follows whom."""

    __tablename__ = "user_follows"
    __table_args__ = (
        check("self", "follower_id <> following_id"),
        index("user_follows_followers_idx", "following_id", "created_at desc", "follower_id desc"),
        index("user_follows_following_idx", "follower_id", "created_at desc", "following_id desc"),
        {"schema": "user_service"},
    )

    follower_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    following_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    created_at: datetime = required(Time, default="now()")


class UserBlock(Table, table=True):
    """Who does not want to be seen or followed by whom. The two do not follow each other."""

    __tablename__ = "user_blocks"
    __table_args__ = (
        check("self", "blocker_id <> blocked_id"),
        index("user_blocks_list_idx", "blocker_id", "created_at desc", "blocked_id desc"),
        index("user_blocks_blocked_id_idx", "blocked_id"),
        {"schema": "user_service"},
    )

    blocker_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    blocked_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    created_at: datetime = required(Time, default="now()")


class Deletion(Table, table=True):
    """An account whose user has asked for the deletion; of several times, the last."""

    __tablename__ = "deletions"
    __table_args__ = (
        check("due_at", "due_at >= asked_at"),
        check("taken_back_at", "taken_back_at is null or begun_at is null"),
        check("erased_at", "erased_at is null or begun_at is not null"),
        {"schema": "user_service"},
    )

    user_id: UUID = key(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    asked_at: datetime = required(Time, default="now()")
    due_at: datetime = required(Time)
    taken_back_at: datetime | None = optional(Time)
    begun_at: datetime | None = optional(Time)
    erased_at: datetime | None = optional(Time)


class Export(Table, table=True):
    """An archive of all that is held of a user."""

    __tablename__ = "exports"
    __table_args__ = (
        check("ready_at", "(ready_at is null) = (expires_at is null) and (ready_at is null) = (bytes is null)"),
        check("bytes", "bytes > 0"),
        index("exports_user_id_idx", "user_id", "asked_at desc"),
        {"schema": "user_service"},
    )

    export_id: UUID = key(UuidColumn)
    user_id: UUID = required(UuidColumn, references="user_service.users.user_id", on_delete="CASCADE")
    asked_at: datetime = required(Time, default="now()")
    ready_at: datetime | None = optional(Time)
    expires_at: datetime | None = optional(Time)
    bytes: int | None = optional(BigInteger)
    dropped_at: datetime | None = optional(Time)
