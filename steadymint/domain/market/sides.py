"""What an order means to the market: a listing or an offer, of which tokens, at which price.

Seaport's orders can exchange anything for anything. The market takes those that sell one token, or units of one, for
one currency. All others are refused with a fault that says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from steadymint.domain.market.amounts import AmountError, amount_at
from steadymint.domain.market.components import ConsiderationItem, ItemType, OfferItem, OrderComponents, OrderType
from steadymint.domain.market.criteria import ANY_TOKEN
from steadymint.domain.types import UINT256_MAX, ZERO_ADDRESS, Address, Standard, TokenId, Wei


class Side(StrEnum):
    """What the maker of an order wants."""

    LISTING = "listing"
    ITEM_OFFER = "item_offer"
    COLLECTION_OFFER = "collection_offer"
    """For any token of the collection."""
    TRAIT_OFFER = "trait_offer"
    """For any token of a given set, such as those that carry a trait."""


class Fault(StrEnum):
    """Why an order is none that the market takes."""

    CONTRACT_ORDER = "contract_order"
    TOKENS = "tokens"
    """It gives or asks for no token, for several, or for tokens on both sides."""
    CURRENCIES = "currencies"
    """It is paid in none, or in several."""
    NATIVE_OFFER = "native_offer"
    """Only a wrapped native currency can be offered: the native one cannot be approved."""
    LISTING_BY_CRITERIA = "listing_by_criteria"
    UNUSED_PARAMETERS = "unused_parameters"
    """A currency has an identifier, or the native one a contract. Seaport refuses that."""
    QUANTITY = "quantity"
    """The quantity is zero, changes with time, or is not 1 where the order cannot be filled in parts."""
    ZERO_AMOUNT = "zero_amount"
    """An amount is zero at the start or at the end. Seaport refuses to move nothing."""
    TIMES = "times"
    """It ends before it starts."""
    NOT_DIVISIBLE = "not_divisible"
    """It can be filled in parts, and an amount does not divide by the quantity."""
    FEES_EXCEED_PRICE = "fees_exceed_price"


class UnsupportedOrderError(ValueError):
    """The market does not take the order. `fault` is the code of the reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Payment(NamedTuple):
    """An amount that somebody receives when the order is filled as a whole."""

    recipient: Address
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarketOrder:
    """An order, read. Amounts are in the currency's smallest unit, for the whole quantity."""

    side: Side
    maker: Address
    contract: Address
    standard: Standard
    token_id: TokenId | None
    """None for a collection or trait offer."""
    criteria: int | None
    """The root of a trait offer, 0 for a collection offer, else None."""
    quantity: int
    in_parts: bool
    currency: Address | None
    """None for the chain's own currency."""
    offered: Payment | None
    """Of an offer, what the maker pays, and who gets the token for it."""
    payments: tuple[Payment, ...]
    """What whoever fills the order pays: all of a listing's price, the fees of an offer."""
    start_time: int
    end_time: int

    @property
    def fees(self) -> tuple[Payment, ...]:
        """The parts of the price that do not go to the seller. A listing pays its maker; if it does not name the maker,
        its first payment is the seller's."""
        if self.offered is not None:
            return self.payments
        recipients = {payment.recipient for payment in self.payments}
        seller = self.maker if self.maker in recipients else self.payments[0].recipient
        return tuple(payment for payment in self.payments if payment.recipient != seller)

    @property
    def fits(self) -> bool:
        """Whether 256 bits hold what Seaport computes for the order, and its price in all, at every moment of its time.

        Seaport multiplies an amount that moves by the seconds of the order. It moves one payment after the other and
        never adds them up; but nobody owns, and no allowance covers, more than 2^256-1 of a currency.
        """
        price = self.payments if self.offered is None else (self.offered,)
        duration = self.end_time - self.start_time
        return sum(max(one.start, one.end) for one in price) <= UINT256_MAX and all(
            one.start == one.end or max(one.start, one.end) * duration <= UINT256_MAX
            for one in (*price, *self.payments)
        )

    def price_at(self, now: int) -> Wei:
        """What the buyer pays for the whole quantity at `now`, which must lie in the order's time.

        Raises:
            AmountError: an amount does not fit into 256 bits, or what is paid together does not. Never of an order that
                `fits`.
        """
        if self.offered is not None:
            return Wei(self._at(self.offered, now, round_up=False))
        price = self._sum_at(self.payments, now)
        if price > UINT256_MAX:
            raise AmountError("the price does not fit into 256 bits")
        return price

    def proceeds_at(self, now: int) -> Wei:
        """What is left of the price for the seller at `now`.

        Raises:
            AmountError: an amount does not fit into 256 bits.
        """
        return Wei(self.price_at(now) - self._sum_at(self.fees, now))

    def _sum_at(self, payments: tuple[Payment, ...], now: int) -> Wei:
        return Wei(sum(self._at(payment, now, round_up=True) for payment in payments))

    def _at(self, payment: Payment, now: int, *, round_up: bool) -> int:
        return amount_at(payment.start, payment.end, self.start_time, self.end_time, now, round_up=round_up)


