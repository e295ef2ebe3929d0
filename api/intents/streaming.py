"""A stream of events as an HTTP answer or a WebSocket. Made for many: two small tasks and one buffer per viewer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.http.process_limits import Place
from steadymint.live import streams
from steadymint.live.feed import IntentFeed
from steadymint.live.viewer import End, ShownStep, Viewer

# RFC 6455, 7.4: 1000 the stream is complete; 1001 going away; 1008 the reader broke the rules (it did not read);
# 1012 (IANA) come back and resume.
CLOSE_CODES: Final = {End.FINAL: 1000, End.AGE: 1012, End.SLOW: 1008, End.CLOSED: 1001}

HANDOVER: Final = "steadymint.handover"
"""Key of the scope: where an event stream leaves itself to be run by `StreamHandover`."""

_HEADERS: Final[Mapping[str, str]] = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # nginx would hold events back until its buffer is full
}


class EventStream(Response):
    """Server-Sent Events for one viewer, who joins a feed when the answer begins. Leaves the feed and gives its place
    back when it ends, however it ends. `name` is that of its events."""

    def __init__(
        self,
        join: Callable[[], Viewer],
        leave: Callable[[Viewer], None],
        *,
        place: Place,
        name: bytes = streams.STATUS,
        opening: bytes = streams.OPENING,
    ) -> None:
        super().__init__(headers=dict(_HEADERS))
        del self.headers["content-length"]
        self._body = _Body(join, leave, place, name, opening)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if HANDOVER in scope:
            scope[HANDOVER].append(self._body)
        else:
            await self._body(receive, send)


@dataclass(frozen=True, slots=True)
class _Body:
    """Everything after the head of the answer. Small, for it lasts: the response itself is not kept."""

    join: Callable[[], Viewer]
    leave: Callable[[Viewer], None]
    place: Place
    name: bytes
    opening: bytes

    async def __call__(self, receive: Receive, send: Send) -> None:
        viewer = self.join()
        gone = asyncio.create_task(_gone(receive, viewer))

        async def write(step: ShownStep | None) -> None:
            await send({"type": "http.response.body", "body": streams.event(step, self.name), "more_body": True})

        try:
            await send({"type": "http.response.body", "body": self.opening, "more_body": True})
            # A reader that does not read is cut off; everyone else gets an orderly end.
            if await viewer.pump(write) is not End.SLOW:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self.leave(viewer)
            self.place.release()


class StreamHandover:
    """Outermost middleware: runs event streams itself, once the layers below have answered and are gone.

    A stream inside its route keeps some twenty frames, the solved dependencies and the parsed request alive for as long
    as it lasts, and passes every event through every layer. Handed over it keeps none of that: half the memory.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/events"):
            await self._app(scope, receive, send)
            return
        handed: list[_Body] = []
        # The layers below keep what they know of the request in this scope: they get one of their own.
        await self._app({**scope, HANDOVER: handed}, receive, send)
        if handed:
            await handed.pop()(receive, send)


async def _gone(receive: Receive, viewer: Viewer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.end(End.CLOSED)


async def serve_socket(socket: WebSocket, feed: IntentFeed, intent_id: UUID, *, after: int, max_age: float) -> None:
    """The same steps as JSON messages over an accepted WebSocket, which is closed at the end."""
    viewer = feed.join(intent_id, after, max_age)
    gone = asyncio.create_task(_left(socket, viewer))

    async def write(step: ShownStep | None) -> None:
        if step is not None:  # the protocol has pings of its own
            await socket.send_text(streams.message(step))

    try:
        end = await viewer.pump(write)
        if socket.application_state is WebSocketState.CONNECTED and not gone.done():
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(CLOSE_CODES[end], end.value)
    except WebSocketDisconnect:
        pass
    finally:
        gone.cancel()
        feed.leave(viewer)


async def _left(socket: WebSocket, viewer: Viewer) -> None:
    """Nothing a viewer says matters but that it leaves."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    viewer.end(End.CLOSED)
