"""Python's cycle collector, kept out of the hot path.

A batch is a hundred thousand small objects that live for a second and form no cycles. With the default threshold the
collector walks all of them again every 700 allocations: a third of the processor time of a backfill.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

THRESHOLD: Final = (200_000, 20, 20)
"""Objects between two collections: some ten a second, whatever else the process does meanwhile."""

_readers = 0
_usual: tuple[int, int, int] = gc.get_threshold()


@contextmanager
def rarely_collected() -> Generator[None]:
    """Collect less often for as long as one of these blocks runs; several chains may be read at once."""
    global _readers, _usual
    if _readers == 0:
        _usual = gc.get_threshold()
        gc.set_threshold(*THRESHOLD)
    _readers += 1
    try:
        yield
    finally:
        _readers -= 1
        if _readers == 0:
            gc.set_threshold(*_usual)
