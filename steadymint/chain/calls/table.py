"""All families of contracts in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.chain.calls import approvals, collections, factory, launches, market, trades
from steadymint.chain.calls.abi import Builder, Call, Proof, ReceiptProof
from steadymint.domain.intents.kinds import IntentKind

CALLS: Final[tuple[type[Call], ...]] = (
    *factory.CALLS,
    *collections.CALLS,
    *launches.CALLS,
    *approvals.CALLS,
    *market.CALLS,
    *trades.CALLS,
)
"""Every call that we prepare."""
BUILDERS: Final[Mapping[IntentKind, Builder]] = {
    **factory.BUILDERS,
    **collections.BUILDERS,
    **launches.BUILDERS,
    **approvals.BUILDERS,
    **market.BUILDERS,
}
"""The function that makes the call, for each kind whose terms say all that it needs. The calls of the others are made
from what the chain says of the orders (`steadymint.chain.fulfilment`)."""
PROOFS: Final[tuple[Proof, ...]] = (*factory.PROOFS, *collections.PROOFS, *launches.PROOFS)
"""Every event by which the indexer sees that an intent may be fulfilled."""
TRADE_PROOFS: Final[tuple[trades.TradeProof, ...]] = trades.PROOFS
"""How the fills of a transaction show an intent, for each kind that fills orders of the market."""
RECEIPT_PROOFS: Final[Mapping[IntentKind, ReceiptProof]] = {
    proof.kind: proof for proof in (*approvals.RECEIPT_PROOFS, *market.RECEIPT_PROOFS)
}
"""What the receipt must show, for each kind that it settles."""
