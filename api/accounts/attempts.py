"""The record of the calls of `verify`. A call that does not succeed counts against the limit of its peer, and of those
beyond the limit one a minute is recorded.

It is a route class and no dependency, because a body that cannot be read is an attempt too.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final
from uuid import uuid4

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.http.json_bodies import JsonRoute
from api.http.outages import OUTAGES, unavailable
from api.http.printable import printable
from api.http.problems import NAME_CHARACTERS
from api.root import services_of
from steadymint.domain.errors import RateLimitedError, SteadymintError, UpstreamUnavailableError
from steadymint.identity.errors import InvalidFieldError, UnreadableBodyError
from steadymint.identity.login_events import Attempt
from steadymint.identity.service import SignInService, result_of

LIMIT: Final = "verify"
FILED: Final = "verify-filed"
FILED_RATE: Final = 1
"""Refusals by `LIMIT` that are recorded, of one peer per minute. A row is kept for half a year, and a flood is one."""


def new_attempt(request: Request) -> Attempt:
    """A new attempt with its own id, and the address and user agent of the request."""
    user_agent = request.headers.get("user-agent")
    return Attempt(uuid4(), peer_of(request), None if user_agent is None else printable(user_agent))


def peer_of(request: Request) -> str | None:
    """The address of the client, as the middleware found it; None for a local socket."""
    try:
        return str(ip_address(request.client.host.partition("%")[0])) if request.client else None
    except ValueError:
        return None


class AuditedRoute(JsonRoute):
    """Sets `request.state.attempt`, and records a failure."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def audited(request: Request) -> Response:
            services = services_of(request)
            sign_in, limiter = services.sign_in, services.limiter
            attempt = request.state.attempt = new_attempt(request)
            rate = services.settings.auth.verify_rate
            try:
                await limiter.take(LIMIT, attempt.ip, rate)
            except RateLimitedError as refused:
                with suppress(RateLimitedError):
                    await limiter.take(FILED, attempt.ip, FILED_RATE)
                    await _file(sign_in, attempt, refused)
                raise
            try:
                answer = await handle(request)
            except Exception as error:
                failure = _as_ours(error)
                if isinstance(failure, UpstreamUnavailableError):
                    await limiter.give_back(LIMIT, attempt.ip, rate)  # not the caller's failure
                await _file(sign_in, attempt, failure)
                raise failure from error
            await limiter.give_back(LIMIT, attempt.ip, rate)
            return answer

        return audited


def _as_ours(error: Exception) -> Exception:
    """The error as one of ours: an invalid body is an invalid message, a store that does not answer is a 503."""
    if isinstance(error, RequestValidationError):
        names = {str(found["loc"][1]) for found in error.errors() if len(found["loc"]) > 1}
        fields = [printable(name, NAME_CHARACTERS) for name in sorted(names)[:5]]
        return InvalidFieldError(f"The body is not a sign-in; see: {', '.join(fields)}" if fields else "")
    if isinstance(error, HTTPException) and error.status_code < 500:
        return UnreadableBodyError(error.detail)
    if isinstance(error, OUTAGES):
        return unavailable(error)
    return error


async def _file(sign_in: SignInService, attempt: Attempt, failure: Exception) -> None:
    """Record the failure. Raises UpstreamUnavailableError if that fails: an attempt must not go unrecorded."""
    detail = failure.detail if isinstance(failure, SteadymintError) else type(failure).__name__
    try:
        await sign_in.login_events.file_failure(attempt, result_of(failure), detail)
    except OUTAGES as outage:
        raise unavailable(outage) from outage
