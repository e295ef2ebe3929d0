"""Orders of Seaport as clients send them: the components that a wallet has signed, in Seaport's own JSON."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from api.http.fields import Body, Exact
from steadymint.domain.market.components import ItemType, OrderComponents, OrderType, parse_salt
from steadymint.domain.types import AddressField, Bytes32Field, Uint256Field

MAX_ITEMS_OF_A_SIDE: Final = 100
"""Items that an order gives, or asks for. An order of ours has five at most; others exchange bundles."""

EXAMPLE: Final[dict[str, Any]] = {
    "offerer": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "zone": "0x0000000000000000000000000000000000000000",
    "offer": [
        {
            "itemType": 2,
            "token": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
            "identifierOrCriteria": "1",
            "startAmount": "1",
            "endAmount": "1",
        }
    ],
    "consideration": [
        {
            "itemType": 0,
            "token": "0x0000000000000000000000000000000000000000",
            "identifierOrCriteria": "0",
            "startAmount": "1000000000000000000",
            "endAmount": "1000000000000000000",
            "recipient": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        }
    ],
    "orderType": 0,
    "startTime": "1767225600",
    "endTime": "1769904000",
    "zoneHash": "0x" + "00" * 32,
    "salt": "7",
    "conduitKey": "0x" + "00" * 32,
    "counter": "0",
}

Amount = Annotated[Uint256Field, Exact]
Salt = Annotated[
    int,
    BeforeValidator(parse_salt),
    Exact,
    WithJsonSchema({"type": "string", "pattern": "^(0x[0-9a-fA-F]{1,64}|0|[1-9][0-9]{0,77})$", "examples": ["7"]}),
]


class OfferItemBody(Body):
    """What the maker gives."""

    item_type: ItemType = Field(
        description="0 native, 1 ERC-20, 2 ERC-721, 3 ERC-1155, 4 ERC-721 by criteria, 5 ERC-1155 by criteria"
    )
    token: AddressField
    identifier_or_criteria: Amount
    start_amount: Amount
    end_amount: Amount


class ConsiderationItemBody(OfferItemBody):
    """What somebody receives."""

    recipient: AddressField


class OrderBody(Body):
    """`OrderComponents` of Seaport 1.6, as the wallet signed them."""

    offerer: AddressField
    zone: AddressField
    offer: Annotated[tuple[OfferItemBody, ...], Field(max_length=MAX_ITEMS_OF_A_SIDE)]
    consideration: Annotated[tuple[ConsiderationItemBody, ...], Field(max_length=MAX_ITEMS_OF_A_SIDE)]
    order_type: OrderType = Field(
        description="0 open, 1 open in parts, 2 restricted, 3 restricted in parts, 4 of a contract"
    )
    start_time: Amount = Field(description="Unix seconds")
    end_time: Amount = Field(description="Unix seconds")
    zone_hash: Bytes32Field
    salt: Salt
    conduit_key: Bytes32Field
    counter: Amount
    total_original_consideration_items: int | None = Field(
        None, description="Ignored: what `OrderParameters` has in addition"
    )

    def components(self) -> OrderComponents:
        """The order, parsed."""
        return OrderComponents.model_validate(self.model_dump(exclude={"total_original_consideration_items"}))
