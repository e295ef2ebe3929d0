"""The wire formats of a step: Server-Sent Events (WHATWG HTML, 9.2) and WebSocket messages."""

from __future__ import annotations

from typing import Final

from steadymint.live.viewer import ShownStep

OPENING: Final = b"retry: 2000\n\n"
"""Milliseconds that a browser waits before it reconnects with `Last-Event-ID`."""

HEARTBEAT: Final = b": \n\n"
"""A comment. It keeps proxies from closing a quiet stream, and it finds readers that are gone."""

STATUS: Final = b"status"
"""The name of an event that shows an intent."""
ORDER: Final = b"order"
"""The name of an event that shows a change of an order."""

MAX_SEQ: Final = 2**31 - 1
"""`seq` of a step is a Postgres integer."""

DIGITS: Final = 18
"""Of the number of an event at most: it fits into a Postgres bigint."""


def event(step: ShownStep | None, name: bytes = STATUS) -> bytes:
    """One event with the step's seq as its `id`; the heartbeat for None. The view is one line: JSON escapes line
    ends."""
    if step is None:
        return HEARTBEAT
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (step.seq, name, step.view)


def opening_behind(seq: int) -> bytes:
    """The opening of a stream that begins behind this event. A reader that is cut off before its first event comes back
    with this `id`, and misses nothing."""
    return b"id: %d\n%b" % (seq, OPENING)


def message(step: ShownStep) -> str:
    """The same event as a JSON text message."""
    return f'{{"id":{step.seq},"event":"status","data":{step.view.decode()}}}'


def seq_of(last_event_id: str | None) -> int:
    """The last seq that a viewer has seen. Any other text counts as 0, so the viewer gets the whole log."""
    return min(number_of(last_event_id) or 0, MAX_SEQ)


def number_of(last_event_id: str | None) -> int | None:
    """The number of the last event that a viewer has seen. None for any other text."""
    if last_event_id is None or not last_event_id.isascii() or not last_event_id.isdigit():
        return None
    return int(last_event_id[:DIGITS])
