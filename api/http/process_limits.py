"""Limits that one process keeps in its own memory. They cost no round trip, so even a read from a cache is counted, and
they hold whatever becomes of Redis. Several processes allow several times as much.

`api.http.rate_limits` has those that all processes share.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import lru_cache
from types import TracebackType
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.problems import Refused, problem_of
from api.http.rate_limits import MINUTE
from steadymint.domain.counting import counted
from steadymint.domain.errors import RateLimitedError
from steadymint.domain.peers import bucket_of

DAY: Final = 86_400.0
REMEMBERED: Final = 100_000
"""Keys of one rate; some 20 MB. The least recently used go first, and most of those would be empty anyway."""
STREAM_RETRY: Final = 10.0
"""Seconds after which one more stream may be tried: streams last long, and clients should not press."""
_UNCOUNTED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that the machine's own probes read."""

READS: Final = "steadymint.reads"
"""Key of the scope: the `LimitedReads`, for a request that reads more than once."""

_peer_of = lru_cache(maxsize=8192)(bucket_of)


def peer_of(scope: Scope) -> str:
    """The address that a request is counted under."""
    client = scope.get("client")
    return _peer_of(client[0] if client else None)


class Rate:
    """So much of something per window for each key: a leaky bucket, full after one window's worth at once."""

    def __init__(
        self, name: str, amount: float, window: float, detail: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`window` in seconds. `name` is the limit's in problems and metrics, `detail` what the refused one reads."""
        self._name = name
        self._detail = detail
        self._window = window
        self._seconds = window / amount
        self._clock = clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()
        """When each bucket will be empty, the least recently used first."""

    def check(self, key: str, amount: float = 1) -> None:
        """Raises RateLimitedError, with the seconds to wait, if `amount` does not fit now. Counts nothing."""
        now = self._clock()
        self._refuse_beyond(max(self._empty_at.get(key, 0.0), now) + amount * self._seconds - now)

    def take(self, key: str, amount: float = 1) -> None:
        """Counts `amount`. Raises RateLimitedError, and counts nothing, if it does not fit."""
        now = self._clock()
        after = max(self._empty_at.get(key, 0.0), now) + amount * self._seconds
        if key in self._empty_at:
            self._empty_at.move_to_end(key)  # one that is refused is in use, too
        self._refuse_beyond(after - now)
        self._empty_at[key] = after
        if len(self._empty_at) > REMEMBERED:
            self._empty_at.popitem(last=False)

    def _refuse_beyond(self, level: float) -> None:
        """`level`: seconds that the bucket would take to run empty."""
        if level > self._window * (1 + 1e-9):
            raise RateLimitedError(self._detail, retry_after=level - self._window, limit=self._name)


class Place:
    """One of a limited number of places. It is given back by `release`, or when nobody holds it any more: an answer may
    be dropped before it begins."""

    __slots__ = ("_give_back",)

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back: Callable[[], None] | None = give_back

    def release(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __del__(self) -> None:
        self.release()


class StreamPlaces:
    """How many streams one user, and one address, may have open at a time in one process."""

    def __init__(self, *, per_user: int, per_address: int) -> None:
        self._most = {"streams-of-user": per_user, "streams-of-address": per_address}
        self._open: Counter[tuple[str, str]] = Counter()

    def take(self, user_id: object, peer: str | None) -> Place:
        """A place for one stream. `user_id` is None for a stream that anybody may open. Raises RateLimitedError."""
        keys: tuple[tuple[str, str], ...] = (("streams-of-address", _peer_of(peer)),)
        if user_id is not None:
            keys = (("streams-of-user", str(user_id)), *keys)
        for name, key in keys:
            if self._open[name, key] >= self._most[name]:
                whose = "You have" if name == "streams-of-user" else "Your network has"
                detail = f"{whose} {self._most[name]} streams open already; close one first"
                raise RateLimitedError(detail, retry_after=STREAM_RETRY, limit=name)
        self._open.update(keys)
        return Place(lambda: self._leave(keys))

    def _leave(self, keys: tuple[tuple[str, str], ...]) -> None:
        for key in keys:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


class LimitedReads:
    """Middleware: counts reads (GET and HEAD) by the address they come from, and answers 429 to those beyond the rate.

    All reads are counted, with a token and without: a token is only read later, and anybody may write one. An IPv6 /64
    is one address.
    """

    def __init__(self, app: ASGIApp, *, per_minute: int, refused: Refused | None = None) -> None:
        """`refused` is told of each refusal."""
        self._app = app
        self._refused = refused
        self._rate = Rate("reads", per_minute, MINUTE, f"This address may read {counted(per_minute, 'time')} a minute")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[READS] = self
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] not in _UNCOUNTED:
            try:
                await self.count(scope)
            except RateLimitedError as refused:
                await problem_of(refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def count(self, scope: Scope) -> None:
        """Count a read of the address that this request or socket comes from. Raises RateLimitedError, and tells of
        it."""
        try:
            self._rate.take(peer_of(scope))
        except RateLimitedError as error:
            if self._refused is not None:
                await self._refused(HTTPConnection(scope), error)
            raise
