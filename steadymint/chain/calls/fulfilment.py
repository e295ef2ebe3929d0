"""The calls of Seaport that fill orders, and what they answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from steadymint.chain.calls.abi import Call, ListOf, Struct, words
from steadymint.chain.calls.market import SignedOrder
from steadymint.domain.market import components
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.fulfilment.plans import Fulfilment, Intention
from steadymint.domain.types import Address, Bytes32

CONSIDERATION_SIDE: Final = 1
"""Seaport's `Side`: an offer by criteria asks for its token."""


@dataclass(frozen=True, slots=True)
class OrderParameters(SignedOrder):
    """An order without the maker's counter, which Seaport knows."""

    signed_considerations: int
    """How many items of the consideration the maker signed. We add none."""

    @classmethod
    def of(cls, order: components.OrderComponents) -> OrderParameters:
        return cls(**cls.shared(order), signed_considerations=len(order.consideration))


@dataclass(frozen=True, slots=True)
class AdvancedOrder(Struct):
    """A part of an order."""

    ABI: ClassVar = (OrderParameters, "uint120", "uint120", "bytes", "bytes")

    parameters: OrderParameters
    numerator: int
    denominator: int
    signature: bytes
    extra_data: bytes
    """For the zone. The zones that a market trusts need none."""

    @classmethod
    def of(cls, part: Part) -> AdvancedOrder:
        """Raises FulfilmentError."""
        order = part.order
        return cls(OrderParameters.of(order.components), *part.fraction, order.signature, b"")


@dataclass(frozen=True, slots=True)
class CriteriaResolver(Struct):
    """Which token an item by criteria gets."""

    ABI: ClassVar = ("uint256", "uint8", "uint256", "uint256", "bytes32[]")

    order: int
    side: int
    item: int
    token_id: int
    proof: tuple[Bytes32, ...]


@dataclass(frozen=True, slots=True)
class Component(Struct):
    """An item of an order, by their places."""

    ABI: ClassVar = ("uint256", "uint256")

    order: int
    item: int


@dataclass(frozen=True, slots=True)
class FulfillAdvancedOrder(Call):
    """Fill a part of one order, or revert."""

    FUNCTION: ClassVar = "fulfillAdvancedOrder"
    ABI: ClassVar = (AdvancedOrder, ListOf(CriteriaResolver), "bytes32", "address")

    order: AdvancedOrder
    resolvers: tuple[CriteriaResolver, ...]
    conduit_key: Bytes32
    recipient: Address


@dataclass(frozen=True, slots=True)
class FulfillAvailableAdvancedOrders(Call):
    """Fill parts of orders. Those that are cancelled, filled, or out of their time are skipped; any other trouble with
    one of them reverts all."""

    FUNCTION: ClassVar = "fulfillAvailableAdvancedOrders"
    ABI: ClassVar = (
        *(ListOf(AdvancedOrder), ListOf(CriteriaResolver), ListOf(ListOf(Component)), ListOf(ListOf(Component))),
        *("bytes32", "address", "uint256"),
    )

    orders: tuple[AdvancedOrder, ...]
    resolvers: tuple[CriteriaResolver, ...]
    given: tuple[tuple[Component, ...], ...]
    """Items of offers that move together."""
    paid: tuple[tuple[Component, ...], ...]
    """Payments that move together, to one recipient each."""
    conduit_key: Bytes32
    recipient: Address
    most: int
    """How many orders are filled at most."""


CALLS: Final = (FulfillAdvancedOrder, FulfillAvailableAdvancedOrders)


def call_of(plan: Fulfilment) -> Call:
    """The call that carries the plan out. Raises FulfilmentError if Seaport cannot be told one of its fractions."""
    orders = tuple(AdvancedOrder.of(part) for part in plan.parts)
    taker = plan.taker
    if plan.intention is Intention.SALE:
        return FulfillAdvancedOrder(orders[0], _resolvers(plan.parts), taker.conduit_key, taker.account)
    return FulfillAvailableAdvancedOrders(
        orders=orders,
        resolvers=(),
        given=tuple((Component(index, 0),) for index in range(len(orders))),
        paid=_payments(plan.parts),
        conduit_key=taker.conduit_key,
        recipient=taker.account,
        most=len(orders),
    )


def filled_in(answer: bytes, plan: Fulfilment) -> tuple[bool, ...]:
    """Which parts were filled, from what Seaport returned. Raises ValueError if it is not Seaport's answer."""
    if plan.intention is Intention.SALE:
        (filled,) = words(("bool",), answer)
        return (filled,)
    (available,) = words(("bool[]",), answer)
    if len(available) != len(plan.parts):
        raise ValueError("another number of orders was answered than was asked for")
    return tuple(available)


def _resolvers(parts: Sequence[Part]) -> tuple[CriteriaResolver, ...]:
    """An offer asks for its token in the item of the consideration that is no currency."""
    found: list[CriteriaResolver] = []
    for index, part in enumerate(parts):
        if part.given is not None:
            items = part.order.components.consideration
            item = next(place for place, item in enumerate(items) if item.item_type.has_criteria)
            proof = tuple(Bytes32("0x" + beside.hex()) for beside in part.given.proof)
            found.append(CriteriaResolver(index, CONSIDERATION_SIDE, item, part.given.token_id, proof))
    return tuple(found)


def _payments(parts: Sequence[Part]) -> tuple[tuple[Component, ...], ...]:
    """The payments by recipient: all of a purchase are in one currency, so those to one recipient are one transfer."""
    by_recipient: defaultdict[Address, list[Component]] = defaultdict(list)
    for order, part in enumerate(parts):
        for item, payment in enumerate(part.order.components.consideration):
            by_recipient[payment.recipient].append(Component(order, item))
    return tuple(tuple(components) for components in by_recipient.values())
