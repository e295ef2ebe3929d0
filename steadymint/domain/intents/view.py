"""What is told about an intent: its view, the lines of its log, and their one rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import Field

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import FINAL_STEPS, IntentStatus, Step
from steadymint.domain.record import Record
from steadymint.domain.types import (
    Bytes32Field,
    ChainIdField,
    IntentId,
    ShownAddress,
    TokenId,
    TokenIdField,
    TxHashField,
    show_address,
)


class IntentError(Record):
    """Why an intent has ended without being fulfilled."""

    code: IntentErrorCode = Field(
        description="`call_reverted`, `transaction_mismatch` (it succeeded and did something else), `replaced` (its "
        "nonce went to another call), `deadline_passed`, or `cancelled` (by an operator)"
    )
    detail: str
    reason: str | None = Field(default=None, description="With `call_reverted`: the name of the contract's error")
    arguments: dict[str, str] | None = Field(default=None, description="Of that error, by name")


class IntentView(Record):
    """An intent, the same in `GET`, SSE and WebSocket. Absent members are left out."""

    intent_id: UUID
    kind: IntentKind
    status: IntentStatus
    step: Step
    chain_id: ChainIdField
    tx_hash: TxHashField | None = None
    contract: ShownAddress | None = Field(
        None,
        description="The collection that it is about, or that it makes, from the start; else the contract that is "
        "called: a currency or Seaport.",
    )
    token_ids: tuple[TokenIdField, ...] | None = Field(None, description="What was minted, once that is known.")
    order_hashes: tuple[Bytes32Field, ...] | None = Field(
        None, description="The orders that are to be cancelled; once it is ready, those that were."
    )
    confirmations: int | None = Field(
        None,
        description="Blocks on top of and including the one that holds the transaction, at most "
        "`requiredConfirmations`.",
    )
    required_confirmations: int | None = None
    error: IntentError | None = Field(None, description="Why it failed or expired.")
    deadline_at: datetime = Field(description="Until when the transaction is waited for.")
    created_at: datetime
    updated_at: datetime
    workflow_id: str


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """One line of an intent's log, ready to be shown. `seq` counts from 1 without a gap."""

    intent_id: IntentId
    seq: int
    view: IntentView
    latest: bool = True
    """False if the intent had already gone further when this line was read."""
    fresh: bool = True
    """False if the line was there already: a retry met its own work."""

    @property
    def step(self) -> Step:
        return self.view.step

    @property
    def status(self) -> IntentStatus:
        return self.view.status

    @property
    def final(self) -> bool:
        return self.view.step in FINAL_STEPS

    def body(self) -> bytes:
        return render(self.view)


# Keccak-256 in Python takes 15 us, and the intents of a block are mostly about a few collections.
_shown: Final = lru_cache(maxsize=4096)(show_address)


def show_time(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def render(view: IntentView) -> bytes:
    """The intent as JSON. `GET`, the event stream, the WebSocket and the feed all show these very bytes."""
    contract, token_ids, order_hashes, error = view.contract, view.token_ids, view.order_hashes, view.error
    # Written out member by member: a loop over their names takes twice as long, and a block has hundreds of views.
    shown = {
        "intentId": view.intent_id,
        "kind": view.kind,
        "status": view.status,
        "step": view.step,
        "chainId": view.chain_id,
        "txHash": view.tx_hash,
        "contract": None if contract is None else _shown(contract),
        "tokenIds": None if token_ids is None else [str(token_id) for token_id in token_ids],
        "orderHashes": None if order_hashes is None else list(order_hashes),
        "confirmations": view.confirmations,
        "requiredConfirmations": view.required_confirmations,
        "error": None if error is None else error.model_dump(mode="json", by_alias=True, exclude_none=True),
        "deadlineAt": show_time(view.deadline_at),
        "createdAt": show_time(view.created_at),
        "updatedAt": show_time(view.updated_at),
        "workflowId": view.workflow_id,
    }
    return orjson.dumps({name: value for name, value in shown.items() if value is not None})


def view_of(snapshot: Mapping[str, Any]) -> IntentView:
    """The view that a line of the log holds, or a row's. Only for what our own statements wrote: nothing is validated,
    which takes a quarter of the time where a block settles hundreds of intents."""
    token_ids, order_hashes, error = snapshot.get("tokenIds"), snapshot.get("orderHashes"), snapshot.get("error")
    return IntentView.model_construct(
        intent_id=UUID(snapshot["intentId"]),
        kind=IntentKind(snapshot["kind"]),
        status=IntentStatus(snapshot["status"]),
        step=Step(snapshot["step"]),
        chain_id=snapshot["chainId"],
        tx_hash=snapshot.get("txHash"),
        contract=snapshot.get("contract"),
        token_ids=None if token_ids is None else tuple(TokenId(int(token_id)) for token_id in token_ids),
        order_hashes=None if order_hashes is None else tuple(order_hashes),
        confirmations=snapshot.get("confirmations"),
        required_confirmations=snapshot.get("requiredConfirmations"),
        error=None if error is None else IntentError.model_validate(error),
        deadline_at=datetime.fromisoformat(snapshot["deadlineAt"]),
        created_at=datetime.fromisoformat(snapshot["createdAt"]),
        updated_at=datetime.fromisoformat(snapshot["updatedAt"]),
        workflow_id=snapshot["workflowId"],
    )


def confirmations_of(view: IntentView, block_number: int | None, head: int | None) -> IntentView:
    """The view with its confirmations counted at `head`, at most as many as are required.

    A head that lags behind the block (another node, a stale cache) still leaves the one confirmation that being in a
    block means.
    """
    if view.step is not Step.CONFIRMING or block_number is None or head is None:
        return view
    counted = max(1, head - block_number + 1)
    required = view.required_confirmations
    return view.model_copy(update={"confirmations": counted if required is None else min(counted, required)})
