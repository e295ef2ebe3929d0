"""Events of Seaport are read strictly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contracts import load_artifact
from steadymint.domain.market import events
from steadymint.domain.market.components import ItemType, OrderComponents
from steadymint.domain.market.events import MovedItem, PaidItem
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.words import EventError
from tests.unit.domain.market.test_sides import ALICE, BOB, CATS, LISTING, MARKETPLACE, UNITS

HASH = "0x" + "12" * 32
SPENT, RECEIVED = "(uint8,address,uint256,uint256)[]", "(uint8,address,uint256,uint256,address)[]"
OFFERED, WANTED = "(uint8,address,uint256,uint256,uint256)[]", "(uint8,address,uint256,uint256,uint256,address)[]"
PARAMETERS = f"(address,address,{OFFERED},{WANTED},uint8,uint256,uint256,bytes32,uint256,bytes32,uint256)"


def indexed(address: str) -> str:
    return "0x" + "0" * 24 + address[2:]


def data(types: list[str], *values: Any) -> str:
    return "0x" + encode(types, values).hex()


def parameters(order: OrderComponents) -> tuple[Any, ...]:
    offer = [tuple(item.model_dump().values()) for item in order.offer]
    wanted = [tuple(item.model_dump().values()) for item in order.consideration]
    hashes = bytes.fromhex(order.zone_hash[2:]), bytes.fromhex(order.conduit_key[2:])
    kind, start, end = order.order_type, order.start_time, order.end_time
    return (ALICE, order.zone, offer, wanted, kind, start, end, hashes[0], order.salt, hashes[1], len(wanted))


FULFILLED = data(
    ["bytes32", "address", SPENT, RECEIVED],
    bytes.fromhex(HASH[2:]),
    BOB,
    [(2, CATS, 7, 1)],
    [(0, "0x" + "0" * 40, 0, 925, ALICE), (0, "0x" + "0" * 40, 0, 75, MARKETPLACE)],
)
MATCHED = data(["bytes32[]"], [bytes.fromhex(HASH[2:]), b"\7" * 32])
VALIDATED = data(["bytes32", PARAMETERS], order_hash(UNITS), parameters(UNITS))
ONE_WORD = data(["bytes32"], bytes.fromhex(HASH[2:]))
TWO = ["0x", indexed(ALICE), indexed(MARKETPLACE)]
Reader = Callable[[list[str], str], Any]
EVENTS: dict[str, tuple[Reader, list[str], str]] = {
    "OrderFulfilled": (events.fulfilled, TWO, FULFILLED),
    "OrdersMatched": (events.matched, TWO[:1], MATCHED),
    "OrderCancelled": (events.cancelled, TWO, ONE_WORD),
    "OrderValidated": (events.validated, TWO[:1], VALIDATED),
    "CounterIncremented": (events.counter_incremented, TWO[:2], ONE_WORD),
}


def test_topics_are_those_of_the_contract() -> None:
    def type_of(entry: dict[str, Any]) -> str:
        inner = ",".join(map(type_of, entry.get("components", ())))
        return entry["type"].replace("tuple", f"({inner})")

    known = {
        entry["name"]: "0x" + keccak(text=f"{entry['name']}({','.join(map(type_of, entry['inputs']))})").hex()
        for entry in load_artifact("Seaport").abi
        if entry["type"] == "event"
    }
    assert (
        known.items()
        >= {
            "OrderFulfilled": events.ORDER_FULFILLED,
            "OrdersMatched": events.ORDERS_MATCHED,
            "OrderCancelled": events.ORDER_CANCELLED,
            "OrderValidated": events.ORDER_VALIDATED,
            "CounterIncremented": events.COUNTER_INCREMENTED,
        }.items()
    )


def test_a_fill_says_what_moved_and_to_whom() -> None:
    fill = events.fulfilled(TWO, FULFILLED)
    assert (fill.order_hash, fill.offerer, fill.zone, fill.recipient) == (HASH, ALICE, MARKETPLACE, BOB)
    assert fill.offer == (MovedItem(ItemType.ERC721, CATS, 7, 1),)
    assert [(paid.item.amount, paid.recipient) for paid in fill.consideration] == [(925, ALICE), (75, MARKETPLACE)]
    assert isinstance(fill.consideration[0], PaidItem)


def test_orders_are_matched_cancelled_and_counters_raised() -> None:
    assert events.matched(TWO[:1], MATCHED).order_hashes == (HASH, "0x" + "07" * 32)
    assert events.cancelled(TWO, ONE_WORD) == (HASH, ALICE, MARKETPLACE)
    assert events.counter_incremented(TWO[:2], ONE_WORD) == (ALICE, int(HASH, 16))


def test_an_order_that_was_validated_is_known_once_its_counter_is() -> None:
    event = events.validated(TWO[:1], VALIDATED)
    assert event.order(0) == UNITS
    assert event.order(1) is None
    other = UNITS.model_copy(update={"counter": 5})
    again = events.validated(TWO[:1], data(["bytes32", PARAMETERS], order_hash(other), parameters(other)))
    assert again.order(5) == other


@pytest.mark.parametrize("name", EVENTS)
@given(mutation=st.data())
def test_bytes_of_any_kind_are_read_or_refused(name: str, mutation: st.DataObject) -> None:
    read, topics, sound = EVENTS[name]
    raw = bytearray.fromhex(sound[2:])
    for _ in range(mutation.draw(st.integers(1, 3))):
        word = mutation.draw(st.integers(0, len(raw) // 32 - 1))
        value = mutation.draw(st.sampled_from([0, 1, 31, 32, 2**16, 2**64, 2**255, 2**256 - 1, len(raw) - 32]))
        raw[word * 32 : word * 32 + 32] = value.to_bytes(32)
    shortened = raw[: mutation.draw(st.sampled_from([len(raw), len(raw) - 1, len(raw) - 32, 32, 0]))]
    with suppress(EventError):
        read(topics, "0x" + shortened.hex())


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("text", ["", "0x", "0x0", "0xzz", "12" * 32, "0x" + "12" * 31])
def test_data_that_is_no_words_is_refused(name: str, text: str) -> None:
    read, topics, _ = EVENTS[name]
    with pytest.raises(EventError):
        read(topics, text)


@pytest.mark.parametrize("name", EVENTS)
def test_topics_that_do_not_fit_are_refused(name: str) -> None:
    read, topics, sound = EVENTS[name]
    for wrong in ([*topics, indexed(BOB)], topics[:-1]):
        with pytest.raises(EventError):
            read(wrong, sound)
    if len(topics) > 1:
        for wrong_address in ("0x" + "1" * 64, "0x12", ALICE):
            with pytest.raises(EventError):
                read([*topics[:-1], wrong_address], sound)


@pytest.mark.parametrize(("word", "value"), [(4, 6), (5, 6), (6, 2**160), (1, 2**255), (2, 33), (3, 0), (9, 2**250)])
def test_a_fill_with_a_word_that_is_none_of_its_kind_is_refused(word: int, value: int) -> None:
    raw = bytearray.fromhex(FULFILLED[2:])
    raw[word * 32 : word * 32 + 32] = value.to_bytes(32)
    with pytest.raises(EventError):
        events.fulfilled(TWO, "0x" + raw.hex())


def test_the_order_of_a_listing_that_was_validated_is_the_one_that_was_signed() -> None:
    event = events.validated(TWO[:1], data(["bytes32", PARAMETERS], order_hash(LISTING), parameters(LISTING)))
    assert event.order(0) == LISTING
