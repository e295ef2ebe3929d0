"""How long to wait before something is tried again, and what both clients wait with."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from typing import Final

from steadymint_client.problems import ProblemError, UnexpectedAnswerError, UnreachableError

TRIES: Final = 5
"""How often a request is sent at most."""
FIRST_WAIT: Final = 0.25
LONGEST_WAIT: Final = 5.0
"""Seconds."""

AsyncLock = asyncio.Lock
Lock = threading.Lock
async_sleep = asyncio.sleep
sleep = time.sleep


def is_repeatable(error: Exception) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, ProblemError):
        return error.status in {429, 503}
    if isinstance(error, UnexpectedAnswerError):
        return error.status >= 500
    return isinstance(error, UnreachableError)


def wait_after(error: Exception | None, failures: int) -> float:
    """Seconds: twice as long after each failure, never the same for all, and as long as the API asks for."""
    asked = (error.retry_after or 0.0) if isinstance(error, ProblemError) else 0.0
    backed_off: float = min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
    return max(asked, backed_off * random.uniform(0.5, 1))
