"""Security events: what each is called, and how one is recorded. SQL of `audit_service`.

Whoever makes the change records it, in the same transaction: `await record(connection, Entry(...))`. An entry is never
changed, except that the traces of a user who is deleted are removed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID, uuid4, uuid5

from steadymint.domain.types import Address

Severity = Literal["info", "warning", "error", "critical"]
"""`warning`: look at it when there are many. `error`: a person should look. `critical`: at once."""
SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warning", "error", "critical")
"""From the mildest to the worst."""


class EventType(StrEnum):
    """What may be recorded. A type that is not listed here does not exist."""

    SIGN_IN_REFUSED = "auth.sign_in_refused"
    REFRESH_TOKEN_REUSED = "auth.refresh_token_reused"  # noqa: S105 - a name
    WALLET_LINKED = "wallets.linked"
    WALLET_LINK_REFUSED = "wallets.link_refused"
    WALLET_MOVED = "wallets.moved"
    """A wallet of this user is another's now."""
    WALLET_UNLINKED = "wallets.unlinked"
    PRIMARY_WALLET_CHANGED = "wallets.primary_changed"
    STATUS_CHANGED = "users.status_changed"
    DELETION_ASKED = "users.deletion_asked"
    DELETION_TAKEN_BACK = "users.deletion_taken_back"
    DELETED = "users.deleted"
    EXPORT_ASKED = "users.export_asked"
    WEBHOOK_PAUSED = "webhook.paused"
    WEBHOOK_CHANGED = "webhook.changed"
    """A user's webhook was made, changed or deleted, or its secret replaced."""
    TOKEN_FLAGGED = "catalog.token_flagged"  # noqa: S105 - a name
    COLLECTION_FLAGGED = "catalog.collection_flagged"
    ROLES_CHANGED = "roles.changed"
    INTENT_OPERATED = "operators.intent"
    WEBHOOK_OPERATED = "operators.webhook"
    CHAIN_REGISTERED = "operators.chain_registered"
    SETTING_CHANGED = "settings.changed"
    RATE_LIMITED = "limits.exceeded"
    UPLOAD_REFUSED = "documents.upload_refused"
    DOCUMENT_REFUSED = "documents.refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event that is to be recorded."""

    type: EventType
    description: str
    """One of our own sentences. It names nobody, so that it can stay when the user is deleted."""
    severity: Severity = "info"
    user_id: UUID | None = None
    """Whom it is about, who may read it."""
    wallet: Address | None = None
    ip: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON. No token, signature, nonce or key. It is emptied when the user is deleted."""
    key: str | None = None
    """Names the happening, for whoever may record it twice: one entry is kept for each type and key."""

    @property
    def id(self) -> UUID:
        """The id under which the entry is kept."""
        return uuid4() if self.key is None else uuid5(_NAMESPACE, f"{self.type}:{self.key}")


_NAMESPACE: Final = UUID("5d2c3f3e-6a0b-4d0e-9f43-1c1f4f5a2b90")

_RECORD: Final = """
INSERT INTO audit_service.security_events
    (id, event_type, description, severity, user_id, wallet_address, ip_address, metadata)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO NOTHING
"""
_RECORD_ALL: Final = """
INSERT INTO audit_service.security_events
    (id, event_type, description, severity, user_id, wallet_address, ip_address, metadata)
SELECT * FROM jsonb_to_recordset($1) AS e (
    id uuid, event_type text, description text, severity text, user_id uuid, wallet_address text, ip_address inet,
    metadata jsonb)
ON CONFLICT (id) DO NOTHING
"""


async def record(connection: Any, entry: Entry) -> bool:
    """Record the event: `connection` is one of asyncpg, in the caller's transaction, or a pool.

    False if an entry of its type and key is there already.
    """
    status: str = await connection.execute(
        _RECORD,
        entry.id,
        entry.type.value,
        entry.description,
        entry.severity,
        entry.user_id,
        entry.wallet,
        entry.ip,
        dict(entry.details),
    )
    return status.endswith(" 1")


async def record_all(connection: Any, entries: Iterable[Entry]) -> None:
    """Record the events in one statement, as `record` does with one. What is there already is left as it is."""
    rows = [
        {
            "id": entry.id,
            "event_type": entry.type.value,
            "description": entry.description,
            "severity": entry.severity,
            "user_id": entry.user_id,
            "wallet_address": entry.wallet,
            "ip_address": entry.ip,
            "metadata": dict(entry.details),
        }
        for entry in entries
    ]
    if rows:
        await connection.execute(_RECORD_ALL, rows)
