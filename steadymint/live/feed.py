"""The feed of live steps for all viewers of an API process: one Redis reader, one watchdog query, bounded memory."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol
from uuid import UUID

import msgspec
from prometheus_client import Counter
from redis.asyncio import Redis

from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import IntentId
from steadymint.live.keeping import TICK, VIEWERS, keep
from steadymint.live.publisher import FEED
from steadymint.live.subscriber import Subscriber
from steadymint.live.viewer import End, PushResult, ShownStep, Viewer

log = logging.getLogger(__name__)

WATCHDOG: Final = 5.0
"""Seconds after which the logs of all watched intents are read again. A lost message delays a viewer by at most
this."""

RETRY: Final = 0.5
"""Seconds to wait before Postgres is asked again."""

RESYNCS: Final = Counter("steadymint_live_resyncs_total", "Logs read from Postgres for viewers", ["why"])


class StepLog(Protocol):
    async def steps_after_many(self, known: Mapping[IntentId, int]) -> Mapping[IntentId, Sequence[LoggedStep]]: ...


class _Entry(msgspec.Struct, rename="camel"):
    intent_id: str
    seq: int
    final: bool
    view: msgspec.Raw


class IntentFeed:
    """The feed of an API process; an async context manager.

    A new viewer, a gap, a reconnect and the watchdog all lead to the same step: the intent's log is read from Postgres,
    together with the logs of all other intents that need it.
    """

    def __init__(self, redis: Redis, repository: StepLog, *, watchdog: float = WATCHDOG, tick: float = TICK) -> None:
        self._repository = repository
        self._watchdog = watchdog
        self._tick = tick
        self._viewers: dict[str, list[Viewer]] = {}
        self._behind: set[str] = set()
        self._wake = asyncio.Event()
        self._decoder = msgspec.json.Decoder(list[_Entry])
        self._subscriber = Subscriber(redis, FEED, self._on_message, self._on_connected)
        self._slots = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> IntentFeed:
        self._subscriber.start()
        self._tasks = [
            asyncio.create_task(self._resync(), name="intent feed: resync"),
            asyncio.create_task(keep(self._all, self._tick), name="intent feed: keeper"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._subscriber.stop()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for viewer in self._all():
            viewer.end(End.CLOSED)

    # -- viewers -----------------------------------------------------------------------------------------------------

    def join(self, intent_id: UUID, after: int, max_age: float) -> Viewer:
        """A viewer that gets every step after `after`, for at most `max_age` seconds. Call `leave` at the end."""
        viewer = Viewer(intent_id, after, asyncio.get_running_loop().time() + max_age, next(self._slots))
        key = str(intent_id)
        self._viewers.setdefault(key, []).append(viewer)
        VIEWERS.inc()
        self._ask(key, "begin")
        return viewer

    def leave(self, viewer: Viewer) -> None:
        key = str(viewer.subject)
        viewers = self._viewers.get(key, [])
        if viewer in viewers:
            viewers.remove(viewer)
            VIEWERS.dec()
        if not viewers:
            self._viewers.pop(key, None)

    def _all(self) -> list[Viewer]:
        return [viewer for viewers in self._viewers.values() for viewer in viewers]

    # -- live --------------------------------------------------------------------------------------------------------

    def _on_message(self, message: bytes) -> None:
        try:
            entries = self._decoder.decode(message)
        except msgspec.MsgspecError:
            log.warning("an unreadable feed message was ignored")
            return
        for entry in entries:
            viewers = self._viewers.get(entry.intent_id)
            if viewers:
                self._deliver(entry.intent_id, viewers, ShownStep(entry.seq, entry.final, bytes(entry.view)))

    def _on_connected(self) -> None:
        for key in self._viewers:
            self._ask(key, "reconnect")

    def _deliver(self, key: str, viewers: Sequence[Viewer], step: ShownStep) -> None:
        gap = False
        for viewer in viewers:
            gap |= viewer.push(step) is PushResult.GAP
        if gap:
            self._ask(key, "gap")

    # -- from Postgres -----------------------------------------------------------------------------------------------

    def _ask(self, key: str, why: str) -> None:
        RESYNCS.labels(why).inc()
        self._behind.add(key)
        self._wake.set()

    async def _resync(self) -> None:
        clock = asyncio.get_running_loop().time
        due = clock() + self._watchdog
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
            if clock() >= due:
                self._behind.update(self._viewers)
                due = clock() + self._watchdog
            self._wake.clear()
            asked, self._behind = self._behind, set()
            if not await self._read(asked):
                self._behind |= asked
                self._wake.set()
                await asyncio.sleep(RETRY)

    async def _read(self, asked: set[str]) -> bool:
        """Bring the viewers of some intents up to date. False if Postgres did not answer."""
        known = {
            IntentId(UUID(key)): min(viewer.seq for viewer in viewers)
            for key in asked
            if (viewers := self._viewers.get(key))
        }
        if not known:
            return True
        try:
            logs = await self._repository.steps_after_many(known)
        except Exception as error:
            log.warning("steps could not be read: %s", type(error).__name__)
            return False
        for intent_id, steps in logs.items():
            key = str(intent_id)
            for step in steps:
                # Only a viewer that joined meanwhile can have a gap here. Its own reading is requested already.
                for viewer in self._viewers.get(key, ()):
                    viewer.push(ShownStep(step.seq, step.final, step.body()))
        return True
