"""The middleware of every request: the client's address, a request id, the access log, security headers and limits.

Pure ASGI: no copy of the body, no task per request, streams stay streams. `install` adds them in their order.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, MutableMapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Final
from uuid import uuid4

import structlog
from prometheus_client import Counter, Gauge, Histogram
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.http.body_limits import BodyLimit, RequestLimits
from api.http.printable import printable
from api.http.problems import Refused, UnexpectedErrors, problem_of
from api.http.process_limits import LimitedReads
from steadymint.domain.errors import OriginNotAllowedError

ORIGINS_SETTING: Final = "STEADYMINT_API__CORS_ORIGINS"
"""What an operator sets to let pages of an origin read answers."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_log = structlog.get_logger("steadymint.access")

REQUESTS: Final = Counter("steadymint_http_requests_total", "Requests served.", ["method", "route", "status"])
DURATION: Final = Histogram(
    "steadymint_http_request_seconds",
    "Seconds until the answer's last byte was handed over; streams are not counted.",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_FLIGHT: Final = Gauge("steadymint_http_in_flight", "Requests and streams being served now.")

_PERSON: Final = re.compile(r"(/users/)[^/]+", re.IGNORECASE)
"""Where a path names a person: in routes, in pages, and in what is answered before either is found."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SECURITY_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
_API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
_DOCS_PATHS: Final = frozenset({"/docs"})  # pages with scripts of their own
_TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"


# What a front end on another origin sends and reads beyond the plain. No cookies: sessions travel in a header.
_CORS_SENT: Final = (
    "Apollo-Require-Preflight",  # of a form with files for GraphQL, so that no page sends one unasked
    "Authorization",
    "Cache-Control",  # libraries that replace `EventSource` send it
    "Content-Type",
    "GraphQL-Require-Preflight",
    "Idempotency-Key",
    "If-None-Match",
    "If-Range",
    "Last-Event-ID",
    "Range",
    "X-Request-Id",
)
# For pages that we name this takes the place of what `api.http.files` lets every page read, so it has that too.
_CORS_READ: Final = ("Accept-Ranges", "Content-Range", "ETag", "Location", "Retry-After", "X-Request-Id")


def install(
    app: Starlette,
    *,
    max_body: int,
    trusted_proxies: Sequence[str] = (),
    cors_origins: Sequence[str] = (),
    larger: Mapping[tuple[str, str], BodyLimit] | None = None,
    read_rate: int,
    refused: Refused | None = None,
) -> None:
    """Add the middleware to an application; `max_body` is in bytes. The one added last sees a request first.

    `read_rate`: reads per minute and address; `refused` is told of those beyond it. `larger` names the routes, by
    method and path, that take larger bodies.
    """
    app.add_middleware(RequestLimits, max_body=max_body, larger=larger)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(LimitedReads, per_minute=read_rate, refused=refused)
    app.add_middleware(
        CrossOrigin,
        allow_origins=cors_origins,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=_CORS_SENT,
        expose_headers=_CORS_READ,
        max_age=600,
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestContext)
    app.add_middleware(ClientAddress, trusted_proxies=trusted_proxies)


class CrossOrigin(CORSMiddleware):
    """Lets pages of the origins that the settings name read answers. A preflight of another origin is answered with a
    problem that names the setting, and logged: a browser shows its page no more than that the request failed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.allow_origins or scope.get("method") == "OPTIONS":
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        origin = printable(request_headers["origin"])
        if self.is_allowed_origin(origin):
            return super().preflight_response(request_headers)
        _log.warning("origin_not_allowed", origin=origin, setting=ORIGINS_SETTING)
        return problem_of(OriginNotAllowedError(f"{origin} is not in {ORIGINS_SETTING}"))


class ClientAddress:
    """Sets the request's client to its real address if our proxies are in between.

    `X-Forwarded-For` is read from its end, where our own proxies wrote. The last address that is not one of them is the
    client. The header of any other peer is ignored, so limits and logs count the peer.
    """

    def __init__(self, app: ASGIApp, *, trusted_proxies: Sequence[str]) -> None:
        self._app = app
        self._trusted = tuple(ip_network(network) for network in trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if self._trusted and client is not None and self._is_ours(client[0]):
            for hop in reversed(self._hops(scope)):
                address = _address(hop)
                if address is None:
                    break  # no earlier entry can be trusted
                client = (address, 0)
                if not self._is_ours(address):
                    break
            scope["client"] = client
        await self._app(scope, receive, send)

    def _hops(self, scope: Scope) -> list[str]:
        # Several headers are one list, in their order (RFC 9110, section 5.3).
        return ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")

    def _is_ours(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(ip_address(address) in network for network in self._trusted)


def _address(text: str) -> str | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)  # ::ffff:192.0.2.1 and 192.0.2.1 are one client
    return str(mapped or found)


class RequestContext:
    """Gives the request an id, counts it, and writes its line in the access log.

    Every log line of the request holds its id. The line in the access log holds the path without the query, which may
    hold a token, and the user agent as the only header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sent = headers.get("x-request-id", "")
        identity = sent if _REQUEST_ID.fullmatch(sent) else uuid4().hex
        record = _Record()
        started = time.perf_counter()

        async def observed(message: Message) -> None:
            record.note(message)
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = identity
            await send(message)

        try:
            with IN_FLIGHT.track_inprogress(), bound_contextvars(request_id=identity):
                await self._app(scope, receive, observed)
        finally:
            _account(scope, headers, identity, record, time.perf_counter() - started)


class _Record:
    """The status and the size of the answer."""

    __slots__ = ("length", "status", "streamed")

    def __init__(self) -> None:
        self.status = 500  # the status if an exception escapes
        self.length = 0
        self.streamed = False

    def note(self, message: MutableMapping[str, Any]) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            self.streamed = Headers(raw=message.get("headers", [])).get("content-type", "").startswith("text/event-")
        elif kind == "http.response.body":
            self.length += len(message.get("body", b""))
        elif kind == "websocket.accept":
            self.status, self.streamed = 101, True
        elif kind == "websocket.close" and not self.streamed:
            self.status = 403  # the server's answer to a refused handshake


def _account(scope: Scope, headers: Headers, identity: str, record: _Record, seconds: float) -> None:
    # The route's template, never the path: a metric's label must come from a bounded set.
    route = getattr(scope.get("route"), "path", "unmatched")
    method = scope.get("method", "WEBSOCKET")
    method = method if method in _METHODS or method == "WEBSOCKET" else "OTHER"
    REQUESTS.labels(method, route, str(record.status)).inc()
    if not record.streamed:
        DURATION.labels(method, route).observe(seconds)
    client = scope.get("client")
    _log.info(
        "request",
        request_id=identity,
        method=method,
        path=printable(_unnamed(scope["path"])),
        route=route,
        status=record.status,
        ms=round(seconds * 1000, 2),
        bytes=record.length,
        peer=client[0] if client else None,
        user_agent=printable(headers.get("user-agent", "")),
    )


def _unnamed(path: str) -> str:
    """The path without the name of a person: logs outlive what people delete."""
    return _PERSON.sub(r"\1{username}", path, count=1)


class SecurityHeaders:
    """Adds security headers: no sniffing, no frames, no scripts; over TLS also Strict-Transport-Security."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"] not in _DOCS_PATHS:
                    headers.setdefault("content-security-policy", _API_POLICY)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", _TRANSPORT_SECURITY)
            await send(message)

        await self._app(scope, receive, secured)
