"""The kind `approve`: an approval for the market or its end, settled by the contract's word in the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from api.intents.approve import PrepareApproveBody
from steadymint.chain.calls.abi import EmittedLog
from steadymint.chain.calls.abi import encode as encode_call
from steadymint.chain.calls.approvals import APPROVAL, APPROVAL_FOR_ALL
from steadymint.chain.calls.table import BUILDERS, RECEIPT_PROOFS
from steadymint.domain.errors import CallRevertedError
from steadymint.domain.intents.approve import ApproveOrder
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.keccak import topic_of
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.facts import ALL
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import UINT256_MAX, Address
from tests.kinds.preparing import refusal, written
from tests.support.calls import decode
from tests.support.full_stack import FullStack
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION
from tests.support.people import Person
from tests.support.proofs import topic
from tests.workflows.bench_market import CONDUIT, CURRENCY, approve_order
from tests.workflows.flow_bench import ScriptedChain

read = RECEIPT_PROOFS[IntentKind.APPROVE].read


def sample_order() -> ApproveOrder:
    return approve_order()


def proving_logs(order: ApproveOrder) -> list[EmittedLog]:
    """What the collection emits once the order is mined."""
    return [for_all(True)]


def allowance_order(amount: int, **terms: Any) -> ApproveOrder:
    return approve_order(approval=ApprovalKind.ERC20_APPROVE, contract=CURRENCY, amount=amount, **terms)


def for_all(approved: bool, *, contract: str = COLLECTION, owner: str = ALICE, spender: str = CONDUIT) -> EmittedLog:
    topics = (topic_of(APPROVAL_FOR_ALL), topic(owner), topic(spender))
    return EmittedLog(Address(contract), topics, "0x" + encode(["bool"], [approved]).hex())


def allowance(amount: int, *, spender: str = CONDUIT) -> EmittedLog:
    topics = (topic_of(APPROVAL), topic(ALICE), topic(spender))
    return EmittedLog(CURRENCY, topics, "0x" + encode(["uint256"], [amount]).hex())


@pytest.mark.parametrize(
    ("order", "calldata"),
    [
        (approve_order(), "0xa22cb465" + encode(["address", "bool"], [CONDUIT, True]).hex()),
        (approve_order(approved=False, spender=BOB), "0xa22cb465" + encode(["address", "bool"], [BOB, False]).hex()),
        (allowance_order(10**18), "0x095ea7b3" + encode(["address", "uint256"], [CONDUIT, 10**18]).hex()),
        (allowance_order(0), "0x095ea7b3" + encode(["address", "uint256"], [CONDUIT, 0]).hex()),
    ],
    ids=["tokens", "tokens revoked", "currency", "currency revoked"],
)
def test_the_calldata_is_the_standards_own(order: ApproveOrder, calldata: str) -> None:
    """The selectors are those of EIP-721, EIP-1155 and EIP-20."""
    to, call = BUILDERS[IntentKind.APPROVE](order.terms, ALICE, reference_of(order.intent_id))
    assert (to, encode_call(call)) == (order.terms.contract, calldata)
    assert decode(calldata) == call


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([for_all(False)], id="revoked"),
        pytest.param([for_all(True), for_all(False)], id="given and taken again"),
        pytest.param([for_all(True, contract=CURRENCY)], id="by another contract"),
        pytest.param([for_all(True, owner=BOB)], id="by another owner"),
        pytest.param([for_all(True, spender=BOB)], id="for another spender"),
        pytest.param([for_all(True)._replace(data="0x")], id="without its data"),
        pytest.param([for_all(True)._replace(topics=(topic_of(APPROVAL_FOR_ALL),))], id="without its topics"),
        pytest.param([for_all(True)._replace(data="0x" + "00" * 31 + "02")], id="neither true nor false"),
        pytest.param([allowance(1)._replace(contract=COLLECTION)], id="of a single token or an amount"),
    ],
)
def test_a_receipt_that_shows_anything_else_fulfils_no_approval(other: list[EmittedLog]) -> None:
    assert read(sample_order().terms.facts(ALICE), other) is None


def test_the_last_word_of_a_transaction_counts() -> None:
    assert read(sample_order().terms.facts(ALICE), [for_all(False), for_all(True)]) == {}
    assert read(allowance_order(7).terms.facts(ALICE), [allowance(0), allowance(7)]) == {"amount": "7"}


@pytest.mark.parametrize(
    ("asked", "stored", "fulfilled"),
    [(7, 7, True), (7, 8, False), (0, 0, True), (UINT256_MAX, 2**96 - 1, True), (UINT256_MAX, 0, False), (0, 1, False)],
)
def test_an_allowance_is_the_amount_or_the_largest_that_the_currency_stores(
    asked: int, stored: int, fulfilled: bool
) -> None:
    """COMP and UNI keep 96 bits, and take 2^256-1 for all of them."""
    effects = read(allowance_order(asked).terms.facts(ALICE), [allowance(stored)])
    assert effects == ({"amount": str(stored)} if fulfilled else None)


def test_an_approval_of_one_token_is_no_allowance() -> None:
    """ERC-721's `Approval` has the topic of the one of ERC-20, and the token as a fourth topic."""
    of_one = allowance(7)._replace(topics=(*allowance(7).topics, "0x" + "00" * 31 + "07"), data="0x")
    assert read(allowance_order(7).terms.facts(ALICE), [of_one]) is None


