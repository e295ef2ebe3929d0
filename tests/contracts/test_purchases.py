"""Purchases on the real Seaport: what is prepared is what happens, to the wei."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from web3.contract import Contract

from steadymint.domain.errors import (
    CallRevertedError,
    InsufficientFundsError,
    OrdersUnavailableError,
    PriceMovedError,
)
from steadymint.domain.market.build import Price, listing
from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import ApprovalKind, Code
from steadymint.domain.market.fulfilment.outcomes import Absence
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.market.typed_data import bulk_typed_data
from steadymint.domain.types import Wei
from tests.contracts.harness import calldata
from tests.contracts.order_stage import FEES, Stage, lower
from tests.contracts.seaport import ETHER, checksum, components, sign
from tests.contracts.taking import Taking, listed
from tests.contracts.test_order_checks import sign_digest
from tests.support.trading import Trading


@pytest.fixture
def bidder(trading: Trading) -> Taking:
    """Has money and no token."""
    return Taking(trading, trading.stage.bidder)


async def test_a_purchase_costs_what_was_said_and_needs_the_gas_that_was_said(bidder: Taking) -> None:
    stage = bidder.stage
    parts = [
        Part(listed(stage, stage.cat(1))),
        Part(listed(stage, stage.cat(2), price=Price.fixed(3 * ETHER))),
        Part(listed(stage, stage.units(10)), 3),
    ]
    prepared = await bidder.prepare(*parts)
    assert prepared.missing == prepared.approvals == ()
    assert prepared.simulated
    assert prepared.tx.gas
    assert prepared.tx.gas < 1_000_000
    assert prepared.fulfilment.total == ETHER + 1 + 3 * ETHER + 3 * (ETHER + 1)
    shop = stage.chain.w3.eth.get_balance(checksum(FEES[0].recipient))
    assert bidder.pays(prepared.tx) == prepared.fulfilment.total
    assert bidder.owned(1, 2) == [True, True]
    assert stage.prints.functions.balanceOf(bidder.account, 4).call() == 3
    fees = sum(part.order.read.payments[1].start * part.units // part.order.read.quantity for part in parts)
    assert stage.chain.w3.eth.get_balance(checksum(FEES[0].recipient)) - shop == fees


Gone = Callable[[Stage, SubmittedOrder], object]


def _sold(stage: Stage, order: SubmittedOrder) -> None:
    call = stage.seaport.fulfill(order.components, order.signature)
    stage.chain.send(call, stage.seller, ETHER + 1)


GONE: dict[str, tuple[str, Gone, bool]] = {
    "sold": (Code.FILLED, _sold, True),
    "cancelled": (
        Code.CANCELLED,
        lambda stage, order: stage.chain.send(
            stage.seaport.contract.functions.cancel([components(order.components)]), stage.dealer
        ),
        True,
    ),
    "ended": (
        Code.EXPIRED,
        lambda stage, order: (stage.chain.rpc("evm_increaseTime", hex(10_000)), stage.chain.rpc("evm_mine")),
        True,
    ),
    "moved": (
        Code.NOT_OWNER,
        lambda stage, order: stage.chain.send(
            stage.cats.functions.transferFrom(stage.dealer, stage.seller, 7), stage.dealer
        ),
        False,
    ),
    "not approved": (
        Code.NOT_APPROVED,
        lambda stage, order: stage.chain.send(
            stage.cats.functions.setApprovalForAll(stage.conduit, False), stage.dealer
        ),
        False,
    ),
    "counter raised": (
        Code.WRONG_COUNTER,
        lambda stage, order: stage.chain.send(stage.seaport.contract.functions.incrementCounter(), stage.dealer),
        False,
    ),
}
"""How an order of the dealer's ends, what is said of it, and whether Seaport skips it or reverts."""


async def test_a_sweep_of_five_leaves_out_the_one_that_is_gone_and_says_why(bidder: Taking) -> None:
    rpc = bidder.stage.chain.rpc
    for how in GONE:
        snapshot = rpc("evm_snapshot")
        await _sweep_of_five(bidder, how)
        rpc("evm_revert", snapshot)


