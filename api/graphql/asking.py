"""Asks a route of REST within this process, for a field of GraphQL.

A field and its route are one piece of code: the same checks of what is given, the same session, limits and problems,
the same read cache, cursors and streams. The route is called as the server would call it, behind the middleware, which
has seen the GraphQL request itself. Reads that it did not count are counted here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.refusals import refusal_of
from api.http.pagination import EDGES
from api.http.problems import UnexpectedErrors, problem_of
from api.http.process_limits import READS
from api.intents.streaming import HANDOVER
from api.media.uploads import UPLOADING
from steadymint.domain.errors import RateLimitedError
from steadymint.live.viewer import End, ShownStep

_PASSED: Final = frozenset({b"host", b"user-agent", b"x-request-id"})
"""Headers that a route is to see as they came. Nothing else of the GraphQL request is about the route."""
_MEMBERS: Final = ("asgi", "http_version", "scheme", "server", "client", "root_path", "app", UPLOADING)
_NOTHING: Final[Mapping[str, Any]] = {}
_GONE: Final[Message] = {"type": "http.disconnect"}


@dataclass(frozen=True, slots=True)
class Question:
    """What a field asks of its route."""

    route: APIRoute
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Sequence[tuple[str, str]] = ()
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes | AsyncIterable[bytes] = b""
    edges: bool = False
    """Whether a page is to say the cursor of each row."""

    @property
    def method(self) -> str:
        return next(iter(self.route.methods or ()))


class StreamBrokenError(Exception):
    """A stream has ended, and more may follow its last event: resume behind that."""

    def __init__(self, end: End) -> None:
        super().__init__(end.value)
        self.reason = end.value


class Asker:
    """Asks for one GraphQL request. `token` is its bearer token, from the header or from `connection_init`."""

    __slots__ = ("_base", "_headers", "_reads")

    def __init__(self, connection: HTTPConnection, token: str | None) -> None:
        scope = connection.scope
        self._base = {name: scope[name] for name in _MEMBERS if name in scope}
        handlers = "starlette.exception_handlers"
        self._base |= {"type": "http", handlers: scope[handlers]}
        self._base["scheme"] = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        self._headers = [one for one in scope["headers"] if one[0] in _PASSED]
        if token is not None:
            self._headers.append((b"authorization", b"Bearer " + token.encode("latin-1", "replace")))
        self._reads = scope.get(READS)

    async def value(self, question: Question) -> Any:
        """What the route answers; True for an answer without a body. Raises the route's refusal."""
        answer = _Answer()
        await self._run(question, answer.send, _given(question.body))
        if answer.status >= 400:
            raise answer.refusal()
        return orjson.loads(answer.body) if answer.body else True

    async def events(self, question: Question) -> AsyncGenerator[tuple[int, Any]]:
        """The events of a route's stream: number and data. Raises the route's refusal, and StreamBrokenError for a
        stream that ends before its last event. The stream gives its place back when nobody reads on."""
        stream = await self._stream(question)
        if stream is None:
            return
        events: asyncio.Queue[ShownStep] = asyncio.Queue(1)  # who does not read holds the stream up, as at a socket

        async def write(step: ShownStep | None) -> None:
            if step is not None:  # a heartbeat; the connection has its own
                await events.put(step)

        async def run() -> End:
            viewer = stream.join()
            try:
                return await viewer.pump(write)
            finally:
                stream.leave(viewer)

        with stream.place:
            running = asyncio.create_task(run())
            try:
                while (step := await _next(events, running)) is not None:
                    yield step.seq, orjson.loads(step.view)
                if (end := running.result()) is not End.FINAL:
                    raise StreamBrokenError(end)
            finally:
                running.cancel()
                await asyncio.wait([running])

    async def _stream(self, question: Question) -> Any:
        """The stream that a route answers with, not begun; None where nothing follows. Its `place` is to be given
        back."""
        answer = _Answer()
        handed: list[Any] = []
        await self._run(question, answer.send, _given(question.body), {HANDOVER: handed})
        if answer.status >= 400:
            raise answer.refusal()
        return handed.pop() if handed else None

    async def _run(self, question: Question, send: Send, receive: Receive, more: Mapping[str, Any] = _NOTHING) -> None:
        scope = {**self._scope(question), **more}
        app = UnexpectedErrors(AsyncExitStackMiddleware(question.route.app))
        await _limited(self._reads, app)(scope, receive, send)

    def _scope(self, question: Question) -> Scope:
        path = question.route.path_format.format(**question.path)
        return {
            **self._base,
            "method": question.method,
            "path": path,
            "raw_path": quote(path, errors="replace").encode(),
            "query_string": urlencode(question.query, errors="surrogatepass").encode(),
            "headers": [*self._headers, *question.headers],
            "path_params": dict(question.path),
            "endpoint": question.route.endpoint,
            "route": question.route,
            "state": {},
            EDGES: question.edges,
        }


class _Answer:
    """An answer as it is sent."""

    def __init__(self) -> None:
        self.status = 500
        self.headers = Headers()
        self.body = b""

    def refusal(self) -> GraphQLError:
        return refusal_of(orjson.loads(self.body), self.headers.get("retry-after"))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = Headers(raw=message.get("headers", []))
        else:
            self.body += message.get("body", b"")


def _given(body: bytes | AsyncIterable[bytes]) -> Receive:
    """Gives the body, and then that the client has gone."""
    if isinstance(body, bytes):
        whole: Iterator[Message] = iter(({"type": "http.request", "body": body, "more_body": False},))

        async def at_once() -> Message:
            return next(whole, _GONE)

        return at_once

    pieces = aiter(body)
    ended = False

    async def piece_by_piece() -> Message:
        nonlocal ended
        if ended:
            return _GONE
        piece = await anext(pieces, None)
        ended = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": not ended}

    return piece_by_piece


def _limited(reads: Any, app: ASGIApp) -> ASGIApp:
    """The route, where each read counts as one of its address."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and reads is not None:
            try:
                await reads.count(scope)
            except RateLimitedError as refused:
                await problem_of(refused)(scope, receive, send)
                return
        await app(scope, receive, send)

    return limited


async def _next(events: asyncio.Queue[ShownStep], running: asyncio.Task[End]) -> ShownStep | None:
    """The next event, or None once the stream has ended and all it has said is read."""
    if events.empty() and not running.done():
        waiting = asyncio.ensure_future(events.get())
        try:
            await asyncio.wait((waiting, running), return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
        finally:
            waiting.cancel()
    return None if events.empty() else events.get_nowait()
