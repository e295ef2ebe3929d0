"""Offers that are accepted on the real Seaport: what is prepared is what happens, to the wei."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steadymint.domain.errors import (
    CallRevertedError,
    OrdersUnavailableError,
    PriceMovedError,
)
from steadymint.domain.market.build import Price, Token, offer
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree
from steadymint.domain.market.findings import ApprovalKind, Code
from steadymint.domain.market.fulfilment.parts import GivenToken, Part
from steadymint.domain.types import Standard, TokenId
from tests.contracts.order_stage import FEES, Stage, lower
from tests.contracts.seaport import ETHER
from tests.contracts.taking import Taking
from tests.support.trading import Trading


@pytest.fixture
def bidder(trading: Trading) -> Taking:
    """Has money and no token."""
    return Taking(trading, trading.stage.bidder)


@pytest.fixture
def dealer(trading: Trading) -> Taking:
    """Has cats 7 to 12 and fifty units."""
    return Taking(trading, trading.stage.dealer)


CARRIERS = CriteriaTree(TokenId(number) for number in (7, 9, 11))


def _offer(stage: Stage, root: int | None, quantity: int = 1, price: Price | None = None) -> OrderComponents:
    token = Token(lower(stage.cats.address), Standard.ERC721, 9, quantity=quantity)
    if root is not None:
        token = token._replace(identifier=root, has_criteria=True)
    given = price or Price.fixed(ETHER + 1, stage.dollars)
    return offer(lower(stage.bidder), token, given, FEES, stage.seaport.frame())


@pytest.mark.parametrize(
    ("root", "given", "quantity"),
    [
        (None, None, 1),
        (ANY_TOKEN, GivenToken(TokenId(9)), 3),
        (CARRIERS.root, GivenToken(TokenId(9), CARRIERS.proof(TokenId(9))), 1),
    ],
    ids=["item", "collection in parts", "trait"],
)
async def test_a_sale_brings_what_was_said_once_the_approvals_are_given(
    dealer: Taking, root: int | None, given: GivenToken | None, quantity: int
) -> None:
    stage = dealer.stage
    for call in (
        stage.cats.functions.setApprovalForAll(stage.conduit, False),
        stage.seaport.currency.functions.approve(stage.conduit, 0),
    ):
        stage.chain.send(call, dealer.account)
    part = Part(stage.sign(_offer(stage, root, quantity)), given=given)
    prepared = await dealer.prepare_sale(part)
    assert prepared.simulated
    assert [one.kind for one in prepared.approvals] == [ApprovalKind.SET_APPROVAL_FOR_ALL, ApprovalKind.ERC20_APPROVE]
    dealer.approve(prepared)
    with pytest.raises(PriceMovedError):
        await dealer.prepare_sale(part, lowest=prepared.fulfilment.total + 1)
    prepared = await dealer.prepare_sale(part, lowest=prepared.fulfilment.total)
    assert prepared.approvals == ()
    fees = sum((ETHER + 1) * fee.basis_points // 10_000 for fee in FEES)
    assert -dealer.pays(prepared.tx, stage.dollars) == prepared.fulfilment.total == ETHER + 1 - fees
    assert stage.cats.functions.ownerOf(9).call() == stage.bidder


async def test_a_sale_is_refused_to_whoever_lacks_the_token_and_when_the_bidder_lacks_the_money(
    dealer: Taking, bidder: Taking
) -> None:
    stage = dealer.stage
    part = Part(stage.sign(_offer(stage, ANY_TOKEN)), given=GivenToken(TokenId(1)))
    with pytest.raises(CallRevertedError) as refusal:
        await dealer.prepare_sale(part)
    assert refusal.value.extra["reason"] == "NotHolder"
    stage.chain.send(stage.seaport.currency.functions.withdraw(30 * ETHER), stage.bidder)
    with pytest.raises(OrdersUnavailableError) as gone:
        await dealer.prepare_sale(replace(part, given=GivenToken(TokenId(9))))
    assert [one["code"] for one in gone.value.extra["missing"]] == [Code.INSUFFICIENT_BALANCE]
