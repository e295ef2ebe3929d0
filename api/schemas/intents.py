"""Intents as the API takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.http.bounded import Bounded
from api.http.pagination import PageQuery
from steadymint.domain.intents import IntentKind, IntentStatus, IntentView
from steadymint.domain.types import TxHashField

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
