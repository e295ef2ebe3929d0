"""Errors of intents and their transactions, and why an intent has failed."""

from __future__ import annotations

from enum import StrEnum

from steadymint.domain.errors.base import ConflictError, SteadymintError


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


class AlreadySatisfiedError(ConflictError):
    """What is asked for is so already. The API answers that as a success, so clients do not get it as a problem."""

    code = "already_satisfied"
    title = "There is nothing to sign"


class OperatorUnknownError(SteadymintError):
    code = "operator_unknown"
    status = 422
    title = "This marketplace does not ask anybody to approve that contract"


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