def read_order(order: OrderComponents) -> MarketOrder:
    """What the order means to the market.

    Raises:
        UnsupportedOrderError: the market does not take such an order.
    """
    if order.order_type is OrderType.CONTRACT:
        raise UnsupportedOrderError(Fault.CONTRACT_ORDER)
    if order.end_time <= order.start_time:
        raise UnsupportedOrderError(Fault.TIMES)
    token, is_listing = _only_token(order)
    paid = [item for item in order.consideration if item.item_type.is_currency]
    offered = None if is_listing else order.offer[0]
    read = MarketOrder(
        side=_side(token, is_listing),
        maker=order.offerer,
        contract=token.token,
        standard=_STANDARDS[token.item_type],
        token_id=None if token.item_type.has_criteria else TokenId(token.identifier_or_criteria),
        criteria=token.identifier_or_criteria if token.item_type.has_criteria else None,
        quantity=_quantity(token, order.order_type),
        in_parts=order.order_type.in_parts,
        currency=_currency([*paid] if offered is None else [offered, *paid]),
        offered=None if offered is None else _offered(offered, token),
        payments=tuple(Payment(item.recipient, item.start_amount, item.end_amount) for item in paid),
        start_time=order.start_time,
        end_time=order.end_time,
    )
    _check_amounts(read)
    return read


_STANDARDS: Final = {
    ItemType.ERC721: Standard.ERC721,
    ItemType.ERC721_WITH_CRITERIA: Standard.ERC721,
    ItemType.ERC1155: Standard.ERC1155,
    ItemType.ERC1155_WITH_CRITERIA: Standard.ERC1155,
}


def _only_token(order: OrderComponents) -> tuple[OfferItem, bool]:
    """The token that changes hands, and whether the order sells it."""
    sold = [item for item in order.offer if not item.item_type.is_currency]
    wanted = [item for item in order.consideration if not item.item_type.is_currency]
    if len(sold) + len(wanted) != 1:
        raise UnsupportedOrderError(Fault.TOKENS)
    # One currency pays for one token: a listing gives no currency, an offer gives a single amount.
    if len(order.offer) != 1 or not (wanted or order.consideration):
        raise UnsupportedOrderError(Fault.CURRENCIES)
    return (sold or wanted)[0], bool(sold)


def _side(token: OfferItem, is_listing: bool) -> Side:
    if is_listing:
        if token.item_type.has_criteria:
            raise UnsupportedOrderError(Fault.LISTING_BY_CRITERIA)
        return Side.LISTING
    if not token.item_type.has_criteria:
        return Side.ITEM_OFFER
    return Side.COLLECTION_OFFER if token.identifier_or_criteria == ANY_TOKEN else Side.TRAIT_OFFER


def _quantity(token: OfferItem, order_type: OrderType) -> int:
    """Seaport moves one token of an ERC-721 at a time, so several are only bought in parts."""
    quantity = token.start_amount
    one_at_most = token.item_type is ItemType.ERC721 or (
        token.item_type is ItemType.ERC721_WITH_CRITERIA and not order_type.in_parts
    )
    if quantity == 0 or quantity != token.end_amount or (one_at_most and quantity != 1):
        raise UnsupportedOrderError(Fault.QUANTITY)
    return quantity


def _currency(items: list[OfferItem]) -> Address | None:
    if len({(item.item_type, item.token) for item in items}) != 1:
        raise UnsupportedOrderError(Fault.CURRENCIES)
    item_type, token = items[0].item_type, items[0].token
    is_native = item_type is ItemType.NATIVE
    if any(item.identifier_or_criteria for item in items) or is_native != (token == ZERO_ADDRESS):
        raise UnsupportedOrderError(Fault.UNUSED_PARAMETERS)
    return None if is_native else token


def _offered(item: OfferItem, token: OfferItem) -> Payment:
    if item.item_type is ItemType.NATIVE:
        raise UnsupportedOrderError(Fault.NATIVE_OFFER)
    assert isinstance(token, ConsiderationItem), "an offer asks for its token"
    return Payment(token.recipient, item.start_amount, item.end_amount)


def _check_amounts(order: MarketOrder) -> None:
    payments = order.payments if order.offered is None else (order.offered, *order.payments)
    amounts = [amount for payment in payments for amount in (payment.start, payment.end)]
    if 0 in amounts:
        raise UnsupportedOrderError(Fault.ZERO_AMOUNT)
    if order.in_parts and any(amount % order.quantity for amount in amounts):
        raise UnsupportedOrderError(Fault.NOT_DIVISIBLE)
    if order.offered is not None and (
        sum(fee.start for fee in order.payments) > order.offered.start
        or sum(fee.end for fee in order.payments) > order.offered.end
    ):
        raise UnsupportedOrderError(Fault.FEES_EXCEED_PRICE)
