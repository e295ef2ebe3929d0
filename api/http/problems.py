"""Problem documents (RFC 9457): every error of the API becomes one here, with a stable `code`.

A problem document holds no stack, no SQL, no URL of a node, and no value of a secret field.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Annotated, Any, Final, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from prometheus_client import Counter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import TypeAliasType

from api.http.json import json_bytes
from api.http.outages import OUTAGES, unavailable
from api.http.printable import printable
from steadymint.domain import errors
from steadymint.domain.errors import PROBLEM_CODES, RateLimitedError, SteadymintError, UpstreamUnavailableError
from steadymint.domain.market.intake import OrderFinding
from steadymint.domain.upstreams import Upstream

PROBLEM_JSON = "application/problem+json"
NAME_CHARACTERS: Final = 64
"""The length to which a member's name is cut in a problem. The name of an unknown member may be of any length."""

LIMITED: Final = Counter("steadymint_http_limited_total", "Requests that a limit has refused.", ["limit"])

_log = structlog.get_logger(__name__)

# FastAPI answers the JSON parser's own error with 422. The parser raises these for broken UTF-8, for a number with more
# digits than Python converts, and for too many nested brackets. They all mean invalid input.
_UNREADABLE: Final = (ValueError, RecursionError)

_OF_STATUS: Final = {
    error.status: error
    for error in (
        errors.UnauthorizedError,
        errors.NotFoundError,
        errors.MethodNotAllowedError,
        errors.TooLargeError,
        errors.UnsupportedMediaTypeError,
        errors.RateLimitedError,
    )
}
"""What the framework's own refusals are called here. Any other is a `bad_request`."""


def _of_the_table(code: str) -> str:
    if code not in PROBLEM_CODES:
        raise ValueError("is not a code of this API")
    return code


ProblemCode = TypeAliasType(
    "ProblemCode",
    Annotated[
        str,
        AfterValidator(_of_the_table),
        WithJsonSchema({"type": "string", "enum": sorted(PROBLEM_CODES)}),
    ],
)
"""A schema of its own in OpenAPI, so that generated clients have a type of this name."""


class WrongField(BaseModel):
    """One invalid place of the request, and the reason."""

    field: str = Field(
        description="The name of a member of the body (`mint.endAt`, `items.0.quantity`), or `body` for the whole "
        "body; a parameter has `query.`, `path.` or `header.` before its name",
        examples=["mint.endAt"],
    )
    reason: str = Field(examples=["is required"])


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["There is no such thing, or it is not yours"])
    status: int = Field(examples=[404])
    code: ProblemCode = Field(description="Stable and machine readable", examples=["not_found"])
    detail: str = Field(
        description="What is wrong, in a sentence", examples=["There is no such thing, or it is not yours"]
    )
    fields: list[WrongField] | None = Field(None, description="With `invalid_input`: every invalid place")
    reason: str | None = Field(None, description="With `not_eligible`: the name of the contract's error")
    arguments: dict[str, str] | None = Field(
        None, description="With `not_eligible`: the arguments of that error, by name"
    )
    findings: list[OrderFinding] | None = Field(None, description="With `order_refused`: all that is wrong")
    upstream: Upstream | None = Field(None, description="With a status of 503: the kind of part that failed")


def problem(
    status: int, code: str, title: str, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    body |= {name: value for name, value in extra.items() if name not in body}
    return Response(json_bytes(body), status, headers=headers, media_type=PROBLEM_JSON)


def problem_of(error: SteadymintError) -> Response:
    """The problem document of an error. One that is known between our own parts only is told as an outage or as a
    fault of ours."""
    if error.code not in PROBLEM_CODES:
        _log.error("internal_error_told", code=error.code, detail=error.detail)
        upstream = error.extra.get("upstream")
        error = UpstreamUnavailableError(upstream=upstream) if error.retryable else SteadymintError()
    if isinstance(error, RateLimitedError):
        LIMITED.labels(error.extra.get("limit", "other")).inc()
    headers: dict[str, str] = {}
    if error.retry_after is not None or error.status in (429, 503):
        headers["Retry-After"] = str(max(1, ceil(error.retry_after or 1)))
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.code, error.title, error.detail, headers=headers, **error.extra)


