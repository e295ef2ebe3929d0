"""The wire formats of a step: Server-Sent Events (WHATWG HTML, 9.2) and WebSocket messages."""

from __future__ import annotations

from typing import Final

from steadymint.live.viewer import ShownStep

OPENING: Final = b"retry: 2000\n\n"
"""Milliseconds that a browser waits before it reconnects with `Last-Event-ID`."""

HEARTBEAT: Final = b": \n\n"
"""A comment. It keeps proxies from closing a quiet stream, and it finds readers that are gone."""

MAX_SEQ: Final = 2**31 - 1
"""`seq` is a Postgres integer."""


def event(step: ShownStep | None) -> bytes:
    """One event with the step's seq as its `id`; the heartbeat for None. The view is one line: JSON escapes line
    ends."""
    if step is None:
        return HEARTBEAT
    return b"id: %d\nevent: status\ndata: %b\n\n" % (step.seq, step.view)


def message(step: ShownStep) -> str:
    """The same event as a JSON text message."""
    return f'{{"id":{step.seq},"event":"status","data":{step.view.decode()}}}'


def seq_of(last_event_id: str | None) -> int:
    """The last seq that a viewer has seen. Any other text counts as 0, so the viewer gets the whole log."""
    if last_event_id is None or not last_event_id.isascii() or not last_event_id.isdigit():
        return 0
    return min(int(last_event_id[:12]), MAX_SEQ)
