"""Bodies of the market's routes that could be read in two ways, are too large, or hold no number: nobody is asked about
them, neither a worker nor a chain."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import pytest

from api.market.bodies.orders import HandInBody, HandInManyBody
from api.market.bodies.wishes import BuildBody
from tests.kinds.test_cancel import an_order, shown
from tests.support.intents import CHAIN, COLLECTION
from tests.support.intents_api import Front, User
from tests.support.preparing import post
from tests.support.problems import is_refused


def example(body: Any) -> dict[str, Any]:
    """The first example of the document."""
    return body.model_config["json_schema_extra"]["examples"][0]


ORDER_HASH: Final = "0x" + "5e" * 32
PREPARES: Final[dict[str, dict[str, Any]]] = {
    "/v1/purchases/prepare": {
        "chainId": CHAIN,
        "items": [{"orderHash": ORDER_HASH, "quantity": "1"}],
        "maxTotal": "1",
    },
    "/v1/sales/prepare": {
        "chainId": CHAIN,
        "orderHash": ORDER_HASH,
        "tokenId": "7",
        "quantity": "1",
        "minTotal": "1",
    },
    "/v1/cancellations/prepare": {"chainId": CHAIN, "orders": [shown(an_order(1))]},
    "/v1/approvals/prepare": {"chainId": CHAIN, "kind": "erc20_approve", "contract": COLLECTION, "amount": "1"},
}
"""What the market has a wallet sign. All of it is taken as far as the flow."""
WISH: Final = {"kind": "list", "contract": COLLECTION, "tokenId": "1", "quantity": "1", "price": "1", "endPrice": "1"}
ROUTES: Final = PREPARES | {
    "/v1/orders": example(HandInBody),
    "/v1/orders/bulk": example(HandInManyBody),
    "/v1/orders/build": example(BuildBody) | {"orders": [WISH]},
}


@pytest.mark.parametrize("path", ROUTES)
async def test_a10_a_body_that_could_be_read_in_two_ways_is_refused(api: Front, alice: User, path: str) -> None:
    whole = json.dumps(ROUTES[path])
    for body in (
        whole[:-1] + f', "chainId": "{CHAIN}"}}',
        whole[:-1] + ', "ch\\u0061inId": "eip155:1"}',
        whole.replace("{", '{"x": {"y": 1, "y": 2}, ', 1),
        "\ufeff" + whole,
        whole + "\0",
    ):
        is_refused(await post(alice, path, body.encode()), 400, "bad_request")
    for body in (whole.encode("utf-16"), whole.encode("utf-32"), b"\xff" + whole.encode()):
        is_refused(await post(alice, path, body), 400, "bad_request")
    assert api.flows.prepared == []


@pytest.mark.parametrize("path", ROUTES)
async def test_a09_a_body_of_any_size_or_depth_is_refused_with_its_reason(api: Front, alice: User, path: str) -> None:
    body = ROUTES[path]
    whole = json.dumps(body).encode()
    for odd in (
        b"", b"{", b"null", b"[]", b'"text"', whole[:-1], b"[" * 100_000, b"{" + b'"a":{' * 40_000,
        whole.replace(b"{", b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b",", 1),
        json.dumps(body | {f"x{number}": 1 for number in range(64)}).encode(),
        json.dumps(body | {"userId": "1"}).encode(),
        json.dumps(body | {"chainId": "eip155:" + "9" * 5_000}).encode(),
    ):  # fmt: skip
        is_refused(await post(alice, path, odd))
    is_refused(await post(alice, path, json.dumps(body | {"x": "x" * 2**18}).encode()), 413, "too_large")
    assert api.flows.prepared == []


AMOUNTS: Final[list[tuple[str, str]]] = [
    ("/v1/orders", "order.startTime"),
    ("/v1/orders", "order.counter"),
    ("/v1/orders", "order.offer.0.identifierOrCriteria"),
    ("/v1/orders", "order.consideration.0.endAmount"),
    ("/v1/orders/bulk", "orders.0.order.endTime"),
    ("/v1/orders/build", "orders.0.tokenId"),
    ("/v1/orders/build", "orders.0.quantity"),
    ("/v1/purchases/prepare", "items.0.quantity"),
    ("/v1/sales/prepare", "tokenId"),
    ("/v1/sales/prepare", "quantity"),
    ("/v1/cancellations/prepare", "orders.0.salt"),
    ("/v1/cancellations/prepare", "orders.0.counter"),
    ("/v1/approvals/prepare", "amount"),
]
PRICES: Final[list[tuple[str, str]]] = [
    ("/v1/orders/build", "orders.0.price"),
    ("/v1/orders/build", "orders.0.endPrice"),
    ("/v1/purchases/prepare", "maxTotal"),
    ("/v1/sales/prepare", "minTotal"),
]
NO_NUMBERS: Final[list[Any]] = [
    "-1", "1e18", "0x10", "0.1", " 12 ", "1_000", True, str(2**256), "1" + "0" * 5000, "01", "١٢", "1\n", "NaN",
    -1, 0.1, 1.0, 2**53, [], {},
]  # fmt: skip
LEGAL: Final = {"salt": ["0x10"], "price": ["0.1", str(2**256)]}
"""What a worker knows to be too much for 256 bits depends on the decimals of the currency."""
RAW: Final = (b"1" + b"0" * 5000, b"1e999", b"-0.0", b"NaN")
"""Numbers of JSON, and what some parsers take for them."""


def put_at(body: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The body with another value at a place such as `orders.0.price`."""
    changed = copy.deepcopy(body)
    *way, name = [int(step) if step.isdigit() else step for step in place.split(".")]
    inner: Any = changed
    for step in way:
        inner = inner[step]
    assert name in inner, "the place is there"
    inner[name] = value
    return changed


@pytest.mark.parametrize(("path", "place"), AMOUNTS + PRICES)
async def test_i14_a_number_of_an_order_is_a_decimal_string_and_nothing_else(
    api: Front, alice: User, path: str, place: str
) -> None:
    legal = LEGAL["price"] if (path, place) in PRICES else LEGAL.get(place.rpartition(".")[2], [])
    for number in NO_NUMBERS:
        if number not in legal:
            is_refused(await post(alice, path, put_at(ROUTES[path], place, number)))
    text = json.dumps(put_at(ROUTES[path], place, "NUMBER")).encode()
    for digits in RAW:
        is_refused(await post(alice, path, text.replace(b'"NUMBER"', digits)))
    assert api.flows.prepared == []


NO_TRAITS: Final[dict[str, Any]] = {
    "a name that no database takes": {"Fur\0": ["Blue"]},
    "a value that no database takes": {"Fur": ["Blue", "\0"]},
    "half a character": {"Fur": ["\ud800"]},
    "no name": {"": ["Blue"]},
    "a name of any length": {"x" * 257: ["Blue"]},
    "too many values": {"Fur": ["Blue"] * 101},
}


@pytest.mark.parametrize("traits", NO_TRAITS.values(), ids=NO_TRAITS)
async def test_traits_of_an_offer_are_text_of_a_bounded_length(api: Front, alice: User, traits: Any) -> None:
    """They are looked up by a worker, together with the orders of others."""
    wish = {"kind": "trait-offer", "contract": COLLECTION, "price": "1", "traits": traits}
    is_refused(await post(alice, "/v1/orders/build", ROUTES["/v1/orders/build"] | {"orders": [wish]}))
    is_refused(await post(alice, "/v1/orders", ROUTES["/v1/orders"] | {"traits": traits}))
