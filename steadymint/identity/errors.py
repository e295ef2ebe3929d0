"""The errors of sign-in and of proofs, beside the common ones of `steadymint.domain.errors`."""

from __future__ import annotations

from typing import Final

from steadymint.domain.errors import (
    ExpiredNonceError,
    InvalidMessageError,
    InvalidNonceError,
    InvalidSignatureError,
    SignInError,
    UnauthorizedError,
)


class InvalidFieldError(InvalidMessageError):
    """The message is well-formed and a field is over its limit, or the body has no message."""

    status = 422


class UnreadableBodyError(InvalidMessageError):
    """The body is no JSON that two parsers would read alike."""

    status = 400


class SessionEndedError(UnauthorizedError):
    title = "The session has ended; sign in again"


# A proof that links a wallet is input of somebody who is signed in. A 401 would send their client to refresh a session
# that is valid.


class RefusedMessageError(InvalidMessageError):
    status = 422


class RefusedSignatureError(InvalidSignatureError):
    status = 422


class RefusedNonceError(InvalidNonceError):
    status = 422


class RefusedLateNonceError(ExpiredNonceError):
    status = 422


_AS_INPUT: Final[dict[str, type[SignInError]]] = {
    error.code: error
    for error in (RefusedMessageError, RefusedSignatureError, RefusedNonceError, RefusedLateNonceError)
}


def as_bad_input(error: SignInError) -> SignInError:
    """The error of a sign-in as that of another request: the same code, under 422 in place of 401."""
    refused = _AS_INPUT.get(error.code) if error.status == SignInError.status else None
    return error if refused is None else refused(error.detail, **error.extra)
