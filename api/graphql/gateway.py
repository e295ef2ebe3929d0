"""`/graphql` over HTTP: what a request must look like, and how answers are written.

A page of another origin can send a form or a plain text with a token of nobody, and no more: sessions travel in a
header, which a browser lets it send only after it has asked. Still no change is made by what it may send unasked: a GET
runs queries only, a body is `application/json`, and a form needs a header of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as RefusedJson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLRequestData
from strawberry.http.streaming import SSETransport
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult

from api.graphql.asking import Asker
from api.graphql.context import Context
from api.graphql.documents import Documents
from api.graphql.forms import read_form
from api.graphql.persisted import PersistedDocuments
from api.graphql.relations import collections_of
from api.graphql.sockets import SocketAdapter, admit, serve, token_of
from api.http.body_limits import declared_length
from api.http.json_bodies import parse_json
from api.http.printable import printable
from api.http.problems import problem_of
from api.root import services_of
from steadymint.domain.errors import (
    BadRequestError,
    SteadymintError,
    TooLargeError,
    UnsupportedMediaTypeError,
)

INIT_SECONDS: Final = 10
"""In which `connection_init` must come."""
MAX_SUBSCRIPTIONS: Final = 32
"""Of one connection; `streams_per_user` bounds those of a user over all connections."""
MAX_DEPTH: Final = 64
"""Of JSON. Our deepest input has a dozen levels; the library copies and converts a value by recursion."""
_MULTIPART: Final = "multipart/form-data"
_JSON: Final = "application/json"


class Events(SSETransport):
    """Server-Sent Events, for who takes no JSON. urql takes both, and would get a stream for each query."""

    def accepts(self, accept: str) -> bool:
        return super().accepts(accept) and _JSON not in accept.lower()


class Gateway(GraphQL[Context, None]):
    """The ASGI application of `/graphql`."""

    websocket_adapter_class = SocketAdapter

    def __init__(self, schema: Any, documents: Documents, *, allowed_origins: tuple[str, ...], max_body: int) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            multipart_uploads_enabled=True,
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS,
            allowed_origins=allowed_origins,
        )
        self.stream_transport_classes_by_protocol = {GRAPHQL_SSE_PROTOCOL: Events}
        self._documents = documents
        self._max_body = max_body
        self._persisted = PersistedDocuments()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await serve(super().__call__, scope, receive, send)
            return
        async with AsyncExitStack() as held:  # until the answer is sent: a stream runs its operation meanwhile
            answer = await self._answer(Request(scope, self._bounded(scope, receive)), held)
            await answer(scope, receive, send)

    async def _answer(self, request: Request, held: AsyncExitStack) -> Response:
        try:
            return await self.run(await self._read(request, held) if request.method == "POST" else request)
        except HTTPException as error:
            return problem_of(BadRequestError(printable(error.reason)))
        except SteadymintError as error:
            return problem_of(error)
        except GraphQLError as error:
            return _told(error)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        services = services_of(request)
        asker = Asker(request, token_of(request))
        return Context(request, services, asker, self._documents, collections_of(services))

    async def on_ws_connect(self, context: Context) -> Any:
        try:
            await admit(context)
        except SteadymintError:
            raise ConnectionRejectionError from None
        return await super().on_ws_connect(context)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        try:
            data = await super().parse_http_body(request)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            if _kind_of(request.headers.get("content-type", "")) != _MULTIPART:
                raise
            # The library puts files at the paths that `map` says without a look at what is there.
            raise BadRequestError("The form does not follow the GraphQL multipart request specification") from error
        if isinstance(data, list):
            return data  # which is refused, as no batches are configured
        return replace(data, query=self._persisted.text(data.query, data.extensions))

    async def execute_single(self, request: Request, *args: Any, context: Context, **more: Any) -> ExecutionResult:
        """An operation whose answer is no stream."""
        context.answers_once = True
        return await super().execute_single(request, *args, context=context, **more)

    async def _read(self, request: Request, held: AsyncExitStack) -> Request:
        """The request with its body read, before it is parsed. Raises what is wrong with it. `held` keeps what belongs
        to the body."""
        kind = _kind_of(request.headers.get("content-type", ""))
        if kind == _JSON:
            if declared_length(request.scope) > self._max_body:
                raise self._too_large()
            await request.body()
            return request
        if kind == _MULTIPART:
            return await read_form(request, held, max_field=self._max_body)
        raise UnsupportedMediaTypeError(f"Send the operation as {_JSON}, or with files as {_MULTIPART}")

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """What is received, until a body that is no form has more bytes than it may. The middleware lets as much pass
        as files may have, and that is not to be held in memory."""
        if _kind_of(Headers(scope=scope).get("content-type", "")) == _MULTIPART:
            return receive
        left = self._max_body

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise self._too_large()
            return message

        return bounded

    def _too_large(self) -> TooLargeError:
        return TooLargeError(f"A body of JSON has {self._max_body} bytes at most")

    def parse_json(self, data: str | bytes) -> Any:
        try:
            found = self.decode_json(data)
        except json.JSONDecodeError as error:
            raise BadRequestError(error.msg) from error
        if isinstance(found, dict | None):
            return cast(Any, found)
        raise BadRequestError("Send one operation, as a JSON object; several in one body are not taken")

    def decode_json(self, data: str | bytes) -> object:
        """The value of a body, a parameter or a message. Raises JSONDecodeError for whatever is wrong with it: of a
        message over a WebSocket, the library catches nothing else."""
        try:
            found = parse_json(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        except RefusedJson as error:
            raise json.JSONDecodeError(error.detail, "", 0) from error
        except (ValueError, RecursionError) as error:  # also a number with thousands of digits, too many brackets
            raise json.JSONDecodeError("This is not JSON that can be read", "", 0) from error
        if _is_deep(found):
            raise json.JSONDecodeError(f"JSON may be nested {MAX_DEPTH} deep", "", 0)
        return found

    def encode_json(self, data: object) -> str | bytes:
        return orjson.dumps(data).decode()

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        return Response(orjson.dumps(response_data), media_type=_JSON, headers={"cache-control": "no-store"})

    def should_render_graphql_ide(self, request: Any) -> bool:
        return False  # the pages of GraphQL's consoles load their scripts from elsewhere


def _kind_of(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _is_deep(value: object) -> bool:
    """Whether the value has more levels than `MAX_DEPTH`."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [one for holder in level for one in _members(holder)]
        if not level:
            return False
    return True


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast(dict[str, Any], value).values()
    return cast(list[Any], value) if isinstance(value, list) else ()


def _told(error: GraphQLError) -> Response:
    result = ExecutionResult(data=None, errors=[error])
    return Response(orjson.dumps({"data": result.data, "errors": [error.formatted]}), media_type=_JSON)
