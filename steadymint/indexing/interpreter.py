"""Python itself, set for reading history: while a batch is decoded and rendered, the one before is written.

The cycle collector is kept out of the way. A batch is a hundred thousand small objects that live for a second and form
no cycles; with the default threshold the collector walks all of them again every 700 allocations, a third of the
processor time of a backfill.

Threads take turns more often. A batch is rendered in a thread, and by default the event loop, which feeds the database,
gets a turn only after 5 ms of that: for each piece of each COPY.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

THRESHOLD: Final = (200_000, 20, 20)
"""Objects between two collections: some ten a second, whatever else the process does meanwhile."""
SWITCH: Final = 0.0005
"""Seconds that a thread may keep others waiting."""

_readers = 0
_usual_threshold: tuple[int, int, int] = gc.get_threshold()
_usual_switch = sys.getswitchinterval()


@contextmanager
def set_for_history() -> Generator[None]:
    """For as long as one of these blocks runs; several chains may be read at once."""
    global _readers, _usual_threshold, _usual_switch
    if _readers == 0:
        _usual_threshold, _usual_switch = gc.get_threshold(), sys.getswitchinterval()
        gc.set_threshold(*THRESHOLD)
        sys.setswitchinterval(SWITCH)
    _readers += 1
    try:
        yield
    finally:
        _readers -= 1
        if _readers == 0:
            gc.set_threshold(*_usual_threshold)
            sys.setswitchinterval(_usual_switch)
