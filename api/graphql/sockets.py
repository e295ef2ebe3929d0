"""`/graphql` over WebSocket (graphql-transport-ws): its token, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import Any, Final, cast

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected

from api.graphql.asking import Asker
from api.graphql.context import Context
from api.http.process_limits import peer_of
from api.sessions import session_of
from steadymint.domain.errors import UnauthorizedError

COME_BACK: Final = 1012
"""The close code of a connection that is as old as it may get, or whose stream is broken (IANA): come back, with a new
token, and resume."""
_HELD: Final = "steadymint.graphql.held"
"""Key of the scope: what a connection holds until it ends."""


async def serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection, and give back what it holds."""
    with ExitStack() as held:
        scope[_HELD] = held
        await app(scope, receive, send)


async def admit(context: Context) -> None:
    """Take the token of `connection_init`. Raises UnauthorizedError, and RateLimitedError for one connection too many.

    The connection ends with its session. Without a token it may ask what anybody may.
    """
    socket, services = cast(WebSocket, context.connection), context.services
    token = _given(socket, context.connection_params or {})
    session = None if token is None else await session_of(token, services.sign_in)
    held = cast(ExitStack, socket.scope[_HELD])
    held.enter_context(services.stream_places.take(session.user_id if session else None, peer_of(socket.scope)))
    age = float(services.settings.api.stream_max_age)
    if session is not None:
        age = max(0.0, min(age, (session.expires_at - datetime.now(UTC)).total_seconds()))
    ending = asyncio.create_task(_end(socket, age))
    held.callback(ending.cancel)
    context.asker = Asker(socket, token)


async def _end(socket: WebSocket, age: float) -> None:
    await asyncio.sleep(age)
    await _close(socket, "age")


async def come_back(connection: HTTPConnection, reason: str) -> None:
    """Close a WebSocket, so that its client comes back and resumes. Other connections have no code for it: returns."""
    if isinstance(connection, WebSocket):
        await _close(connection, reason)
        await asyncio.Event().wait()  # the end of the connection cancels its operations; none must say it is complete


async def _close(socket: WebSocket, reason: str) -> None:
    with suppress(RuntimeError):  # it has been closed meanwhile
        await socket.close(COME_BACK, reason)


def _given(socket: WebSocket, payload: Mapping[str, Any]) -> str | None:
    """The token of the handshake, or of the payload, whose member is named as the header, in any casing."""
    said = [value for name, value in payload.items() if name.lower() == "authorization"]
    tokens = [token for token in (token_of(socket), *map(_bearer, said)) if token is not None]
    if len(tokens) > 1:
        raise UnauthorizedError
    return tokens[0] if tokens else None


class SocketAdapter(ASGIWebSocketAdapter):
    """The connection as strawberry sees it. What would be sent after its end is dropped."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)


def token_of(connection: HTTPConnection) -> str | None:
    """The token of exactly one `Authorization: Bearer ...` header; None without a header. Raises UnauthorizedError."""
    given = connection.headers.getlist("authorization")
    if not given:
        return None
    if len(given) != 1:
        raise UnauthorizedError
    return _bearer(given[0])


def _bearer(text: Any) -> str:
    if not isinstance(text, str):
        raise UnauthorizedError
    scheme, _, token = text.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError
    return token
