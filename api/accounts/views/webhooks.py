"""From rows of webhooks to the bodies that show them."""

from __future__ import annotations

from api.accounts.bodies.webhooks import DeliveryView, WebhookView
from api.http.shown import address
from steadymint.domain.types import Address
from steadymint.domain.webhooks import EventName, WebhookStatus
from steadymint.webhooks.history import Delivery
from steadymint.webhooks.message import message_id
from steadymint.webhooks.subscriptions import Subscription


def webhook_view(found: Subscription) -> WebhookView:
    """A subscription, without its secrets."""
    return {
        "webhookId": found.webhook_id,
        "url": found.url,
        "description": found.description,
        "events": [EventName(name) for name in found.event_names],
        "collections": [
            {"chainId": chain_id, "contract": address(Address(contract))}
            for chain_id, _, contract in (one.partition("/") for one in found.collections)
        ],
        "accounts": [address(Address(one)) for one in found.accounts],
        "active": found.status is WebhookStatus.ACTIVE,
        "pausedBecause": found.paused_because,
        "lastSequence": found.last_seq,
        "failingSince": found.failing_since,
        "secretOverlapEnds": found.overlap_ends,
        "createdAt": found.created_at,
    }


def delivery_view(found: Delivery) -> DeliveryView:
    """What has come of one event."""
    return {
        "sequence": found.seq,
        "id": message_id(found.event_id),
        "type": EventName(found.name),
        "status": found.status,
        "attempts": found.attempts,
        "nextAttemptAt": found.retry_at,
        "responseStatus": found.response_status,
        "error": found.error,
        "deliveredAt": found.delivered_at,
        "createdAt": found.created_at,
    }
