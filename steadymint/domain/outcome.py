"""How a flow ended, in the one word that operators filter by, and why a caller's request was refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentView
from steadymint.domain.record import Record


class Outcome(StrEnum):
    """The search attribute `Outcome`. A flow that runs has none, and one that failed has none: it needs a person."""

    READY = "ready"
    """It did what was asked for."""
    REFUSED = "refused"
    """The request could not be granted, and the caller was told why. Nobody has to do anything."""
    REVERTED = "reverted"
    """The transaction was mined and the contract refused it."""
    MISMATCHED = "mismatched"
    """The transaction succeeded, but the contract did not report what was prepared."""
    EXPIRED = "expired"
    """No transaction was mined before the deadline."""
    REPLACED = "replaced"
    """The wallet used the nonce for another call."""
    CANCELLED = "cancelled"
    """An operator ended it."""


class Refusal(Record):
    """Why a request, or a transaction hash, was not taken: the code and the sentence of the caller's problem."""

    code: str
    detail: str


_OF_STEP: Final = {Step.READY: Outcome.READY, Step.EXPIRED: Outcome.EXPIRED, Step.REPLACED: Outcome.REPLACED}
_OF_ERROR: Final[dict[str, Outcome]] = {
    IntentErrorCode.CANCELLED: Outcome.CANCELLED,
    IntentErrorCode.TRANSACTION_MISMATCH: Outcome.MISMATCHED,
}


def outcome_of(end: IntentView) -> Outcome:
    """The outcome of an intent that has ended. A `failed` one was reverted, unless its error says otherwise."""
    code = end.error.code if end.error is not None else ""
    return _OF_STEP.get(end.step) or _OF_ERROR.get(code, Outcome.REVERTED)
