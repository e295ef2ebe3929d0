"""The answers that a flow owes before it may end."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


class Answers:
    """Counts the updates whose callers wait. Those that are left open when the flow ends are not counted."""

    def __init__(self) -> None:
        self._owed = 0

    @contextmanager
    def owed(self) -> Generator[None]:
        """Around the work for a caller who waits."""
        self._owed += 1
        try:
            yield
        finally:
            self._owed -= 1

    def are_given(self) -> bool:
        """Whether nobody waits any more."""
        return not self._owed