def responses(*errors: type[SteadymintError]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of the problems that a route answers with, one example per code."""
    found: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        entry = found.setdefault(
            error.status, {"model": Problem, "description": "", "content": {PROBLEM_JSON: {"examples": {}}}}
        )
        entry["description"] = ", ".join(filter(None, [entry["description"], f"`{error.code}`"]))
        if error.status in (429, 503):
            entry["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
        entry["content"][PROBLEM_JSON]["examples"][error.code] = {"value": _example_of(error)}
    return found


def _example_of(error: type[SteadymintError]) -> dict[str, Any]:
    body = {"type": "about:blank", "title": error.title, "status": error.status, "code": error.code}
    return body | {"detail": error.title} | _EXAMPLES.get(error.code, {})


_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "upstream_unavailable": {"upstream": "node"},
    "not_pinned": {"upstream": "pinning"},
    "order_refused": {
        "detail": "The signature is not the maker's.",
        "findings": [
            {
                "code": "bad_signature",
                "severity": "refused",
                "message": "The signature is not the maker's.",
                "whatToDo": "Sign the order with the maker's wallet, on this chain.",
            }
        ],
    },
    "not_eligible": {
        "detail": "Only 1 is left; you asked for 2.",
        "reason": "MaxSupplyExceeded",
        "arguments": {"wanted": "2", "left": "1"},
    },
}
"""The additional members of some problems."""

Refused = Callable[[HTTPConnection, SteadymintError], Awaitable[None]]
"""Is told of an error of ours before it is answered. It never fails."""


def install(app: FastAPI, refused: Refused | None = None) -> None:
    """Register handlers so that every failed request is answered with a problem document. `refused` is told of each
    error that a route raises."""

    async def ours(request: Request, error: Exception) -> Response:
        found = cast(SteadymintError, error)
        if refused is not None:
            await refused(request, found)
        return problem_of(found)

    async def invalid(_: Request, error: Exception) -> Response:
        return _invalid_input(cast(RequestValidationError, error))

    async def http(_: Request, error: Exception) -> Response:
        found = cast(HTTPException, error)
        if found.status_code == 400 and isinstance(found.__cause__, _UNREADABLE):
            return problem_of(errors.InvalidInputError("The body is not JSON in UTF-8, or is too deep to read"))
        title = str(found.detail)
        code = _OF_STATUS.get(found.status_code, errors.BadRequestError).code
        return problem(found.status_code, code, title, title, headers=dict(found.headers or {}))

    async def outage(_: Request, error: Exception) -> Response:
        _log.warning("store_unavailable", error=type(error).__name__)
        return problem_of(unavailable(error))

    async def unexpected(_: Request, error: Exception) -> Response:
        return _unexpected(error)

    app.add_exception_handler(SteadymintError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in OUTAGES:
        app.add_exception_handler(kind, outage)
    app.add_exception_handler(Exception, unexpected)


class UnexpectedErrors:
    """Answers errors without a handler, inside the middleware that adds headers.

    Starlette would answer them outside all middleware. The answer would have no request id and no CORS headers, so a
    page of another origin could not tell our fault from a network error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if started:  # the answer has begun: the connection is closed, and the reader sees that
                raise
            await _unexpected(error)(scope, receive, send)


def _unexpected(error: Exception) -> Response:
    """The answer to an error of our own. The log has the details, under the id of the request."""
    _log.error("request_failed", error=type(error).__name__, exc_info=error)
    return problem_of(SteadymintError("Something went wrong; it has been logged"))


def _invalid_input(error: RequestValidationError) -> Response:
    """The answer to invalid input: fields and reasons. It never repeats a value, which may be a signature or a
    token."""
    # A parameter that a route and its dependency both name is looked at for each of them.
    told = dict.fromkeys((_field(found), _reason(found)) for found in _own(list(error.errors())))
    fields = [{"field": field, "reason": reason} for field, reason in list(told)[:20]]
    detail = "; ".join(f"{found['field']}: {found['reason']}" for found in fields[:3])
    return problem(422, "invalid_input", "The input is not valid", detail, fields=fields)


def _field(found: dict[str, Any]) -> str:
    """The name of the member that is wrong; `body` for the whole body."""
    if found["type"] == "json_invalid":  # its place is a character offset
        return "body"
    names = [printable(str(part), NAME_CHARACTERS) for part in found["loc"] if part != "body"]
    return ".".join(names) or "body"


def _own(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The errors without "too short" for a list whose items were refused, because those items are named already."""
    places = [one["loc"] for one in found]
    return [
        one
        for one in found
        if one["type"] != "too_short" or not any(p[:-1][: len(one["loc"])] == one["loc"] for p in places)
    ]


def _reason(found: dict[str, Any]) -> str:
    """The reason in the words of this API, or in pydantic's words."""
    match found["type"]:
        case "extra_forbidden":
            return "is not known"
        case "missing":
            return "is required"
        case "json_invalid":
            return "is not JSON"
        case "uuid_parsing":
            return "must be a UUID"
        case "too_short":
            return "has too few items"
        case "too_long":
            return "has too many items"
        case "model_attributes_type" if found["loc"] == ("body",):
            return "must be a JSON object, sent as Content-Type: application/json"
        case _:
            message = str(found["msg"]).removeprefix("Value error, ")[:200]
            return re.sub(r"^\w+ should ", "must ", message)
