"""Orders as lists show them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.examples import page_of
from api.http.shown import EXACT, AddressText, AmountText, Bytes32Text, ChainIdText, DecimalText, NextCursor, Time
from steadymint.domain.market.findings import Code, OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.types import Standard

HASH_EXAMPLE: Final = "0x" + "5e" * 32
CURRENCY_EXAMPLE: Final[dict[str, Any]] = {"address": "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "symbol": "WETH"}


class CurrencyView(TypedDict):
    """What an order or a sale is paid in."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: Annotated[AddressText | None, Field(description="Null for the chain's own currency.")]
    symbol: Annotated[str, Field(examples=["ETH"])]


class OwnPriceView(TypedDict):
    """A price of one unit of the token in the order's currency, fees included."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    amount: Annotated[str, Field(description="In whole units of the currency, in decimal.", examples=["1.5"])]
    raw: Annotated[DecimalText, Field(description="In the smallest unit.", examples=["1500000000000000000"])]
    currency: CurrencyView


class PriceView(OwnPriceView):
    """The price of one unit of the token, fees included."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    native: NotRequired[
        Annotated[
            AmountText,
            Field(
                description="In the chain's own currency, in decimal. Only of prices that compare with it: those in it "
                "and in its wrapped forms."
            ),
        ]
    ]


class ListedOrderView(TypedDict):
    """An order of the market, without what its maker signed."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    orderHash: Bytes32Text
    chainId: ChainIdText
    side: Side
    status: Annotated[OrderStatus, Field(description="`active` can be filled now.")]
    reasons: Annotated[list[Code], Field(description="Why it is `inactive`: codes of findings.")]
    maker: AddressText
    contract: AddressText
    standard: Standard
    tokenId: NotRequired[Annotated[DecimalText, Field(description="Not of an offer on any token, or any of a set.")]]
    traits: NotRequired[
        Annotated[dict[str, list[str]], Field(description="What the tokens of a trait offer have in common.")]
    ]
    quantity: DecimalText
    filled: DecimalText
    fillable: Annotated[DecimalText, Field(description="Units that can be filled now.")]
    inParts: Annotated[bool, Field(description="Whether it may be filled in parts.")]
    price: PriceView
    endPriceRaw: NotRequired[
        Annotated[DecimalText, Field(description="The price at the end, in the smallest unit, if it moves with time.")]
    ]
    feeBps: Annotated[int, Field(description="What the marketplace gets, in basis points.", examples=[250])]
    royaltyBps: Annotated[int, Field(examples=[500])]
    startAt: Time
    endAt: NotRequired[datetime]
    checkedAt: Annotated[Time, Field(description="When its status was last looked at.")]
    createdAt: Time


class OrderPageView(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[ListedOrderView]
    nextCursor: NextCursor


LISTED_EXAMPLE: Final[dict[str, Any]] = {
    "orderHash": HASH_EXAMPLE,
    "chainId": "eip155:31337",
    "side": "listing",
    "status": "inactive",
    "reasons": ["not_approved"],
    "maker": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "standard": "erc721",
    "tokenId": "1",
    "quantity": "1",
    "filled": "0",
    "fillable": "0",
    "inParts": False,
    "price": {
        "amount": "1",
        "raw": "1000000000000000000",
        "currency": CURRENCY_EXAMPLE,
        "native": "1",
    },
    "feeBps": 0,
    "royaltyBps": 0,
    "startAt": "2026-01-01T00:00:00Z",
    "endAt": "2026-02-01T00:00:00Z",
    "checkedAt": "2026-01-01T00:00:04Z",
    "createdAt": "2026-01-01T00:00:04Z",
}
ACTIVE_EXAMPLE: Final = LISTED_EXAMPLE | {"status": "active", "reasons": [], "fillable": "1"}
OFFER_EXAMPLE: Final = {
    name: value
    for name, value in (
        ACTIVE_EXAMPLE
        | {
            "orderHash": "0x" + "0f" * 32,
            "side": "collection_offer",
            "price": {"amount": "0.9", "raw": "900000000000000000", "currency": CURRENCY_EXAMPLE, "native": "0.9"},
        }
    ).items()
    if name != "tokenId"
}
LISTINGS_EXAMPLE: Final = page_of(ACTIVE_EXAMPLE)
ORDERS_EXAMPLE: Final = page_of(LISTED_EXAMPLE)
OFFERS_EXAMPLE: Final = page_of(OFFER_EXAMPLE)
