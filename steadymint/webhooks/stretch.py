"""One attempt to deliver one webhook's events: where it stands, and what the flow is told of it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from standardwebhooks import Webhook

from steadymint.domain.webhooks import PausedBecause, Standing, StretchSummary, WebhookStatus
from steadymint.outbound.posting import Poster
from steadymint.webhooks.deliveries import Endpoint, Fare, Left, Tried, is_failing

CROWDED_WAIT: Final = timedelta(seconds=20)
"""Until a webhook at whose host no place was free is looked at again. A request that hangs has given its place up in
15."""


@dataclass(slots=True)
class Stretch:
    """One attempt for one webhook: where it stands, and what has come of it so far."""

    endpoint: Endpoint
    signers: Sequence[Webhook]
    at: datetime
    begun: float = field(default_factory=time.monotonic)
    seen: int = 0
    """The number up to which it was looked for events."""
    proven: bool = False
    """Whether it has taken an event in this attempt. Until then one is sent at a time."""
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    paused_because: PausedBecause | None = None
    crowded: bool = False
    """Whether no place at its host was free."""
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    posters: list[Poster] = field(default_factory=list[Poster])
    """Those that send nothing at the moment."""
    recorded: Fare = field(default_factory=Fare)
    """How the webhook's row says that it fares."""
    tried: list[Tried] = field(default_factory=list[Tried])
    """What is not recorded yet."""

    @property
    def now(self) -> datetime:
        """The flow's clock, which a test may set: it ticks as ours does."""
        return self.at + timedelta(seconds=time.monotonic() - self.begun)

    @property
    def resting(self) -> bool:
        """Whether the webhook is to be left alone for now."""
        later = self.retry_at is not None and self.retry_at > self.now
        return later or self.crowded or self.paused_because is not None

    def rest(self) -> None:
        """Keep no connection from others that sends nothing."""
        for poster in self.posters:
            poster.rest()


def summary(run: Stretch | None, left: Left) -> StretchSummary:
    """What the flow is told. `run`: None if nothing was to be sent."""
    if left.status is WebhookStatus.PAUSED:
        standing = Standing.PAUSED
    elif left.status is WebhookStatus.DELETED:
        standing = Standing.DELETED
    else:
        standing = Standing.FAILING if is_failing(left.failures) else Standing.DELIVERING
    due, next_at = left.busy, left.next_at if left.status is WebhookStatus.ACTIVE else None
    if run is not None and run.crowded and left.status is WebhookStatus.ACTIVE:
        due, next_at = False, run.now + CROWDED_WAIT * random.uniform(1.0, 1.5)  # they came together
    return StretchSummary(
        standing=standing,
        delivered=run.delivered if run else 0,
        failed=run.failed if run else 0,
        dead=run.dead if run else 0,
        last_seq=left.last_seq,
        waiting=left.waiting,
        due=due,
        next_at=next_at,
    )
