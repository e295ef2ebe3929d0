"""The pace of one endpoint: how many calls per second it bears, found by trying.

There is no limit until the endpoint throttles. Each throttle cuts the rate (multiplicative decrease); from then on the
rate grows again (additive increase), slowly at first, so that the endpoint is seldom throttled twice for one limit.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

DECREASE: Final = 0.85
"""The share of a rate that a throttle leaves. A cut to half, as in TCP, would waste a quarter of a fixed limit."""
DEEPEST: Final = 0.7
"""The least share of a known rate that a cut leaves, however few calls were answered just before."""
INCREASE: Final = 0.025
"""The share of the rate after a cut that is added each second. The old rate is reached after seven seconds."""
STEADY: Final = 10.0
"""Seconds of additive increase. After that long without a throttle the limit has changed, so the rate grows faster."""
FASTER: Final = 1.25
"""Factor per second from then on."""
LOWEST_RATE: Final = 0.5
"""Calls per second. A node that wants fewer names a wait."""
UNLIMITED: Final = 2_000.0
"""Calls per second above which there is no limit: no process of ours asks for as much."""
FIRST_PAUSE: Final = 0.1
"""Seconds of pause after a throttle that names no wait. Each further throttle without an answer in between doubles
it."""
LONGEST_PAUSE: Final = 30.0
WINDOW: Final = 1.0
"""Seconds over which calls are counted, as providers do."""
MARGIN: Final = 1.05
"""Factor on a window. Requests take different times to arrive, so two may come closer together than they were sent."""
KEPT: Final = 2 * MARGIN / LOWEST_RATE
"""Seconds for which sent calls are remembered. It is longer than any window."""
FEW: Final = 3
"""Calls in a window that hardly a provider refuses for their number: others may use the same key. A throttle among so
few is waited out, and only another one soon after cuts the rate; for a large question, which may be refused for its
size, none does."""
FORGET: Final = 30.0
"""Seconds after which a throttle is a first one again."""


class CallPace:
    """Counts what was sent and answered, and says when the next calls may be sent. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._base: float | None = None
        """Calls per second after the last cut; None while there is no limit."""
        self._before: float | None = None
        """Calls per second before the last cut; None if there was no limit."""
        self._borne = 0.0
        """Calls of the last cut's window that the endpoint bore, as far as their answers have come."""
        self._sent_before = 0
        """Calls that were sent in that window."""
        self._cut_at = float("-inf")
        self._throttled_at = float("-inf")
        self._paused_until = float("-inf")
        self._throttled_in_a_row = 0
        self._sent: deque[tuple[float, int]] = deque()
        self._answered: deque[tuple[float, int]] = deque()

    @property
    def rate(self) -> float | None:
        """Calls per second that may be sent now; None means any number."""
        if self._base is None:
            return None
        age = self._clock() - self._cut_at
        rate = self._base * (1 + INCREASE * min(age, STEADY))
        if age > STEADY:
            rate *= FASTER ** min(age - STEADY, 200.0)
        if rate > UNLIMITED:
            self._base = None
            return None
        return rate

    def wait_for(self, calls: int) -> float:
        """Seconds until so many calls may be sent. Takes nothing.

        No window sees more calls than the rate, so a burst is as good as evenly spaced calls. A batch that is larger
        than the rate waits for an empty window, and takes as many windows as it needs.
        """
        now = self._clock()
        pause = max(0.0, self._paused_until - now)
        rate = self.rate
        if rate is None:
            return pause
        most = max(1, int(rate))
        window = MARGIN * (WINDOW if most > FEW else most / rate)  # of a few a whole window would be rounded away
        taken = min(calls, most)
        for at, sent in reversed(self._sent):
            taken += sent
            if taken > most:
                return max(pause, at + window * max(1.0, sent / most) - now)
        return pause

    @property
    def crowded(self) -> bool:
        """Whether the last call went out among so many that it may have been one too many. Each answer asks, so it
        looks at the newest few of what may be thousands."""
        calls = 0
        for at, sent in reversed(self._sent):
            calls += sent
            if at < self._sent[-1][0] - WINDOW or calls > FEW:
                return at >= self._sent[-1][0] - WINDOW
        return False

    def sent(self, calls: int) -> float:
        """So many calls go out now. Returns the time, by which an answer is told to belong to them."""
        now = self._clock()
        _count(self._sent, now, calls)
        return now

    def answered(self, calls: int, sent_at: float) -> None:
        """So many calls that were sent at `sent_at` have an answer, whatever it says."""
        _count(self._answered, self._clock(), calls)
        if self._base is not None and self._cut_at - WINDOW <= sent_at < self._cut_at:
            # A refusal comes faster than an answer: what was borne beside the refused calls is known only now.
            self._borne += calls
            self._base = self._cut_to()
        if sent_at >= self._throttled_at:
            self._throttled_in_a_row = 0

    def throttled(self, sent_at: float, retry_after: float | None = None, *, is_large: bool = False) -> None:
        """Calls that were sent at `sent_at` are refused since there were too many. What was sent before the last
        throttle was refused for the same reason, and counts for nothing."""
        now = self._clock()
        if sent_at >= self._throttled_at:
            stray = is_large or now - self._throttled_at > FORGET
            # The refusal of a slow node may come when the calls that it counted are long gone.
            sent = max(_total(self._sent, sent_at), _total(self._sent, now))
            if not (stray and sent <= FEW):
                self._cut(now, sent)
            self._throttled_at = now
            self._throttled_in_a_row += 1
        pause = retry_after
        if pause is None:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, self._throttled_in_a_row - 1))
        self._paused_until = max(self._paused_until, now + pause)

    def wait(self, seconds: float | None) -> None:
        """Pause for so long, or for as long as after a first throttle, at the same rate."""
        self._paused_until = max(self._paused_until, self._clock() + (FIRST_PAUSE if seconds is None else seconds))

    def excused(self) -> None:
        """The last throttles meant something else than the pace: the rate grows as fast as after a long time without
        any."""
        self._cut_at = min(self._cut_at, self._clock() - STEADY)

    def _cut(self, now: float, sent: int) -> None:
        self._before = self.rate
        self._borne = _total(self._answered, now)
        self._sent_before = sent
        self._base = self._cut_to()
        self._cut_at = now

    def _cut_to(self) -> float:
        """The rate that the last cut leaves."""
        borne = max(self._borne, self._sent_before / 2)
        base = borne if self._before is None else min(self._before, max(borne, self._before * DEEPEST))
        return max(LOWEST_RATE, base * DECREASE)


def _count(counted: deque[tuple[float, int]], now: float, calls: int) -> None:
    counted.append((now, calls))
    while counted[0][0] < now - KEPT:
        counted.popleft()


def _total(counted: deque[tuple[float, int]], until: float) -> int:
    return sum(calls for at, calls in counted if until - WINDOW <= at <= until)
