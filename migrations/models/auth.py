"""Tables of the auth service."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import INET, JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    Sha256Hex,
    Table,
    Time,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class AuthNonce(Table, table=True):
    """One-time nonces for EIP-4361. The row is the only authority: who sets `consumed_at` first has signed in."""

    __tablename__ = "auth_nonces"
    __table_args__ = (
        UniqueConstraint("nonce_hash"),
        check("nonce", "nonce ~ '^[0-9a-f]{32,64}$'"),
        check("domain", "domain <> ''"),
        check("expires_at", "expires_at > issued_at and expires_at - issued_at <= interval '10 minutes'"),
        check("consumed_by", "consumed_by is null or consumed_at is not null"),
        index("auth_nonces_expires_at_idx", "expires_at"),
        index("auth_nonces_account_id_idx", "account_id", "issued_at desc"),
        {"schema": "auth_service"},
    )

    nonce: str = key(String(64))
    nonce_hash: str = required(Sha256Hex, generated="encode(sha256(nonce::bytea), 'hex')")
    account_id: str | None = optional(EvmAddress)
    """None until the sign-in, where the nonce was issued for any account."""
    domain: str = required(String(255))
    chain_id: str | None = optional(Caip2Chain)
    user_id: UUID | None = optional(UuidColumn)
    """None: for a sign-in; else for a wallet that this user links. Neither serves for the other."""
    issued_at: datetime = required(Time, default="now()")
    expires_at: datetime = required(Time)
    consumed_at: datetime | None = optional(Time)
    consumed_by: UUID | None = optional(UuidColumn)
    """The sign-in attempt that used it: a retried activity recognises itself."""
    used: bool = required(Boolean, generated="consumed_at is not null")
    ip_address: IPv4Address | IPv6Address | None = optional(INET)
    user_agent: str | None = optional(Text)


class Session(Table, table=True):
    """A session is one row for its whole life. Refreshing raises `generation` and never extends
    `absolute_expires_at`.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("refresh_hash"),
        UniqueConstraint("nonce_hash"),
        check("account_type", "account_type in ('eoa', 'contract', 'multisig', 'smart_account')"),
        check("generation", "generation >= 0"),
        check("expires_at", "expires_at > created_at and expires_at <= absolute_expires_at"),
        check("revoked_reason", "revoked_reason is null or revoked_at is not null"),
        index("sessions_user_id_idx", "user_id", "created_at desc", "session_id"),
        index("sessions_family_id_idx", "family_id"),
        index("sessions_expires_at_idx", "expires_at"),
        index("sessions_traced_idx", "expires_at", where="ip_address is not null or user_agent is not null"),
        index("sessions_live_wallet_idx", "address", "chain_id", where="revoked_at is null"),
        {"schema": "auth_service"},
    )

    session_id: UUID = key(UuidColumn, default="gen_random_uuid()")
    user_id: UUID = required(UuidColumn)
    family_id: UUID = required(UuidColumn)
    """Refresh tokens of one sign-in; reuse of any of them ends the family."""
    device_id: UUID | None = optional(UuidColumn)
    nonce_hash: str = required(Sha256Hex)
    """One session per nonce, for ever."""
    address: str = required(EvmAddress)
    chain_id: str = required(Caip2Chain)
    account_type: str = required(String(20), default="'eoa'")
    refresh_hash: str | None = optional(String(128))
    """Null until the API has made the first token of the grant."""
    previous_refresh_hash: str | None = optional(String(128))
    generation: int = required(Integer, default="0")
    ip_address: IPv4Address | IPv6Address | None = optional(INET)
    user_agent: str | None = optional(Text)
    collection_intent_context: Any = optional(JSONB)
    created_at: datetime = required(Time, default="now()")
    last_used_at: datetime | None = optional(Time)
    expires_at: datetime = required(Time)
    absolute_expires_at: datetime = required(Time)
    revoked_at: datetime | None = optional(Time)
    revoked_reason: str | None = optional(String(64))


class RefreshToken(Table, table=True):
    """Every refresh token ever handed out, as a hash. A token that comes back after `used_at` kills its session."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        UniqueConstraint("session_id", "generation"),
        check("generation", "generation >= 0"),
        check("expires_at", "expires_at > issued_at"),
        check("replaced_by", "replaced_by is null or used_at is not null"),
        index("refresh_tokens_expires_at_idx", "expires_at"),
        {"schema": "auth_service"},
    )

    hash: str = key(String(128))
    session_id: UUID = required(UuidColumn, references="auth_service.sessions.session_id", on_delete="CASCADE")
    generation: int = required(Integer, default="0")
    issued_at: datetime = required(Time, default="now()")
    expires_at: datetime = required(Time)
    used_at: datetime | None = optional(Time)
    replaced_by: str | None = optional(String(128))


class LoginEvent(Table, table=True):
    """Exactly one row per attempt to sign in, whatever came of it. Holds no message, signature, nonce or token."""

    __tablename__ = "login_events"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        check(
            "result",
            (
                "result in ('success', 'failed', 'invalid_signature', 'invalid_nonce', 'expired_nonce', "
                "'invalid_message', 'rate_limited')"
            ),
        ),
        check("success", "result <> 'success' or user_id is not null"),
        index("login_events_user_id_idx", "user_id", "ts desc", where="user_id is not null"),
        index("login_events_account_id_idx", "account_id", "ts desc"),
        index("login_events_ip_idx", "ip", "ts desc"),
        index("login_events_ts_idx", "ts"),
        {"schema": "auth_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    attempt_id: UUID = required(UuidColumn)
    """Given by the API, so that a retried write finds its own row."""
    user_id: UUID | None = optional(UuidColumn)
    session_id: UUID | None = optional(UuidColumn)
    account_id: str | None = optional(EvmAddress)
    """Null when what was sent is no address."""
    chain_id: str | None = optional(Caip2Chain)
    domain: str | None = optional(String(255))
    nonce_hash: str | None = optional(Sha256Hex)
    ip: IPv4Address | IPv6Address | None = optional(INET)
    ua: str | None = optional(Text)
    result: str = required(String(32))
    error_message: str | None = optional(Text)
    ts: datetime = required(Time, default="now()")
