"""The kind `approve` for one token of an ERC-721: at most one account may move it, and revoking approves nobody."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from steadymint.chain.calls.abi import EmittedLog
from steadymint.chain.calls.abi import encode as encode_call
from steadymint.chain.calls.approvals import APPROVAL
from steadymint.chain.calls.table import BUILDERS
from steadymint.domain.intents.approve import ApproveOrder
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.keccak import topic_of
from steadymint.domain.market.facts import ALL
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import ZERO_ADDRESS
from tests.kinds.preparing import refusal
from tests.kinds.test_approve import allowance, check_standing, read
from tests.support.calls import decode
from tests.support.intents import ALICE, BOB, COLLECTION
from tests.support.proofs import topic
from tests.workflows.bench_market import CONDUIT, CURRENCY, approve_order


def token_order(token_id: int, **terms: Any) -> ApproveOrder:
    return approve_order(approval=ApprovalKind.ERC721_APPROVE, token_id=token_id, **terms)


def one_token(operator: str, token_id: int = 7) -> EmittedLog:
    topics = (topic_of(APPROVAL), topic(ALICE), topic(operator), f"0x{token_id:064x}")
    return EmittedLog(COLLECTION, topics, "0x")


@pytest.mark.parametrize(("approved", "operator"), [(True, CONDUIT), (False, ZERO_ADDRESS)])
def test_the_calldata_is_the_standards_own(approved: bool, operator: str) -> None:
    order = token_order(7, approved=approved)
    to, call = BUILDERS[IntentKind.APPROVE](order.terms, ALICE, reference_of(order.intent_id))
    calldata = "0x095ea7b3" + encode(["address", "uint256"], [operator, 7]).hex()
    assert (to, encode_call(call)) == (COLLECTION, calldata)
    assert decode(calldata) == call


@pytest.mark.parametrize(
    ("logs", "given", "revoked"),
    [
        ([one_token(CONDUIT)], True, False),
        ([one_token(ZERO_ADDRESS)], False, True),
        ([one_token(CONDUIT), one_token(ZERO_ADDRESS)], False, True),
        ([one_token(BOB)], False, False),
        ([one_token(CONDUIT, 8)], False, False),
        ([one_token(CONDUIT)._replace(data="0x" + "00" * 32)], False, False),
        ([allowance(7)._replace(contract=COLLECTION)], False, False),
    ],
)
def test_the_last_word_on_the_one_token_decides(logs: list[EmittedLog], given: bool, revoked: bool) -> None:
    """Whoever is revoked, the event names nobody."""
    assert (read(token_order(7).terms.facts(ALICE), logs) == {}) == given
    assert (read(token_order(7, approved=False, spender=BOB).terms.facts(ALICE), logs) == {}) == revoked


@pytest.mark.parametrize(
    ("order", "allowed", "satisfied"),
    [
        (token_order(7), ALL, True),
        (token_order(7, spender=BOB, approved=False), ALL, False),
        (token_order(7, spender=BOB, approved=False), 0, True),
    ],
)
async def test_it_stands_if_the_token_may_be_moved_by_this_very_account(
    order: ApproveOrder, allowed: int, satisfied: bool
) -> None:
    await check_standing(order, allowed, satisfied)


async def test_nobody_is_helped_to_approve_a_stranger_for_one_token() -> None:
    assert (await refusal(token_order(7, spender=BOB))).type == "operator_unknown"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (token_order(7, spender=BOB, approved=False), "is not approved for token 7 of"),
        (approve_order(spender=BOB, approved=False), "is not approved for all of your tokens in"),
        (approve_order(approval=ApprovalKind.ERC20_APPROVE, contract=CURRENCY, amount=0), "has no allowance of yours"),
    ],
    ids=["one token", "all tokens", "a currency"],
)
async def test_where_nothing_is_to_be_revoked_no_more_is_said_than_was_asked(order: ApproveOrder, said: str) -> None:
    """Who is approved for one token is not approved for all of them, and may move something all the same."""
    assert said in (await refusal(order)).message