# -- preparing -------------------------------------------------------------------------------------------------------


async def test_without_a_spender_it_is_the_conduit_that_our_orders_name() -> None:
    assert (await written(approve_order(spender=None))).facts["spender"] == CONDUIT


async def test_a_chain_without_a_market_has_nobody_to_approve_and_still_somebody_to_revoke() -> None:
    chain = ScriptedChain()
    chain.market = ApprovalContracts(spenders=(), currencies=frozenset())
    assert (await refusal(approve_order(spender=None), chain)).type == "not_found"
    assert (await refusal(approve_order(), chain)).type == "operator_unknown"
    chain.allowed_now = ALL
    assert (await written(approve_order(approved=False), chain)).facts["approved"] == "false"


@pytest.mark.parametrize("order", [approve_order(spender=BOB), allowance_order(7, spender=BOB)])
async def test_nobody_is_helped_to_approve_a_stranger(order: ApproveOrder) -> None:
    assert (await refusal(order)).type == "operator_unknown"


@pytest.mark.parametrize("amount", [0, 7])
async def test_an_amount_is_of_a_currency_since_a_collection_would_take_it_for_a_token(amount: int) -> None:
    order = approve_order(approval=ApprovalKind.ERC20_APPROVE, contract=COLLECTION, amount=amount)
    assert (await refusal(order)).type == "unknown_currency"


async def test_an_allowance_of_a_token_launched_here_is_taken_back_and_not_given() -> None:
    chain = ScriptedChain()
    chain.allowed_now = 7
    coin: dict[str, Any] = {"approval": ApprovalKind.ERC20_APPROVE, "contract": chain.launched_token}
    taken = await written(approve_order(amount=0, spender=BOB, **coin), chain)
    assert (taken.facts["spender"], taken.facts["amount"]) == (BOB, "0")
    assert (await refusal(approve_order(amount=7, **coin), chain)).type == "unknown_currency"


@pytest.mark.parametrize(
    ("order", "allowed", "satisfied"),
    [
        (approve_order(), ALL, True),
        (approve_order(), 0, False),
        (approve_order(approved=False), 0, True),
        (approve_order(approved=False), ALL, False),
        (allowance_order(7), 7, True),
        (allowance_order(7), 8, False),
        (allowance_order(7), 6, False),
        (allowance_order(0), 0, True),
    ],
)
async def test_an_approval_stands_if_it_is_exactly_what_is_asked_for(
    order: ApproveOrder, allowed: int, satisfied: bool
) -> None:
    """An allowance can be lowered, so a larger one does not stand for it."""
    await check_standing(order, allowed, satisfied)


