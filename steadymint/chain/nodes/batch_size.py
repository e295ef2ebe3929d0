"""How many calls one endpoint takes in one batch, found by trying."""

from __future__ import annotations

from typing import Final

LARGEST: Final = 100
"""Calls. Most providers accept this many."""
FIRST_TRUST: Final = 64
"""Full batches in a row after which a larger one is tried. Each refusal doubles the number: a node without batches is
tried again ever more rarely."""
LONGEST_TRUST: Final = 65_536
FAILURES: Final = 2
"""Batches that end without any answer (a closed connection, silence), or with errors that may have passed when their
calls are asked singly, before the size is doubted; none as large is answered in between."""
THROTTLES: Final = 2
"""Batches in a row that are throttled before it is doubted whether their calls are too many, or their being a batch."""
FEWER: Final = 2
"""Times that fewer calls than were throttled are sent singly. The first may be what is left of the throttled ones."""
HANG: Final = 10
"""By this a batch is divided that hangs while a single call is answered. Each silence costs half of a call's time, so a
node that hangs on every batch must not be asked in seven halves; one that is slow with large ones keeps small ones."""
AT_ONCE: Final = 16
"""Single calls that are sent at once to tell which. Larger batches are slowed down first, which makes them smaller."""


class BatchSize:
    """The size for the next batch. A refused size is halved, and one at which the node hangs divided by ten, down to
    single calls. That is remembered."""

    def __init__(self) -> None:
        self.calls = LARGEST
        """Calls that the next batch may have. One means that calls are sent singly, not in a batch of one."""
        self.apart = 0
        """Calls that are to be sent next, singly and at once, since a batch of as many was throttled; 0 for none. If
        they are throttled too, they are too many (`paced`); if not, it is the batch that is `refused`."""
        self._trust = FIRST_TRUST
        self._full = 0
        self._failures = 0
        self._failed = 0
        """Calls of the largest batch of those failures."""
        self._throttles = 0
        self._fewer = 0

    def refused(self, calls: int) -> None:
        """A batch of this many calls was refused as a whole. Refusals of larger ones than are sent now say nothing
        new."""
        self._shrink(calls, 2)

    def hung(self, calls: int) -> None:
        """A single call that was sent later than a batch of this many was answered before it. So the node is there, and
        once is enough."""
        self._shrink(calls, HANG)

    def _shrink(self, calls: int, by: int) -> None:
        self._failures = self._failed = 0
        self.apart = 0
        if calls <= 1 or calls > self.calls:
            return
        self.calls = max(1, calls // by)
        self._trust = min(LONGEST_TRUST, self._trust * 2)
        self._full = 0

    def failed(self, calls: int) -> None:
        """A batch got no answer at all. The node may be down; it may also close connections on such batches. Of several
        the largest is doubted: it is the likeliest to be too large."""
        if calls > self.calls:
            return
        self._failures += 1
        self._failed = max(self._failed, calls)
        if self._failures >= FAILURES:
            self.refused(self._failed)

    def refused_once(self, calls: int) -> None:
        """Calls were refused in a batch, and one of them was answered by itself. A batch of far fewer calls than are
        sent says little of the larger ones, so it is believed the second time."""
        if calls * 2 <= self.calls:
            self.failed(calls)
        else:
            self.refused(calls)

    def throttled(self, calls: int) -> bool:
        """A batch of this many calls was throttled, or a part of it. Returns whether that is in doubt."""
        self._throttles += 1
        if self._throttles < THROTTLES or calls > AT_ONCE:
            return False
        self.apart, self._fewer = calls, 0
        return True

    def is_fault_of_batch(self, calls: int) -> bool:
        """So many single calls that were sent at once were answered. Returns whether that says that the batch was at
        fault, which is `refused` then. Fewer calls than were throttled do not say it; if no more come, a batch is tried
        again."""
        if not self.apart:
            return False
        if calls >= self.apart:
            self.refused(calls)
            return True
        self._fewer += 1
        if self._fewer >= FEWER:
            self.apart = 0
        return False

    def paced(self) -> None:
        """Single calls that were sent at once were throttled as well: there were too many."""
        self._throttles = 0
        self.apart = 0

    def answered(self, calls: int) -> None:
        """A batch (or a single call) of this many calls was answered. Smaller ones than have failed say nothing."""
        if calls >= self._failed:
            self._failures = self._failed = 0
        if calls > 1:
            self._throttles = 0
            self.apart = 0
        if calls < self.calls or self.calls == LARGEST:
            return
        self._full += 1
        if self._full >= self._trust:
            self._full = 0
            self.calls = min(LARGEST, self.calls * 2)
