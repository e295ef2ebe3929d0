"""The budget of one host: requests at once, requests per second, and a pause when the host asks for one.

A refresh of a million tokens asks one server a million times, and a stranger chooses the server. So a host has one
budget in a process, for all flows together.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from steadymint.outbound.errors import CROWDED, failed

MAX_PAUSE: Final = 3600.0
"""Seconds. A longer `Retry-After` is cut to this."""
_REMEMBERED: Final = 4096
"""Keys kept; idle ones are dropped first. A key takes some 500 bytes, and strangers choose how many there are."""


class _Share:
    """The state of one key."""

    __slots__ = ("next_at", "paused_until", "places", "users")

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.users = 0
        self.next_at = 0.0
        self.paused_until = 0.0


class KeyedBudget:
    """Places and a rate for each key (a host, or an address): first come, first served."""

    def __init__(
        self,
        places: int,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`places`: requests under way per key. `per_second`: requests begun per key, evenly spaced."""
        self._places = places
        self._spacing = 1.0 / per_second
        self._clock = clock
        self._sleep = sleep
        self._shares: OrderedDict[str, _Share] = OrderedDict()

    def place(self, key: str, patience: float | None = None) -> AbstractAsyncContextManager[None]:
        """Wait for a free place and for the next start, then hold the place.

        Raises OutboundError: `throttled` while the key is paused, `crowded` if no place is free for `patience` seconds.
        """
        return _Place(self, self._share(key), patience)

    def is_free(self, key: str) -> bool:
        """Whether a request of the key could begin at once."""
        share = self._share(key)
        return not share.places.locked() and max(share.next_at, share.paused_until) <= self._clock()

    async def wait_for_start(self, share: _Share) -> None:
        """Wait until the next request of the share may begin. Raises OutboundError `throttled` while it is paused."""
        self._refuse_if_paused(share)
        now = self._clock()
        at = max(now, share.next_at)
        share.next_at = at + self._spacing
        if at > now:
            await self._sleep(at - now)
            self._refuse_if_paused(share)

    def pause(self, key: str, seconds: float) -> None:
        """Start no request of the key for so many seconds, as its 429 or 503 asked; at most an hour."""
        share = self._share(key)
        share.paused_until = max(share.paused_until, self._clock() + min(seconds, MAX_PAUSE))

    def _share(self, key: str) -> _Share:
        share = self._shares.get(key)
        if share is None:
            self._forget_idle()
            share = self._shares[key] = _Share(self._places)
        self._shares.move_to_end(key)
        return share

    def _forget_idle(self) -> None:
        """Drop the oldest keys that have no users. A paused key stays, because dropping it would end its pause."""
        if len(self._shares) < _REMEMBERED:
            return
        now = self._clock()
        for key, share in list(self._shares.items())[: _REMEMBERED // 8]:
            if not share.users and share.next_at <= now and share.paused_until <= now:
                del self._shares[key]

    def _refuse_if_paused(self, share: _Share) -> None:
        left = share.paused_until - self._clock()
        if left > 0:
            raise failed("throttled", "The host has asked us to wait", permanent=False, retry_after=round(left + 0.5))


class _Place(AbstractAsyncContextManager[None]):
    """A place of one share, held for as long as the block runs. A class, since each event of a webhook takes two: a
    generator would cost several times as much."""

    __slots__ = ("_budget", "_patience", "_share")

    def __init__(self, budget: KeyedBudget, share: _Share, patience: float | None) -> None:
        self._budget = budget
        self._share = share
        self._patience = patience
        share.users += 1

    async def __aenter__(self) -> None:
        share = self._share
        try:
            if share.places.locked():  # a clock for each request would cost more than its two places
                await self._waited(share)
            else:
                await share.places.acquire()
        except BaseException:
            share.users -= 1
            raise
        try:
            await self._budget.wait_for_start(share)
        except BaseException:
            await self.__aexit__()
            raise

    async def _waited(self, share: _Share) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await share.places.acquire()
        except TimeoutError:
            raise failed(CROWDED, "Too many others wait for the host", permanent=False) from None

    async def __aexit__(self, *_: object) -> None:
        self._share.places.release()
        self._share.users -= 1
