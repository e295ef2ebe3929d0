"""The routes of orders: what a client without a session gets for what it sends, with a worker and a chain behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter
from temporalio.client import Client

from api.market.bodies.orders import TAKEN_EXAMPLE, TAKEN_MANY_EXAMPLE, TakenAnswer, TakenManyAnswer
from api.market.bodies.wishes import BUILT_EXAMPLE, BuiltAnswer
from api.market.views.orders import signed_view
from steadymint.catalog.cache import CatalogCache
from steadymint.domain.market.components import OrderComponents, OrderType
from steadymint.domain.market.intake import HandedOrders
from steadymint.domain.types import Address, show_address
from steadymint.market.new_orders import shown_components
from steadymint.market.orders import Orders
from steadymint.settings import Settings
from tests.contracts.seaport import sign
from tests.support.order_counter import Counter, body_of, counter_over
from tests.support.trading import CHAIN, Trading


def test_the_examples_have_the_documented_shape() -> None:
    TypeAdapter(TakenAnswer).validate_python(TAKEN_EXAMPLE)
    TypeAdapter(TakenManyAnswer).validate_python(TAKEN_MANY_EXAMPLE)
    TypeAdapter(BuiltAnswer).validate_python(BUILT_EXAMPLE)


async def test_a_wallet_needs_this_api_and_its_signature_only(counter: Counter) -> None:
    seller = counter.trading.stage.seller
    built = await counter.build(seller, counter.wish())
    assert built["approvals"] == built["orders"][0]["findings"] == []
    body = {
        "chainId": CHAIN,
        "order": built["orders"][0]["order"],
        "signature": "0x" + sign(seller, built["typedData"]).hex(),
        "orderHash": built["orders"][0]["orderHash"],
    }
    first = await counter.post("", body, 201, TakenAnswer)
    assert first["findings"] == []
    assert (first["order"]["status"], first["order"]["price"]["amount"]) == ("active", "1.5")
    assert first["order"]["maker"] == show_address(first["order"]["maker"])
    again = await counter.post("", body, 200, TakenAnswer)
    assert again == first


async def test_an_order_that_was_handed_in_is_shown_with_all_that_anybody_needs_to_fill_it(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = counter.trading.stage.listing()
    with monkeypatch.context() as nobody_reads:
        nobody_reads.setattr(Orders, "by_hash", None)  # a new one is told by whoever has written it
        taken = await counter.hand_in(order, 201)
    shown = await counter.http.get(f"/v1/orders/{CHAIN}/{taken['order']['orderHash']}")
    assert shown.json() == taken["order"]
    assert shown.json()["signature"] == "0x" + order.signature.hex()
    assert OrderComponents.model_validate(shown.json()["components"]) == order.components
    (listed,) = (await counter.http.get(f"/v1/orders?chainId={CHAIN}&side=listing&status=active")).json()["items"]
    assert {**listed, "components": shown.json()["components"], "signature": shown.json()["signature"]} == shown.json()


async def test_no_page_that_was_kept_before_an_order_came_is_shown_after_it(counter: Counter) -> None:
    cats = Address(counter.trading.stage.cats.address.lower())
    cache, named = CatalogCache(counter.redis), (CHAIN, cats)
    for about in (named, None):
        await cache.keep(await cache.look(about, "listings"), b"without the order")
    await counter.hand_in(counter.trading.stage.listing(), 201)
    assert [(await cache.look(about, "listings")).answer for about in (named, None)] == [None, None]


async def test_one_signature_of_several_orders_is_enough_for_each(counter: Counter) -> None:
    seller = counter.trading.stage.seller
    built = await counter.build(seller, *(counter.wish(tokenId=str(token)) for token in (1, 2, 3)))
    signed = [{"order": one["order"]} for one in built["orders"]]
    signature = "0x" + sign(seller, built["typedData"]).hex()
    answer = await counter.post(
        "/bulk", {"chainId": CHAIN, "orders": signed, "signature": signature}, 200, TakenManyAnswer
    )
    assert [one["outcome"] for one in answer["items"]] == ["created"] * 3
    assert {one["order"]["status"] for one in answer["items"]} == {"active"}
    swapped = [signed[1], signed[0], signed[2]]
    answer = await counter.post("/bulk", {"chainId": CHAIN, "orders": swapped, "signature": signature}, 200)
    assert [one["outcome"] for one in answer["items"]] == ["known"] * 3


async def test_each_of_many_orders_is_answered_by_itself(counter: Counter) -> None:
    stage = counter.trading.stage
    good, bad = stage.listing(1), replace(stage.listing(2), signature=b"\x01" * 65)
    copy = replace(good, signature=b"\x01" * 65)
    strange = stage.listing(3).components.model_copy(update={"order_type": OrderType.CONTRACT})
    many = [
        {name: value for name, value in body_of(one).items() if name != "chainId"}
        for one in (good, bad, stage.offer(), copy)
    ]
    many.append({"order": signed_view(shown_components(strange))})
    answer = await counter.post("/bulk", {"chainId": CHAIN, "orders": many}, 200, TakenManyAnswer)
    found = [(one["outcome"], [finding["code"] for finding in one["findings"]]) for one in answer["items"]]
    assert found == [
        ("created", []),
        ("refused", ["bad_signature"]),
        ("created", []),
        ("known", ["bad_signature"]),
        ("refused", ["unsupported"]),
    ]
    assert ["order" in one for one in answer["items"]] == [True, False, True, True, False]
    shown = [answer["items"][at]["order"]["signature"] for at in (0, 3)]
    assert shown == ["0x" + good.signature.hex()] * 2, "a copy with a bad signature is shown as the order is"


async def test_a_refused_order_is_a_problem_with_all_that_is_wrong(counter: Counter) -> None:
    order = replace(counter.trading.stage.listing(counter=3), signature=b"\x01" * 65)
    problem = await counter.hand_in(order, 422)
    assert problem["code"] == "order_refused"
    assert [finding["code"] for finding in problem["findings"]] == ["bad_signature", "wrong_counter"]
    assert problem["detail"] == problem["findings"][0]["message"]
    assert all(finding["whatToDo"] for finding in problem["findings"])
    assert await counter.trading.rows() == []


async def test_an_order_that_has_ended_is_still_the_order_that_it_was(counter: Counter) -> None:
    stage = counter.trading.stage
    order = stage.listing()
    await counter.hand_in(order, 201)
    stage.chain.send(stage.seaport.contract.functions.incrementCounter(), stage.seller)
    known = await counter.hand_in(order, 200)
    assert [finding["code"] for finding in known["findings"]] == ["wrong_counter"]
    await counter.hand_in(stage.listing(2), 422)


async def test_a_missing_approval_is_a_transaction_to_send(counter: Counter) -> None:
    stage = counter.trading.stage
    stage.chain.send(stage.cats.functions.setApprovalForAll(stage.conduit, False), stage.seller)
    built = await counter.build(stage.seller, counter.wish(tokenId="1"), counter.wish(tokenId="2"))
    (approval,) = built["approvals"]
    assert (approval["kind"], approval["spender"]) == ("set_approval_for_all", stage.conduit)
    taken = await counter.hand_in(stage.listing(), 201)
    assert taken["findings"][0]["approval"] == approval
    assert (taken["order"]["status"], taken["order"]["reasons"]) == ("inactive", ["not_approved"])


async def test_many_at_once_are_one_row_for_each_order(counter: Counter) -> None:
    stage = counter.trading.stage
    mine = [stage.listing(token) for token in (1, 2, 3, 4)]
    answers = await asyncio.gather(
        *(counter.http.post("/v1/orders", json=body_of(order)) for _ in range(6) for order in mine)
    )
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert sum(answer.status_code == 201 for answer in answers) >= len(mine)
    assert len(await counter.trading.rows()) == len(mine)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a signature that is no hex": ({"signature": "0xzz"}, "signature"),
    "half a byte": ({"signature": "0x1"}, "signature"),
    "a signature of a megabyte": ({"signature": "0x" + "ab" * 100_000}, "signature"),
    "an unknown member": ({"isAdmin": True}, "isAdmin"),
    "a chain that is none": ({"chainId": "solana:1"}, "chainId"),
    "a hash in capitals": ({"orderHash": "0x" + "AB" * 32}, "orderHash"),
    "no order": ({"order": None}, "order"),
    "traits without values": ({"traits": {"Fur": []}}, "traits.Fur"),
    "too many traits": ({"traits": {str(number): ["x"] for number in range(17)}}, "traits"),
}


@pytest.mark.parametrize(("change", "field"), WRONG.values(), ids=WRONG)
async def test_what_is_no_order_is_refused_before_anybody_is_asked(
    counter: Counter, change: dict[str, Any], field: str
) -> None:
    problem = await counter.post("", body_of(counter.trading.stage.listing()) | change, 422)
    assert problem["code"] == "invalid_input"
    assert field in {wrong["field"] for wrong in problem["fields"]}
    assert "ababab" not in str(problem)


NUMBERS: list[Any] = ["-1", "1e3", "0x10", 2**53 + 1, str(2**256), 1.5, True, None]


@pytest.mark.parametrize("number", NUMBERS)
async def test_an_amount_is_a_uint256_and_exact(counter: Counter, number: Any) -> None:
    body = body_of(counter.trading.stage.listing())
    body["order"]["consideration"][0]["startAmount"] = number
    problem = await counter.post("", body, 422)
    assert problem["fields"][0]["field"] == "order.consideration.0.startAmount"


async def test_an_order_of_too_many_parts_is_refused(counter: Counter) -> None:
    body = body_of(counter.trading.stage.listing())
    body["order"]["consideration"] *= 101
    assert (await counter.post("", body, 422))["fields"][0]["field"] == "order.consideration"
    many = [{"order": body_of(counter.trading.stage.listing())["order"]}] * 51
    assert (await counter.post("/bulk", {"chainId": CHAIN, "orders": many}, 422))["fields"][0]["field"] == "orders"


WRONG_WISHES: dict[str, tuple[dict[str, Any], str]] = {
    "no token": ({"tokenId": None}, "tokenId"),
    "a token of an offer for any": ({"kind": "collection-offer"}, "tokenId"),
    "tokens of a listing": ({"tokens": ["1"]}, "tokens or traits"),
    "a trait offer for anything": ({"kind": "trait-offer", "tokenId": None}, "tokens or traits"),
    "tokens and traits": (
        {"kind": "trait-offer", "tokenId": None, "tokens": ["1"], "traits": {"Fur": ["Blue"]}},
        "tokens or traits",
    ),
    "a price in exponents": ({"price": "1e18"}, "price"),
    "a negative price": ({"price": "-1"}, "price"),
    "a price as a number": ({"price": 1.5}, "price"),
    "no units": ({"quantity": "0"}, "quantity"),
    "another kind": ({"kind": "auction"}, "kind"),
    "a time without an offset": ({"endAt": "2030-01-01T00:00:00"}, "endAt"),
}


@pytest.mark.parametrize(("change", "says"), WRONG_WISHES.values(), ids=WRONG_WISHES)
async def test_a_wish_that_cannot_be_meant_is_refused(counter: Counter, change: dict[str, Any], says: str) -> None:
    wish = {name: value for name, value in counter.wish(**change).items() if value is not None}
    problem = await counter.build(counter.trading.stage.seller, wish, expect=422)
    assert problem["code"] == "invalid_input"
    assert says in problem["detail"]


async def test_a_chain_without_a_market_or_unknown_is_named(counter: Counter) -> None:
    order = counter.trading.stage.listing()
    assert (await counter.hand_in(order, 422, chainId="eip155:5"))["code"] == "unknown_chain"
    await counter.trading.pool.execute("delete from chain_registry_service.chain_contracts where name = 'seaport'")
    counter.trading.clients.registry._versions_at = float("-inf")
    assert (await counter.hand_in(order, 404))["code"] == "not_found"


async def test_a_node_that_does_not_answer_is_an_outage_and_leaves_no_row(counter: Counter) -> None:
    await counter.trading.pool.execute("update chain_registry_service.chain_endpoints set url = 'http://127.0.0.1:9'")
    counter.trading.clients.registry._versions_at = float("-inf")
    problem = await counter.hand_in(counter.trading.stage.listing(), 503)
    assert (problem["code"], problem["upstream"]) == ("upstream_unavailable", "node")
    assert "127.0.0.1" not in str(problem)
    assert await counter.trading.rows() == []


async def test_one_address_may_hand_in_so_many_a_minute(trading: Trading, valkey: str, temporal_client: Client) -> None:
    settings = Settings()
    settings = settings.model_copy(update={"api": settings.api.model_copy(update={"order_rate": 2})})
    async for counter in counter_over(trading, valkey, temporal_client, settings):
        order = trading.stage.listing()
        await counter.hand_in(order, 201)
        await counter.hand_in(order, 200)
        limited = await counter.hand_in(order, 429)
        assert (limited["code"], limited["limit"]) == ("rate_limited", "orders")


async def test_one_address_may_name_the_tokens_of_so_many_offers_a_day(
    trading: Trading, valkey: str, temporal_client: Client
) -> None:
    """Each may leave thousands of rows."""
    settings = Settings()
    settings = settings.model_copy(update={"api": settings.api.model_copy(update={"trait_offers_daily": 2})})
    async for counter in counter_over(trading, valkey, temporal_client, settings):
        bidder, wish = trading.stage.bidder, counter.wish(kind="trait-offer", tokens=["1", "2"])
        wish.pop("tokenId")
        await counter.build(bidder, wish, wish)
        limited = await counter.build(bidder, wish, expect=429)
        assert (limited["code"], limited["limit"]) == ("rate_limited", "trait-offers")
        handed = {"tokens": ["1", "2"]}
        assert (await counter.hand_in(trading.stage.listing(), 429, **handed))["limit"] == "trait-offers"
        await counter.hand_in(trading.stage.listing(), 201)


async def test_orders_are_taken_while_redis_carries_none(
    trading: Trading, valkey: str, temporal_client: Client
) -> None:
    class Nobody:
        async def ask(self, handed: HandedOrders) -> None:
            """As if no worker listened."""

    async for counter in counter_over(trading, valkey, temporal_client, Settings(), short=Nobody()):
        stage = trading.stage
        several = [stage.listing(token) for token in (1, 2, 3, 4)]
        await asyncio.gather(*(counter.hand_in(order, 201) for order in several))
        assert (await counter.hand_in(stage.listing(5, counter=9), 422))["code"] == "order_refused"
    assert len(await trading.rows()) == len(several)
