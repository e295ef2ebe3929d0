"""What the kinds that fill orders of the market share: their facts, their effects, and what `prepare` found out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from pydantic import Field

from steadymint.domain.counting import counted
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.record import Record
from steadymint.domain.types import (
    Bytes32,
    Bytes32Field,
    QuantityField,
    QuantitySumField,
    ShownAddress,
    TokenIdField,
    WeiField,
    WeiSumField,
)

ORDERS: Final = "orders"
"""The fact that lists the orders. The chain may show a part of them."""
MAX_ITEMS: Final = 50
"""Orders of one purchase, as many as one transaction may fill."""


class FilledOrder(Record):
    """Units of one token that changed hands because an order was filled."""

    order_hash: Bytes32Field
    contract: ShownAddress
    token_id: TokenIdField
    quantity: QuantitySumField = Field(description="Units of the token; a sum, which may pass 2^256")
    price: str | None = Field(
        None,
        description="What the buyer paid for all of them, fees included, in whole units of the currency. Left out for "
        "a currency that is not registered",
        examples=["1.5"],
    )
    price_amount: WeiSumField = Field(description="The same in the currency's smallest unit; it may pass 2^256")
    proceeds_amount: WeiSumField = Field(description="What of it the seller got; it may pass 2^256")
    currency: ShownAddress | None = Field(None, description="Left out for the chain's own currency")
    currency_symbol: str = Field(examples=["ETH"])


class MissingOrder(Record):
    """An order that was asked for and that the prepared transaction does not fill."""

    order_hash: Bytes32Field
    code: str = Field(
        description="A code of what can be wrong with an order, or `same_token` (another order of the purchase takes "
        "the same token), `own_order` (you made it yourself), or `would_revert` (Seaport refuses it)",
        examples=["filled"],
    )
    problem: str = Field(description="What is wrong, a sentence")


class PlannedOrder(Record):
    """An order that the prepared transaction fills."""

    order_hash: Bytes32Field
    quantity: QuantityField = Field(description="Units, fewer than were asked for if fewer are left")


class FillOutcome(Record):
    """What `prepare` found out about the orders and put into the transaction."""

    total_amount: WeiField
    """What it costs, or brings after fees, in the currency's smallest unit, if it is mined now."""
    limit_amount: WeiField
    """The most that it can cost, or the least that it can bring."""
    total: str
    """In whole units of the currency, as are prices."""
    limit: str
    currency: ShownAddress | None = None
    """None for the chain's own."""
    currency_symbol: str
    orders: tuple[PlannedOrder, ...]
    """What the transaction fills."""
    missing: tuple[MissingOrder, ...] = ()
    approvals: tuple[ApproveTerms, ...] = ()
    """What the account has to approve first."""
    simulated: bool = True
    """Whether the very transaction was tried and accepted."""

    @property
    def order_hashes(self) -> list[Bytes32]:
        return sorted(one.order_hash for one in self.orders)


def foreseen(outcome: FillOutcome) -> dict[str, Any]:
    """The effects that are known before the transaction is sent."""
    missing = {"missedOrderHashes": sorted(one.order_hash for one in outcome.missing)} if outcome.missing else {}
    return {"orderHashes": outcome.order_hashes, **missing}


def in_words(done: Collection[Bytes32], missed: Collection[Bytes32]) -> str:
    """What has come of the orders, in a few words."""
    return f"{counted(len(done), 'order')} filled, {len(missed)} missed"


def effects_of(filled: Iterable[FilledOrder]) -> dict[str, Any]:
    """What has come of an intent by these fills, as it is stored."""
    shown = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in filled]
    return {"orderHashes": sorted({one["orderHash"] for one in shown}), "fills": shown}


def narrowed(effects: Mapping[str, Any], orders: Collection[Bytes32]) -> dict[str, Any]:
    """The effects as far as they are about these orders."""
    return {
        "orderHashes": [one for one in effects.get("orderHashes", ()) if one in orders],
        "fills": [one for one in effects.get("fills", ()) if one["orderHash"] in orders],
    }
