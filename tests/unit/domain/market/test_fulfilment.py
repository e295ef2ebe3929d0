"""What a purchase costs and a sale brings, what Seaport is told, and what is left out."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import ApprovalKind, Code, OrderStatus, found
from steadymint.domain.market.fulfilment.availability import sort_out
from steadymint.domain.market.fulfilment.outcomes import Absence
from steadymint.domain.market.fulfilment.parts import MAX_FRACTION, FulfilmentError, GivenToken, Part
from steadymint.domain.market.fulfilment.plans import Period, Taker, TotalNotAcceptedError, purchase, sale
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import UINT256_MAX, Address, Bytes32, Standard, TokenId, Wei
from tests.support.catalog_rows import account
from tests.support.orders import CATS, CONDUIT, GOOD, PRINTS, SEAPORT, WRAPPED, frame

ALICE, BOB, ARTIST, SHOP = (Address(account(number)) for number in (0xA1, 0xB0, 0xA7, 0xFE))
FEES = (Fee(SHOP, 250), Fee(ARTIST, 500))
ETHER = 10**18
TAKER = Taker(BOB, SEAPORT, Bytes32("0x" + "0c" * 32), CONDUIT)
NOW, END = 2_000, 12_000
PERIOD = Period(NOW, NOW + 1_000)
CARRIERS = CriteriaTree(TokenId(number) for number in (2, 3, 5))
ACTIVE = Verdict((), OrderStatus.ACTIVE, 1)


def listed(number: int = 1, first: int = ETHER, last: int | None = None, **given: Any) -> SubmittedOrder:
    """A cat of Alice's for sale."""
    price = Price(Wei(first), Wei(first if last is None else last), given.get("currency"))
    token = Token(CATS, Standard.ERC721, number)
    return SubmittedOrder.of(listing(given.get("maker", ALICE), token, price, FEES, frame(number, 1_000, END)))


def units(quantity: int, price: int = ETHER + 7, salt: int = 0) -> SubmittedOrder:
    token = Token(PRINTS, Standard.ERC1155, 4, quantity=quantity)
    return SubmittedOrder.of(listing(ALICE, token, Price.fixed(price), FEES, frame(salt, 1_000, END)))


def wanted(root: int | None = None, first: int = ETHER, last: int | None = None) -> SubmittedOrder:
    """An offer for cat 1, or for one of several."""
    price = Price(Wei(first), Wei(first if last is None else last), WRAPPED)
    token = Token(CATS, Standard.ERC721, 1 if root is None else root, has_criteria=root is not None)
    return SubmittedOrder.of(offer(ALICE, token, price, FEES, frame(9, 1_000, END)))


@pytest.mark.parametrize(
    ("order", "given"),
    [
        (listed(), {"units": 2}),
        (units(10), {"units": 0}),
        (units(10), {"units": 11}),
        (listed(), {"given": GivenToken(TokenId(1))}),
        (wanted(ANY_TOKEN), {}),
        (wanted(ANY_TOKEN), {"given": GivenToken(TokenId(1), (bytes(32),))}),
        (wanted(CARRIERS.root), {"given": GivenToken(TokenId(4))}),
        (wanted(CARRIERS.root), {"given": GivenToken(TokenId(4), CARRIERS.proof(TokenId(3)))}),
    ],
)
def test_a_part_that_no_transaction_can_fill_is_refused(order: SubmittedOrder, given: dict[str, Any]) -> None:
    with pytest.raises(FulfilmentError):
        Part(order, **given)