async def _sweep_of_five(bidder: Taking, how: str) -> None:
    stage, (code, end, is_skipped) = bidder.stage, GONE[how]
    lost = listed(stage, stage.cat(7), stage.dealer, end_time=stage.chain.now() + 5_000)
    parts = [Part(listed(stage, stage.cat(number))) for number in (1, 2, 3, 4)]
    parts.insert(2, Part(lost))
    stale = await bidder.prepare(*parts)
    assert stale.missing == ()
    snapshot = stage.chain.rpc("evm_snapshot")
    end(stage, lost)
    # What was prepared before it was gone: Seaport gives the money for it back, or moves nothing at all.
    before = bidder.has(None)
    receipt = bidder.send(stale.tx)
    spent = before - bidder.has(None) - receipt["gasUsed"] * receipt["effectiveGasPrice"]
    assert (receipt["status"], spent) == ((1, 4 * (ETHER + 1)) if is_skipped else (0, 0)), how
    stage.chain.rpc("evm_revert", snapshot)
    end(stage, lost)
    prepared = await bidder.prepare(*parts)
    assert [(one.part.order, one.code) for one in prepared.missing] == [(lost, code)], how
    assert bidder.pays(prepared.tx) == prepared.fulfilment.total == 4 * (ETHER + 1)
    assert bidder.owned(1, 2, 3, 4, 7) == [True] * 4 + [False]


async def test_a_purchase_of_which_everything_is_gone_is_refused_with_its_reasons(bidder: Taking) -> None:
    stage = bidder.stage
    orders = [listed(stage, stage.cat(number)) for number in (1, 2)]
    stage.chain.send(stage.seaport.contract.functions.incrementCounter(), stage.seller)
    with pytest.raises(OrdersUnavailableError) as refusal:
        await bidder.prepare(*map(Part, orders))
    assert [one["orderHash"] for one in refusal.value.extra["missing"]] == ["0x" + order.hash.hex() for order in orders]
    assert {one["code"] for one in refusal.value.extra["missing"]} == {Code.WRONG_COUNTER}


async def test_what_only_seaport_knows_of_is_left_out_too(bidder: Taking) -> None:
    stage = bidder.stage
    refuser = stage.chain.deploy("RevertingReceiver").address
    made = listing(
        lower(stage.seller), stage.cat(2), Price.fixed(ETHER), (*FEES, Fee(lower(refuser), 100)), stage.seaport.frame()
    )
    unpayable = stage.sign(made)
    prepared = await bidder.prepare(Part(listed(stage, stage.cat(1))), Part(unpayable))
    assert [(one.part.order, one.code) for one in prepared.missing] == [(unpayable, Absence.WOULD_REVERT)]
    assert bidder.pays(prepared.tx) == ETHER + 1
    with pytest.raises(CallRevertedError):
        await bidder.prepare(Part(unpayable))


async def test_units_are_bought_after_the_fill_of_any_client(bidder: Taking) -> None:
    rpc = bidder.stage.chain.rpc
    for foreign in ((1, 2), (6, 10), (2**118, 2**119)):
        snapshot = rpc("evm_snapshot")
        await _units_after(bidder, foreign)
        rpc("evm_revert", snapshot)


async def _units_after(bidder: Taking, foreign: tuple[int, int]) -> None:
    stage = bidder.stage
    order = listed(stage, stage.units(10))
    stage.chain.send(stage.seaport.fulfill(order.components, order.signature, part=foreign), stage.dealer, 100 * ETHER)
    left = 10 - 10 * foreign[0] // foreign[1]
    for wanted, got in ((3, 3), (10, left - 3)):
        prepared = await bidder.prepare(Part(order, wanted))
        assert [part.units for part in prepared.fulfilment.parts] == [got]
        assert bidder.pays(prepared.tx) == prepared.fulfilment.total == got * (ETHER + 1)
    assert stage.prints.functions.balanceOf(bidder.account, 4).call() == left
    with pytest.raises(OrdersUnavailableError):
        await bidder.prepare(Part(order, 1))


@pytest.mark.parametrize(("first", "last"), [(ETHER, 3 * ETHER + 5), (3 * ETHER + 5, ETHER)], ids=["rises", "falls"])
async def test_what_a_moving_price_leaves_is_given_back(bidder: Taking, first: int, last: int) -> None:
    stage, begun = bidder.stage, bidder.stage.chain.now()
    order = listed(
        stage, stage.cat(1), price=Price(Wei(first), Wei(last), None), start_time=begun, end_time=begun + 99_991
    )
    prepared = await bidder.prepare(Part(order), deadline=begun + 40_000)
    mined_at = begun + 33_333
    assert prepared.fulfilment.value >= order.read.price_at(mined_at)
    stage.chain.rpc("evm_setNextBlockTimestamp", hex(mined_at))
    assert bidder.pays(prepared.tx) == order.read.price_at(mined_at)


