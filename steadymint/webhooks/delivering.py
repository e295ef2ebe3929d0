"""Sends one webhook's events: in the order of each subject, several subjects at once, until nothing is due."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from prometheus_client import Counter
from standardwebhooks import Webhook

from steadymint.domain.webhooks import (
    TRIED_FOR,
    DeliveryStatus,
    PausedBecause,
    Standing,
    StretchOrder,
    StretchSummary,
    WebhookStatus,
    retry_after,
)
from steadymint.outbound.client import OutboundClient
from steadymint.outbound.errors import CROWDED, OutboundError
from steadymint.outbound.posting import Poster, Receipt
from steadymint.webhooks.bell import Bell
from steadymint.webhooks.deliveries import Deliveries, Due, Endpoint, Fare, Tried, is_failing
from steadymint.webhooks.message import body_of, headers_of, message_id, written
from steadymint.webhooks.sealing import Seal
from steadymint.webhooks.stretch import Stretch, summary
from steadymint.webhooks.targets import Targets

WINDOW: Final = 100
"""Events that are read, sent and recorded at a time. So many may be sent twice after a crash."""
LINGER: Final = 10.0
"""Seconds for which an attempt that has sent all stays for further events."""
PATIENCE: Final = 5.0
"""Seconds for which an attempt waits for a place at its host. Then the webhook waits in its flow, where it takes no
place of a worker from others: a host that hangs may have a thousand of them."""
GONE: Final = 410
"""The status by which a receiver says that it will never come back (Standard Webhooks)."""
MAX_RETRY_AFTER: Final = timedelta(hours=1)
LOOK_AT_CLOSED_EVERY: Final = timedelta(hours=1)
"""Whoever reopens an account tells no flow."""
JITTER: Final = 0.1
"""The part of a wait by which it is longer, at most: what failed together is not tried together."""

TRIES: Final = Counter("steadymint_webhook_tries_total", "Tries to deliver an event", ["result"])
_DELIVERED: Final = TRIES.labels("delivered")
_FAILED: Final = TRIES.labels("failed")


class WebhookDeliverer:
    """The `Deliverer` of the activity."""

    def __init__(
        self,
        deliveries: Deliveries,
        client: OutboundClient,
        seal: Seal,
        bell: Bell | None = None,
        *,
        targets: Targets = Targets(),  # noqa: B008 - nothing changes it
        timeout: float,
        at_once: int,
    ) -> None:
        """`timeout`: seconds for one request. `at_once`: requests under way to one webhook. Without a bell an attempt
        ends when it has sent all."""
        self._deliveries = deliveries
        self._client = client
        self._seal = seal
        self._bell = bell
        self._targets = targets
        self._timeout = timeout
        self._at_once = at_once

    async def stretch(
        self, order: StretchOrder, stop: asyncio.Event, progress: Callable[[int], None]
    ) -> StretchSummary:
        """Deliver what is due. Raises SealError, and what the database raises."""
        endpoint = await self._deliveries.begin(order.webhook_id, uuid4())
        if endpoint is None or endpoint.status is WebhookStatus.DELETED:
            return StretchSummary(standing=Standing.DELETED)
        if endpoint.closed:
            return StretchSummary(standing=Standing.PAUSED, next_at=order.at + LOOK_AT_CLOSED_EVERY)
        run: Stretch | None = None
        if endpoint.status is WebhookStatus.ACTIVE:
            run = self._run(endpoint, order.at)
            await self._deliver(run, stop, progress)
        now = order.at if run is None else run.now
        left = await self._deliveries.rest(order.webhook_id, now)
        return StretchSummary(standing=Standing.DELETED) if left is None else summary(run, left)

    def _run(self, endpoint: Endpoint, at: datetime) -> Stretch:
        stored = [one for one in (endpoint.secret, endpoint.previous_secret) if one is not None]
        return Stretch(
            endpoint,
            [Webhook(self._seal.open(one, endpoint.webhook_id)) for one in stored],
            at,
            seen=endpoint.last_seq,
            failures=endpoint.failures,
            failing_since=endpoint.failing_since,
            retry_at=endpoint.retry_at,
            recorded=Fare(endpoint.failures, endpoint.failing_since, endpoint.retry_at),
        )

    async def _deliver(self, run: Stretch, stop: asyncio.Event, progress: Callable[[int], None]) -> None:
        while not (stop.is_set() or run.resting):
            probing = not run.proven and is_failing(run.failures)
            found = await (
                self._deliveries.probe(run.endpoint) if probing else self._deliveries.due(run.endpoint, run.now, WINDOW)
            )
            if not found:
                if not await self._more_comes(run, stop):
                    return
                continue
            whole = len(found) < WINDOW and not probing
            failed_since = run.failing_since if is_failing(run.failures) else None
            try:
                await self._send(run, found, stop)
            finally:  # what was taken is recorded, also when the worker stops in the middle
                await asyncio.shield(self._record(run, failed_since))
            progress(run.delivered)
            if whole and not run.failed:  # that was all, so there is something to read only if more comes
                run.seen = max(run.seen, found[-1].seq)
                if not await self._more_comes(run, stop):
                    return

    async def _more_comes(self, run: Stretch, stop: asyncio.Event) -> bool:
        """Whether there is something new within a moment. An attempt in which something failed ends at once: the flow
        waits for the next try. So does one that has lost the webhook: the flow goes on with what it is now."""
        if self._bell is None or run.failed or run.crowded:
            return False
        endpoint = run.endpoint
        further = await self._bell.further(endpoint.webhook_id, endpoint.runner, run.seen, stop, LINGER)
        run.seen = further or run.seen
        return further is not None

    async def _record(self, run: Stretch, failed_since: datetime | None) -> None:
        tried, run.tried = run.tried, []
        if tried:
            fare = Fare(run.failures, run.failing_since, run.retry_at, run.paused_because)
            well = failed_since if run.failures == 0 else None
            changed = None if fare == run.recorded else fare
            await self._deliveries.record(run.endpoint, tried, changed, run.now, failed_since=well)
            run.recorded = fare

    async def _send(self, run: Stretch, found: Sequence[Due], stop: asyncio.Event) -> None:
        """Send the events, those of one subject one after another. They go alone until one was taken, so that a
        webhook that hangs from the beginning holds one connection."""
        subjects: dict[str, deque[Due]] = {}
        for due in found:
            subjects.setdefault(due.subject, deque()).append(due)
        lines = deque(subjects.values())

        async def work(*, until_proven: bool) -> None:
            try:
                while lines and not (stop.is_set() or run.resting or (until_proven and run.proven)):
                    line = lines.popleft()
                    taken = await self._try(run, line.popleft())
                    if taken and line:
                        lines.appendleft(line)
            finally:
                run.rest()

        await work(until_proven=True)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(self._at_once, len(lines))):
                tasks.create_task(work(until_proven=False))

    async def _try(self, run: Stretch, due: Due) -> bool:
        """Send one event, and note what has come of it. Returns whether it was taken."""
        status, error, wait = await self._post(run, due)
        if error == CROWDED:  # which says nothing of the webhook
            run.crowded = True
            return False
        if error is None:
            run.tried.append(Tried(due.seq, DeliveryStatus.DELIVERED, status))
            run.delivered += 1
            run.proven, run.failures, run.failing_since, run.retry_at = True, 0, None, None
            _DELIVERED.inc()
            return True
        now = run.now
        given_up = now - (due.tried_since or now) >= TRIED_FOR
        run.failing_since = run.failing_since or now
        if due.attempts == 0 or is_failing(run.failures):
            # An event that fails again says nothing new of the webhook: others wait for none but their own subject.
            run.failures += 1
        if is_failing(run.failures):
            run.retry_at = now + _wait(run.failures - 1, wait)
        if status == GONE:
            run.paused_because = PausedBecause.GONE
        elif now - run.failing_since >= TRIED_FOR and (given_up or is_failing(run.failures)):
            run.paused_because = PausedBecause.UNREACHABLE
        verdict = DeliveryStatus.DEAD if given_up else DeliveryStatus.PENDING
        retry_at = None if given_up else now + _wait(due.attempts + 1, wait)
        run.tried.append(Tried(due.seq, verdict, status, error, retry_at))
        run.failed += 1
        run.dead += given_up
        _FAILED.inc()
        return False

    async def _post(self, run: Stretch, due: Due) -> tuple[int | None, str | None, float | None]:
        """The status of the answer, the code of the failure, and the wait that the receiver asks for in seconds."""
        sent = written(body_of(due.event_id, due.name, due.seq, due.occurred_at, due.payload))
        headers = headers_of(message_id(due.event_id), sent, datetime.now(UTC), run.signers)
        try:
            receipt = await self._sent(run, sent, headers)
        except OutboundError as error:
            return None, error.failure.code, error.retry_after
        if 200 <= receipt.status < 300:
            return receipt.status, None, None
        return receipt.status, "refused", receipt.retry_after

    async def _sent(self, run: Stretch, sent: bytes, headers: Mapping[str, str]) -> Receipt:
        poster = run.posters.pop() if run.posters else self._poster(run.endpoint)
        try:
            return await poster.post(sent, headers)
        finally:
            run.posters.append(poster)

    def _poster(self, endpoint: Endpoint) -> Poster:
        return self._client.poster(self._targets.read(endpoint.url), self._timeout, patience=PATIENCE)


def _wait(failures: int, asked: float | None) -> timedelta:
    """The wait after so many failures, or the longer one that the receiver asks for."""
    own = retry_after(max(failures, 1)) * (1 + JITTER * random.random())
    return max(own, min(timedelta(seconds=asked or 0.0), MAX_RETRY_AFTER))
