# Made by scripts/generate_clients.py of the async client and the API's document. Do not edit.
"""Requests with a session: sent again where that helps, and with new tokens when the old ones have ended."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar

import httpx
from pydantic import TypeAdapter

from steadymint_client.events import EventLines, ServerEvent, StreamLines
from steadymint_client.models import TokenAnswer
from steadymint_client.problems import ProblemError, SessionChangedError, UnreachableError, error_of
from steadymint_client.sessions import SessionStore
from steadymint_client.tls import certificates
from steadymint_client.waiting import TRIES, Lock, is_repeatable, sleep, wait_after

EARLY: Final = timedelta(seconds=30)
"""How long before its end an access token is renewed, so that it does not end on its way."""
SILENCE: Final = 45.0
"""Seconds without a sign after which a stream counts as dead. The API says something every 15."""

T = TypeVar("T")


class Http:
    """The API over HTTP, for one user."""

    def __init__(
        self, base_url: str, session: SessionStore, timeout: float, transport: httpx.BaseTransport | None
    ) -> None:
        # The server closes an idle connection after five seconds; a request that is sent at that moment fails.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50, keepalive_expiry=1)
        self.raw = httpx.Client(
            base_url=base_url, timeout=timeout, limits=limits, transport=transport, verify=certificates()
        )
        self.session = session
        self._renewal = Lock()

    def close(self) -> None:
        self.raw.close()

    def send(
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
        `repeatable`: the same request twice does what it does once. And only as the user whose request it was.

        Raises ProblemError, UnexpectedAnswerError, UnreachableError, SessionChangedError.
        """
        given = {name: value for name, value in (headers or {}).items() if value is not None}
        request = {
            "params": _given(query),
            "json": body,
            "files": files,
        }
        user, failures = self._user(secured), 0
        while True:
            try:
                return self._send_once(method, path, given, user, request)
            except Exception as error:
                failures += 1
                safe = repeatable or method == "GET" or "Idempotency-Key" in given
                if not safe or failures == TRIES or not is_repeatable(error):
                    raise
                sleep(wait_after(error, failures))

    def keep(self, session: TokenAnswer) -> None:
        """Begin a session. Waits for a renewal that is under way, which would overwrite it."""
        with self._renewal:
            self.session.save(session)

    def forget(self, user: str) -> None:
        """Forget the session of this user, and none of somebody else who has signed in meanwhile. Waits for a renewal
        that is under way."""
        with self._renewal:
            kept = self.session.load()
            if kept is not None and kept.user_id == user:
                self.session.save(None)

    def ask(self, answer: Any, method: str, path: str, **request: Any) -> Any:
        """The answer as the type `answer`. Raises what `send` raises."""
        response = self.send(method, path, **request)
        if answer is None:
            return None
        if answer is bytes:
            return response.content
        if answer is str:
            return response.text
        return _adapter(answer).validate_json(response.content)

    def stream(
        self, path: str, *, query: Mapping[str, Any] | None = None, after: str | None = None, secured: bool = True
    ) -> Generator[ServerEvent]:
        """The events of one connection. Raises what `send` raises."""
        with self._opened(path, query, after, self._user(secured)) as response:
            for event in _events(response, EventLines(after or "")):
                yield event

    def resumed(
        self, path: str, *, query: Mapping[str, Any] | None = None, after: str | None = None, secured: bool = True
    ) -> Generator[ServerEvent]:
        """The events behind the one of this id, each once, through cuts and restarts of the API. They end when it has
        nothing more to tell (204).

        Raises ProblemError, UnexpectedAnswerError, SessionChangedError.
        """
        user, failures = self._user(secured), 0
        while True:
            error: Exception | None = None
            lines = EventLines(after or "")
            try:
                with self._opened(path, query, after, user) as response:
                    if response.status_code == 204:
                        return
                    for event in _events(response, lines):
                        failures = 0
                        yield event
            except Exception as failed:
                if not is_repeatable(failed):
                    raise
                error = failed
            after, failures = lines.last_id, failures + 1
            sleep(wait_after(error, failures))

    @contextmanager
    def _opened(
        self, path: str, query: Mapping[str, Any] | None, after: str | None, user: str | None
    ) -> Generator[httpx.Response]:
        headers = {"accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        timeout = httpx.Timeout(30, read=SILENCE)
        token, is_last = self._token(user), False
        while True:
            given = headers | _bearer(token)
            with _reaching():
                with self.raw.stream("GET", path, headers=given, params=_given(query), timeout=timeout) as got:
                    if got.status_code < 400:
                        yield got
                        return
                    got.read()
            token, is_last = (None if is_last else self._again(got, token, user)), True
            if token is None:
                raise error_of(got)

    def _send_once(
        self, method: str, path: str, headers: dict[str, str], user: str | None, request: dict[str, Any]
    ) -> httpx.Response:
        token = self._token(user)
        with _reaching():
            response = self.raw.request(method, path, headers=headers | _bearer(token), **request)
        if again := self._again(response, token, user):
            with _reaching():
                response = self.raw.request(method, path, headers=headers | _bearer(again), **request)
        if response.status_code >= 400:
            raise error_of(response)
        return response

    def _user(self, secured: bool) -> str | None:
        """Whose request it is that is made now: nobody's, if the route asks for no session or there is none."""
        session = self.session.load() if secured else None
        return session and session.user_id

    def _token(self, user: str | None) -> str | None:
        """An access token for the user's request. None for nobody's, and where the session has ended."""
        session = self.session.load() if user else None
        if session is not None and session.expires_at - EARLY <= datetime.now(UTC):
            session = self._renewed(session.access_token)
        if session is not None and session.user_id != user:
            raise SessionChangedError
        return session and session.access_token

    def _again(self, response: httpx.Response, used: str | None, user: str | None) -> str | None:
        """The access token to repeat a request with that was refused. None if it was not, and if the user's session
        is over: a request is not repeated as somebody else who has signed in meanwhile."""
        if response.status_code != 401 or used is None:
            return None
        session = self._renewed(used)
        return session.access_token if session is not None and session.user_id == user else None

    def _renewed(self, used: str) -> TokenAnswer | None:
        """The session after the one of the access token `used`, which was refused or is about to end. None if it has
        ended.

        A refresh token is good for one use, so all who come together wait for the first one's.
        """
        with self._renewal:
            session = self.session.load()
            if session is None or session.access_token != used:
                return session
            with _reaching():
                response = self.raw.post("/v1/auth/refresh", json={"refreshToken": session.refresh_token})
            if response.status_code < 400:
                return self._replaced(used, TokenAnswer.model_validate_json(response.content))
            error = error_of(response)
            if isinstance(error, ProblemError) and error.status < 500 and not is_repeatable(error):
                return self._replaced(used, None)
            raise error

    def _replaced(self, used: str, new: TokenAnswer | None) -> TokenAnswer | None:
        """The session that is kept now: `new`, unless the one of `used` was replaced or forgotten while it was
        renewed."""
        kept = self.session.load()
        if kept is not None and kept.access_token == used:
            self.session.save(new)
            kept = new
        return kept


def _events(response: httpx.Response, lines: EventLines) -> Generator[ServerEvent]:
    text = StreamLines()
    for chunk in response.iter_bytes():
        for line in text.take(chunk):
            if event := lines.take(line):
                yield event


@contextmanager
def _reaching() -> Generator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise UnreachableError(f"No answer of the API: {error or type(error).__name__}") from error


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The parameters that were given. An empty dictionary would take away what the path has."""
    return {name: value for name, value in (query or {}).items() if value is not None} or None


def _bearer(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


@cache
def _adapter(answer: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer)
