"""Webhooks: the names of events, and the inputs and results of the flow that delivers them. All of the latter are in
workflow history, so they hold ids, numbers and times, and never a payload, an address or a secret."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from steadymint.domain.record import Record

DELIVER_WEBHOOK: Final = "DeliverWebhook"
WAKE: Final = "wake"
"""The signal to look for events once more."""


class EventName(StrEnum):
    """What a receiver is told of: the exchanges and routing keys of the specification."""

    LOGGED_IN = "auth.user_logged_in"
    WALLET_LINKED = "wallet.linked"
    WALLET_UNLINKED = "wallet.unlinked"
    PRIMARY_WALLET_CHANGED = "wallet.primary_changed"
    COLLECTION_CREATED = "collections.events created"
    COLLECTION_UPSERTED = "collections.domain upserted"
    MINTED = "mints.events minted"
    MINT_UPSERTED = "mints.domain upserted"
    ORDER_CHANGED = "orders.events changed"
    TRANSFERRED = "transfers.events transferred"
    SOLD = "sales.events sold"
    TOKEN_LAUNCHED = "tokens.events launched"  # noqa: S105 - a name
    INTENT_STEPPED = "intents.events stepped"
    PAUSED = "webhook.paused"
    TEST = "webhook.test"


class WebhookStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


class PausedBecause(StrEnum):
    """Why nothing is sent to a webhook."""

    OWNER = "owner"
    """Its owner, or an operator, wants it so."""
    UNREACHABLE = "unreachable"
    """It took nothing for three days."""
    GONE = "gone"
    """It has answered 410."""


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Not taken for three days. It is sent again on request only."""


class Standing(StrEnum):
    """Where the delivery to one webhook stands: the search attribute `Step`."""

    DELIVERING = "delivering"
    FAILING = "failing"
    PAUSED = "paused"
    DELETED = "deleted"


RETRIES: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)
"""Until the next try, by the number of those that failed. The last one repeats."""
TRIED_FOR: Final = timedelta(days=3)
"""After which an event is a dead letter, and a webhook that took nothing is paused."""
FAILING_FROM: Final = 2
"""Events of different subjects that are refused in a row, after which it is the webhook, and not the event, that fails.
From then on one event at a time is tried."""


def retry_after(failures: int) -> timedelta:
    """The wait after so many failures, at least one."""
    return RETRIES[min(failures, len(RETRIES)) - 1]


class DeliverOrder(Record):
    """The order to deliver everything to one webhook for as long as it exists."""

    webhook_id: UUID


class StretchOrder(Record):
    """The order to do so for one stretch of time."""

    webhook_id: UUID
    at: datetime
    """The flow's clock. Waits and ends of tries are counted by it."""


class StretchSummary(Record):
    """What was done in a stretch, and what is left."""

    standing: Standing = Standing.DELIVERING
    delivered: int = 0
    failed: int = 0
    """Tries that failed."""
    dead: int = 0
    """Events that became dead letters."""
    last_seq: int = 0
    """The number of the last event that the webhook is to get."""
    waiting: int = 0
    """Events that are not delivered; counted up to `COUNTED`."""
    due: bool = False
    """Whether something can be sent at once."""
    next_at: datetime | None = None
    """When something is to be tried again, by the flow's clock."""


COUNTED: Final = 1_000


def workflow_id_of(webhook_id: UUID) -> str:
    return f"webhook:{webhook_id}"