def test_a_part_is_told_in_units_of_the_whole_so_that_fractions_stay_small() -> None:
    assert Part(listed()).fraction == (1, 1)
    assert Part(units(10), 4).fraction == (4, 10)
    assert Part(units(10), 10).fraction == (10, 10)
    huge = MAX_FRACTION + 1
    assert Part(units(huge, price=20), huge // 4).fraction == (1, 4)
    with pytest.raises(FulfilmentError):
        _ = Part(units(huge, price=20), 1).fraction


def test_units_cost_their_share_to_the_wei() -> None:
    order = units(10)
    assert [Part(order, count).paid_at(NOW) for count in (1, 3, 10)] == [(ETHER + 7) * count for count in (1, 3, 10)]


@pytest.mark.parametrize("seed", range(20))
def test_no_moment_of_a_period_costs_more_or_brings_less_than_its_bound(seed: int) -> None:
    chance = random.Random(seed)
    first, last = (chance.choice([1_001, chance.randint(1_000, 9_999), ETHER + chance.randint(0, 99)]) for _ in "ab")
    since = chance.randint(900, END + 100)
    until = chance.randint(since, END + 200)
    buying, selling = Part(listed(first=first, last=last)), Part(wanted(first=first, last=last))
    for now in (since, until, *(chance.randint(since, until) for _ in range(50))):
        assert buying.paid_at(now) <= buying.paid_at_most(since, until)
        assert selling.brings_at(now) >= selling.brings_at_least(since, until)


def test_a_purchase_costs_the_sum_of_its_parts() -> None:
    plan = purchase([Part(listed(1)), Part(listed(2, 3 * ETHER)), Part(units(10), 2)], TAKER, PERIOD, UINT256_MAX)
    assert plan.total == plan.limit == plan.value == ETHER + 3 * ETHER + 2 * (ETHER + 7)
    assert plan.needs == ()


def test_money_for_a_rising_price_covers_the_deadline_and_never_more_than_is_accepted() -> None:
    part = Part(listed(first=ETHER, last=12 * ETHER))
    assert part.paid_at(NOW) == 2 * ETHER
    assert purchase([part], TAKER, PERIOD, UINT256_MAX).value == part.paid_at(PERIOD.deadline) == 3 * ETHER
    capped = purchase([part], TAKER, PERIOD, 2 * ETHER)
    assert (capped.total, capped.value) == (2 * ETHER, 2 * ETHER)
    with pytest.raises(TotalNotAcceptedError) as refusal:
        purchase([part], TAKER, PERIOD, 2 * ETHER - 1)
    assert (refusal.value.total, refusal.value.accepted) == (2 * ETHER, 2 * ETHER - 1)


def test_money_for_a_falling_price_covers_a_chain_whose_clock_is_behind() -> None:
    part = Part(listed(first=12 * ETHER, last=ETHER))
    plan = purchase([part], TAKER, PERIOD, UINT256_MAX)
    assert plan.total == part.paid_at(NOW) < plan.value == part.paid_at(PERIOD.begin)


def test_a_currency_that_seaport_takes_by_itself_must_be_accepted_at_its_highest() -> None:
    part = Part(listed(first=ETHER, last=12 * ETHER, currency=WRAPPED))
    plan = purchase([part], TAKER, PERIOD, 12 * ETHER)
    assert plan.value == 0
    assert plan.limit == part.paid_at(END) <= 12 * ETHER
    assert plan.needs == ((ApprovalKind.ERC20_APPROVE, WRAPPED, CONDUIT, plan.limit),)
    with pytest.raises(TotalNotAcceptedError):
        purchase([part], TAKER, PERIOD, plan.limit - 1)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part(listed(number)) for number in range(51)],
        [Part(units(10)), Part(units(10), 2)],
        [Part(wanted())],
        [Part(listed(1)), Part(listed(2, currency=WRAPPED))],
        [Part(listed(first=UINT256_MAX // 2, last=10_000))],
    ],
    ids=["none", "too many", "one twice", "an offer", "two currencies", "beyond 256 bits"],
)
def test_parts_that_make_no_purchase_are_refused(parts: list[Part]) -> None:
    with pytest.raises(FulfilmentError):
        purchase(parts, TAKER, PERIOD, UINT256_MAX)


def test_a_sale_leaves_the_price_less_fees_and_needs_both_approvals() -> None:
    plan = sale(Part(wanted(CARRIERS.root), given=GivenToken(TokenId(3), CARRIERS.proof(TokenId(3)))), TAKER, PERIOD)
    fees = ETHER * 750 // 10_000
    assert (plan.total, plan.limit, plan.value) == (ETHER - fees, ETHER - fees, 0)
    assert plan.needs == (
        (ApprovalKind.SET_APPROVAL_FOR_ALL, CATS, CONDUIT, None),
        (ApprovalKind.ERC20_APPROVE, WRAPPED, CONDUIT, fees),
    )
    with pytest.raises(TotalNotAcceptedError):
        sale(Part(wanted()), TAKER, PERIOD, plan.limit + 1)
    with pytest.raises(FulfilmentError):
        sale(Part(listed()), TAKER, PERIOD)


def test_what_ended_an_order_is_named_before_what_followed_from_it() -> None:
    findings = (found(Code.NOT_OWNER), found(Code.FILLED))
    fillable, (missing,) = sort_out([(Part(listed()), Verdict(findings, OrderStatus.FILLED, 0), GOOD)])
    assert fillable == []
    assert (missing.code, missing.findings) == (Code.FILLED, findings)


def test_two_orders_of_one_token_are_one_purchase() -> None:
    cat = replace(GOOD, held=1)
    asked = [(Part(listed(1, price)), ACTIVE, cat) for price in (ETHER, 2 * ETHER)]
    fillable, missing = sort_out(asked)
    assert fillable == [asked[0][0]]
    assert [(one.part, one.code) for one in missing] == [(asked[1][0], Absence.SAME_TOKEN)]


def test_units_are_reduced_to_those_that_are_left_and_those_that_the_seller_has() -> None:
    seven = replace(GOOD, held=7)
    three_left, ten_left = (Verdict((), OrderStatus.ACTIVE, count) for count in (3, 7))
    asked = [
        (Part(units(10, salt=1), 5), three_left, seven),
        (Part(units(10, salt=2), 6), ten_left, seven),
        (Part(units(10, salt=3), 1), ten_left, seven),
    ]
    fillable, missing = sort_out(asked)
    assert [part.units for part in fillable] == [3, 4]
    assert [one.code for one in missing] == [Absence.SAME_TOKEN]


def test_an_absence_has_a_code_of_its_own() -> None:
    assert not {one.value for one in Absence} & {one.value for one in Code}
