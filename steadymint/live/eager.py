"""Starts a coroutine at once, without a task. A write that does not have to wait ends within the call."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any


class Rest:
    """The rest of a coroutine that was started. Await it once, in a task, or `close` it."""

    __slots__ = ("_coroutine", "_waits_for")

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                value = yield waits_for
            except BaseException as error:
                resume, argument = self._coroutine.throw, error
            else:
                resume, argument = self._coroutine.send, value
            try:
                waits_for = resume(argument)
            except StopIteration:
                return

    def close(self) -> None:
        """Drop the rest."""
        self._coroutine.close()


def begin(coroutine: Coroutine[Any, Any, None]) -> Rest | None:
    """Run the coroutine until it waits. Returns None if it has ended, else the rest of it.

    Until then it runs without a task of its own, so it must not use the current task, as `asyncio.timeout` does.
    Raises what the coroutine raises. Python 3.12 has this as `asyncio.Task(eager_start=True)`.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return Rest(coroutine, waits_for)
