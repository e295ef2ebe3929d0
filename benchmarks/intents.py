"""Intents to measure with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from steadymint.domain.intents.identity import reference_of, workflow_id_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.mint import facts_of_erc721
from steadymint.domain.intents.rows import NewIntent
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId, IntentId

CHAIN: Final = ChainId("eip155:31337")
OWNER: Final = UUID(int=1)
ALICE: Final = Address("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
COLLECTION: Final = Address("0x5fbdb2315678afecb367f032d93f642f64180aa3")


def draft(number: int) -> NewIntent:
    """A mint of one token, as `prepare` writes it."""
    intent_id = IntentId(UUID(int=(1 << 96) + number))
    return NewIntent(
        intent_id=intent_id,
        kind=IntentKind.MINT,
        chain_id=CHAIN,
        user_id=OWNER,
        session_id=uuid4(),
        account=ALICE,
        contract=COLLECTION,
        request={},
        request_hash="0" * 64,
        idempotency_key=None,
        tx_request=TxRequest.model_validate(
            {"chain_id": CHAIN, "from_": ALICE, "to": COLLECTION, "data": "0x", "value": 0}
        ),
        match_key=reference_of(intent_id),
        facts=facts_of_erc721(COLLECTION, ALICE, ALICE, 1),
        foreseen={},
        required_confirmations=2,
        workflow_id=workflow_id_of(IntentKind.MINT, intent_id),
        deadline_at=datetime.now(UTC) + timedelta(hours=6),
    )
