"""Domain events for the outside, on Redis Streams named like the exchanges of the specification.

At least once: a publisher that died tells again, under the same `event_id`. Consumers keep the ids they have seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from prometheus_client import Counter
from redis.asyncio import Redis

from steadymint.domain.intents.view import show_time

log = logging.getLogger(__name__)

AUTH: Final = "auth.events"
WALLETS: Final = "wallets.events"
COLLECTIONS: Final = "collections.events"
COLLECTIONS_DOMAIN: Final = "collections.domain"
MINTS: Final = "mints.events"
MINTS_DOMAIN: Final = "mints.domain"

VERSION: Final = 1
"""Of the payloads; raised when a member changes its meaning."""

KEPT: Final = 100_000
"""Events kept in each stream, roughly: days of a busy marketplace, under 100 MB. Slower consumers read the catalog."""

TIMEOUT: Final = 1.0
"""Seconds for one batch."""

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:steadymint:event")

FAILURES: Final = Counter("steadymint_domain_event_failures_total", "Domain events that Redis did not take")


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Something that has happened. `key` names the happening, so that telling it twice gives one `event_id`."""

    stream: str
    type: str
    """The routing key, for example `auth.user_logged_in` or `created.eip155-31337`."""
    key: str
    occurred_at: datetime
    payload: Mapping[str, Any]
    """JSON; no token, signature or nonce."""

    @property
    def event_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"{self.stream}\n{self.type}\n{self.key}")

    def fields(self) -> dict[str, str | bytes]:
        return {
            "schema": self.stream,
            "version": str(VERSION),
            "type": self.type,
            "event_id": str(self.event_id),
            "occurred_at": show_time(self.occurred_at),
            "payload": orjson.dumps(dict(self.payload)),
        }


class DomainEvents:
    """Publishes batches in one round trip. Never raises: what has happened stands whether or not it is told."""

    def __init__(self, redis: Redis, *, kept: int = KEPT, timeout: float = TIMEOUT) -> None:
        self._redis = redis
        self._kept = kept
        self._timeout = timeout

    async def publish(self, events: Iterable[DomainEvent]) -> bool:
        """Append the events in their order. False if Redis did not take them (some may have been taken)."""
        pipeline = self._redis.pipeline(transaction=False)
        count = 0
        for event in events:
            count += 1
            pipeline.xadd(event.stream, event.fields(), maxlen=self._kept, approximate=True)  # type: ignore[arg-type]
        if count == 0:
            return True
        try:
            async with asyncio.timeout(self._timeout):
                await pipeline.execute()
        except Exception as error:
            FAILURES.inc(count)
            log.warning("domain events were not published: %s", type(error).__name__)
            return False
        return True
