"""Intents as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from api.http.bounded import Bounded
from api.http.pagination import PageQuery
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import IntentStatus
from steadymint.domain.intents.view import IntentView, show_time
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ShownAddress, TxHashField

INTENT_EXAMPLE: Final[dict[str, Any]] = {
    "intentId": "3e581ecf-a63f-4f0a-8a8e-86724404344e",
    "kind": "mint",
    "status": "ready",
    "step": "ready",
    "chainId": "eip155:31337",
    "txHash": "0x" + "ab" * 32,
    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "tokenIds": ["1", "2", "3"],
    "confirmations": 2,
    "requiredConfirmations": 2,
    "deadlineAt": "2026-01-31T18:00:00.000Z",
    "createdAt": "2026-01-31T12:00:00.000Z",
    "updatedAt": "2026-01-31T12:00:04.000Z",
    "workflowId": "mint:3e581ecf-a63f-4f0a-8a8e-86724404344e",
}
TRACKED_EXAMPLE: Final = {
    name: value for name, value in INTENT_EXAMPLE.items() if name not in ("tokenIds", "confirmations")
} | {"status": "pending", "step": "tracked"}


def prepared_example(kind: IntentKind, **changes: Any) -> dict[str, Any]:
    """What `prepare` answers for this kind; `changes` are members of `txRequest`."""
    asked = {
        "chainId": "eip155:31337",
        "from": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "to": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "value": "0",
    }
    return {
        "intentId": "831d4929-1705-557d-b527-e71aaac43799",
        "kind": kind.value,
        "status": "pending",
        "txRequest": asked | changes,
        "deadlineAt": "2026-01-31T18:00:00.000Z",
    }


class TrackBody(Bounded):
    """The wallet's answer to `eth_sendTransaction`."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    tx_hash: TxHashField


class IntentListQuery(PageQuery):
    kind: Annotated[IntentKind | None, Field(description="Only intents of this kind.")] = None
    status: Annotated[IntentStatus | None, Field(description="Only intents of this status.")] = None


class IntentPage(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    items: list[IntentView]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")


class PreparedAnswer(BaseModel):
    """Switch the wallet to the chain, hand it `txRequest` (`eth_sendTransaction`, with `value` and `gas` in hex
    and without `chainId`), then report the hash to `track`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    intent_id: UUID
    kind: IntentKind
    status: IntentStatus
    tx_request: TxRequest
    preview_address: ShownAddress | None = Field(None, description="Where the new contract will be. Exact.")
    deadline_at: Annotated[datetime, PlainSerializer(show_time, return_type=str, when_used="json")]


class SatisfiedAnswer(BaseModel):
    """What is asked for is so already. There is no intent, and nothing to sign."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "kind": "approve",
                    "satisfied": True,
                    "detail": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8 is already approved for "
                    "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                }
            ]
        },
    )

    kind: IntentKind
    satisfied: Literal[True]
    detail: str = Field(description="What is so, in a sentence")
