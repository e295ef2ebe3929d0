"""One error base. `api.http.problems` turns it into HTTP, `steadymint.durable.failures` into Temporal failures.

An error says what happened, to whom, and what to do next; never a secret, a URL of a node, or a line of SQL.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SteadymintError(Exception):
    """Base of every error that we expect.

    `code` is stable and machine readable; `status` is the HTTP status; `retryable` says whether the same call may
    succeed later without anybody changing anything. `extra` adds members to the problem document.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, retry_after: float | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after = retry_after
        """Seconds to wait before trying again, where the other side has said so."""
        self.extra = extra


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


class ConflictError(SteadymintError):
    code = "conflict"
    status = 409
    title = "The request does not fit the present state"


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
    code = "upstream_unavailable"
    status = 503
    title = "A part we depend on does not answer; try again"
    retryable = True


# -- sign-in ---------------------------------------------------------------------------------------------------------


class SignInError(UnauthorizedError):
    """Base of what can be wrong with a sign-in; `code` is also the `login_events.result`."""


class InvalidMessageError(SignInError):
    code = "invalid_message"
    title = "The message is not a valid sign-in message for this site"


class MessageTooLargeError(InvalidMessageError):
    status = 413
    title = "The message or signature is too large"


class InvalidSignatureError(SignInError):
    code = "invalid_signature"
    title = "The signature does not fit the message and account"


class InvalidNonceError(SignInError):
    code = "invalid_nonce"
    title = "The nonce is unknown, used, or was given for another sign-in"


class ExpiredNonceError(SignInError):
    code = "expired_nonce"
    title = "The nonce has expired; ask for a new one"


class AccountClosedError(UnauthorizedError):
    """The account's owner has been banned or suspended, or has left."""

    code = "account_closed"
    status = 403
    title = "This account is closed"


class AttemptAbandonedError(UpstreamUnavailableError):
    """The request that wanted the sign-in has given up waiting for it, and said so in the log of attempts."""

    title = "The sign-in was given up before it was granted; try again"
    retryable = False


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
    """What is known by its id, and its bytes cannot be read back. `extra["mediaIds"]` names some of them."""

    code = "unreadable_media"
    status = 422
    title = "The bytes of this media are gone; upload or publish it again"


class NotPinnedError(SteadymintError):
    """It is stored, and the service that is to keep it on IPFS does not have it yet."""

    code = "not_pinned"
    status = 503
    title = "IPFS does not have all of this yet; try again in some seconds"
    retryable = True


class MissingMetadataError(SteadymintError):
    """A token would be minted whose metadata is not where its contract points."""

    code = "missing_metadata"
    status = 422
    title = "There is no metadata for these tokens"


class CallRevertedError(SteadymintError):
    """The contract refuses the very transaction we would hand out, or has refused it on chain."""

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
    title = "This contract does not say that it is an ERC-721 or an ERC-1155 (by ERC-165)"


class ChainNotIndexedError(InvalidInputError):
    code = "chain_not_indexed"
    title = "This chain is not indexed"


class AlreadyInCatalogError(ConflictError):
    code = "already_in_catalog"
    title = "This collection is in the catalog already"


class TooManyImportsError(RateLimitedError):
    """As many of this chain are under way as users may ask for; operators may ask for more."""

    code = "too_many_imports"
    title = "Many collections of this chain are being imported; ask again later"
    retryable = False


class ImportAbandonedError(ConflictError):
    """Its row has gone: an operator has deleted the collection."""

    code = "import_abandoned"
    title = "The import was abandoned"


# -- media -----------------------------------------------------------------------------------------------------------


class UnsupportedMediaError(SteadymintError):
    code = "unsupported_media"
    status = 422
    title = "This kind of file is not taken: upload a PNG, JPEG, GIF, WebP, AVIF or SVG picture"


class MediaTooLargeError(SteadymintError):
    code = "media_too_large"
    status = 413
    title = "The file is too large"


class MediaRefusedError(SteadymintError):
    """It is damaged, or would cost too much to decode, or refers to what is not in it."""

    code = "media_refused"
    status = 422
    title = "The file cannot be taken as it is"


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
    title = "Another transaction hash has been given for this intent since"


class IntentFinalError(ConflictError):
    code = "intent_final"
    title = "The intent has already ended"
