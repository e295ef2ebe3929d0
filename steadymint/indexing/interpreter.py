"""Settings of the Python interpreter for reading history, where one batch is decoded while the one before is written.

The cycle collector runs rarely. A batch has a hundred thousand small objects that live for a second and form no cycles.
With the default threshold the collector would visit all of them every 700 allocations, which takes a third of the
processor time of a backfill.

Threads switch more often. A batch is rendered in a thread. By default the event loop, which feeds the database, would
wait 5 ms for it at each piece of each COPY.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

THRESHOLD: Final = (200_000, 20, 20)
"""Objects between two collections, which come some ten times a second."""
SWITCH: Final = 0.0005
"""Seconds for which a thread may keep others waiting."""

_readers = 0
_usual_threshold: tuple[int, int, int] = gc.get_threshold()
_usual_switch = sys.getswitchinterval()


@contextmanager
def set_for_history() -> Generator[None]:
    """Apply the settings while at least one of these blocks runs. Several chains may be read at once."""
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
