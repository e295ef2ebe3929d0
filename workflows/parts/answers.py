"""The updates that a flow must answer before it may end."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


class Answers:
    """Counts the updates whose callers wait. Updates that stay open when the flow ends are not counted."""

    def __init__(self) -> None:
        self._owed = 0

    @contextmanager
    def owed(self) -> Generator[None]:
        """Counts an update during the block."""
        self._owed += 1
        try:
            yield
        finally:
            self._owed -= 1

    def are_given(self) -> bool:
        """Whether no caller waits."""
        return not self._owed
