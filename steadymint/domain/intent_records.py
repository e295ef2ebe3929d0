"""What is kept of an intent and what is told about it: the row, the lines of its log, and their one rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson

from steadymint.domain.intents import (
    FINAL_STEPS,
    Expectation,
    IntentError,
    IntentKind,
    IntentStatus,
    IntentView,
    Step,
    TxRequest,
)
from steadymint.domain.types import (
    Address,
    BlockHash,
    BlockNumber,
    Bytes32,
    ChainId,
    IntentId,
    SessionId,
    TokenId,
    TxHash,
    UserId,
    show_address,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRow:
    """The row of `orchestrator_service.tx_intents`: the one truth about an intent."""

    intent_id: IntentId
    kind: IntentKind
    chain_id: ChainId
    user_id: UserId
    step: Step
    status: IntentStatus
    seq: int
    """Number of the last line of its log."""
    account: Address
    contract: Address | None
    tx_hash: TxHash | None
    tx_nonce: int | None
    block_number: BlockNumber | None
    block_hash: BlockHash | None
    required_confirmations: int
    session_id: SessionId | None
    """The session that asked for it."""
    request_hash: str
    idempotency_key: str | None
    tx_request: TxRequest
    expectation: Expectation
    deadline_at: datetime
    created_at: datetime
    workflow_id: str
    view: IntentView

    @property
    def final(self) -> bool:
        return self.step in FINAL_STEPS


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """One line of an intent's log, ready to be shown. `seq` counts from 1 without a gap."""

    intent_id: IntentId
    seq: int
    view: IntentView
    latest: bool = True
    """False if the intent had already gone further when this line was read."""
    fresh: bool = True
    """False if the line stood already: a retry met its own work."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the chain showed under an intent's reference. Counts only if it agrees with the intent's `Expectation`."""

    reference: Bytes32
    kind: IntentKind
    chain_id: ChainId
    contract: Address
    """The contract that emitted it; for a collection the new collection's address."""
    minter: Address
    tx_hash: TxHash
    block_number: BlockNumber
    block_hash: BlockHash
    recipient: Address | None = None
    token_ids: tuple[TokenId, ...] | None = None
    quantity: int | None = None
    """ERC-721: how many tokens."""
    quantities: Mapping[TokenId, int] | None = None
    """ERC-1155: summed by token id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An intent that a sighting has moved, and what its flow needs to be told."""

    intent_id: IntentId
    kind: IntentKind
    chain_id: ChainId
    workflow_id: str
    previous: Step
    previous_hash: TxHash | None
    """What the intent was bound to before. If it is not the sighting's, its flow may follow nothing that leads here."""
    tx_hash: TxHash
    """The sighting's."""
    view: IntentView
    """The intent after the move."""
    fresh: bool
    """False if an earlier call had moved it: tell its flow all the same, the earlier call may have died before that."""
    steps: tuple[LoggedStep, ...] = field(default=())
    """The lines written by the move."""


_MEMBERS: Final = (
    ("intentId", "intent_id"),
    ("kind", "kind"),
    ("status", "status"),
    ("step", "step"),
    ("chainId", "chain_id"),
    ("txHash", "tx_hash"),
    ("contract", "contract"),
    ("tokenIds", "token_ids"),
    ("confirmations", "confirmations"),
    ("requiredConfirmations", "required_confirmations"),
    ("error", "error"),
    ("deadlineAt", "deadline_at"),
    ("createdAt", "created_at"),
    ("updatedAt", "updated_at"),
    ("workflowId", "workflow_id"),
)


# Keccak-256 in Python takes 15 us, and the intents of a block are mostly about a few collections.
_shown: Final = lru_cache(maxsize=4096)(show_address)


def show_time(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def render(view: IntentView) -> bytes:
    """The intent as JSON. `GET`, the event stream, the WebSocket and the feed all show these very bytes."""
    shown: dict[str, Any] = {}
    for name, attribute in _MEMBERS:
        value = getattr(view, attribute)
        if value is None:
            continue
        if isinstance(value, datetime):
            value = show_time(value)
        elif attribute == "contract":
            value = _shown(value)
        elif attribute == "token_ids":
            value = [str(token_id) for token_id in value]
        elif attribute == "error":
            value = value.model_dump(mode="json", by_alias=True, exclude_none=True)
        shown[name] = value
    return orjson.dumps(shown)


def view_of(snapshot: Mapping[str, Any]) -> IntentView:
    """The view that a line of the log holds, or a row's. For what our own statements wrote only: nothing is validated,
    which takes a quarter of the time where a block settles hundreds of intents."""
    token_ids, error = snapshot.get("tokenIds"), snapshot.get("error")
    return IntentView.model_construct(
        intent_id=UUID(snapshot["intentId"]),
        kind=IntentKind(snapshot["kind"]),
        status=IntentStatus(snapshot["status"]),
        step=Step(snapshot["step"]),
        chain_id=snapshot["chainId"],
        tx_hash=snapshot.get("txHash"),
        contract=snapshot.get("contract"),
        token_ids=None if token_ids is None else tuple(TokenId(int(token_id)) for token_id in token_ids),
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
