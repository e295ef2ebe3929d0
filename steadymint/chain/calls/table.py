"""All families of contracts in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.chain.calls import approvals, collections, factory, market
from steadymint.chain.calls.abi import Builder, Call, Proof, ReceiptProof
from steadymint.domain.intents.kinds import IntentKind

CALLS: Final[tuple[type[Call], ...]] = (*factory.CALLS, *collections.CALLS, *approvals.CALLS, *market.CALLS)
"""Every call that we prepare."""
BUILDERS: Final[Mapping[IntentKind, Builder]] = {
    **factory.BUILDERS,
    **collections.BUILDERS,
    **approvals.BUILDERS,
    **market.BUILDERS,
}
"""The function that makes the call, for each kind of intent."""
PROOFS: Final[tuple[Proof, ...]] = (*factory.PROOFS, *collections.PROOFS)
"""Every event by which the indexer sees that an intent may be fulfilled."""
RECEIPT_PROOFS: Final[Mapping[IntentKind, ReceiptProof]] = {
    proof.kind: proof for proof in (*approvals.RECEIPT_PROOFS, *market.RECEIPT_PROOFS)
}
"""What the receipt must show, for each kind that it settles."""
