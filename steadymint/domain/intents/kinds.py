"""The table of kinds: what an intent can be. Everything that depends on the kind is looked up here.

A kind has one entry here and one module of its name in each layer: `steadymint/domain/intents`,
`activities/preparing`, `workflows` and `api/intents`. `CONTRIBUTING.md` has the recipe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from steadymint.domain.intents.airdrop import AirdropOrder
from steadymint.domain.intents.approve import ApproveOrder
from steadymint.domain.intents.cancel import CancelOrder
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.fills import ORDERS
from steadymint.domain.intents.identity import Facts, key_of_facts, reference_of
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.mint import MintOrder
from steadymint.domain.intents.order import Order
from steadymint.domain.intents.purchase import PurchaseOrder
from steadymint.domain.intents.sale import SaleOrder
from steadymint.domain.types import Bytes32, ChainId, IntentId

AnyOrder: TypeAlias = "Order[Any, Any]"
"""An order of some kind."""


class IntentKind(StrEnum):
    """The names. An id of a workflow begins with one, and `/v1/intents?kind=` takes them."""

    COLLECTION = "collection"
    MINT = "mint"
    AIRDROP = "airdrop"
    APPROVE = "approve"
    CANCEL = "cancel"
    PURCHASE = "purchase"
    SALE = "sale"
    LAUNCH = "launch"


class SettledBy(StrEnum):
    """The part that decides that an intent is fulfilled."""

    INDEX = "index"
    """The indexer: it has read an event that agrees with the intent, N confirmations deep, and its rows are committed.
    A reorg deeper than N is noticed, and a transaction that nobody reported is found."""
    RECEIPT = "receipt"
    """The transaction's own receipt at N confirmations, for contracts that nobody indexes: its logs must agree with the
    intent. Only a transaction that was reported is followed, and a reorg deeper than N is not noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of the table."""

    name: IntentKind
    workflow: str
    """The workflow's name in Temporal."""
    order: type[AnyOrder]
    """Its input; `order.task` holds the kind's terms."""
    proof: tuple[str, ...]
    """The events that show it on chain, by name. `steadymint.chain.calls` reads them."""
    settled_by: SettledBy = SettledBy.INDEX
    natural_key: tuple[str, ...] = ()
    """The facts that identify its happening on chain, where the event cannot carry a reference of ours."""
    in_part: str = ""
    """The fact that is a list, of which a transaction that fulfils the intent may show a part. Empty if the facts must
    be equal. The effects are then of the shape of `steadymint.domain.intents.fills`."""
    makes_contract: bool = False
    """Whether it makes a contract, at an address that `prepare` tells in advance."""
    page: str
    """Where it is described, below `docs`."""
    words: Mapping[Step, str]
    """What the steps mean for this kind, for operators."""

    def match_key(self, intent_id: IntentId, chain_id: ChainId, facts: Facts) -> Bytes32:
        """The key under which the chain will show the intent."""
        return self.key_of(chain_id, facts) if self.natural_key else reference_of(intent_id)

    def key_of(self, chain_id: ChainId, facts: Facts) -> Bytes32:
        """The key of a kind without a reference."""
        return key_of_facts(self.name, chain_id, {name: facts[name] for name in self.natural_key})


def _words(ready: str) -> Mapping[Step, str]:
    return {
        Step.PREPARED: "waiting for the wallet to sign and send the transaction",
        Step.TRACKED: "a transaction was reported, and is in no block yet",
        Step.CONFIRMING: "in a block, waiting for confirmations",
        Step.INDEXED: "confirmed, and its rows are in the catalog",
        Step.READY: ready,
        Step.REORGED: "its block has left the chain, waiting for another",
        Step.REPLACED: "the wallet sent another transaction with its nonce",
        Step.FAILED: "ended without being fulfilled",
        Step.EXPIRED: "no transaction was mined before the deadline",
    }


KINDS: Final[Mapping[IntentKind, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            name=IntentKind.COLLECTION,
            workflow="CreateCollection",
            order=CollectionOrder,
            proof=("CollectionCreated",),
            makes_contract=True,
            page="flows/create-collection.md",
            words=_words("the collection is in the catalog"),
        ),
        Kind(
            name=IntentKind.MINT,
            workflow="Mint",
            order=MintOrder,
            proof=("Minted", "MintedBatch"),
            page="flows/mint.md",
            words=_words("the minted tokens are in the catalog"),
        ),
        Kind(
            name=IntentKind.AIRDROP,
            workflow="Airdrop",
            order=AirdropOrder,
            proof=("Airdropped",),
            page="flows/mint.md",
            words=_words("everybody on the list has the tokens, and they are in the catalog"),
        ),
        Kind(
            name=IntentKind.APPROVE,
            workflow="Approve",
            order=ApproveOrder,
            proof=("ApprovalForAll", "Approval"),
            settled_by=SettledBy.RECEIPT,
            natural_key=("contract", "owner", "spender"),
            page="market.md",
            words=_words("the contract has announced the approval or its end"),
        ),
        Kind(
            name=IntentKind.CANCEL,
            workflow="CancelOrders",
            order=CancelOrder,
            proof=("OrderCancelled", "CounterIncremented"),
            settled_by=SettledBy.RECEIPT,
            natural_key=("contract", "maker"),
            page="market.md",
            words=_words("Seaport has announced that the orders are cancelled"),
        ),
        Kind(
            name=IntentKind.PURCHASE,
            workflow="Purchase",
            order=PurchaseOrder,
            proof=("OrderFulfilled",),
            natural_key=("contract", "buyer"),
            in_part=ORDERS,
            page="flows/purchase.md",
            words=_words("the tokens are the buyer's, as many as could be bought, and the sales are in the catalog"),
        ),
        Kind(
            name=IntentKind.SALE,
            workflow="Sale",
            order=SaleOrder,
            proof=("OrderFulfilled",),
            natural_key=("contract", "seller"),
            in_part=ORDERS,
            page="flows/sale.md",
            words=_words("the offer is filled, and the sale is in the catalog"),
        ),
        Kind(
            name=IntentKind.LAUNCH,
            workflow="LaunchToken",
            order=LaunchOrder,
            proof=("TokenLaunched",),
            makes_contract=True,
            page="tokens.md",
            words=_words("the token is in the catalog, with its first holder"),
        ),
    )
}


def kind_of(order: AnyOrder) -> Kind:
    """The entry of an order's kind."""
    return KINDS[IntentKind(order.kind)]
