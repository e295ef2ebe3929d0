"""Approvals over HTTP, up to their flow."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.domain.errors import OperatorUnknownError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import IntentId, TxHash, show_address
from tests.support.intents import BOB, CHAIN, COLLECTION, tx_hash
from tests.support.intents_api import Front, User
from tests.support.preparing import is_taken, post

PREPARE = "/v1/approvals/prepare"
FOR_ALL: dict[str, Any] = {"chainId": CHAIN, "kind": "set_approval_for_all", "contract": COLLECTION}
AMOUNT: dict[str, Any] = {"chainId": CHAIN, "kind": "erc20_approve", "contract": COLLECTION}


async def test_what_is_asked_for_is_what_the_flow_is_told(api: Front, alice: User) -> None:
    market = (await is_taken(api, alice, PREPARE, FOR_ALL)).terms
    assert (market.contract, market.spender, market.grants) == (COLLECTION, None, True)
    revoked = (await is_taken(api, alice, PREPARE, FOR_ALL | {"spender": show_address(BOB), "approved": False})).terms
    assert (revoked.spender, revoked.grants) == (BOB, False)
    for amount, grants in (("0", False), ("1", True), (str(2**256 - 1), True)):
        terms = (await is_taken(api, alice, PREPARE, AMOUNT | {"amount": amount})).terms
        assert (terms.approval, terms.amount, terms.grants) == (ApprovalKind.ERC20_APPROVE, int(amount), grants)


@pytest.mark.parametrize(
    "amount", ["-1", "1e18", "0x10", "0.1", " 12 ", "1_000", True, 1.5, str(2**256), "9" * 5000, None]
)
async def test_i14_an_amount_is_a_decimal_string_of_256_bits(api: Front, alice: User, amount: Any) -> None:
    answer = await post(alice, PREPARE, AMOUNT | {"amount": amount})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert not api.flows.prepared


@pytest.mark.parametrize("approved", ["true", 1, 0, "no"])
async def test_approved_is_true_or_false(api: Front, alice: User, approved: Any) -> None:
    answer = await post(alice, PREPARE, FOR_ALL | {"approved": approved})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_what_stands_already_is_a_success_without_an_intent(api: Front, alice: User) -> None:
    api.flows.refuses = AlreadySatisfiedError("It is already approved")
    answer = await post(alice, PREPARE, FOR_ALL)
    assert answer.status_code == 200
    assert answer.json() == {"kind": "approve", "satisfied": True, "detail": "It is already approved"}
    assert "location" not in answer.headers


async def test_a_stranger_is_refused_by_a_code_of_its_own(api: Front, alice: User) -> None:
    api.flows.refuses = OperatorUnknownError()
    answer = await post(alice, PREPARE, FOR_ALL | {"spender": BOB})
    assert (answer.status_code, answer.json()["code"]) == (422, "operator_unknown")


async def test_a_slug_that_no_collection_has_is_refused(api: Front, alice: User) -> None:
    answer = await post(alice, PREPARE, FOR_ALL | {"contract": "no-such-cats"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_collection")


# -- late reports ------------------------------------------------------------------------------------------------------


async def reported(api: Front, alice: User, *steps: Step, kind: IntentKind = IntentKind.APPROVE) -> tuple[str, TxHash]:
    """The path of an intent that went these steps after its hash was reported, and the hash."""
    facts = {"contract": COLLECTION, "owner": BOB, "spender": BOB, "approved": "true"}
    draft, hash_ = alice.draft(kind=kind, facts=facts), tx_hash()
    await api.recorder.create(draft)
    for step in (Step.TRACKED, *steps):
        await api.recorder.step(draft.intent_id, step, f"{step}-first", tx_hash=hash_)

    async def follow(intent_id: IntentId, tx: TxHash) -> None:
        await api.recorder.step(intent_id, Step.TRACKED, "again", tx_hash=tx)

    api.flows.on_track = follow
    return f"/v1/intents/{draft.intent_id}/track", hash_


@pytest.mark.parametrize("steps", [(Step.EXPIRED,), (), (Step.CONFIRMING,)])
async def test_a_report_runs_a_flow_again_that_has_ended_before_the_transaction(
    api: Front, alice: User, steps: tuple[Step, ...]
) -> None:
    """The deadline may pass in the moment of a report: then the flow is gone, and the intent stands anywhere."""
    path, hash_ = await reported(api, alice, *steps)
    api.flows.gone = True
    answer = await alice.http.post(path, json={"txHash": hash_})
    assert (answer.status_code, answer.json()["step"]) == (202, "tracked")
    assert api.flows.late == [hash_]


async def test_a_repeated_report_is_left_to_the_flow_that_runs(api: Front, alice: User) -> None:
    path, hash_ = await reported(api, alice)
    assert (await alice.http.post(path, json={"txHash": hash_})).status_code == 202
    assert (api.flows.tracked, api.flows.late) == ([], [])


async def test_another_hash_is_reported_with_the_line_that_was_seen_so_that_a_former_one_may_come_again(
    api: Front, alice: User
) -> None:
    path, _ = await reported(api, alice)
    assert (await alice.http.post(path, json={"txHash": tx_hash()})).status_code == 202
    assert api.flows.seen == [2]


@pytest.mark.parametrize("end", [Step.FAILED, Step.REPLACED])
async def test_an_approval_that_has_failed_is_not_opened_by_a_report(api: Front, alice: User, end: Step) -> None:
    path, hash_ = await reported(api, alice, end)
    api.flows.gone = True
    assert (await alice.http.post(path, json={"txHash": hash_})).json()["step"] == end
    answer = await alice.http.post(path, json={"txHash": tx_hash()})
    assert (answer.status_code, answer.json()["code"]) == (409, "intent_final")


async def test_what_the_indexer_finds_needs_no_report(api: Front, alice: User) -> None:
    path, hash_ = await reported(api, alice, Step.EXPIRED, kind=IntentKind.MINT)
    api.flows.gone = True
    assert (await alice.http.post(path, json={"txHash": hash_})).json()["step"] == "expired"
    assert api.flows.late == []
