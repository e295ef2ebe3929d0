"""Makes orders of the market: listings and offers, with fees and royalties filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from steadymint.domain.market.components import (
    ZERO_BYTES32,
    ConsiderationItem,
    ItemType,
    OfferItem,
    OrderComponents,
    OrderType,
)
from steadymint.domain.market.fees import Due, Fee, split
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Standard, Wei


class Token(NamedTuple):
    """What is sold or wanted."""

    contract: Address
    standard: Standard
    identifier: int
    """The token's id; with criteria the root of the tree, or 0 for any token."""
    has_criteria: bool = False
    quantity: int = 1


class Price(NamedTuple):
    """The price of one unit, fees included, in the currency's smallest unit. It moves on a line from start to end."""

    start: Wei
    end: Wei
    currency: Address | None
    """None for the chain's own currency."""

    @classmethod
    def fixed(cls, amount: int, currency: Address | None = None) -> Price:
        return cls(Wei(amount), Wei(amount), currency)


class Frame(NamedTuple):
    """What an order has beside its items. Times are Unix seconds."""

    start_time: int
    end_time: int
    salt: int
    counter: int
    conduit_key: Bytes32 = ZERO_BYTES32
    zone: Address = ZERO_ADDRESS


def listing(maker: Address, token: Token, price: Price, fees: Sequence[Fee], frame: Frame) -> OrderComponents:
    """The maker sells the token. The price is divided between the maker and the fees.

    Raises:
        ValueError: the fees are more than the price.
    """
    start, end = split(price.start, token.quantity, fees), split(price.end, token.quantity, fees)
    dues = [(Due(maker, start.seller), Due(maker, end.seller)), *zip(start.fees, end.fees, strict=True)]
    item = _token_item(token)
    return _order(maker, (item,), _payments(price.currency, dues), token.quantity, frame)


def offer(maker: Address, token: Token, price: Price, fees: Sequence[Fee], frame: Frame) -> OrderComponents:
    """The maker wants the token, or one that the criteria admit. The seller pays the fees out of the price.

    Raises:
        ValueError: the fees are more than the price.
    """
    start, end = split(price.start, token.quantity, fees), split(price.end, token.quantity, fees)
    units = token.quantity
    given = _currency_item(price.currency, price.start * units, price.end * units)
    wanted = ConsiderationItem(**_token_item(token).model_dump(), recipient=maker)
    dues = list(zip(start.fees, end.fees, strict=True))
    return _order(maker, (given,), (wanted, *_payments(price.currency, dues)), units, frame)


_ITEM_TYPES: Final = {
    (Standard.ERC721, False): ItemType.ERC721,
    (Standard.ERC721, True): ItemType.ERC721_WITH_CRITERIA,
    (Standard.ERC1155, False): ItemType.ERC1155,
    (Standard.ERC1155, True): ItemType.ERC1155_WITH_CRITERIA,
}


def _order(
    maker: Address,
    given: tuple[OfferItem, ...],
    wanted: tuple[ConsiderationItem, ...],
    quantity: int,
    frame: Frame,
) -> OrderComponents:
    """An order of several units can be filled in parts."""
    restricted = frame.zone != ZERO_ADDRESS
    whole = OrderType.FULL_RESTRICTED if restricted else OrderType.FULL_OPEN
    parts = OrderType.PARTIAL_RESTRICTED if restricted else OrderType.PARTIAL_OPEN
    return OrderComponents(
        offerer=maker,
        zone=frame.zone,
        offer=given,
        consideration=wanted,
        order_type=parts if quantity > 1 else whole,
        start_time=frame.start_time,
        end_time=frame.end_time,
        zone_hash=ZERO_BYTES32,
        salt=frame.salt,
        conduit_key=frame.conduit_key,
        counter=frame.counter,
    )


def _token_item(token: Token) -> OfferItem:
    return OfferItem(
        item_type=_ITEM_TYPES[token.standard, token.has_criteria],
        token=token.contract,
        identifier_or_criteria=token.identifier,
        start_amount=token.quantity,
        end_amount=token.quantity,
    )


def _currency_item(currency: Address | None, start: int, end: int) -> OfferItem:
    return OfferItem(
        item_type=ItemType.NATIVE if currency is None else ItemType.ERC20,
        token=currency or ZERO_ADDRESS,
        identifier_or_criteria=0,
        start_amount=start,
        end_amount=end,
    )


def _payments(currency: Address | None, dues: Sequence[tuple[Due, Due]]) -> tuple[ConsiderationItem, ...]:
    """Amounts of zero are left out: Seaport refuses to move nothing."""
    return tuple(
        ConsiderationItem(**_currency_item(currency, start.amount, end.amount).model_dump(), recipient=start.recipient)
        for start, end in dues
        if start.amount or end.amount
    )
