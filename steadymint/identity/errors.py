"""The errors of sign-in, beside the common ones of `steadymint.domain.errors`."""

from __future__ import annotations

from steadymint.domain.errors import InvalidMessageError, UnauthorizedError


class InvalidFieldError(InvalidMessageError):
    """The message is well-formed and a field is over its limit, or the body has no message."""

    status = 422


class UnreadableBodyError(InvalidMessageError):
    """The body is no JSON that two parsers would read alike."""

    status = 400


class SessionEndedError(UnauthorizedError):
    title = "The session has ended; sign in again"
