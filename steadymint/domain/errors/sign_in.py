"""Errors of sign-in, sessions and user accounts."""

from __future__ import annotations

from steadymint.domain.errors.base import ConflictError, SteadymintError, UnauthorizedError, UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream


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


class AccountDeletingError(AccountClosedError):
    """The user has asked for the deletion and can still take it back. `extra["deletesAt"]` says until when."""

    code = "account_deleting"
    title = "This account will be deleted; sign in with takeBackDeletion to keep it"


class AttemptAbandonedError(UpstreamUnavailableError):
    """The request stopped waiting for the sign-in and recorded that in the log of attempts."""

    upstream = Upstream.TEMPORAL
    title = "The sign-in was abandoned before it was granted; try again"
    retryable = False


class UsernameTakenError(ConflictError):
    code = "username_taken"
    title = "This username, or one that looks like it, is taken"


class UsernameChangedRecentlyError(ConflictError):
    code = "username_changed_recently"
    title = "You have taken a new username in the last 30 days"


class UsernameNeededError(ConflictError):
    code = "username_needed"
    title = "Choose a username first; others see who follows them"


class DomainNotAllowedError(SteadymintError):
    code = "domain_not_allowed"
    status = 422
    title = "This domain may not ask for sign-ins"


class RecentSignInNeededError(UnauthorizedError):
    """The session is too old for a deed that a thief of the session must not do."""

    code = "recent_sign_in_needed"
    status = 403
    title = "Sign in again first"


class WalletIsPrimaryError(ConflictError):
    code = "wallet_is_primary"
    title = "This wallet is the primary wallet of another user"


class WalletLinkedElsewhereError(ConflictError):
    code = "wallet_linked_elsewhere"
    title = "This wallet is linked to another user; send the same proof with `move`, and it becomes yours"


class LastWalletError(ConflictError):
    code = "last_wallet"
    title = "This is your only wallet, and without one you could not sign in; link another one first"
