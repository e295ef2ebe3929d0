"""What is stored of an intent, and what the chain has shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import FINAL_STEPS, IntentStatus, Step
from steadymint.domain.intents.view import IntentView, LoggedStep
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import (
    Address,
    BlockHash,
    BlockNumber,
    Bytes32,
    ChainId,
    IntentId,
    SessionId,
    TxHash,
    UserId,
)

Effects = Mapping[str, Any]
"""What has come of an intent, as JSON. `tokenIds` (decimal strings) and `orderHashes` are shown to viewers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntent:
    """Everything that is decided at `prepare`. The row starts at step `prepared`, its log at line 1."""

    intent_id: IntentId
    kind: IntentKind
    chain_id: ChainId
    user_id: UUID
    session_id: UUID
    account: Address
    """The wallet that is to send the transaction."""
    contract: Address | None
    """The collection that it is about, or that it makes; else the contract that is called."""
    request: Mapping[str, Any]
    """The terms as JSON; kept for support, never read by a flow."""
    request_hash: str
    idempotency_key: str | None
    tx_request: TxRequest
    match_key: Bytes32
    """The key under which the chain will show the intent."""
    facts: Facts
    """What the chain must show. Anybody may emit any key in an event of their own, so the facts must agree as well."""
    foreseen: Effects
    """What will come of it, as far as that is known now. What the chain shows is added."""
    required_confirmations: int
    workflow_id: str
    deadline_at: datetime


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
    match_key: Bytes32
    facts: Facts
    deadline_at: datetime
    created_at: datetime
    workflow_id: str
    view: IntentView

    @property
    def final(self) -> bool:
        return self.step in FINAL_STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An event on chain under an intent's key. It counts only if its facts are those of the intent.

    The members are the columns of `indexer_service.intent_sightings`.
    """

    match_key: Bytes32
    kind: IntentKind
    chain_id: ChainId
    block_number: BlockNumber
    block_hash: BlockHash
    log_index: int
    tx_hash: TxHash
    facts: Facts
    effects: Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An intent that a sighting has moved, and what its flow needs to be told."""

    intent_id: IntentId
    kind: IntentKind
    chain_id: ChainId
    match_key: Bytes32
    workflow_id: str
    user_id: UserId
    account: Address
    request_hash: str
    previous: Step
    previous_hash: TxHash | None
    """What the intent was bound to before. If it is not the sighting's, its flow may follow nothing that leads here."""
    tx_hash: TxHash
    """The sighting's. The row may have to leave it to another intent: to one of the same multicall, or to one that had
    claimed it before any node knew the transaction."""
    view: IntentView
    """The intent after the move."""
    fresh: bool
    """False if an earlier call had moved it: tell its flow all the same, the earlier call may have died before that."""
    steps: tuple[LoggedStep, ...] = field(default=())
    """The lines written by the move."""
