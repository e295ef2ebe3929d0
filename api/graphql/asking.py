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
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.refusals import refusal_of
from api.http.pagination import EDGES
from api.http.problems import UnexpectedErrors, problem_of
from api.http.process_limits import READS, peer_of
from steadymint.domain.errors import RateLimitedError

_PASSED: Final = frozenset({b"host", b"user-agent", b"x-request-id"})
"""Headers that a route is to see as they came. Nothing else of the GraphQL request is about the route."""
_MEMBERS: Final = ("asgi", "http_version", "scheme", "server", "client", "root_path", "app")
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
            raise refusal_of(orjson.loads(answer.body))
        return orjson.loads(answer.body) if answer.body else True

    async def events(self, question: Question) -> AsyncGenerator[tuple[int, Any]]:
        """The events of a route's stream: number and data. Raises the route's refusal. The stream ends, and gives its
        place back, when nobody reads on."""
        events: asyncio.Queue[Message] = asyncio.Queue(1)  # who does not read holds the stream up, as at a socket
        closed = asyncio.Event()

        async def gone() -> Message:
            await closed.wait()
            return _GONE

        running = asyncio.create_task(self._run(question, events.put, gone))
        try:
            head = await _next(events, running)
            if head is not None and head["status"] >= 400:
                body = await _next(events, running)
                raise refusal_of(orjson.loads(body["body"] if body else b"{}"))
            while (message := await _next(events, running)) is not None:
                for event in _events(message.get("body", b"")):
                    yield event
        finally:
            closed.set()
            running.cancel()
            await asyncio.wait([running])

    async def _run(self, question: Question, send: Send, receive: Receive) -> None:
        scope = self._scope(question)
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
        self.body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
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
                reads.take(peer_of(scope))
            except RateLimitedError as refused:
                await problem_of(refused)(scope, receive, send)
                return
        await app(scope, receive, send)

    return limited


async def _next(events: asyncio.Queue[Message], running: asyncio.Task[None]) -> Message | None:
    """The next message, or None once the route has ended and all it has said is read."""
    if events.empty() and not running.done():
        waiting = asyncio.ensure_future(events.get())
        try:
            await asyncio.wait((waiting, running), return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
        finally:
            waiting.cancel()
    return None if events.empty() else events.get_nowait()


def _events(chunk: bytes) -> Iterator[tuple[int, Any]]:
    """The events of a piece of a stream, which always holds whole ones; `steadymint.live.streams` writes them."""
    for event in chunk.split(b"\n\n"):
        lines = {name: value for name, _, value in (line.partition(b": ") for line in event.split(b"\n"))}
        if b"id" in lines:
            yield int(lines[b"id"]), orjson.loads(lines[b"data"])
