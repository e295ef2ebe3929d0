"""The one place where our errors become Temporal failures, and the way back."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, ParamSpec, TypeVar

from temporalio.exceptions import ApplicationError, FailureError

from steadymint.domain import errors
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.outcome import Refusal
from steadymint.domain.upstreams import Upstream

P = ParamSpec("P")
R = TypeVar("R")

SERVER_FAULT: Final = 500
"""The lowest HTTP status that blames the server (RFC 9110, 15.6)."""
_ENDED_MEANWHILE: Final = "AcceptedUpdateCompletedWorkflow"
"""The type of the server's error for an update that a flow had accepted and left open when it ended."""


def to_failure(error: SteadymintError) -> ApplicationError:
    """The failure of an error. `type` is the error's code, and `retry_after` becomes the delay of the next try."""
    return ApplicationError(
        error.detail,
        error.extra,
        type=error.code,
        non_retryable=not error.retryable,
        next_retry_delay=timedelta(seconds=error.retry_after) if error.retry_after else None,
    )


def activity_boundary(activity: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A decorator below `@activity.defn`: our errors reach Temporal as `ApplicationError`s."""

    @functools.wraps(activity)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await activity(*args, **kwargs)
        except SteadymintError as error:
            raise to_failure(error) from None

    return call


def from_failure(failure: BaseException) -> SteadymintError:
    """The error at the root of a failed update or workflow; an unknown one becomes `UpstreamUnavailableError`.

    Used by the API: the same error that an activity raised reaches the client as a problem document.
    """
    root: BaseException | None = failure
    while root is not None:
        if isinstance(root, ApplicationError) and root.type in _BY_CODE:
            return _rebuild(root)
        if isinstance(root, ApplicationError) and root.type == _ENDED_MEANWHILE:
            return errors.IntentFinalError()
        root = root.__cause__ if isinstance(root, FailureError) or root is failure else None
    return UpstreamUnavailableError(
        "The flow could not be reached or did not answer in time; try again", upstream=Upstream.TEMPORAL
    )


def refusal_of(failure: BaseException) -> Refusal | None:
    """The refusal, if the request was at fault. None if a part of ours has failed, which a person has to look at."""
    error = from_failure(failure)
    return Refusal(code=error.code, detail=error.detail) if error.status < SERVER_FAULT else None


def _rebuild(failure: ApplicationError) -> SteadymintError:
    extra: dict[str, Any] = {}
    if failure.details and isinstance(failure.details[0], dict):
        extra = {str(key): value for key, value in failure.details[0].items()}
    return _BY_CODE[failure.type or ""](failure.message, **extra)


def _all_errors(base: type[SteadymintError]) -> list[type[SteadymintError]]:
    return [base, *(found for child in base.__subclasses__() for found in _all_errors(child))]


# Where a class and its subclass share a code (MessageTooLarge is an invalid_message), the base wins.
_BY_CODE: dict[str, type[SteadymintError]] = {
    error.code: error for error in reversed(_all_errors(errors.SteadymintError))
}
