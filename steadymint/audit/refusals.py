"""Records refusals of which one peer may cause any number: one entry for each peer, kind and hour.

A flood is one entry and not one per request. What this process has recorded it remembers, so only the first refusal
asks the database; and it records a limited number an hour, whoever is refused, so many peers cannot fill the table.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import asyncpg
import structlog

from steadymint.audit.entries import Entry, EventType, record

HOUR: Final = 3_600
REMEMBERED: Final = 20_000
"""Peers that one process remembers, the newest; some 4 MB."""
MOST_AN_HOUR: Final = 1_000
"""Entries of one process. Beyond them a last one says that there are more."""

_log = structlog.get_logger(__name__)


class Refusals:
    """Share one per process."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], float] = time.time) -> None:
        self._pool = pool
        self._clock = clock
        self._known: OrderedDict[str, None] = OrderedDict()
        self._hour = 0
        self._recorded = 0

    async def note(self, entry: Entry) -> None:
        """Record it unless the hour has such an entry. `entry.key` names the peer and the kind of refusal.

        It never fails: who is refused gets the answer, whatever becomes of the record.
        """
        hour = int(self._clock()) // HOUR
        if hour != self._hour:
            self._hour, self._recorded = hour, 0
        key = f"{entry.key}:{hour}"
        if key in self._known or self._recorded > MOST_AN_HOUR:
            return
        self._known[key] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        self._recorded += 1
        if self._recorded > MOST_AN_HOUR:
            entry = Entry(
                EventType.RATE_LIMITED, "More peers were refused than are recorded one by one", "error", key="overflow"
            )
            key = f"overflow:{hour}"
        try:
            await record(self._pool, replace(entry, key=key))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            _log.warning("refusal_not_recorded", error=type(error).__name__)
