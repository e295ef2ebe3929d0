"""Requests with a session: sent again where that helps, and with new tokens when the old ones have ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar

import httpx
from pydantic import TypeAdapter

from steadymint_client.events import EventLines, ServerEvent, StreamLines
from steadymint_client.models import TokenAnswer
from steadymint_client.problems import ProblemError, error_of
from steadymint_client.sessions import SessionStore
from steadymint_client.waiting import TRIES, AsyncLock, async_sleep, is_repeatable, wait_after

EARLY: Final = timedelta(seconds=30)
"""How long before its end an access token is renewed, so that it does not end on its way."""
SILENCE: Final = 45.0
"""Seconds without a sign after which a stream counts as dead. The API says something every 15."""

T = TypeVar("T")


class AsyncHttp:
    """The API over HTTP, for one user."""

    def __init__(
        self, base_url: str, session: SessionStore, timeout: float, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        # The server closes an idle connection after five seconds; a request that is sent at that moment fails.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50, keepalive_expiry=1)
        self.raw = httpx.AsyncClient(base_url=base_url, timeout=timeout, limits=limits, transport=transport)
        self.session = session
        self._renewal = AsyncLock()

    async def aclose(self) -> None:
        await self.raw.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
        files: Mapping[str, Any] | None = None,
        secured: bool = True,
        repeatable: bool = False,
    ) -> httpx.Response:
        """The answer, below 400. Sent again while the API says that it may be, if it reads, has a key or is
        `repeatable`: the same request twice does what it does once.

        Raises ProblemError, UnexpectedAnswerError, httpx.TransportError.
        """
        given = {name: value for name, value in (headers or {}).items() if value is not None}
        request = {
            "params": _given(query),
            "json": body,
            "files": files,
        }
        failures = 0
        while True:
            try:
                return await self._send_once(method, path, given, secured, request)
            except Exception as error:
                failures += 1
                safe = repeatable or method == "GET" or "Idempotency-Key" in given
                if not safe or failures == TRIES or not is_repeatable(error):
                    raise
                await async_sleep(wait_after(error, failures))

    async def keep(self, session: TokenAnswer | None) -> None:
        """Begin a session, or forget it. Waits for a renewal that is under way, which would overwrite it."""
        async with self._renewal:
            self.session.save(session)

    async def ask(self, answer: Any, method: str, path: str, **request: Any) -> Any:
        """The answer as the type `answer`. Raises ProblemError, UnexpectedAnswerError, httpx.TransportError."""
        response = await self.send(method, path, **request)
        if answer is None:
            return None
        if answer is bytes:
            return response.content
        if answer is str:
            return response.text
        return _adapter(answer).validate_json(response.content)

    async def stream(
        self, path: str, *, query: Mapping[str, Any] | None = None, after: str | None = None, secured: bool = True
    ) -> AsyncGenerator[ServerEvent]:
        """The events of one connection. Raises ProblemError, UnexpectedAnswerError, httpx.TransportError."""
        headers = {"accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        async with self._opened(path, headers, _given(query), secured) as response:
            text, lines = StreamLines(), EventLines()
            async for chunk in response.aiter_bytes():
                for line in text.take(chunk):
                    if event := lines.take(line):
                        yield event

    @asynccontextmanager
    async def _opened(
        self, path: str, headers: dict[str, str], params: dict[str, Any] | None, secured: bool
    ) -> AsyncGenerator[httpx.Response]:
        timeout = httpx.Timeout(30, read=SILENCE)
        used = await self._token() if secured else None
        again: str | None = None
        for is_last in (False, True):
            bearer = _bearer(again or used)
            async with self.raw.stream("GET", path, headers=headers | bearer, params=params, timeout=timeout) as got:
                if got.status_code < 400:
                    yield got
                    return
                await got.aread()
                if not is_last and got.status_code == 401 and used and (again := await self._renewed(used)):
                    continue
                raise error_of(got)

    async def _send_once(
        self, method: str, path: str, headers: dict[str, str], secured: bool, request: dict[str, Any]
    ) -> httpx.Response:
        used = await self._token() if secured else None
        response = await self.raw.request(method, path, headers=headers | _bearer(used), **request)
        if response.status_code == 401 and used and (again := await self._renewed(used)):
            response = await self.raw.request(method, path, headers=headers | _bearer(again), **request)
        if response.status_code >= 400:
            raise error_of(response)
        return response

    async def _token(self) -> str | None:
        session = self.session.load()
        if session is None:
            return None
        if session.expires_at - EARLY > datetime.now(UTC):
            return session.access_token
        return await self._renewed(session.access_token)

    async def _renewed(self, used: str) -> str | None:
        """The access token after `used`, which was refused or is about to end. None if the session has ended.

        A refresh token is good for one use, so all who come together wait for the first one's.
        """
        async with self._renewal:
            session = self.session.load()
            if session is None or session.access_token != used:
                return session and session.access_token
            response = await self.raw.post("/v1/auth/refresh", json={"refreshToken": session.refresh_token})
            if response.status_code < 400:
                return self._replaced(used, TokenAnswer.model_validate_json(response.content))
            error = error_of(response)
            if isinstance(error, ProblemError) and error.status < 500 and not is_repeatable(error):
                return self._replaced(used, None)
            raise error

    def _replaced(self, used: str, new: TokenAnswer | None) -> str | None:
        """The access token of the session that is kept now: `new`, unless the one of `used` was replaced or forgotten
        while it was renewed."""
        kept = self.session.load()
        if kept is not None and kept.access_token == used:
            self.session.save(new)
            kept = new
        return kept and kept.access_token


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The parameters that were given. An empty dictionary would take away what the path has."""
    return {name: value for name, value in (query or {}).items() if value is not None} or None


def _bearer(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


@cache
def _adapter(answer: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer)
