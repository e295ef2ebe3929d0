"""Tables of the audit service."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import INET, JSONB

from migrations.models.columns import Table, Time, UuidColumn, check, index, key, optional, required

_NAMELESS: Final = "user_id is null and ip_address is not null"


class SecurityEvent(Table, table=True):
    """What happened that security should know of. Written once; only what leads to a person is removed."""

    __tablename__ = "security_events"
    __table_args__ = (
        check("event_type", "event_type ~ '^[a-z][a-z0-9_.]{0,63}$'"),
        check("severity", "severity in ('info', 'warning', 'error', 'critical')"),
        index("security_events_created_at_idx", "created_at desc", "id"),
        index("security_events_event_type_idx", "event_type", "created_at desc"),
        index("security_events_user_id_idx", "user_id", "created_at desc", "id desc", where="user_id is not null"),
        index("security_events_severe_idx", "created_at desc", where="severity in ('error', 'critical')"),
        index("security_events_nameless_idx", "created_at", where=_NAMELESS),
        index("security_events_nameless_ip_idx", "ip_address", "created_at", where=_NAMELESS),
        {"schema": "audit_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    event_type: str = required(Text)
    description: str = required(Text)
    ip_address: IPv4Address | IPv6Address | None = optional(INET)
    user_id: UUID | None = optional(UuidColumn)
    wallet_address: str | None = optional(Text)
    details: Any = required(JSONB, default="'{}'", name="metadata")
    severity: str = required(Text, default="'info'")
    created_at: datetime = required(Time, default="now()")


class Setting(Table, table=True):
    """What an operator may change without a deploy. `is_public` ones are shown to front ends."""

    __tablename__ = "settings"
    __table_args__ = (
        UniqueConstraint("key"),
        check("key", "key ~ '^[a-z][a-z0-9_.]{0,127}$'"),
        {"schema": "audit_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    key: str = required(Text)
    value: str = required(Text)
    description: str | None = optional(Text)
    is_public: bool = required(Boolean, default="false")
    last_updated: datetime = required(Time, default="now()")


class SettingChange(Table, table=True):
    """Who changed a setting, and why. The number of the last line is the version of all settings."""

    __tablename__ = "settings_history"
    __table_args__ = (
        check("key", "key ~ '^[a-z][a-z0-9_.]{0,127}$'"),
        check("reason", "reason <> ''"),
        check("new_value", "new_value is distinct from old_value"),
        index("settings_history_key_idx", "key", "id desc"),
        {"schema": "audit_service"},
    )

    id: int = key(BigInteger)
    key: str = required(Text)
    old_value: str | None = optional(Text)
    new_value: str | None = optional(Text)
    changed_by: str = required(Text)
    reason: str = required(Text)
    changed_at: datetime = required(Time, default="now()")