async def test_no_more_is_taken_than_the_buyer_accepts(bidder: Taking) -> None:
    stage, begun = bidder.stage, bidder.stage.chain.now()
    rising = Price(Wei(ETHER), Wei(9 * ETHER), None)
    order = listed(stage, stage.cat(1), price=rising, start_time=begun, end_time=begun + 8_000)
    with pytest.raises(PriceMovedError) as refusal:
        await bidder.prepare(Part(order), highest=ETHER)
    assert int(refusal.value.extra["total"]) > ETHER == int(refusal.value.extra["accepted"])
    prepared = await bidder.prepare(Part(order), highest=2 * ETHER)
    assert prepared.fulfilment.value == 2 * ETHER
    stage.chain.rpc("evm_setNextBlockTimestamp", hex(begun + 4_000))
    assert bidder.send(prepared.tx)["status"] == 0


async def test_a_currency_is_approved_first_and_then_costs_what_was_said(bidder: Taking) -> None:
    stage, currency = bidder.stage, bidder.stage.dollars
    stage.chain.send(stage.seaport.currency.functions.approve(stage.conduit, 0), bidder.account)
    price = Price.fixed(ETHER + 1, currency)
    parts = [Part(listed(stage, stage.cat(number), price=price)) for number in (1, 2)]
    prepared = await bidder.prepare(*parts)
    assert prepared.approvals == ((ApprovalKind.ERC20_APPROVE, currency, lower(stage.conduit), 2 * ETHER + 2),)
    assert prepared.simulated  # behind the approval
    assert prepared.tx.gas is None
    bidder.approve(prepared)
    prepared = await bidder.prepare(*parts)
    assert prepared.approvals == ()
    assert prepared.tx.gas
    assert bidder.pays(prepared.tx, currency) == prepared.fulfilment.total == 2 * ETHER + 2
    assert bidder.owned(1, 2) == [True, True]


@pytest.mark.parametrize("is_native", [True, False], ids=["native", "currency"])
async def test_a_buyer_without_the_means_is_told_so(bidder: Taking, is_native: bool) -> None:
    stage = bidder.stage
    price = Price.fixed(10**6 * ETHER, None if is_native else stage.dollars)
    with pytest.raises(InsufficientFundsError):
        await bidder.prepare(Part(listed(stage, stage.cat(1), price=price)))


async def test_orders_of_one_signature_and_those_of_a_contract_wallet_are_swept_together(bidder: Taking) -> None:
    stage = bidder.stage
    made = [
        listing(lower(stage.seller), stage.cat(number), Price.fixed(ETHER), FEES, stage.seaport.frame())
        for number in (1, 2, 3)
    ]
    tree = BulkTree([order_hash(order) for order in made])
    signed = sign(stage.seller, bulk_typed_data(made, stage.seaport.domain))
    orders = [SubmittedOrder.of(order, tree.signature(index, signed)) for index, order in enumerate(made)]
    wallet, of_the_wallet = _of_a_wallet(stage)
    orders.append(of_the_wallet)
    snapshot = stage.chain.rpc("evm_snapshot")
    stage.chain.send(wallet.functions.setOwner(stage.dealer), stage.seller)
    prepared = await bidder.prepare(*map(Part, orders))
    assert [(one.part.order, one.code) for one in prepared.missing] == [(of_the_wallet, Code.SIGNATURE_NOT_ACCEPTED)]
    assert bidder.pays(prepared.tx) == 3 * ETHER
    stage.chain.rpc("evm_revert", snapshot)
    prepared = await bidder.prepare(*map(Part, orders))
    assert prepared.missing == ()
    assert bidder.pays(prepared.tx) == 4 * ETHER
    assert bidder.owned(1, 2, 3, 4) == [True] * 4


def _of_a_wallet(stage: Stage) -> tuple[Contract, SubmittedOrder]:
    """A contract wallet of the seller's, and its listing of cat 4."""
    chain = stage.chain
    wallet = chain.deploy("TestWallet1271", stage.seller)
    chain.send(stage.cats.functions.transferFrom(stage.seller, wallet.address, 4), stage.seller)
    approving = stage.cats.functions.setApprovalForAll(stage.conduit, True)
    chain.send(wallet.functions.execute(stage.cats.address, 0, calldata(approving)), stage.seller)
    made = listing(lower(wallet.address), stage.cat(4), Price.fixed(ETHER), FEES, stage.seaport.frame())
    order = SubmittedOrder.of(made)
    return wallet, replace(order, signature=sign_digest(stage.seller, stage.seaport.domain.digest(order.hash)))
