"""What a check of `steadymint doctor` finds, and what follows from it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 10
"""Seconds for one check."""

CONSEQUENCES: Final = {
    "postgres": "The API answers 503, flows and indexes wait; nothing is lost. Start the server; if it merely is slow, "
    "`steadymint maintenance diagnose` says why",
    "redis": "Statuses reach viewers up to five seconds late, contract wallets cannot sign in, and limits count for "
    "each process; nothing is lost. Restart the server",
    "mongo": "Uploads and metadata answer 503, and indexes wait; nothing is lost. Start the server",
    "temporal": "Prepare, track and sign-in answer 503; reads go on, and flows go on where they were. Start the server",
    "media": "Uploads and contents answer 503, and variants wait. Check the store and STEADYMINT_MEDIA__STORE",
    "workers": "Start `steadymint worker` with these queues in STEADYMINT_WORKER__QUEUES; `steadymint logs worker` "
    "shows the local one's log",
}
"""By the name of the check: what does not work, and what to do."""


class UnfitError(Exception):
    """A dependency answers but is not fit. The message says what to do. `mark`: the word for it in the table."""

    def __init__(self, message: str, mark: str = "FAILED") -> None:
        super().__init__(message)
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of one check. `fit` is False if something must be fixed."""

    name: str
    fit: bool
    detail: str
    seconds: float
    address: str = ""
    """Where it is, without credentials."""
    mark: str = "ok"


async def check(
    name: str, ask: Callable[[], Awaitable[str]], address: str = "", patience: float | None = None
) -> Finding:
    """Asks, for at most so many seconds."""
    begun, patience = time.perf_counter(), patience or PATIENCE
    mark = "FAILED"
    try:
        async with asyncio.timeout(patience):
            detail, mark = await ask(), "ok"
    except TimeoutError:
        detail = _silent(name, f"no answer within {patience:g} s: it is there and hangs, or the way to it is cut")
    except UnfitError as error:
        detail, mark = str(error), error.mark
    except Exception as error:
        # The class, not the text: driver messages quote addresses with passwords in them.
        detail = _silent(name, f"not reachable ({type(error).__name__})")
    return Finding(name, mark == "ok", detail, time.perf_counter() - begun, address, mark)


def _silent(name: str, what: str) -> str:
    return f"{what}. {CONSEQUENCES[name]}" if name in CONSEQUENCES else what
