"""Limits on the size and the time of a request. They apply before anything is parsed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import problem
from steadymint.domain.errors import HeadersTooLargeError, RequestTimeoutError, SteadymintError, TooLargeError

BODY_TIMEOUT: Final = 30.0
"""Seconds in which a whole body must arrive. 256 KiB over a bad mobile line takes five."""
LINGER: Final = 5.0
LINGER_BYTES: Final = 64 * 1024 * 1024
"""Seconds and bytes for which a refused body is still read and dropped. If the connection is closed while the peer
sends, it is reset, and the reset overtakes the answer. The peer would not learn what was wrong (RFC 9112, 9.6)."""
MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 16 * 1024
"""A bearer token has less than 2 KiB; browsers refuse to send more than 16 KiB of cookies."""


def declared_length(scope: Scope) -> int:
    """The bytes that `Content-Length` declares; 0 if it declares none that can be read."""
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared[:20]) if declared.isascii() and declared.isdigit() else 0


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The limit of one route: the size of a body and the time it may take."""

    bytes: int
    seconds: float | None = None
    """BODY_TIMEOUT if it is None."""
    error: type[SteadymintError] = TooLargeError
    """The problem for a larger body."""


class _RefusedError(Exception):
    """Raised from `receive`. It passes through the code that reads the body."""

    def __init__(self, error: type[SteadymintError], title: str = "") -> None:
        super().__init__(title)
        self.status, self.code, self.title = error.status, error.code, title or error.title


async def _refuse_and_linger(error: _RefusedError, receive: Receive, send: Send) -> None:
    """Answer at once. End the answer, and with it the connection, when the peer stops sending or its time is over."""
    answer = problem(error.status, error.code, error.title, error.title, headers={"connection": "close"})
    await send({"type": "http.response.start", "status": error.status, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    left = LINGER_BYTES if error.status != 408 else 0  # after 408 the time is over
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    await send({"type": "http.response.body", "body": b""})


class RequestLimits:
    """Refuses requests that are too large (413, 431) or too slow (408) before anything is parsed.

    The declared length is checked when the route asks for the body, so a route that logs its refusals is reached first.
    The bytes that arrive are counted in any case.
    """

    def __init__(
        self, app: ASGIApp, *, max_body: int, larger: Mapping[tuple[str, str], BodyLimit] | None = None
    ) -> None:
        self._app = app
        self._limit = BodyLimit(max_body)
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get((scope.get("method", ""), scope.get("path", "")), self._limit)
        started = False
        refused: list[_RefusedError] = []

        async def unless_refused(message: Message) -> None:
            nonlocal started
            if refused and not started:
                return  # a parser turned the refusal into its own answer; ours names the real reason
            started = True
            await send(message)

        try:
            self._check_head(scope)
            await self._app(scope, self._counted(scope, receive, refused, limit), unless_refused)
        except _RefusedError as error:
            refused.append(error)
        except Exception:
            if not refused:
                raise
        if refused and not started:
            await _refuse_and_linger(refused[0], receive, send)

    def _check_head(self, scope: Scope) -> None:
        raw = scope["headers"]
        if len(raw) > MAX_HEADERS or sum(len(name) + len(value) for name, value in raw) > MAX_HEADER_BYTES:
            raise _RefusedError(HeadersTooLargeError)

    def _declared_too_large(self, scope: Scope, limit: BodyLimit) -> bool:
        return declared_length(scope) > limit.bytes

    def _too_large(self, limit: BodyLimit) -> _RefusedError:
        return _RefusedError(limit.error, f"The body is larger than {limit.bytes} bytes")

    def _counted(self, scope: Scope, receive: Receive, refused: list[_RefusedError], limit: BodyLimit) -> Receive:
        length = 0
        complete = False
        deadline = asyncio.get_running_loop().time() + (limit.seconds or BODY_TIMEOUT)

        def refuse(error: _RefusedError) -> _RefusedError:
            refused.append(error)
            return error

        async def counted() -> Message:
            nonlocal length, complete
            if complete:  # now the route waits for the client to disconnect, as long as a stream lasts
                return await receive()
            if self._declared_too_large(scope, limit):
                raise refuse(self._too_large(limit))
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise refuse(_RefusedError(RequestTimeoutError)) from None
            length += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if length > limit.bytes:
                raise refuse(self._too_large(limit))
            return message

        return counted
