"""An intent: what a user means to do on chain, from the prepared calldata to the row in the catalog.

The state machine below is the only one. The intent's row in Postgres is the one truth; every step it takes is also a
line in its log, numbered from 1, and viewers are shown exactly those lines.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from steadymint.domain.types import (
    Address,
    Bytes32,
    ChainId,
    IntentId,
    ShownAddress,
    TokenIdField,
    TxHash,
    UserId,
    WeiField,
)


class IntentKind(StrEnum):
    COLLECTION = "collection"
    MINT = "mint"


class IntentStatus(StrEnum):
    """What a client acts upon."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Step(StrEnum):
    """Where the intent stands."""

    PREPARED = "prepared"
    """Calldata handed out; the wallet has not answered."""
    TRACKED = "tracked"
    """A transaction hash is known, not yet in a block."""
    CONFIRMING = "confirming"
    """In a block, fewer than N confirmations deep."""
    INDEXED = "indexed"
    """N confirmations deep and its rows are committed."""
    READY = "ready"
    REPLACED = "replaced"
    """The nonce was used by another transaction than the one prepared."""
    REORGED = "reorged"
    """Its block left the chain; `confirming` follows when it is mined again."""
    FAILED = "failed"
    EXPIRED = "expired"


STATUS_OF: Final[dict[Step, IntentStatus]] = {
    Step.PREPARED: IntentStatus.PENDING,
    Step.TRACKED: IntentStatus.PENDING,
    Step.CONFIRMING: IntentStatus.PENDING,
    Step.REORGED: IntentStatus.PENDING,
    Step.INDEXED: IntentStatus.PENDING,
    Step.READY: IntentStatus.READY,
    Step.REPLACED: IntentStatus.FAILED,
    Step.FAILED: IntentStatus.FAILED,
    Step.EXPIRED: IntentStatus.EXPIRED,
}

FINAL_STEPS: Final = frozenset({Step.READY, Step.REPLACED, Step.FAILED, Step.EXPIRED})

_OPEN = frozenset({Step.PREPARED, Step.TRACKED, Step.CONFIRMING, Step.REORGED})

# The chain has the last word: an intent that expired, failed or was replaced still becomes ready when its own
# transaction is seen N confirmations deep, and a ready one is reopened by a reorg deeper than N.
PREDECESSORS: Final[dict[Step, frozenset[Step]]] = {
    Step.TRACKED: frozenset({Step.PREPARED, Step.TRACKED, Step.CONFIRMING, Step.REORGED, Step.EXPIRED}),
    Step.CONFIRMING: (_OPEN - {Step.PREPARED}) | {Step.EXPIRED, Step.FAILED, Step.REPLACED},
    Step.INDEXED: frozenset({Step.CONFIRMING}),
    Step.READY: frozenset({Step.INDEXED}),
    Step.REORGED: frozenset({Step.CONFIRMING, Step.INDEXED, Step.READY, Step.FAILED}),
    Step.REPLACED: _OPEN,
    Step.FAILED: _OPEN,
    # In a block the chain decides, not the clock.
    Step.EXPIRED: frozenset({Step.PREPARED, Step.TRACKED, Step.REORGED}),
}

SETTLED_FROM: Final = _OPEN | {Step.EXPIRED, Step.FAILED, Step.REPLACED}
"""Where an intent may stand when the chain shows it fulfilled. The steps up to `ready` are taken at once."""


def may_follow(before: Step, after: Step) -> bool:
    """Whether the state machine has the edge `before` -> `after`."""
    return before in PREDECESSORS.get(after, frozenset())


_REFERENCE_PREFIX: Final = b"steadymint:v1".ljust(16, b"\0")
_KEY_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:steadymint:idempotency-key")


def new_intent_id(user_id: UserId, kind: IntentKind, idempotency_key: str | None) -> IntentId:
    """The same user, kind and key always give the same id, so that a repeated request finds the live flow."""
    if idempotency_key is None:
        return IntentId(uuid4())
    return IntentId(uuid5(_KEY_NAMESPACE, f"{user_id}\n{kind}\n{idempotency_key}"))


def reference_of(intent_id: IntentId) -> Bytes32:
    """The 32 bytes that tie a transaction to its intent: `steadymint:v1`, NUL-padded to 16 bytes, then the UUID."""
    return Bytes32("0x" + (_REFERENCE_PREFIX + intent_id.bytes).hex())


def intent_of(reference: Bytes32) -> IntentId | None:
    """The inverse of `reference_of`; None for bytes that are not ours."""
    raw = bytes.fromhex(reference[2:])
    return IntentId(UUID(bytes=raw[16:])) if raw[:16] == _REFERENCE_PREFIX else None


def workflow_id_of(kind: IntentKind, intent_id: IntentId) -> str:
    """The id that the frontend, support and the Temporal UI all talk about."""
    return f"{kind}:{intent_id}"


class Record(BaseModel):
    """Base of what crosses a process boundary: immutable, camelCase in JSON, unknown fields refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        arbitrary_types_allowed=False,
    )


class TxRequest(Record):
    """What a wallet is asked to sign (EIP-1193 `eth_sendTransaction` without gas and fee, which the wallet sets)."""

    chain_id: ChainId
    from_: ShownAddress = Field(alias="from")
    to: ShownAddress
    data: str
    value: WeiField


class IntentError(Record):
    """Why an intent has ended without being fulfilled."""

    code: str = Field(
        description="`call_reverted`, `transaction_mismatch` (it succeeded and did something else), `replaced` (its "
        "nonce went to another call), `deadline_passed`, or `cancelled` (by an operator)"
    )
    detail: str
    reason: str | None = Field(default=None, description="With `call_reverted`: the name of the contract's error")
    arguments: dict[str, Any] | None = Field(default=None, description="Of that error, by name")


class IntentView(Record):
    """An intent, the same in `GET`, SSE and WebSocket. Absent members are left out."""

    intent_id: UUID
    kind: IntentKind
    status: IntentStatus
    step: Step
    chain_id: ChainId
    tx_hash: TxHash | None = None
    contract: ShownAddress | None = Field(None, description="The collection: of a mint, or as it will be or is made.")
    token_ids: tuple[TokenIdField, ...] | None = Field(None, description="What was minted, once that is known.")
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


class Expectation(Record):
    """What the chain must show for the intent to be fulfilled. Anybody may emit any reference in a mint of their own,
    so a sighting counts only if every member here agrees with the decoded event."""

    contract: Address
    """The collection that must emit the event; for a collection intent the previewed address."""
    minter: Address
    """`msg.sender` of the mint, or the creator of the collection."""
    recipient: Address | None = None
    quantities: dict[str, str] | None = None
    """ERC-1155: token id -> quantity, both decimal."""
    quantity: int | None = None
    """ERC-721: how many tokens."""
