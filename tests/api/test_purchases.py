"""Purchases and sales over HTTP, up to their flow, and the steps that a front end goes through."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.domain.errors import OrdersUnavailableError, PriceMovedError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.fills import FillOutcome, MissingOrder, PlannedOrder
from steadymint.domain.intents.identity import new_intent_id
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.purchase import PurchaseItem, PurchaseTerms, facts
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import Bytes32, Quantity, UserId, Wei
from tests.support.intents import BOB, CHAIN, COLLECTION, Draft
from tests.support.intents_api import Front, User
from tests.support.preparing import is_taken, post

PURCHASE, SALE = "/v1/purchases/prepare", "/v1/sales/prepare"
ORDER, GONE = Bytes32("0x" + "ab" * 32), Bytes32("0x" + "cd" * 32)
KEY = "the same"
BODY: dict[str, Any] = {"chainId": CHAIN, "items": [{"orderHash": ORDER}, {"orderHash": GONE}], "maxTotal": "2"}
APPROVAL = ApproveTerms(approval=ApprovalKind.ERC20_APPROVE, contract=COLLECTION, spender=BOB, amount=5)
OUTCOME = FillOutcome(
    total_amount=Wei(5),
    limit_amount=Wei(6),
    total="0.5",
    limit="0.6",
    currency=COLLECTION,
    currency_symbol="WETH",
    orders=(PlannedOrder(order_hash=ORDER, quantity=Quantity(1)),),
    missing=(MissingOrder(order_hash=GONE, code="filled", problem="Nothing is left to fill."),),
    approvals=(APPROVAL,),
)


async def test_what_is_asked_for_is_what_the_flow_is_told(api: Front, alice: User) -> None:
    order = await is_taken(api, alice, PURCHASE, BODY)
    assert (order.kind, order.terms.max_total, order.terms.outcome) == ("purchase", "2", None)
    assert [item.order_hash for item in order.terms.items] == [ORDER, GONE]
    order = await is_taken(api, alice, SALE, {"chainId": CHAIN, "orderHash": ORDER, "tokenId": "7", "minTotal": "1"})
    assert (order.kind, order.terms.order_hash, order.terms.token_id) == ("sale", ORDER, 7)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (PURCHASE, {"items": []}),
        (PURCHASE, {"items": [{"orderHash": ORDER}] * 2}),
        (PURCHASE, {"maxTotal": "NaN"}),
        (PURCHASE, {"maxTotal": 1}),
        (PURCHASE, {"orderHash": ORDER}),
        (SALE, {}),
        (SALE, {"items": []}),
    ],
)
async def test_a_body_of_another_shape_is_refused(api: Front, alice: User, path: str, wrong: dict[str, Any]) -> None:
    answer = await post(alice, path, BODY | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert not api.flows.prepared


async def test_what_cannot_be_bought_is_told_by_code_with_what_is_wrong(api: Front, alice: User) -> None:
    missing = [{"orderHash": GONE, "code": "filled", "problem": "Nothing is left to fill."}]
    api.flows.refuses = OrdersUnavailableError("Nothing is left to fill.", missing=missing)
    answer = (await post(alice, PURCHASE, BODY)).json()
    assert (answer["code"], answer["missing"]) == ("orders_unavailable", missing)
    api.flows.refuses = PriceMovedError("It may cost up to 3 ETH; 2 ETH was accepted", total="3", accepted="2")
    answer = (await post(alice, PURCHASE, BODY)).json()
    assert (answer["code"], answer["total"], answer["accepted"]) == ("price_moved", "3", "2")


# -- steps -------------------------------------------------------------------------------------------------------------


async def prepared(api: Front, alice: User, *steps: Step) -> Draft:
    """Alice's purchase, as it was prepared before with the same key."""
    refusal = await post_again(alice)  # tells the hash of the request
    assert refusal.status_code == 503
    asked = api.flows.prepared[-1]
    items = tuple(PurchaseItem(order_hash=order) for order in (ORDER, GONE))
    draft = alice.draft(
        kind=IntentKind.PURCHASE,
        intent_id=asked.intent_id,
        idempotency_key=KEY,
        request_hash=asked.request_hash,
        facts=facts(COLLECTION, asked.caller.account, [ORDER]),
        request=PurchaseTerms(items=items, max_total="2", outcome=OUTCOME).model_dump(mode="json"),
    )
    await api.recorder.create(draft)
    for step in steps:
        await api.recorder.step(draft.intent_id, step, step)
    api.flows.prepared.clear()
    return draft


async def post_again(alice: User) -> Any:
    return await alice.http.post(PURCHASE, json=BODY, headers={"Idempotency-Key": KEY})


async def test_the_same_key_answers_what_is_left_to_do(api: Front, alice: User) -> None:
    draft = await prepared(api, alice)
    key = f"{draft.intent_id}:0"
    api.flows.refuses = None
    assert (await post_again(alice)).status_code == 503, "the flow of the approval is asked for, which is not there"
    (asked,) = api.flows.prepared
    assert (asked.kind, asked.terms, asked.idempotency_key) == ("approve", APPROVAL, key)
    approval = alice.draft(
        kind=IntentKind.APPROVE,
        intent_id=new_intent_id(UserId(alice.id), "approve", key),
        idempotency_key=key,
        request_hash=asked.request_hash,
        facts=APPROVAL.facts(asked.caller.account),
    )
    await api.recorder.create(approval)
    answer = await post_again(alice)
    assert answer.status_code == 200
    first, last = answer.json()["steps"]
    assert (first["kind"], first["intentId"], first["status"]) == ("approve", str(approval.intent_id), "pending")
    assert (last["kind"], last["intentId"], last["txRequest"]) == (
        "purchase",
        answer.json()["intentId"],
        answer.json()["txRequest"],
    )
    shown = {name: answer.json()[name] for name in ("total", "limit", "currencySymbol", "missing", "orders")}
    assert shown == {
        "total": "0.5",
        "limit": "0.6",
        "currencySymbol": "WETH",
        "missing": [{"orderHash": GONE, "code": "filled", "problem": "Nothing is left to fill."}],
        "orders": [{"orderHash": ORDER, "quantity": "1"}],
    }
    for step in (Step.TRACKED, Step.CONFIRMING, Step.READY):
        await api.recorder.step(approval.intent_id, step, step)
    assert [step["status"] for step in (await post_again(alice)).json()["steps"]] == ["ready", "pending"]


async def test_an_approval_that_stands_meanwhile_is_no_step(api: Front, alice: User) -> None:
    draft = await prepared(api, alice)
    api.flows.refuses = AlreadySatisfiedError("It is already approved")
    answer = await post_again(alice)
    assert [step["intentId"] for step in answer.json()["steps"]] == [str(draft.intent_id)]


async def test_a_purchase_that_has_ended_asks_for_no_approval(api: Front, alice: User) -> None:
    await prepared(api, alice, Step.EXPIRED)
    answer = await post_again(alice)
    assert (answer.status_code, len(answer.json()["steps"]), api.flows.prepared) == (200, 1, [])
