"""What a receiver gets: the body, and the headers of Standard Webhooks (https://www.standardwebhooks.com)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from standardwebhooks import Webhook

from steadymint.domain.intents.view import show_time

USER_AGENT: Final = "Steadymint-Webhooks/1"


def message_id(event_id: UUID) -> str:
    """`webhook-id`. It is the same each time that the event is sent, by which a receiver knows what it has already."""
    return f"msg_{event_id.hex}"


def body_of(
    event_id: UUID, name: str, sequence: int, occurred_at: datetime, payload: Mapping[str, Any]
) -> dict[str, Any]:
    """The body, the same in a delivery and in `GET /v1/events`."""
    return {
        "id": message_id(event_id),
        "type": name,
        "sequence": sequence,
        "timestamp": show_time(occurred_at),
        "data": dict(payload),
    }


def written(body: Mapping[str, Any]) -> bytes:
    """The bytes that are sent, and signed."""
    return orjson.dumps(body)


def headers_of(message: str, sent: bytes, now: datetime, signers: Sequence[Webhook]) -> dict[str, str]:
    """The headers of one try. With two signers there are two signatures, of which a receiver checks the one it can.
    `now` is the wall clock: receivers refuse what is older than some minutes."""
    text = sent.decode()
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signer.sign(message, now, text) for signer in signers),
    }
