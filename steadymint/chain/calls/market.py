"""Seaport: what a maker or a taker of orders calls, and what the receipts show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from steadymint.chain.calls.abi import Built, Call, EmittedLog, ListOf, ReceiptProof, RegisteredContract, Struct
from steadymint.chain.nodes.chain import SEAPORT
from steadymint.domain.intents.cancel import ALL_ORDERS, CancelTerms
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.rows import Effects
from steadymint.domain.market import components, events
from steadymint.domain.market.components import ItemType, OrderType
from steadymint.domain.market.words import EventError
from steadymint.domain.types import Address, Bytes32

E = TypeVar("E", events.Cancelled, events.CounterIncremented)
Reader = Callable[[Sequence[str], str], E]


@dataclass(frozen=True, slots=True)
class OfferItem(Struct):
    ABI: ClassVar = (ItemType, "address", "uint256", "uint256", "uint256")

    item_type: ItemType
    token: Address
    identifier_or_criteria: int
    start_amount: int
    end_amount: int


@dataclass(frozen=True, slots=True)
class ConsiderationItem(Struct):
    ABI: ClassVar = (ItemType, "address", "uint256", "uint256", "uint256", "address")

    item_type: ItemType
    token: Address
    identifier_or_criteria: int
    start_amount: int
    end_amount: int
    recipient: Address


@dataclass(frozen=True, slots=True)
class SignedOrder(Struct):
    """What the structs of an order share: all but the last member, which is a number in both."""

    ABI: ClassVar = (
        *("address", "address", ListOf(OfferItem), ListOf(ConsiderationItem), OrderType),
        *("uint256", "uint256", "bytes32", "uint256", "bytes32", "uint256"),
    )

    offerer: Address
    zone: Address
    offer: tuple[OfferItem, ...]
    consideration: tuple[ConsiderationItem, ...]
    order_type: OrderType
    start_time: int
    end_time: int
    zone_hash: Bytes32
    salt: int
    conduit_key: Bytes32

    @staticmethod
    def shared(order: components.OrderComponents) -> dict[str, Any]:
        """These members of an order."""
        members: dict[str, Any] = {name: getattr(order, name) for name in type(order).model_fields if name != "counter"}
        members["offer"] = tuple(OfferItem(**dict(item)) for item in order.offer)
        members["consideration"] = tuple(ConsiderationItem(**dict(item)) for item in order.consideration)
        return members


@dataclass(frozen=True, slots=True)
class OrderComponents(SignedOrder):
    """`OrderComponents` of Seaport."""

    counter: int

    @classmethod
    def of(cls, order: components.OrderComponents) -> OrderComponents:
        """The order as its maker signed it."""
        return cls(**cls.shared(order), counter=order.counter)


@dataclass(frozen=True, slots=True)
class Cancel(Call):
    """By the maker of the orders, or by their zone. All of them or none."""

    FUNCTION: ClassVar = "cancel"
    ABI: ClassVar = (ListOf(OrderComponents),)

    orders: tuple[OrderComponents, ...]


@dataclass(frozen=True, slots=True)
class IncrementCounter(Call):
    """Cancels all orders that the caller has signed so far. How far the counter goes is not known before."""

    FUNCTION: ClassVar = "incrementCounter"
    ABI: ClassVar = ()


def _cancel(terms: CancelTerms, caller: Address, reference: Bytes32) -> Built:
    call = IncrementCounter() if terms.all_orders else Cancel(tuple(map(OrderComponents.of, terms.orders)))
    return Built(RegisteredContract(SEAPORT), call)


def _cancelled(expected: Facts, logs: Sequence[EmittedLog]) -> Effects | None:
    """Which of the expected orders were cancelled, or the new counter. None if there is neither."""
    if expected["orders"] == ALL_ORDERS:
        raised = [
            one.counter for one in _by_maker(expected, logs, events.COUNTER_INCREMENTED, events.counter_incremented)
        ]
        return {"counter": str(raised[-1])} if raised else None
    found = {one.order_hash for one in _by_maker(expected, logs, events.ORDER_CANCELLED, events.cancelled)}
    known = found & set(expected["orders"])
    return {"orderHashes": sorted(known)} if known else None


def _by_maker(expected: Facts, logs: Sequence[EmittedLog], topic: str, read: Reader[E]) -> Iterator[E]:
    """Seaport's events of one kind about the maker. What does not have the shape of its event is left out."""
    for log in logs:
        if log.contract == expected["contract"] and log.topics[:1] == (topic,):
            with suppress(EventError):
                event = read(log.topics, log.data)
                if event.offerer == expected["maker"]:
                    yield event


CALLS: Final = (Cancel, IncrementCounter)
BUILDERS: Final = {IntentKind.CANCEL: _cancel}
RECEIPT_PROOFS: Final = (
    ReceiptProof(
        IntentKind.CANCEL,
        ("OrderCancelled(bytes32,address,address)", "CounterIncremented(uint256,address)"),
        _cancelled,
    ),
)
