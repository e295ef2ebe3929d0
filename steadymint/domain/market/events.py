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
from steadymint.domain.types import Address, Bytes32

_WORD: Final = 32
_SPENT: Final = "(uint8,address,uint256,uint256)"
_RECEIVED: Final = "(uint8,address,uint256,uint256,address)"
_OFFER_ITEM: Final = "(uint8,address,uint256,uint256,uint256)"
_CONSIDERATION_ITEM: Final = "(uint8,address,uint256,uint256,uint256,address)"
_PARAMETERS: Final = (
    f"(address,address,{_OFFER_ITEM}[],{_CONSIDERATION_ITEM}[],uint8,uint256,uint256,bytes32,uint256,bytes32,uint256)"
)


ORDER_FULFILLED: Final = topic_of(f"OrderFulfilled(bytes32,address,address,address,{_SPENT}[],{_RECEIVED}[])")
ORDERS_MATCHED: Final = topic_of("OrdersMatched(bytes32[])")
ORDER_CANCELLED: Final = topic_of("OrderCancelled(bytes32,address,address)")
ORDER_VALIDATED: Final = topic_of(f"OrderValidated(bytes32,{_PARAMETERS})")
COUNTER_INCREMENTED: Final = topic_of("CounterIncremented(uint256,address)")


class EventError(ValueError):
    """The log does not have the shape of the event whose topic it carries."""


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
    _expect(topics, 3)
    words = _Words.of(data, at_least=6)
    offer = tuple(_moved(item) for item in words.structs(2, 4, heads=4))
    consideration = tuple(PaidItem(_moved(item), item.address(4)) for item in words.structs(3, 5, heads=4))
    return Fulfilled(words.bytes32(0), _indexed(topics[1]), _indexed(topics[2]), words.address(1), offer, consideration)


def matched(topics: Sequence[str], data: str) -> Matched:
    """`OrdersMatched`. Raises EventError."""
    _expect(topics, 1)
    words = _Words.of(data, at_least=2)
    return Matched(tuple(one.bytes32(0) for one in words.structs(0, 1, heads=1)))


def cancelled(topics: Sequence[str], data: str) -> Cancelled:
    """`OrderCancelled`. Raises EventError."""
    _expect(topics, 3)
    words = _Words.of(data, at_least=1)
    return Cancelled(words.bytes32(0), _indexed(topics[1]), _indexed(topics[2]))


def counter_incremented(topics: Sequence[str], data: str) -> CounterIncremented:
    """`CounterIncremented`. Raises EventError."""
    _expect(topics, 2)
    return CounterIncremented(_indexed(topics[1]), _Words.of(data, at_least=1).uint(0))


def validated(topics: Sequence[str], data: str) -> Validated:
    """`OrderValidated`. Raises EventError."""
    _expect(topics, 1)
    words = _Words.of(data, at_least=2)
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


class _Words(NamedTuple):
    """Some 32-byte words of a log's data."""

    raw: bytes

    @classmethod
    def of(cls, data: str, at_least: int) -> _Words:
        try:
            raw = bytes.fromhex(data[2:])
        except ValueError:
            raise EventError("data is no hex") from None
        if not data.startswith("0x") or len(raw) % _WORD or len(raw) < at_least * _WORD:
            raise EventError("data is too short, or no whole number of words")
        return cls(raw)

    def uint(self, at: int) -> int:
        return int.from_bytes(self.raw[at * _WORD : (at + 1) * _WORD])

    def below(self, at: int, limit: int) -> int:
        if (value := self.uint(at)) >= limit:
            raise EventError("a number is none of its kind")
        return value

    def bytes32(self, at: int) -> Bytes32:
        return Bytes32("0x" + self.raw[at * _WORD : (at + 1) * _WORD].hex())

    def address(self, at: int) -> Address:
        word = self.raw[at * _WORD : (at + 1) * _WORD]
        if any(word[:12]):
            raise EventError("a word is no address")
        return Address("0x" + word[12:].hex())

    def tail(self, at: int, *, heads: int, least: int) -> _Words:
        """What begins where the offset in word `at` points: behind the heads, with `least` words or more."""
        offset = self.uint(at)
        if offset % _WORD or not heads * _WORD <= offset <= len(self.raw) - least * _WORD:
            raise EventError("an offset leads out of the data")
        return _Words(self.raw[offset:])

    def structs(self, at: int, width: int, *, heads: int) -> list[_Words]:
        """The list of structs of `width` words to which the offset in word `at` leads."""
        tail = self.tail(at, heads=heads, least=1)
        size = width * _WORD
        if (count := tail.uint(0)) > (len(tail.raw) - _WORD) // size:
            raise EventError("a list is longer than the data")
        return [_Words(tail.raw[start : start + size]) for start in range(_WORD, _WORD + count * size, size)]


def _expect(topics: Sequence[str], count: int) -> None:
    if len(topics) != count:
        raise EventError("another number of topics than the event has")


def _indexed(topic: str) -> Address:
    if len(topic) != 2 + 2 * _WORD or topic[2:26] != "0" * 24:
        raise EventError("a topic is no address")
    return Address("0x" + topic[26:].lower())


def _moved(item: _Words) -> MovedItem:
    return MovedItem(ItemType(item.below(0, len(ItemType))), item.address(1), item.uint(2), item.uint(3))


def _offered(item: _Words) -> OfferItem:
    return OfferItem(
        item_type=ItemType(item.below(0, len(ItemType))),
        token=item.address(1),
        identifier_or_criteria=item.uint(2),
        start_amount=item.uint(3),
        end_amount=item.uint(4),
    )
