"""Changes of orders as the stream shows them."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import EXACT, AddressText, Bytes32Text, ChainIdText, DecimalText, Time
from api.market.bodies.order_lists import CURRENCY_EXAMPLE, HASH_EXAMPLE, OwnPriceView
from steadymint.domain.market.findings import Code, OrderStatus
from steadymint.domain.market.sides import Side


class OrderEventView(TypedDict):
    """A change of an order: where it stood from then on."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    seq: Annotated[int, Field(description="Its number among all events; the `id` of the stream.", examples=[1042])]
    chainId: ChainIdText
    orderHash: Bytes32Text
    side: Side
    maker: AddressText
    contract: AddressText
    tokenId: NotRequired[Annotated[DecimalText, Field(description="Not of an offer on any token, or any of a set.")]]
    status: OrderStatus
    reasons: Annotated[list[Code], Field(description="Why it is `inactive`: codes of findings.")]
    filled: DecimalText
    fillable: Annotated[DecimalText, Field(description="Units that can be filled.")]
    price: OwnPriceView
    occurredAt: Time


EVENT_EXAMPLE: Final[dict[str, Any]] = {
    "seq": 1042,
    "chainId": "eip155:31337",
    "orderHash": HASH_EXAMPLE,
    "side": "listing",
    "maker": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "tokenId": "1",
    "status": "filled",
    "reasons": [],
    "filled": "1",
    "fillable": "0",
    "price": {"amount": "1", "raw": "1000000000000000000", "currency": CURRENCY_EXAMPLE},
    "occurredAt": "2026-01-01T00:00:04.000Z",
}
