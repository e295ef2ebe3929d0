"""The base of our errors, and the errors that any part may raise."""

from __future__ import annotations

from typing import Any, ClassVar

from steadymint.domain.upstreams import Upstream


class SteadymintError(Exception):
    """The base of every error that we expect.

    `code` is stable and machine readable. `status` is the HTTP status. `retryable` says whether the same call may
    succeed later although nothing was changed. `extra` adds members to the problem document.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False
    upstream: ClassVar[Upstream | None] = None
    """The part that failed, where it is the same for every error of the class."""

    def __init__(self, detail: str = "", *, retry_after: float | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after = retry_after
        """Seconds to wait before the next try, if the other side named a wait."""
        if self.upstream is not None:
            extra.setdefault("upstream", self.upstream.value)
        self.extra = {name: value for name, value in extra.items() if value is not None}


class NotFoundError(SteadymintError):
    code = "not_found"
    status = 404
    title = "There is no such thing, or it is not yours"


class InvalidInputError(SteadymintError):
    code = "invalid_input"
    status = 422
    title = "The input is not valid"


class UnauthorizedError(SteadymintError):
    code = "unauthorized"
    status = 401
    title = "Sign in first"


class InvalidCursorError(InvalidInputError):
    code = "invalid_cursor"
    title = "The cursor is not one of this list with these filters, or it has expired; start from the first page"


class ConflictError(SteadymintError):
    code = "conflict"
    status = 409
    title = "The current state does not allow this request"


class IdempotencyMismatchError(SteadymintError):
    code = "idempotency_mismatch"
    status = 422
    title = "This Idempotency-Key was used with another body"


class RateLimitedError(SteadymintError):
    code = "rate_limited"
    status = 429
    title = "Too many requests"
    retryable = True


class UpstreamUnavailableError(SteadymintError):
    """`extra["upstream"]` names the part (`steadymint.domain.upstreams`)."""

    code = "upstream_unavailable"
    status = 503
    title = "A service that we depend on does not answer; try again"
    retryable = True
