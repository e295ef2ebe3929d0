"""What flows are started with, what they are told, and what they answer.

These records are in workflow history, so they hold no secret: no token, no signature, no URL of a node.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from steadymint.domain.intents import IntentKind, IntentView, Record, Step, TxRequest
from steadymint.domain.types import Address, ChainId, QuantityField, ShownAddress, TokenIdField, TxHash, WeiField

MINT: Final = "Mint"
CREATE_COLLECTION: Final = "CreateCollection"
WORKFLOW_OF: Final = {IntentKind.MINT: MINT, IntentKind.COLLECTION: CREATE_COLLECTION}

# Updates, the same for both intent flows
PREPARE: Final = "prepare"
TRACK: Final = "track"
RETRY_STEP: Final = "retry_step"
EXTEND_DEADLINE: Final = "extend_deadline"
REBIND_HASH: Final = "rebind_hash"
CANCEL: Final = "cancel"
# Signals
LANDED: Final = "landed"
TAKEN_BACK: Final = "taken_back"


class Standard(StrEnum):
    ERC721 = "erc721"
    ERC1155 = "erc1155"


class Caller(Record):
    """Who asks, as the session proves it."""

    user_id: UUID
    session_id: UUID | None = None
    """Absent in a reopened flow: nobody is asking."""
    account: Address


class MintTerms(Record):
    """What is to be minted. ERC-721: `quantity`; ERC-1155: `items`."""

    contract: Address
    standard: Standard
    to: Address
    quantity: int | None = None
    items: tuple[MintItem, ...] = ()
    proof: tuple[str, ...] = ()


class MintItem(Record):
    token_id: TokenIdField
    quantity: QuantityField


class MintRules(Record):
    """The public mint of a collection. Prices in wei for one token; the window is [start, end)."""

    price: WeiField = Field(default=0, validate_default=True)
    limit_per_wallet: int = 0
    """Tokens one wallet may mint; 0 = no limit."""
    start_at: datetime | None = None
    end_at: datetime | None = None
    allowlist_root: str | None = None
    """Root of an OpenZeppelin StandardMerkleTree over ["address"]."""


class CollectionTerms(Record):
    """What is to be created."""

    standard: Standard
    name: str
    symbol: str
    description: str | None = None
    contract_uri: str = ""
    base_uri: str = ""
    max_supply: QuantityField = Field(default=0, validate_default=True)
    """ERC-721: tokens in all; ERC-1155: units of each token id. 0 = no limit."""
    royalty_bps: int = 0
    royalty_receiver: Address
    payout_address: Address
    mint: MintRules = MintRules()


class Reopened(Record):
    """Why a closed flow runs again: its transaction landed after all, or its block left the chain."""

    reason: Literal["landed", "reorged"]
    tx_hash: TxHash


class IntentOrder(Record):
    """What both intent flows are started with."""

    intent_id: UUID
    chain_id: ChainId
    caller: Caller
    request_hash: str
    """SHA-256 of the canonical request, by which a reused Idempotency-Key is told from a repeated request."""
    idempotency_key: str | None = None
    deadline_seconds: int
    reopened: Reopened | None = None


class MintOrder(IntentOrder):
    terms: MintTerms | None = None
    """Absent only in a reopened flow, which has nothing to prepare."""


class CollectionOrder(IntentOrder):
    terms: CollectionTerms | None = None


class PrepareRequest(Record):
    """The argument of `prepare`. `request_id` lets the one request that made the intent know that it did."""

    request_hash: str
    request_id: str


class Prepared(Record):
    """What the wallet is to sign, and the intent at its first step."""

    view: IntentView
    tx_request: TxRequest
    preview_address: ShownAddress | None = None
    request_id: str = ""
    """The request that made it."""


class TrackRequest(Record):
    tx_hash: TxHash


class FollowOrder(Record):
    """What the long wait needs to know. All of it is on chain or in the intent's row as well."""

    intent_id: UUID
    chain_id: ChainId
    account: Address
    tx_hash: TxHash


class Refusal(Record):
    """Why a hash is not taken: it is another's, another call, or bound to another intent."""

    code: str
    detail: str


class Followed(Record):
    """How the wait ended: with the intent's final view, or with the hash refused and the intent as it was."""

    view: IntentView | None = None
    refusal: Refusal | None = None


class FlowResult(Record):
    """What a finished flow shows in the Temporal UI."""

    intent_id: UUID
    step: Step
    tx_hash: TxHash | None = None
    contract: ShownAddress | None = None
    token_ids: tuple[TokenIdField, ...] = ()
    error: str | None = None


class Landed(Record):
    """Told by the indexer: the intent's own transaction is N confirmations deep and in the catalog."""

    view: IntentView


class TakenBack(Record):
    """Told by the indexer: a reorg has taken back that the intent had ended. `view` is the intent since then."""

    view: IntentView


MintTerms.model_rebuild()
