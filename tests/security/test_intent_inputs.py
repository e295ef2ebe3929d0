"""Values that `prepare` refuses: attack cases I13, I14 and I16.

What only a chain can decide (foreign, reverted, relayed and squatted transactions) is in `test_intent_tracking.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.mint import MintOrder
from tests.support.intents import COLLECTION
from tests.support.intents_api import Front, User
from tests.support.preparing import A_BATCH, A_COLLECTION, A_MINT, PREPARE_COLLECTION, PREPARE_MINT, is_taken, post
from tests.support.problems import is_refused

Body = tuple[str, dict[str, Any]]


# -- I14: amounts ----------------------------------------------------------------------------------------------------


def _max_supply(value: Any) -> Body:
    return PREPARE_COLLECTION, A_COLLECTION | {"maxSupply": value}


def _price(value: Any) -> Body:
    return PREPARE_COLLECTION, A_COLLECTION | {"mint": {"price": value}}


def _quantity(value: Any) -> Body:
    return PREPARE_MINT, A_MINT | {"quantity": value}


def _token_id(value: Any) -> Body:
    return PREPARE_MINT, A_BATCH | {"items": [{"tokenId": value, "quantity": "1"}]}


def _item_quantity(value: Any) -> Body:
    return PREPARE_MINT, A_BATCH | {"items": [{"tokenId": "1", "quantity": value}]}


AMOUNTS: list[Callable[[Any], Body]] = [_max_supply, _price, _quantity, _token_id, _item_quantity]
NO_AMOUNTS = [
    "-1", "1e18", "0x10", "0.1", " 12 ", "1_000", True, False, str(2**256), "1" + "0" * 5000,
    "", "+1", "01", "1.", "1,000", "١٢", "１２", "NaN", "Infinity", "1\0", "1\n", "null",
    -1, 1e18, 0.1, 1.0, float("nan"), float("inf"), 2**53, 2**256, [], ["1"], {}, {"value": "1"},
]  # fmt: skip


@pytest.mark.parametrize("place", AMOUNTS)
async def test_i14_an_amount_is_a_decimal_string_and_nothing_else(
    api: Front, alice: User, place: Callable[[Any], Body]
) -> None:
    for amount in NO_AMOUNTS:
        is_refused(await post(alice, *place(amount)))
    path, body = place("AMOUNT")
    for digits in (b"1" + b"0" * 5000, b"-" + b"9" * 5000, b"1e999", b"1E5000"):
        is_refused(await post(alice, path, json.dumps(body).encode().replace(b'"AMOUNT"', digits)))
    assert api.flows.prepared == []
    await is_taken(api, alice, *place("1"))


async def test_i14_the_largest_amounts_arrive_to_the_last_digit(api: Front, alice: User) -> None:
    largest = 2**256 - 1
    order = await is_taken(api, alice, *_max_supply(str(largest)))
    assert isinstance(order, CollectionOrder)
    assert order.terms is not None
    assert order.terms.max_supply == largest
    batch = A_BATCH | {"items": [{"tokenId": str(largest), "quantity": str(largest)}]}
    order = await is_taken(api, alice, PREPARE_MINT, batch)
    assert isinstance(order, MintOrder)
    assert order.terms is not None
    assert [(item.token_id, item.quantity) for item in order.terms.items] == [(largest, largest)]
    is_refused(await post(alice, *_price(str(2**128))))  # the contract keeps a price in 128 bits
    await is_taken(api, alice, *_price(str(2**128 - 1)))


async def test_i14_no_more_is_asked_for_than_one_transaction_holds(api: Front, alice: User) -> None:
    def batch(*ids: str, quantity: str = "1") -> dict[str, Any]:
        return A_BATCH | {"items": [{"tokenId": token_id, "quantity": quantity} for token_id in ids]}

    for body in (
        A_MINT | {"quantity": "0"},
        A_MINT | {"quantity": "501"},
        A_MINT | {"items": [{"tokenId": "1", "quantity": "1"}]},
        A_MINT | {"proof": ["0x" + "00" * 32] * 65},
        A_MINT | {"proof": ["0x" + "00" * 31]},
        A_BATCH,
        A_BATCH | {"quantity": "1"},
        batch(),
        batch("1", quantity="0"),
        batch("1", "1"),
        batch(*(str(number) for number in range(201))),
    ):
        is_refused(await post(alice, PREPARE_MINT, body))
    assert api.flows.prepared == []
    await is_taken(api, alice, PREPARE_MINT, A_MINT | {"quantity": "500", "proof": ["0x" + "00" * 32] * 64})
    await is_taken(api, alice, PREPARE_MINT, batch(*(str(number) for number in range(200))))


# -- I16: royalty, supply, names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"royaltyBps": 10_001},
        {"royaltyBps": -1},
        {"royaltyBps": 1.5},
        {"royaltyBps": "500"},
        {"royaltyBps": True},
        {"royaltyBps": float("nan")},
        {"royaltyBps": 2**96},
        {"royaltyReceiver": "0x" + "0" * 40},
        {"royaltyReceiver": "0x5FbDB2315678afecb367f032d93F642f64180aA3"},  # one letter of the checksum
        {"payoutAddress": "0x" + "0" * 40},
        {"payoutAddress": "0x" + "1" * 39},
        {"maxSupply": "0"},
        {"mint": {"limitPerWallet": 0}},
        {"mint": {"limitPerWallet": 2**32}},
        {"mint": {"limitPerWallet": True}},
        {"mint": {"limitPerWallet": str(2**32)}},
        {"mint": {"allowlistRoot": "0x" + "A" * 64}},
        {"mint": {"unknown": 1}},
        {"standard": "erc20"},
        {"standard": "ERC721"},
        {"chainId": "eip155:031337"},
        {"chainId": "solana:1"},
        {"chainId": 31337},
        {"baseUri": "javascript:alert(1)"},
        {"baseUri": "http://market.example/"},
        {"baseUri": "https://market.example/\n"},
        {"contractUri": "ipfs://" + "a" * 2048},
        {"contractUri": "file:///etc/passwd"},
        {"imageMediaId": "../../etc/passwd"},
        {"owner": COLLECTION},
        {"txRequest": {"to": COLLECTION}},
        {"intentId": "033f2b2a-9eb7-4c35-87ce-3c172797c000"},
        {"royalty_bps_": 1},
    ],
    ids=lambda change: str(change)[:48],
)
async def test_i16_a_collection_that_cannot_be_is_refused(api: Front, alice: User, change: dict[str, Any]) -> None:
    is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | change))
    assert api.flows.prepared == []


NO_NAMES = [
    "", "   ", "\0", "Harbour\0Lights", "\u202eshtgiL", "Harbour\u200bLights", "\u200b", "\u200d", "\u200c\u200d",
    "Har\u200dbour", "Har\u200cbour", "\ufe0f", "Harbour\ufe0fLights", "\ufeffHarbour", "\u2066x\u2069", "\u00ad",
    "\u3164", "\u2800", "a\nb", "a\tb", "\x1b[31mred", "\ud800", "\ue000", "\U000e0041", "x" * 101, "x" * 200_000,
    None, 1, ["x"],
]  # fmt: skip
NAMES = [
    "Harbour Lights",
    "山田",
    "سلام\u200cها",
    "مرحبا",
    "👩\u200d🚀",
    "❤️",
    "'; drop table x; --",
    "<b>&amp;",
    "x" * 100,
]


async def test_i16_a_name_hides_nothing_and_breaks_nothing(api: Front, alice: User) -> None:
    for field in ("name", "symbol"):
        for name in NO_NAMES:
            is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {field: name}))
    for text in ("\0", "\u202e", "x" * 2001):
        is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"description": text}))
    answer = await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"name": "x" * 2**20})
    is_refused(answer, 413, "too_large")
    assert api.flows.prepared == []
    for name in NAMES:
        order = await is_taken(api, alice, PREPARE_COLLECTION, A_COLLECTION | {"name": name})
        assert isinstance(order, CollectionOrder)
        assert order.terms is not None
        assert order.terms.name == name


# -- I13: times ------------------------------------------------------------------------------------------------------


NO_TIMES = [
    1_900_000_000, 1_900_000_000_000, 1.9e9, -1, 2**256 - 1, float("nan"), float("inf"), True,
    "1900000000", "1900000000000", "1.9e9", "-1", str(2**256 - 1), "NaN", "now", "tomorrow", "",
    "2030-01-01", "2030-01-01T00:00:00", "2030-01-01T00:00Z", "2030-02-30T00:00:00Z", "2030-01-01T24:00:00Z",
    "2030-01-01T00:00:60Z", "2030-01-01T00:00:00+99:99", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2030-01-01T00:00:00." + "0" * 5000 + "Z", "٢٠٣٠-01-01T00:00:00Z",
    " 2030-01-01T00:00:00Z ", "2030-01-01T00:00:00Z\0", "20300101T000000Z", "2030-W01-1T00:00:00Z", [], {},
]  # fmt: skip


@pytest.mark.parametrize("field", ["startAt", "endAt"])
async def test_i13_a_time_is_rfc_3339_and_nothing_else(api: Front, alice: User, field: str) -> None:
    for moment in NO_TIMES:
        is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"mint": {field: moment}}))
    is_refused(
        await post(
            alice,
            PREPARE_COLLECTION,
            A_COLLECTION | {"mint": {"startAt": "2030-01-01T00:00:00Z", "endAt": "2030-01-01T00:00:00Z"}},
        )
    )
    assert api.flows.prepared == []
    for moment in ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.5Z", "2030-01-01t01:00:00+01:00"):
        order = await is_taken(api, alice, PREPARE_COLLECTION, A_COLLECTION | {"mint": {field: moment}})
        assert isinstance(order, CollectionOrder)
        assert order.terms is not None
        kept = order.terms.mint.start_at if field == "startAt" else order.terms.mint.end_at
        assert kept is not None
        assert kept - datetime(2030, 1, 1, tzinfo=UTC) < timedelta(seconds=1)


@pytest.mark.parametrize("name", ["deadline", "deadlineAt", "deadlineSeconds", "expiresAt"])
async def test_i13_nobody_sets_the_deadline_of_an_intent(api: Front, alice: User, name: str) -> None:
    """It is the settings' own; a body that names one, sane or not, is refused."""
    for value in (1, -1, 2**256 - 1, float("nan"), "2030-01-01T00:00:00Z"):
        for path, body in ((PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT)):
            is_refused(await post(alice, path, body | {name: value}))
    assert api.flows.prepared == []
    order = await is_taken(api, alice, PREPARE_MINT, A_MINT)
    assert order.deadline_seconds == api.settings.intents.deadline
