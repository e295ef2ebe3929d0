"""An order of Seaport as its maker signs it, parsed once at the edge.

Names and JSON are those of Seaport's `OrderComponents`. What an order means to the market is read by `sides`.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, PlainSerializer

from steadymint.domain.record import Record
from steadymint.domain.types import (
    ZERO_ADDRESS,
    AddressField,
    Bytes32,
    Bytes32Field,
    Uint256Field,
    parse_uint256,
)

ZERO_BYTES32: Final = Bytes32("0x" + "00" * 32)
_SEAPORTS: Final = ConfigDict(extra="forbid")
"""Seaport defines the members. With another one it would be no order of Seaport."""
_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)


class ItemType(IntEnum):
    """What an item of an order is."""

    NATIVE = 0
    ERC20 = 1
    ERC721 = 2
    ERC1155 = 3
    ERC721_WITH_CRITERIA = 4
    ERC1155_WITH_CRITERIA = 5

    @property
    def is_currency(self) -> bool:
        return self <= ItemType.ERC20

    @property
    def has_criteria(self) -> bool:
        """Whether the identifier is the root of a criteria tree, or 0 for any token of the contract."""
        return self >= ItemType.ERC721_WITH_CRITERIA


class OrderType(IntEnum):
    """Who may fill an order, and whether in parts."""

    FULL_OPEN = 0
    PARTIAL_OPEN = 1
    FULL_RESTRICTED = 2
    """Only the maker, or whom the order's zone lets."""
    PARTIAL_RESTRICTED = 3
    CONTRACT = 4
    """Made by a contract at the time of its fill. It has no signature."""

    @property
    def in_parts(self) -> bool:
        return self in (OrderType.PARTIAL_OPEN, OrderType.PARTIAL_RESTRICTED)

    @property
    def restricted(self) -> bool:
        return self in (OrderType.FULL_RESTRICTED, OrderType.PARTIAL_RESTRICTED)


def parse_salt(value: Any) -> int:
    """A number of 256 bits. Clients write a salt in hex as often as in digits. Raises ValueError."""
    return int(value, 16) if isinstance(value, str) and _HEX.fullmatch(value) else parse_uint256(value)


SaltField = Annotated[int, BeforeValidator(parse_salt), PlainSerializer(str, return_type=str, when_used="json")]


class OfferItem(Record):
    """What the maker gives."""

    model_config = _SEAPORTS

    item_type: ItemType
    token: AddressField
    identifier_or_criteria: Uint256Field
    start_amount: Uint256Field
    end_amount: Uint256Field


class ConsiderationItem(OfferItem):
    """What somebody receives, paid by whoever fills the order."""

    recipient: AddressField


class OrderComponents(Record):
    """An order. Times are Unix seconds; the order can be filled from `start_time` on and before `end_time`."""

    model_config = _SEAPORTS

    offerer: AddressField
    zone: AddressField
    offer: tuple[OfferItem, ...]
    consideration: tuple[ConsiderationItem, ...]
    order_type: OrderType
    start_time: Uint256Field
    end_time: Uint256Field
    zone_hash: Bytes32Field
    salt: SaltField
    conduit_key: Bytes32Field
    """Names the conduit that moves what the maker gives. Zero stands for Seaport itself."""
    counter: Uint256Field
    """The maker's counter when the order was signed. Raising it cancels all orders of an earlier one."""


EMPTY_ORDER: Final = OrderComponents(
    offerer=ZERO_ADDRESS,
    zone=ZERO_ADDRESS,
    offer=(),
    consideration=(),
    order_type=OrderType.FULL_OPEN,
    start_time=0,
    end_time=0,
    zone_hash=ZERO_BYTES32,
    salt=0,
    conduit_key=ZERO_BYTES32,
    counter=0,
)
"""Fills the places of a bulk tree that no order takes."""
