"""The answer to `prepare` of a purchase or a sale: what it fills, what it costs, and the steps of the wallet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.intents.approve import approval_step
from api.intents.preparing import Asking
from api.intents.views import PreparedAnswer, prepared_example
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.fills import FillOutcome, MissingOrder, PlannedOrder
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import FINAL_STEPS, STATUS_OF, IntentStatus
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ChainId, IntentId, ShownAddress, UserId, WeiField

ENDED: Final = {STATUS_OF[step] for step in FINAL_STEPS}


class PreparedStep(BaseModel):
    """One transaction for the wallet to sign. Each is an intent of its own."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    kind: IntentKind
    intent_id: UUID
    status: IntentStatus
    tx_request: TxRequest

    @classmethod
    def of(cls, answer: PreparedAnswer) -> PreparedStep:
        return cls(kind=answer.kind, intent_id=answer.intent_id, status=answer.status, tx_request=answer.tx_request)


class FillAnswer(PreparedAnswer):
    """Go through `steps` in their order. Leave out a step whose status is `ready`. Else hand its `txRequest` to the
    wallet, report the hash to `track` of its `intentId`, and wait until that intent is `ready`. The last step is this
    intent itself, the same as `intentId` and `txRequest`."""

    steps: list[PreparedStep]
    orders: tuple[PlannedOrder, ...] = Field(description="The orders that the transaction fills")
    missing: tuple[MissingOrder, ...] = Field(description="The orders that were asked for and cannot be filled now")
    total: str = Field(
        description="What it costs, or brings after fees, in whole units of the currency, if it is mined now",
        examples=["1.5"],
    )
    total_amount: WeiField = Field(description="The same in the currency's smallest unit")
    limit: str = Field(description="The most that it can cost, or the least that it can bring", examples=["1.5"])
    limit_amount: WeiField
    currency: ShownAddress | None = Field(None, description="Left out for the chain's own currency")
    currency_symbol: str = Field(examples=["ETH"])
    simulated: Annotated[
        bool,
        Field(
            description="Whether this very transaction was tried and accepted. False if an approval comes first and "
            "the chain's node cannot try both together. Prepare again once it is given, to have it tried"
        ),
    ]


async def fill_answer(asking: Asking, chain_id: ChainId, answer: PreparedAnswer, terms: type[Any]) -> FillAnswer:
    """The answer with its steps. `terms`: the class of the intent's terms, which hold what `prepare` found out."""
    kept = await asking.services.intents.request_of(IntentId(answer.intent_id), UserId(asking.session.user_id))
    outcome: FillOutcome = terms.model_validate(kept).outcome
    # What has ended needs no approval any more.
    approvals = () if answer.status in ENDED else outcome.approvals
    steps = await _approval_steps(asking, chain_id, answer.intent_id, approvals)
    return FillAnswer(
        **dict(answer),
        steps=[*steps, PreparedStep.of(answer)],
        **{name: value for name, value in outcome if name != "approvals"},
    )


async def _approval_steps(
    asking: Asking, chain_id: ChainId, intent_id: UUID, approvals: Sequence[ApproveTerms]
) -> list[PreparedStep]:
    """The intents of the approvals, made with the first answer and found by all others."""
    steps: list[PreparedStep] = []
    for number, approval in enumerate(approvals):
        found = await approval_step(asking, chain_id, approval, f"{intent_id}:{number}")
        if found is not None:
            steps.append(PreparedStep.of(found))
    return steps


def fill_example(kind: IntentKind, approval: dict[str, Any], fill: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An answer of this kind that needs an approval first."""
    own = prepared_example(kind, **fill)
    first = {name: own[name] for name in ("status", "txRequest")}
    return own | {
        "steps": [
            first | approval | {"txRequest": own["txRequest"] | approval["txRequest"]},
            {name: own[name] for name in ("kind", "intentId", "status", "txRequest")},
        ],
        "orders": [{"orderHash": "0x" + "5e" * 32, "quantity": "1"}],
        "missing": [],
        **more,
        "simulated": True,
    }
