"""What the bench's chain says of its market, and an approval that it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid4

from steadymint.domain.intents.approve import ApproveOrder, ApproveTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.intents.rows import Effects, IntentRow
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import Address, BlockHash, Bytes32, ChainId, TxHash
from tests.support.intents import ALICE, ALICES_ID, CHAIN, COLLECTION, SESSION_ID

HOUR = 3600
CONDUIT = Address("0x" + "c0" * 20)
CURRENCY = Address("0x" + "ee" * 20)


class BenchMarket:
    """A fake: it answers as the test sets it."""

    def __init__(self) -> None:
        self.market = ApprovalContracts(spenders=(CONDUIT,), currencies=frozenset({CURRENCY}))
        self.allowed_now = 0
        """What every spender may move."""
        self.known_orders: dict[Bytes32, OrderComponents] = {}
        """What the catalog holds."""
        self.cancelled = False
        """Whether all orders are."""
        self.shows: Effects | None = {}
        """What the receipt of every transaction shows."""

    async def contracts(self, chain_id: ChainId) -> ApprovalContracts:
        return self.market

    async def allowed(self, chain_id: ChainId, owner: Address, terms: ApproveTerms) -> int:
        return self.allowed_now

    async def all_cancelled(self, chain_id: ChainId, maker: Address, orders: Sequence[OrderComponents]) -> bool:
        return self.cancelled

    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, OrderComponents]:
        return {one: self.known_orders[one] for one in hashes if one in self.known_orders}

    async def fulfilment(self, intent: IntentRow, tx_hash: TxHash, block_hash: BlockHash) -> Effects | None:
        return self.shows


def approve_order(*, deadline: int = 6 * HOUR, **terms: Any) -> ApproveOrder:
    """Of all tokens of a collection, for the market."""
    asked: dict[str, Any] = {"approval": ApprovalKind.SET_APPROVAL_FOR_ALL, "contract": COLLECTION, "spender": CONDUIT}
    return ApproveOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(repr(terms).encode()).hexdigest(),
        deadline_seconds=deadline,
        task=ApproveTerms(**(asked | terms)),
    )
