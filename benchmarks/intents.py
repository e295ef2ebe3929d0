"""Intents to measure with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from steadymint.domain.intents import Expectation, IntentKind, TxRequest, workflow_id_of
from steadymint.domain.types import Address, ChainId, IntentId

CHAIN: Final = ChainId("eip155:31337")
OWNER: Final = UUID(int=1)
ALICE: Final = Address("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
COLLECTION: Final = Address("0x5fbdb2315678afecb367f032d93f642f64180aa3")


@dataclass(frozen=True)
class Draft:
    """A mint of one token, as `prepare` writes it."""

    intent_id: IntentId
    workflow_id: str
    deadline_at: datetime
    tx_request: TxRequest
    expectation: Expectation
    kind: IntentKind = IntentKind.MINT
    chain_id: ChainId = CHAIN
    user_id: UUID = OWNER
    session_id: UUID = field(default_factory=uuid4)
    account: Address = ALICE
    contract: Address | None = COLLECTION
    request: dict[str, Any] = field(default_factory=dict[str, Any])
    request_hash: str = "0" * 64
    idempotency_key: str | None = None
    required_confirmations: int = 2


def draft(number: int) -> Draft:
    intent_id = IntentId(UUID(int=(1 << 96) + number))
    return Draft(
        intent_id=intent_id,
        workflow_id=workflow_id_of(IntentKind.MINT, intent_id),
        deadline_at=datetime.now(UTC) + timedelta(hours=6),
        tx_request=TxRequest(chain_id=CHAIN, from_=ALICE, to=COLLECTION, data="0x", value=0),
        expectation=Expectation(contract=COLLECTION, minter=ALICE, recipient=ALICE, quantity=1),
    )
