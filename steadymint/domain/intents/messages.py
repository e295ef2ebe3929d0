"""What the flows of intents are told, and what they answer.

These records are in workflow history, so they hold no secret: no token, no signature, no URL of a node.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentView
from steadymint.domain.outcome import Outcome, Refusal, outcome_of
from steadymint.domain.record import Record
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ShownAddress, TokenIdField, TxHash

# Updates, the same for every kind
PREPARE: Final = "prepare"
TRACK: Final = "track"
RETRY_STEP: Final = "retry_step"
EXTEND_DEADLINE: Final = "extend_deadline"
REBIND_HASH: Final = "rebind_hash"
CANCEL: Final = "cancel"
# Signals
LANDED: Final = "landed"
TAKEN_BACK: Final = "taken_back"


class PrepareRequest(Record):
    """The argument of `prepare`. `request_id` lets the one request that made the intent know that it did."""

    request_hash: str
    request_id: str


class Prepared(Record):
    """What the wallet is to sign, and the intent at its first step."""

    view: IntentView
    tx_request: TxRequest
    preview_address: ShownAddress | None = None
    """Where the contract that it makes will be."""
    request_id: str = ""
    """The request that made it."""

    @classmethod
    def of(cls, row: IntentRow) -> Prepared:
        """What was written for the intent."""
        preview = row.contract if KINDS[row.kind].makes_contract else None
        return cls(view=row.view, tx_request=row.tx_request, preview_address=preview)


class TrackRequest(Record):
    tx_hash: TxHash


class FollowOrder(Record):
    """Which transaction `follow_transaction` is to follow. All else is in the intent's row."""

    intent_id: UUID
    tx_hash: TxHash


class Followed(Record):
    """How the wait ended: with the intent's final view, or with the hash refused and the intent as it was."""

    view: IntentView | None = None
    refusal: Refusal | None = None


class FlowResult(Record):
    """What a finished flow shows in the Temporal UI."""

    intent_id: UUID
    outcome: Outcome
    step: Step | None = None
    """None for a request that was refused: there is no intent."""
    tx_hash: TxHash | None = None
    contract: ShownAddress | None = None
    token_ids: tuple[TokenIdField, ...] = ()
    error: str | None = None
    """The code of what went wrong."""
    reason: str | None = None
    """The same in a sentence."""

    @classmethod
    def of(cls, end: IntentView) -> FlowResult:
        return cls(
            intent_id=end.intent_id,
            outcome=outcome_of(end),
            step=end.step,
            tx_hash=end.tx_hash,
            contract=end.contract,
            token_ids=end.token_ids or (),
            error=end.error.code if end.error else None,
            reason=end.error.detail if end.error else None,
        )

    @classmethod
    def refused(cls, intent_id: UUID, refusal: Refusal) -> FlowResult:
        return cls(intent_id=intent_id, outcome=Outcome.REFUSED, error=refusal.code, reason=refusal.detail)


class Landed(Record):
    """Told by the indexer: the intent's own transaction is N confirmations deep and in the catalog."""

    view: IntentView


class TakenBack(Record):
    """Told by the indexer: a reorg has taken back that the intent had ended. `view` is the intent since then."""

    view: IntentView
