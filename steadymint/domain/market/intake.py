"""What the API hands to a worker about orders, and what it gets back.

The API does not reach a chain, so a worker checks the orders that are handed in, and completes those that are built.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.findings import ApprovalKind, Code, Severity
from steadymint.domain.market.sides import Fault
from steadymint.domain.record import Record
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import (
    AddressField,
    Bytes32Field,
    ChainIdField,
    HexField,
    QuantityField,
    ShownAddress,
    TokenIdField,
    Uint256Field,
)

TAKE_ORDERS: Final = "take_orders"
BUILD_ORDERS: Final = "build_orders"
"""The names of the activities."""

MAX_ORDERS: Final = 50
"""Orders in one request: as many as a node is asked about in one round trip."""


class TokenChoice(Record):
    """Which tokens an offer takes: these, or those with the traits. Nothing for one that needs no choice."""

    tokens: tuple[TokenIdField, ...] = ()
    traits: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])


class HandedOrder(Record):
    """A signed order."""

    components: OrderComponents
    signature: HexField = "0x"
    """`0x` for an order that its maker has validated on chain."""
    stated_hash: Bytes32Field | None = None
    """By which its sender calls it."""
    choice: TokenChoice = TokenChoice()
    """Of a trait offer. Nothing if the market knows the root."""


class HandedOrders(Record):
    """Orders of one chain, each to be checked by itself."""

    chain_id: ChainIdField
    orders: tuple[HandedOrder, ...]


class NeededApproval(Record):
    """An approval that is missing, and the transaction that gives it."""

    kind: ApprovalKind
    contract: ShownAddress = Field(description="Of the token or the currency.")
    spender: ShownAddress = Field(description="Who moves it when the order is filled.")
    amount: Uint256Field | None = Field(None, description="Of an ERC-20: the least allowance that covers the order.")
    tx_request: TxRequest


class OrderFinding(Record):
    """One thing that is wrong with an order."""

    code: Code
    severity: Severity = Field(
        description="`refused`: the market does not take the order; `inactive`: it cannot be filled while this lasts; "
        "`warning`: it can be filled."
    )
    message: str = Field(description="What is wrong, a sentence.", examples=["The maker does not own the token."])
    what_to_do: str = Field(examples=["Get the token back, or cancel the order."])
    fault: Fault | None = Field(None, description="With `unsupported`: why.")
    approval: NeededApproval | None = Field(
        None, description="With `not_approved` and `insufficient_allowance`: what to approve."
    )


class Taking(StrEnum):
    """What became of an order that was handed in."""

    CREATED = "created"
    KNOWN = "known"
    """It is in the catalog already."""
    REFUSED = "refused"


class TakenOrder(Record):
    """What became of one order."""

    order_hash: Bytes32Field
    outcome: Taking
    findings: tuple[OrderFinding, ...] = ()
    row: str = ""
    """What the catalog shows of an order that is new, as its JSON: whoever is told of the order need not read it again.
    Empty for others."""


class TakenOrders(Record):
    """What became of the orders, in their order."""

    orders: tuple[TakenOrder, ...]


class WishKind(StrEnum):
    """What a maker wants to sign."""

    LIST = "list"
    OFFER = "offer"
    COLLECTION_OFFER = "collection-offer"
    TRAIT_OFFER = "trait-offer"


class OrderWish(Record):
    """An order to be built. Prices are those of one unit, in whole units of the currency, as decimal strings."""

    kind: WishKind
    maker: AddressField
    contract: AddressField
    token_id: TokenIdField | None = None
    choice: TokenChoice = TokenChoice()
    quantity: QuantityField
    price: str
    end_price: str | None = None
    """At the end, for a price that moves."""
    currency: AddressField | None = None
    """None for the usual one: the chain's own for a listing, its wrapped form for an offer."""
    start_time: int | None = None
    end_time: int | None = None
    """Unix seconds."""


class OrderWishes(Record):
    """Orders of one chain and one maker."""

    chain_id: ChainIdField
    wishes: tuple[OrderWish, ...]


class BuiltOrder(Record):
    """An order to sign."""

    order_hash: Bytes32Field
    components: OrderComponents
    findings: tuple[OrderFinding, ...]


class BuiltOrders(Record):
    """Orders to sign at once."""

    typed_data: dict[str, Any]
    """For `eth_signTypedData_v4`: one order, or the tree of several."""
    orders: tuple[BuiltOrder, ...]
