"""What the bench's chain says of its market, and an approval and a purchase that it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import count
from typing import Any, Final
from uuid import uuid4

from steadymint.domain.intents.approve import ApproveOrder, ApproveTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.intents.purchase import PurchaseItem, PurchaseOrder, PurchaseTerms
from steadymint.domain.intents.rows import Effects, IntentRow
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.components import ZERO_BYTES32, OrderComponents
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.market.fulfilment import plans
from steadymint.domain.market.fulfilment.outcomes import MissingPart, PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, BlockHash, Bytes32, ChainId, Standard, TokenId, TxHash
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID

HOUR = 3600
CONDUIT = Address("0x" + "c0" * 20)
CURRENCY = Address("0x" + "ee" * 20)


ETHER: Final = 10**18
_FRAME: Final = Frame(start_time=0, end_time=2**40, salt=1, counter=0)


def _hash(order: SubmittedOrder) -> Bytes32:
    return Bytes32("0x" + order.hash.hex())


def _cat(number: int) -> Token:
    return Token(COLLECTION, Standard.ERC721, number)


_salts = count(1)


def new_listings(cats: int) -> dict[Bytes32, SubmittedOrder]:
    """New listings of some of Bob's cats, for an ether each. Tests share a database, so each has orders of its own."""
    frame = _FRAME._replace(salt=next(_salts))
    signed = [listing(BOB, _cat(number), Price.fixed(ETHER), (), frame) for number in range(1, cats + 1)]
    made = {_hash(order): order for order in (SubmittedOrder.of(one, b"signed") for one in signed)}
    LISTINGS.update(made)
    return made


LISTINGS: Final[dict[Bytes32, SubmittedOrder]] = {}
"""All of them."""
OFFERED: Final = SubmittedOrder.of(offer(BOB, _cat(9), Price.fixed(ETHER, CURRENCY), (), _FRAME), b"signed")
"""Bob's offer for a cat."""


def fill_data(hashes: Iterable[Bytes32]) -> str:
    """The calldata of the bench for these orders: nothing but their hashes."""
    return "0x" + "".join(order_hash[2:] for order_hash in hashes)


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
        self.missing: tuple[MissingPart, ...] = ()
        """Of every purchase, the parts that cannot be filled."""

    async def contracts(self, chain_id: ChainId) -> ApprovalContracts:
        return self.market

    async def allowed(self, chain_id: ChainId, owner: Address, terms: ApproveTerms) -> int:
        return self.allowed_now

    async def all_cancelled(self, chain_id: ChainId, maker: Address, orders: Sequence[OrderComponents]) -> bool:
        return self.cancelled

    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, OrderComponents]:
        return {one: self.known_orders[one] for one in hashes if one in self.known_orders}

    async def listings(self, chain_id: ChainId, wanted: Sequence[tuple[Bytes32, int]]) -> list[Part]:
        return [Part(LISTINGS[order_hash], units) for order_hash, units in wanted]

    async def offer(self, chain_id: ChainId, order_hash: Bytes32, token_id: TokenId | None, units: int) -> Part:
        return Part(OFFERED, units)

    async def currency(self, chain_id: ChainId, address: Address | None) -> Currency:
        return Currency("ETH" if address is None else "WETH", 18, is_native=True)

    async def purchase(
        self, chain_id: ChainId, buyer: Address, parts: Sequence[Part], *, highest_total: int, deadline: int
    ) -> PreparedFulfilment:
        taker, period = plans.Taker(buyer, COLLECTION, ZERO_BYTES32, COLLECTION), plans.Period(2**30, deadline)
        gone = {one.part.order.hash for one in self.missing}
        plan = plans.purchase([one for one in parts if one.order.hash not in gone], taker, period, highest_total)
        return self._tried(chain_id, plan)

    async def sale(
        self, chain_id: ChainId, seller: Address, part: Part, *, lowest_total: int = 0
    ) -> PreparedFulfilment:
        taker, period = (
            plans.Taker(seller, COLLECTION, ZERO_BYTES32, COLLECTION),
            plans.Period(2**30, part.order.read.end_time),
        )
        return self._tried(chain_id, plans.sale(part, taker, period, lowest_total))

    def _tried(self, chain_id: ChainId, plan: plans.Fulfilment) -> PreparedFulfilment:
        data = fill_data(_hash(part.order) for part in plan.parts)
        tx = TxRequest(chain_id=chain_id, from_=plan.taker.account, to=COLLECTION, data=data, value=plan.value)
        return PreparedFulfilment(plan, tx, self.missing, approvals=(), simulated=True)

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


def purchase_order(*, deadline: int = 6 * HOUR, listings: int = 2) -> PurchaseOrder:
    """Of some of Bob's cats."""
    items = tuple(PurchaseItem(order_hash=order_hash) for order_hash in new_listings(listings))
    return PurchaseOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(bytes([listings])).hexdigest(),
        deadline_seconds=deadline,
        task=PurchaseTerms(items=items, max_total=str(listings)),
    )
