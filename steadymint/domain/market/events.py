"""Decodes the events of Seaport 1.6. It is strict, and its memory is bounded.

Each function takes a log's topics and data as a node writes them (`0x` hex). It returns values of exactly the shape of
the event's signature, or raises `EventError`. No list is read before its length is compared with the bytes that are
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from steadymint.domain.keccak import topic_of
from steadymint.domain.market.components import ConsiderationItem, ItemType, OfferItem, OrderComponents, OrderType
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.words import Words, expect, indexed
from steadymint.domain.types import Address, Bytes32

_SPENT: Final = "(uint8,address,uint256,uint256)"
_RECEIVED: Final = "(uint8,address,uint256,uint256,address)"
_OFFER_ITEM: Final = "(uint8,address,uint256,uint256,uint256)"
_CONSIDERATION_ITEM: Final = "(uint8,address,uint256,uint256,uint256,address)"
_PARAMETERS: Final = (
    f"(address,address,{_OFFER_ITEM}[],{_CONSIDERATION_ITEM}[],uint8,uint256,uint256,bytes32,uint256,bytes32,uint256)"
)

FULFILLED_SIGNATURE: Final = f"OrderFulfilled(bytes32,address,address,address,{_SPENT}[],{_RECEIVED}[])"
ORDER_FULFILLED: Final = topic_of(FULFILLED_SIGNATURE)
ORDERS_MATCHED: Final = topic_of("OrdersMatched(bytes32[])")
ORDER_CANCELLED: Final = topic_of("OrderCancelled(bytes32,address,address)")
ORDER_VALIDATED: Final = topic_of(f"OrderValidated(bytes32,{_PARAMETERS})")
COUNTER_INCREMENTED: Final = topic_of("CounterIncremented(uint256,address)")


class MovedItem(NamedTuple):
    """An item as it was moved: criteria are resolved, and the amount is the one of the moment."""

    item_type: ItemType
    token: Address
    identifier: int
    amount: int


class PaidItem(NamedTuple):
    """An item that somebody received by the order's consideration."""

    item: MovedItem
    recipient: Address


class Fulfilled(NamedTuple):
    """`OrderFulfilled`: an order, or a part of it, was filled."""

    order_hash: Bytes32
    offerer: Address
    zone: Address
    recipient: Address
    """Who gets the offered items that no matched order takes: the filler, or whom the filler named."""
    offer: tuple[MovedItem, ...]
    consideration: tuple[PaidItem, ...]


class Matched(NamedTuple):
    """`OrdersMatched`: these orders, whose fills come before it, were filled against each other."""

    order_hashes: tuple[Bytes32, ...]


class Cancelled(NamedTuple):
    """`OrderCancelled`."""

    order_hash: Bytes32
    offerer: Address
    zone: Address


class CounterIncremented(NamedTuple):
    """All orders that the offerer signed with an earlier counter are cancelled."""

    offerer: Address
    counter: int


class Validated(NamedTuple):
    """`OrderValidated`: the order counts from here on without a signature."""

    order_hash: Bytes32
    parameters: OrderComponents
    """The event does not name the counter; it is 0 here."""

    def order(self, counter: int) -> OrderComponents | None:
        """The order, if it was made with this counter. Its hash decides."""
        order = self.parameters.model_copy(update={"counter": counter})
        return order if "0x" + order_hash(order).hex() == self.order_hash else None


def fulfilled(topics: Sequence[str], data: str) -> Fulfilled:
    """`OrderFulfilled`. Raises EventError."""
    expect(topics, 3)
    words = Words.of(data, at_least=6)
    offer = tuple(_moved(item) for item in words.structs(2, 4, heads=4))
    consideration = tuple(PaidItem(_moved(item), item.address(4)) for item in words.structs(3, 5, heads=4))
    return Fulfilled(words.bytes32(0), indexed(topics[1]), indexed(topics[2]), words.address(1), offer, consideration)


def matched(topics: Sequence[str], data: str) -> Matched:
    """`OrdersMatched`. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=2)
    return Matched(tuple(one.bytes32(0) for one in words.structs(0, 1, heads=1)))


def cancelled(topics: Sequence[str], data: str) -> Cancelled:
    """`OrderCancelled`. Raises EventError."""
    expect(topics, 3)
    words = Words.of(data, at_least=1)
    return Cancelled(words.bytes32(0), indexed(topics[1]), indexed(topics[2]))


def counter_incremented(topics: Sequence[str], data: str) -> CounterIncremented:
    """`CounterIncremented`. Raises EventError."""
    expect(topics, 2)
    return CounterIncremented(indexed(topics[1]), Words.of(data, at_least=1).uint(0))


def validated(topics: Sequence[str], data: str) -> Validated:
    """`OrderValidated`. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=2)
    given = words.tail(1, heads=2, least=11)
    offer = tuple(_offered(item) for item in given.structs(2, 5, heads=11))
    wanted = tuple(
        ConsiderationItem(**_offered(item).model_dump(), recipient=item.address(5))
        for item in given.structs(3, 6, heads=11)
    )
    order = OrderComponents(
        offerer=given.address(0),
        zone=given.address(1),
        offer=offer,
        consideration=wanted,
        order_type=OrderType(given.below(4, len(OrderType))),
        start_time=given.uint(5),
        end_time=given.uint(6),
        zone_hash=given.bytes32(7),
        salt=given.uint(8),
        conduit_key=given.bytes32(9),
        counter=0,
    )
    return Validated(words.bytes32(0), order)


def _moved(item: Words) -> MovedItem:
    return MovedItem(ItemType(item.below(0, len(ItemType))), item.address(1), item.uint(2), item.uint(3))


def _offered(item: Words) -> OfferItem:
    return OfferItem(
        item_type=ItemType(item.below(0, len(ItemType))),
        token=item.address(1),
        identifier_or_criteria=item.uint(2),
        start_amount=item.uint(3),
        end_amount=item.uint(4),
    )
