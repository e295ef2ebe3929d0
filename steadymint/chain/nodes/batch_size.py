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
"""Batches in a row that end without any answer (a closed connection, silence) before the size is doubted."""
THROTTLES: Final = 2
"""Batches in a row that are throttled before it is doubted whether their calls are too many, or their being a batch."""
AT_ONCE: Final = 16
"""Single calls that are sent at once to tell which. Larger batches are slowed down first, which makes them smaller."""


class BatchSize:
    """The size for the next batch. A refused size is halved, down to single calls, and remembered."""

    def __init__(self) -> None:
        self.calls = LARGEST
        """Calls that the next batch may have. One means that calls are sent singly, not in a batch of one."""
        self.apart = 0
        """Calls that are to be sent next, singly and at once, since a batch of as many was throttled; 0 for none. If
        they are throttled too, they are too many (`paced`); if not, it is the batch that is `refused`."""
        self._trust = FIRST_TRUST
        self._full = 0
        self._failures = 0
        self._throttles = 0

    def refused(self, calls: int) -> None:
        """A batch of this many calls was refused as a whole. Refusals of larger ones than are sent now say nothing
        new."""
        self._failures = 0
        self.apart = 0
        if calls <= 1 or calls > self.calls:
            return
        self.calls = max(1, calls // 2)
        self._trust = min(LONGEST_TRUST, self._trust * 2)
        self._full = 0

    def failed(self, calls: int) -> None:
        """A batch got no answer at all. The node may be down; it may also close connections on such batches."""
        self._failures += 1
        if self._failures >= FAILURES:
            self.refused(calls)

    def throttled(self, calls: int) -> bool:
        """A batch of this many calls was throttled, or a part of it. Returns whether that is in doubt."""
        self._throttles += 1
        if self._throttles < THROTTLES or calls > AT_ONCE:
            return False
        self.apart = calls
        return True

    def paced(self) -> None:
        """Single calls that were sent at once were throttled as well: there were too many."""
        self._throttles = 0
        self.apart = 0

    def answered(self, calls: int) -> None:
        """A batch (or a single call) of this many calls was answered."""
        self._failures = 0
        if calls > 1:
            self._throttles = 0
            self.apart = 0
        if calls < self.calls or self.calls == LARGEST:
            return
        self._full += 1
        if self._full >= self._trust:
            self._full = 0
            self.calls = min(LARGEST, self.calls * 2)
