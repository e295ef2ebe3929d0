"""Requests to strangers. Redirects, bytes and the load on one host are limited."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from steadymint.outbound.answers import errors_told, retry_after_of
from steadymint.outbound.budget import KeyedBudget
from steadymint.outbound.connecting import MAX_CONNECTIONS, CountingConnector, GatedConnector, Network
from steadymint.outbound.errors import OutboundError, failed
from steadymint.outbound.gate import Gate, SystemResolver, check_url
from steadymint.outbound.places import Places, key_of
from steadymint.outbound.posting import MAX_HEADER, MAX_HEADERS, Poster

MAX_WORD: Final = 256
"""Characters of a header value that is kept."""
SHARED_BY: Final = 4
"""How many times the budget of a host one address gets. A CDN serves many honest hosts at an address. But a thousand
invented names at one address are one server."""
_HEADERS: Final = {
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "gzip",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ENCODINGS: Final = frozenset({"identity", "gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The limits on what one process asks of strangers."""

    per_host: int
    """Requests to one host at a time."""
    host_rate: float
    """Requests to one host per second."""
    max_redirects: int
    user_agent: str
    connections: int = MAX_CONNECTIONS
    """Connections to all hosts together."""


@dataclass(frozen=True, slots=True)
class Target:
    """One address to ask."""

    url: URL
    configured: bool
    """Whether an operator chose its origin. Then it bypasses the gate."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server: a body, or the news that it has not changed."""

    body: bytes
    content_type: str | None
    """As the server says, which may be wrong. Only the bytes tell the type."""
    etag: str | None
    not_modified: bool = False


