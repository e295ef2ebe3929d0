"""The wait for the indexer: one reader of the chains' channels serves all intents that a worker follows.

A nudge only makes the answer fast; Postgres decides. Every waiter is looked up when it begins to wait, when a nudge
names it, and again by a watchdog. All that are due are one query, however many intents a block has settled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from steadymint.domain.intents.view import IntentView
from steadymint.domain.types import IntentId
from steadymint.live.subscriber import Subscriber

log = logging.getLogger(__name__)

PATTERN: Final = "chain:eip155:*"

WATCHDOG: Final = 5.0
"""Seconds after which all waiters are looked up again. A lost nudge delays a waiter by at most this."""

GATHER: Final = 0.005
"""Seconds for which those who are due are collected into one query."""


class FinalReader(Protocol):
    async def final_of(self, intent_ids: Iterable[IntentId]) -> Mapping[IntentId, IntentView]: ...


class _Nudge(msgspec.Struct):
    block: int
    settled: list[str] = msgspec.field(default_factory=list[str])


class ChainNudges:
    """The nudges of a worker process; an async context manager. A waiter costs one future and no query of its own."""

    def __init__(self, redis: Redis, repository: FinalReader, *, watchdog: float = WATCHDOG) -> None:
        self._repository = repository
        self._watchdog = watchdog
        self._waiting: dict[UUID, set[asyncio.Future[IntentView]]] = {}
        self._unread: set[UUID] = set()
        self._wake = asyncio.Event()
        self._decoder = msgspec.json.Decoder(_Nudge)
        self._subscriber = Subscriber(redis, PATTERN, self._on_nudge, self._on_connected)
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ChainNudges:
        self._subscriber.start()
        self._reader = asyncio.create_task(self._read(), name="chain nudges")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._subscriber.stop()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    async def wait(self, intent_id: UUID, timeout: float) -> IntentView | None:
        """Wait until the intent has ended, or until `timeout` seconds are over: its row as it then is, or None."""
        done: asyncio.Future[IntentView] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(intent_id, set()).add(done)
        self._look_up((intent_id,))
        try:
            async with asyncio.timeout(timeout):
                return await done
        except TimeoutError:
            return None
        finally:
            waiters = self._waiting.get(intent_id, set())
            waiters.discard(done)
            if not waiters:
                self._waiting.pop(intent_id, None)
                self._unread.discard(intent_id)

    def _on_nudge(self, message: bytes) -> None:
        try:
            nudge = self._decoder.decode(message)
            settled = [UUID(text) for text in nudge.settled]
        except (msgspec.MsgspecError, ValueError):
            log.warning("an unreadable nudge was ignored")
            return
        self._look_up(self._waiting.keys() & settled)

    def _on_connected(self) -> None:
        self._look_up(self._waiting)

    def _look_up(self, intent_ids: Iterable[UUID]) -> None:
        self._unread.update(intent_ids)
        if self._unread:
            self._wake.set()

    def _tell(self, intent_id: UUID, view: IntentView) -> None:
        for waiter in self._waiting.get(intent_id, ()):
            if not waiter.done():
                waiter.set_result(view)

    async def _read(self) -> None:
        """Look up those who are due, and from time to time all who wait."""
        clock = asyncio.get_running_loop().time
        due = clock() + self._watchdog
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
                    await asyncio.sleep(GATHER)
            if clock() >= due:
                self._unread.update(self._waiting)
                due = clock() + self._watchdog
            self._wake.clear()
            asked, self._unread = self._unread, set()
            if not asked:
                continue
            try:
                ended = await self._repository.final_of(IntentId(one) for one in asked)
                for intent_id, view in ended.items():
                    self._tell(intent_id, view)
            except Exception as error:
                # Postgres is down. The waiters stay, and the watchdog asks again.
                log.warning("waiting intents could not be read: %s", type(error).__name__)
