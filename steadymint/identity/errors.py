"""What can be wrong with a sign-in beyond the errors that every part knows (`steadymint.domain.errors`)."""

from __future__ import annotations

from steadymint.domain.errors import InvalidMessageError, UnauthorizedError


class InvalidFieldError(InvalidMessageError):
    """Well-formed, but a field is over its cap or the body has no message at all."""

    status = 422


class UnreadableBodyError(InvalidMessageError):
    """The body is no JSON that two parsers would read alike."""

    status = 400


class SessionEndedError(UnauthorizedError):
    title = "The session has ended; sign in again"
