"""Requests that break a rule of HTTP, or ask for more than the server takes."""

from __future__ import annotations

from steadymint.domain.errors.base import SteadymintError


class BadRequestError(SteadymintError):
    code = "bad_request"
    status = 400
    title = "The request breaks a rule of HTTP"


class MethodNotAllowedError(SteadymintError):
    code = "method_not_allowed"
    status = 405
    title = "This path does not take this method"


class RequestTimeoutError(SteadymintError):
    code = "request_timeout"
    status = 408
    title = "The body did not arrive in time"


class TooLargeError(SteadymintError):
    code = "too_large"
    status = 413
    title = "The body is too large"


class UnsupportedMediaTypeError(SteadymintError):
    code = "unsupported_media_type"
    status = 415
    title = "The body is of a type that this route does not take"


class RangeNotSatisfiableError(SteadymintError):
    code = "range_not_satisfiable"
    status = 416
    title = "The range lies beyond the file"


class HeadersTooLargeError(SteadymintError):
    code = "headers_too_large"
    status = 431
    title = "The request has too many or too long headers"


class OriginNotAllowedError(SteadymintError):
    """The answer to a CORS preflight from an origin that is not allowed."""

    code = "origin_not_allowed"
    status = 403
    title = "Pages of this origin may not read answers of this API"


class QueryTooCostlyError(SteadymintError):
    code = "query_too_costly"
    status = 422
    title = "The GraphQL operation asks for too much at once"