class OutboundClient:
    """The client for strangers. Share one per process, since it keeps the budget of each host."""

    def __init__(self, gate: Gate, limits: ClientLimits, network: Network) -> None:
        self._gate = gate
        self._budget = KeyedBudget(limits.per_host, limits.host_rate)
        self._address_budget = KeyedBudget(SHARED_BY * limits.per_host, SHARED_BY * limits.host_rate)
        self._max_redirects = limits.max_redirects
        headers = {**_HEADERS, "User-Agent": limits.user_agent}
        self._public = _session(GatedConnector(gate, network, limit=limits.connections), headers)
        self._configured = _session(CountingConnector(limit=MAX_CONNECTIONS, ssl=network.tls or True), headers)

    @classmethod
    @asynccontextmanager
    async def open(cls, limits: ClientLimits, *, network: Network | None = None) -> AsyncGenerator[OutboundClient]:
        """A client with its connections. `network` is for tests: no setting leads there."""
        resolver = SystemResolver()
        network = network or Network(resolver)
        try:
            async with cls(Gate(network.resolve), limits, network) as client:
                yield client
        finally:
            resolver.close()

    async def __aenter__(self) -> OutboundClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._public.close()
        await self._configured.close()

    async def get(
        self, target: Target, *, max_bytes: int, etag: str | None = None, on_place: Callable[[], None]
    ) -> Answer:
        """The answer after redirects, of at most `max_bytes`.

        `on_place` is called when the request may begin; `steadymint.outbound.deadline` counts from there. A redirect
        away from a configured origin passes the gate like any stranger's. Raises OutboundError.
        """
        url, configured = target.url, target.configured
        for _ in range(self._max_redirects + 1):
            step = await self._step(url, configured, max_bytes, etag, on_place)
            if isinstance(step, Answer):
                return step
            configured = configured and step.origin() == url.origin()
            url = step
        raise failed("too_many_redirects", f"More than {self._max_redirects} redirects")

    async def _step(
        self, url: URL, configured: bool, max_bytes: int, etag: str | None, on_place: Callable[[], None]
    ) -> Answer | URL:
        """One request: its answer, or the URL that it is redirected to."""
        if not configured:
            check_url(url)
        session = self._configured if configured else self._public
        headers = {} if etag is None else {"If-None-Match": etag}
        with errors_told():
            async with (
                self._place(url, configured, on_place),
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS:
                    return _target(url, response)
                self._refuse_failure(url, response, etag)
                return await _answer(response, max_bytes)

    def poster(self, target: Target, seconds: float, *, patience: float | None = None) -> Poster:
        """Who sends bodies to a receiver, of whose requests none takes longer than `seconds`. If its host has no place
        for `patience` seconds, a request fails as `crowded`. Raises OutboundError."""
        configured = target.configured
        if not configured:
            check_url(target.url)
        session = self._configured if configured else self._public
        return Poster(session, target.url, self._places(target.url, configured, patience), seconds)

    @asynccontextmanager
    async def _place(self, url: URL, configured: bool, on_place: Callable[[], None]) -> AsyncGenerator[None]:
        """A place in the budget of the host, then in that of its address.

        The time limit starts between the two, because waiting in our own queue is not the host's fault.
        """
        places = self._places(url, configured)
        async with places.at_host():
            on_place()
            async with await places.at_address():
                yield

    def _places(self, url: URL, configured: bool, patience: float | None = None) -> Places:
        return Places(url, self._budget, None if configured else self._address_budget, self._gate, patience)

    def _refuse_failure(self, url: URL, response: aiohttp.ClientResponse, etag: str | None) -> None:
        status = response.status
        if status == 200 or (status == 304 and etag is not None):
            return
        retry_after = retry_after_of(response.headers.get("Retry-After"))
        if status == 429 or (status == 503 and retry_after is not None):
            retry_after = 1.0 if retry_after is None else retry_after
            self._budget.pause(key_of(url), retry_after)
            raise failed("throttled", "The host has asked us to wait", permanent=False, retry_after=retry_after)
        raise _failure_of(status)


def _session(connector: aiohttp.TCPConnector, headers: dict[str, str]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,  # strangers' addresses are asked without our proxy and our .netrc
        timeout=aiohttp.ClientTimeout(total=None),
        max_line_size=MAX_HEADER,
        max_field_size=MAX_HEADER,
        max_headers=MAX_HEADERS,
    )


def _target(url: URL, response: aiohttp.ClientResponse) -> URL:
    location = response.headers.get("Location", "")
    try:
        target = url.join(URL(location))
        if not location or target.raw_host is None:
            raise ValueError
    except ValueError:
        raise failed("bad_answer", "The host redirects to nowhere", permanent=False) from None
    return target.with_fragment(None)


def _failure_of(status: int) -> OutboundError:
    if status == 404:  # a document may be published after its token
        return failed("not_found", "The host has nothing at this address", permanent=False)
    if status >= 500 or status in (408, 425):
        return failed("upstream_error", f"The host answered {status}", permanent=False)
    if 400 <= status < 500:
        return failed("refused", f"The host answered {status}")
    return failed("bad_answer", f"The host answered {status}", permanent=False)


async def _answer(response: aiohttp.ClientResponse, max_bytes: int) -> Answer:
    etag = _word(response, "ETag")
    if response.status == 304:
        return Answer(b"", None, etag, not_modified=True)
    return Answer(await _body(response, max_bytes), _word(response, "Content-Type"), etag)


def _word(response: aiohttp.ClientResponse, name: str) -> str | None:
    """The value of a header, if it is safe to store, to show and to send back; else None."""
    value = response.headers.get(name)
    return value if value and len(value) <= MAX_WORD and value.isascii() and value.isprintable() else None


async def _body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body. Reading stops at the first byte over `max_bytes`. aiohttp 3.14 and later inflates in bounded steps."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in _ENCODINGS:
        raise failed("bad_answer", "The host answered in an encoding that we did not ask for", permanent=False)
    too_large = failed("too_large", f"The answer has more than {max_bytes} bytes")
    if (response.content_length or 0) > max_bytes:
        raise too_large
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > max_bytes:
            raise too_large
    return bytes(body)
