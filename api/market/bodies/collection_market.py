"""What a collection costs, what is offered for it, and how it was traded."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.examples import page_of
from api.http.shown import (
    EXACT,
    AddressText,
    AmountText,
    Bytes32Text,
    ChainIdText,
    DecimalText,
    MoneyText,
    NextCursor,
    QuantityText,
    Time,
    TxHashText,
)
from api.market.bodies.order_lists import (
    ACTIVE_EXAMPLE,
    CURRENCY_EXAMPLE,
    HASH_EXAMPLE,
    OFFER_EXAMPLE,
    CurrencyView,
    ListedOrderView,
)
from steadymint.market.reads.sales import Interval


class FloorView(TypedDict):
    """The best prices of a collection, in the chain's own currency or its wrapped forms."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    listed: Annotated[int, Field(description="Tokens that are for sale.", examples=[3])]
    listing: NotRequired[Annotated[ListedOrderView, Field(description="The cheapest. Absent if nothing is listed.")]]
    offer: NotRequired[
        Annotated[ListedOrderView, Field(description="The highest for any token. Absent if there is none.")]
    ]


class LevelView(TypedDict):
    """All active offers for any token of the collection at one price."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    price: Annotated[AmountText, Field(description="Of one unit, in the chain's own currency or its wrapped form.")]
    quantity: Annotated[QuantityText, Field(description="Units that are wanted at this price.")]
    offers: Annotated[int, Field(description="At most 2,000 are counted.", examples=[2])]
    makers: Annotated[int, Field(examples=[2])]


class DepthPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[LevelView]
    nextCursor: NextCursor


class SaleAmounts(TypedDict):
    """What was paid for all units together, and what became of it, in the smallest unit. The last three add up to the
    first."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    price: MoneyText
    proceeds: Annotated[MoneyText, Field(description="What the seller got. It may pass 2^256.")]
    fees: MoneyText
    royalty: MoneyText


class SaleView(TypedDict):
    """A token, or units of one, that changed hands for a price."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    id: UUID
    chainId: ChainIdText
    contract: AddressText
    tokenId: DecimalText
    quantity: QuantityText
    seller: AddressText
    buyer: AddressText
    price: NotRequired[
        Annotated[
            str,
            Field(
                description="Of all units, in whole units of the currency. Absent if nobody has registered how many "
                "decimals it has.",
                examples=["1.5"],
            ),
        ]
    ]
    native: NotRequired[
        Annotated[AmountText, Field(description="The same, if the price compares with the chain's own currency.")]
    ]
    currency: CurrencyView
    amounts: SaleAmounts
    orderHash: NotRequired[Bytes32Text]
    marketplace: Annotated[str, Field(examples=["steadymint"])]
    bundle: Annotated[int, Field(description="How many tokens were sold together.", examples=[1])]
    exclusion: NotRequired[
        Annotated[
            Literal["self_trade", "same_funder", "back_and_forth"], Field(description="Why it is kept out of volumes.")
        ]
    ]
    txHash: TxHashText
    blockNumber: int
    occurredAt: Time


class SalePage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[SaleView]
    nextCursor: NextCursor


class BarView(TypedDict):
    """The sales of one interval. Prices are those of one unit, in the chain's own currency."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    start: Time
    sales: Annotated[int, Field(description="All of them, also those that are kept out of the volume.", examples=[7])]
    volume: AmountText
    low: NotRequired[AmountText]
    high: NotRequired[AmountText]
    average: NotRequired[Annotated[AmountText, Field(description="The volume divided by the units that were sold.")]]


class ChartView(TypedDict):
    """Sales by interval, oldest first. An interval without sales has no bar."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    interval: Interval
    items: list[BarView]


FLOOR_EXAMPLE: Final[dict[str, Any]] = {"listed": 3, "listing": ACTIVE_EXAMPLE, "offer": OFFER_EXAMPLE}
DEPTH_EXAMPLE: Final = page_of({"price": "0.9", "quantity": "4", "offers": 2, "makers": 2})
SALES_EXAMPLE: Final = page_of(
    {
        "id": "1c4c9f2e-2f7b-5a0f-9a43-8c1f0a6f2b11",
        "chainId": "eip155:31337",
        "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "tokenId": "1",
        "quantity": "1",
        "seller": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "buyer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "price": "1",
        "native": "1",
        "currency": CURRENCY_EXAMPLE,
        "amounts": {
            "price": "1000000000000000000",
            "proceeds": "925000000000000000",
            "fees": "25000000000000000",
            "royalty": "50000000000000000",
        },
        "orderHash": HASH_EXAMPLE,
        "marketplace": "steadymint",
        "bundle": 1,
        "txHash": "0x" + "ab" * 32,
        "blockNumber": 21,
        "occurredAt": "2026-01-01T00:01:00Z",
    }
)
CHART_EXAMPLE: Final[dict[str, Any]] = {
    "interval": "1d",
    "items": [
        {
            "start": "2026-01-01T00:00:00Z",
            "sales": 7,
            "volume": "8.4",
            "low": "0.9",
            "high": "1.5",
            "average": "1.2",
        }
    ],
}
