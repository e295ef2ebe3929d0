"""The errors of the product. `api.http.problems` turns them into HTTP, `steadymint.durable.failures` into Temporal
failures.

An error says what happened and what to do next. It never holds a secret, a URL of a node, or a line of SQL.

The classes of this module are the problems that a client may get. `PROBLEM_CODES` are their codes, and OpenAPI lists
exactly those. Clients never get the errors of other modules.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Final

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


# -- HTTP ------------------------------------------------------------------------------------------------------------


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


# -- sign-in ---------------------------------------------------------------------------------------------------------


class SignInError(UnauthorizedError):
    """The base of the errors of a sign-in. `code` is also the `login_events.result`."""


class InvalidMessageError(SignInError):
    code = "invalid_message"
    title = "The message is not a valid sign-in message for this site"


class MessageTooLargeError(InvalidMessageError):
    status = 413
    title = "The message or signature is too large"


class InvalidSignatureError(SignInError):
    code = "invalid_signature"
    title = "The signature does not match the message and the account"


class InvalidNonceError(SignInError):
    code = "invalid_nonce"
    title = "The nonce is unknown, used, or was issued for another sign-in"


class ExpiredNonceError(SignInError):
    code = "expired_nonce"
    title = "The nonce has expired; ask for a new one"


class AccountClosedError(UnauthorizedError):
    """The account's owner is banned or suspended, or has left."""

    code = "account_closed"
    status = 403
    title = "This account is closed"


class AttemptAbandonedError(UpstreamUnavailableError):
    """The request stopped waiting for the sign-in and recorded that in the log of attempts."""

    upstream = Upstream.TEMPORAL
    title = "The sign-in was abandoned before it was granted; try again"
    retryable = False


class UsernameTakenError(ConflictError):
    code = "username_taken"
    title = "This username is taken"


class DomainNotAllowedError(SteadymintError):
    code = "domain_not_allowed"
    status = 422
    title = "This domain may not ask for sign-ins"


# -- chains ----------------------------------------------------------------------------------------------------------


class UnknownChainError(SteadymintError):
    code = "unknown_chain"
    status = 422
    title = "This chain is not registered or not enabled"


class UnknownCollectionError(SteadymintError):
    code = "unknown_collection"
    status = 422
    title = "This contract is not a collection of this marketplace, or is not indexed yet"


class UnknownMediaError(SteadymintError):
    code = "unknown_media"
    status = 422
    title = "There is no such media; upload it first"


class UnreadableMediaError(SteadymintError):
    """The media is known, but its bytes cannot be read back. `extra["mediaIds"]` names some of them."""

    code = "unreadable_media"
    status = 422
    title = "The bytes of this media are gone; upload or publish it again"


class NotPinnedError(SteadymintError):
    """The media is stored, but the pinning service does not have it yet."""

    upstream = Upstream.PINNING
    code = "not_pinned"
    status = 503
    title = "IPFS does not have all of this yet; try again in a few seconds"
    retryable = True


class MissingMetadataError(SteadymintError):
    """The mint would make a token without a document at its token URI."""

    code = "missing_metadata"
    status = 422
    title = "There is no metadata for these tokens"


class CallRevertedError(SteadymintError):
    """The contract refuses the transaction that we would hand out, or has refused it on chain."""

    code = "call_reverted"
    status = 422
    title = "The contract would refuse this transaction"


class NotEligibleError(CallRevertedError):
    """`extra["reason"]` holds the decoded error's name, `extra["arguments"]` its arguments as strings."""

    code = "not_eligible"
    title = "The contract's rules do not allow this mint now"


class InsufficientFundsError(CallRevertedError):
    code = "insufficient_funds"
    title = "The account cannot pay for this transaction"


# -- importing -------------------------------------------------------------------------------------------------------


class ContractNotFoundError(NotFoundError):
    code = "contract_not_found"
    title = "There is no contract at this address on this chain"


class NotACollectionError(InvalidInputError):
    code = "not_a_collection"
    title = "This contract does not declare ERC-721 or ERC-1155 (by ERC-165)"


class ChainNotIndexedError(InvalidInputError):
    code = "chain_not_indexed"
    title = "This chain is not indexed"


class AlreadyInCatalogError(ConflictError):
    code = "already_in_catalog"
    title = "This collection is in the catalog already"


class TooManyImportsError(RateLimitedError):
    """The imports of this chain that users asked for are at their limit. Operators may ask for more."""

    code = "too_many_imports"
    title = "Too many collections of this chain are being imported; try again later"
    retryable = False


class ImportAbandonedError(ConflictError):
    """The import's row is gone because an operator deleted the collection."""

    code = "import_abandoned"
    title = "The import was abandoned"


# -- media -----------------------------------------------------------------------------------------------------------


class UnsupportedMediaError(SteadymintError):
    code = "unsupported_media"
    status = 422
    title = "This kind of file is not accepted: upload a PNG, JPEG, GIF, WebP, AVIF or SVG picture"


class MediaTooLargeError(SteadymintError):
    code = "media_too_large"
    status = 413
    title = "The file is too large"


class MediaRefusedError(SteadymintError):
    """The file is damaged, costs too much to decode, or refers to something outside it."""

    code = "media_refused"
    status = 422
    title = "The file cannot be accepted as it is"


class UploadInterruptedError(SteadymintError):
    """The client is gone, so nobody reads the answer. The access log shows it."""

    code = "upload_interrupted"
    status = 400
    title = "The upload was interrupted"


# -- intents ---------------------------------------------------------------------------------------------------------


class NotOwnerError(SteadymintError):
    code = "not_owner"
    status = 422
    title = "This transaction was not sent by the intent's account"


class TransactionMismatchError(SteadymintError):
    code = "transaction_mismatch"
    status = 422
    title = "This transaction is not the one that was prepared"


class HashAlreadyTrackedError(ConflictError):
    code = "hash_already_tracked"
    title = "This transaction already belongs to another intent"


class SupersededError(ConflictError):
    code = "superseded"
    title = "A newer transaction hash has been reported for this intent"


class IntentFinalError(ConflictError):
    code = "intent_final"
    title = "The intent has already ended"


class IntentErrorCode(StrEnum):
    """Why an intent ended without being fulfilled."""

    CALL_REVERTED = "call_reverted"
    """The transaction was mined and reverted."""
    TRANSACTION_MISMATCH = "transaction_mismatch"
    """The transaction succeeded, and its effect is not what was prepared."""
    REPLACED = "replaced"
    """The wallet used the nonce for another call."""
    DEADLINE_PASSED = "deadline_passed"
    """Nothing was mined in time."""
    CANCELLED = "cancelled"
    """An operator ended the intent."""


PROBLEM_CODES: Final = frozenset(
    found.code for found in list(vars().values()) if isinstance(found, type) and issubclass(found, SteadymintError)
)
"""The values of `code` in problem documents."""
