"""How many blocks the next `eth_getLogs` covers: the width of spans, found by what the node answers and refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

FIRST_WIDTH: Final = 50
MAX_WIDTH: Final = 100_000
"""Blocks. Sparse chains would otherwise ask for everything at once."""
GROWTH: Final = 4.0
"""A span is at most this many times wider than the one before, and at least a fourth of it."""
CLOSE_ENOUGH: Final = 8
"""The search for a node's limit ends when it is known to an eighth: what is left to win costs more refusals."""
FIRST_TRUST: Final = 16
"""Spans after which a refused width is tried again: the chain may be sparser there, or another endpoint may answer."""
LONGEST_TRUST: Final = 1024


@dataclass(slots=True)
class Reading:
    """What came of reading one span: the requests that were answered and refused, by their width in blocks."""

    width: int
    size: int = 0
    """Bytes of all replies."""
    answered: list[int] = field(default_factory=list[int])
    refused: list[int] = field(default_factory=list[int])
    """Widths of two blocks and more."""
    dense: int = 0
    """Single blocks that were refused. They explain the refusal of every range that holds them: one block is never too
    wide."""

    @property
    def widest(self) -> int:
        """The widest request that was answered; 1 if only single blocks were."""
        return max(self.answered, default=1)


class SpanWidth:
    """The width for the next span. It aims at `target_bytes` per reply and stays below what the node refuses.

    A limit of the node is searched for between the widest answered and the narrowest refused request, and tried again
    from time to time. A block that is refused by itself leaves no trace: spans after it are as wide as before.
    """

    def __init__(self, target_bytes: int, first: int = FIRST_WIDTH) -> None:
        self._target = target_bytes
        self._wished = float(first)
        self._low = 1
        """Blocks that were answered since `_high` was refused."""
        self._high: int | None = None
        """Blocks that were refused; None if nothing is known to be too wide."""
        self._spans = 0
        self._trust = FIRST_TRUST
        self._forgot = False

    @property
    def blocks(self) -> int:
        """At least 1."""
        wished = max(1, int(min(self._wished, MAX_WIDTH)))
        if self._high is None or wished <= self._low:
            return wished
        if self._high - self._low <= max(1, self._low // CLOSE_ENOUGH):
            return self._low
        return min(wished, (self._low + self._high) // 2)

    def refused(self, width: int) -> None:
        """A range was refused, and its span is not read yet. If the reading ends here, the next starts narrower."""
        self._wished = min(self._wished, max(1.0, width / 2))

    def read(self, reading: Reading) -> None:
        """A span was read to its end, in one request or in pieces."""
        if reading.refused:
            self._narrow(reading)
        else:
            self._widen(reading)

    def _narrow(self, reading: Reading) -> None:
        self._spans = 0
        widest = reading.widest
        too_wide = [width for width in reading.refused if width > widest]
        if reading.dense or not too_wide:
            self._wished = float(widest)
            return
        self._high = min(too_wide)
        self._low = max(widest, self._low if self._low < self._high else 1)
        self._wished = float(self._low)
        if self._forgot:
            self._trust = min(LONGEST_TRUST, self._trust * 2)
            self._forgot = False

    def _widen(self, reading: Reading) -> None:
        width, whole = reading.width, reading.width >= self.blocks
        fits = self._target * width / max(reading.size, 1)
        base = float(width) if whole else max(width, self._wished)  # a span that was cut short proves little
        self._wished = max(1.0, min(base * GROWTH if whole else base, max(fits, base / GROWTH)))
        if self._high is None:
            return
        self._low = max(self._low, min(width, self._high - 1))
        self._spans += 1
        if width >= self._high:
            self._high, self._trust = None, FIRST_TRUST
        elif self._spans >= self._trust:
            self._high, self._forgot = None, True
