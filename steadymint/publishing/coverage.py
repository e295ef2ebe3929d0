"""The token ids that have a document, stored as runs of consecutive ids. A set of thousands is one or two runs.
Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids in ascending runs that do not touch."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    @classmethod
    def of(cls, ids: Iterable[int]) -> Coverage:
        firsts: list[int] = []
        lasts: list[int] = []
        for one in sorted(set(ids)):
            if lasts and one == lasts[-1] + 1:
                lasts[-1] = one
            else:
                firsts.append(one)
                lasts.append(one)
        return cls(tuple(firsts), tuple(lasts))

    def holds(self, token_id: int) -> bool:
        """Whether this token has a document."""
        run = bisect_right(self.firsts, token_id) - 1
        return run >= 0 and token_id <= self.lasts[run]

    def longest_run(self, start: int) -> int:
        """The length of the longest run of ids, from `start` on, that have a document."""
        runs = zip(self.firsts, self.lasts, strict=True)
        return max((last - max(first, start) + 1 for first, last in runs if last >= start), default=0)
