"""The keeper of open streams: it sends heartbeats, and ends streams that are old or not read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from prometheus_client import Gauge

from steadymint.live.viewer import End, Viewer

TICK: Final = 1.0
"""Seconds between checks for viewers that need a heartbeat, are too old, or are stuck."""

BEATS: Final = 15
"""Ticks between two heartbeats of one viewer. The viewers take turns, so no tick writes to all of them."""

BEATS_AT_ONCE: Final = 8
"""Heartbeats in a row, some 0.1 ms. A step that comes meanwhile must not wait for all of a tick's."""

STUCK: Final = 10.0
"""Seconds after which the reader of a hanging write counts as gone."""

VIEWERS: Final = Gauge("steadymint_live_viewers", "Open streams of this process")


async def keep(viewers: Callable[[], Sequence[Viewer]], tick: float) -> None:
    """Look at the viewers every `tick` seconds, until cancelled."""
    clock, ticks = asyncio.get_running_loop().time, 0
    while True:
        await asyncio.sleep(tick)
        ticks += 1
        now = clock()
        due: list[Viewer] = []
        for viewer in viewers():
            if viewer.sending_since is not None and now - viewer.sending_since > STUCK:
                viewer.end(End.SLOW)
            elif now >= viewer.ends_at:
                viewer.end(End.AGE)
            elif viewer.slot % BEATS == ticks % BEATS:
                due.append(viewer)
        for number, viewer in enumerate(due, 1):
            viewer.beat()
            if number % BEATS_AT_ONCE == 0:
                await asyncio.sleep(0)
