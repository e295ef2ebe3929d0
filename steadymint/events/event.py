"""Domain events: changes that other systems are told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

# Streams are named like the exchanges of the specification.
AUTH: Final = "auth.events"
WALLETS: Final = "wallets.events"
COLLECTIONS: Final = "collections.events"
COLLECTIONS_DOMAIN: Final = "collections.domain"
MINTS: Final = "mints.events"
MINTS_DOMAIN: Final = "mints.domain"
TRANSFERS: Final = "transfers.events"
SALES: Final = "sales.events"
TOKENS: Final = "tokens.events"
ORDERS: Final = "orders.events"
INTENTS: Final = "intents.events"
WEBHOOKS: Final = "webhooks.events"

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:steadymint:event")


def event_id_of(stream: str, kind: str, key: str) -> UUID:
    """The id of an event. `key` names what has happened, so a repeated write gives the same id."""
    return uuid5(_NAMESPACE, f"{stream}\n{kind}\n{key}")


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A domain event."""

    stream: str
    type: str
    """The routing key, for example `auth.user_logged_in` or `created.eip155-31337`."""
    key: str
    """The id, derived from what has happened."""
    occurred_at: datetime
    payload: Mapping[str, Any]
    """JSON. It holds no token, signature or nonce."""

    @property
    def event_id(self) -> UUID:
        return event_id_of(self.stream, self.type, self.key)


@dataclass(frozen=True, slots=True)
class PositionedEvent:
    """An event of the outbox that has its position."""

    position: int
    """The place in the order over all streams: 1, 2, 3, without a gap."""
    positioned_at: datetime
    """When it got its position. Never earlier than that of the event before."""
    event_id: UUID
    stream: str
    type: str
    occurred_at: datetime
    payload: Mapping[str, Any]
