"""The reports of a stack about its parts while they start and stop."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


class Report(Protocol):
    """Called at every change: `seconds` is how long the change took, `detail` an address or a reason."""

    def __call__(self, part: str, state: State, seconds: float, detail: str) -> None: ...


def silent(part: str, state: State, seconds: float, detail: str) -> None:
    """Ignores all reports."""