async def check_standing(order: ApproveOrder, allowed: int, satisfied: bool) -> None:
    """Whether what is asked for is so already, where a chain says how much is allowed; else it is prepared."""
    chain = ScriptedChain()
    chain.allowed_now = allowed
    if satisfied:
        assert (await refusal(order, chain)).type == "already_satisfied"
    else:
        await written(order, chain)


@pytest.mark.parametrize(("amount", "allowed", "hinted"), [(7, 3, True), (7, 0, False), (0, 3, False)])
async def test_who_changes_an_allowance_in_vain_is_told_to_revoke_it_first(
    amount: int, allowed: int, hinted: bool
) -> None:
    """USDT changes an allowance only from or to zero, and refuses without a reason."""
    chain = ScriptedChain()
    chain.refuses, chain.allowed_now = CallRevertedError("The contract refused without a reason.", reason=""), allowed
    refused = await refusal(allowance_order(amount), chain)
    assert refused.type == "call_reverted"
    assert refused.message.startswith("The contract refused without a reason.")
    assert ("first revoke it" in refused.message) == hinted


def body(**asked: Any) -> dict[str, Any]:
    return {"chainId": CHAIN, "kind": "set_approval_for_all", "contract": COLLECTION} | asked


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (body(amount="1"), "amount is for erc20_approve"),
        (body(kind="erc20_approve"), "needs an amount"),
        (body(kind="erc20_approve", amount="1", approved=False), "approved is for set_approval_for_all"),
        (body(kind="erc20_approve", amount=str(2**256)), "2\\^256-1"),
        (body(kind="erc20_approve", amount="1e18"), "decimal string"),
        (body(kind="erc20_approve", amount="-1"), "decimal string"),
        (body(spender="0x" + "00" * 20), "zero address"),
        (body(kind="approve"), "set_approval_for_all"),
        (body(kind="erc721_approve"), "tokenId is for erc721_approve, which needs it"),
        (body(kind="erc721_approve", tokenId="1", amount="1"), "amount is for erc20_approve"),
        (body(tokenId="1"), "tokenId is for erc721_approve"),
    ],
)
def test_a_body_that_asks_for_no_approval_of_its_kind_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PrepareApproveBody.model_validate(asked)


# -- on the full stack -------------------------------------------------------------------------------------------------


async def prepare(person: Person, **asked: Any) -> Any:
    return await person.client.patiently("POST", "/v1/approvals/prepare", body(chainId=person.chain_id, **asked))


async def test_an_approval_is_given_told_apart_from_a_strangers_and_taken_back(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as owner:
        given = await prepare(owner, contract=open_collection)
        assert (given.status, given.body["kind"], given.body["txRequest"]["value"]) == (201, "approve", "0")
        await owner.send_and_track(given.body)
        async with full_stack.blocks.ticking():
            events = await owner.watch(given.body["intentId"])
        assert [event.step for event in events] == ["prepared", "tracked", "confirming", "ready"]
        assert events[-1].intent.contract == open_collection

        again = await prepare(owner, contract=open_collection)
        assert (again.status, again.body["satisfied"]) == (200, True)
        stranger = await prepare(owner, contract=open_collection, spender=BOB)
        assert (stranger.status, stranger.body["code"]) == (422, "operator_unknown")
        nothing_to_revoke = await prepare(owner, contract=open_collection, spender=BOB, approved=False)
        assert (nothing_to_revoke.status, nothing_to_revoke.body["satisfied"]) == (200, True)

        taken = await prepare(owner, contract=open_collection, approved=False)
        await owner.send_and_track(taken.body)
        async with full_stack.blocks.ticking():
            assert (await owner.until_final(taken.body["intentId"]))["step"] == "ready"
        flow = full_stack.temporal.get_workflow_handle(f"approve:{taken.body['intentId']}")
        assert (await flow.result())["outcome"] == "ready"
