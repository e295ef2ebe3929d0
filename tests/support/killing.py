"""A process that dies at a chosen point, for tests that kill it at each."""

from __future__ import annotations


class KilledError(BaseException):
    """Not an Exception: nothing may catch it and go on."""


class Killer:
    """Counts the points at which a process could die, and dies at the one it is told."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed: list[str] = []

    def __call__(self, point: str) -> None:
        self.passed.append(point)
        if self.at is not None and len(self.passed) > self.at:
            raise KilledError(point)
