"""Each thing that can be wrong with an order is found, named, and has the status and the approval that follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from coincurve import PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from steadymint.domain.keccak import keccak256
from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.checks import Verdict, check, unsupported
from steadymint.domain.market.components import OrderComponents, OrderType
from steadymint.domain.market.facts import ALL, OrderFacts, Royalty
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import ApprovalKind, Code, MissingApproval, OrderStatus, Severity, severity_of
from steadymint.domain.market.hashing import SigningDomain, order_hash
from steadymint.domain.market.policy import Currency, MarketPolicy, RoyaltyRule
from steadymint.domain.market.sides import Fault, UnsupportedOrderError, read_order
from steadymint.domain.market.standing import unit_price
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Standard, Wei

KEY = PrivateKey(b"\x07" * 32)
MAKER = Address("0x" + keccak256(KEY.public_key.format(compressed=False)[1:])[12:].hex())
SEAPORT, CONDUIT, ZONE = (Address("0x" + digits * 20) for digits in ("5e", "c0", "20"))
CATS, DOLLARS = Address("0x" + "ca" * 20), Address("0x" + "dd" * 20)
MARKETPLACE, ARTIST, STRANGER = (Address("0x" + digits * 20) for digits in ("fe", "a7", "99"))
FEES = (Fee(MARKETPLACE, 250), Fee(ARTIST, 500))
DOMAIN = SigningDomain(31337, SEAPORT)
FRAME = Frame(start_time=1000, end_time=2000, salt=1, counter=3)
NOW = 1500

POLICY = MarketPolicy(
    domain=DOMAIN,
    currencies={None: Currency("ETH", 18, is_native=True), DOLLARS: Currency("USDC", 6, is_native=False)},
    zones=frozenset({ZONE}),
    fee=FEES[0],
    royalty=RoyaltyRule.REQUIRE,
)
FACTS = OrderFacts(
    validated=False,
    cancelled=False,
    filled=Filled(0, 0),
    counter=3,
    spender=CONDUIT,
    spender_open=True,
    held=10**6,
    allowed=ALL,
    approved_alone=False,
    maker_has_code=False,
    zone_has_code=True,
    accepts_signature=False,
    royalty=Royalty(ARTIST, 50, 1000),
)
CAT = Token(CATS, Standard.ERC721, 7)
LISTING = listing(MAKER, CAT, Price.fixed(1000), FEES, FRAME)
UNITS = listing(MAKER, Token(CATS, Standard.ERC1155, 7, quantity=4), Price.fixed(1000), FEES, FRAME)
OFFER = offer(MAKER, CAT, Price.fixed(1000, DOLLARS), FEES, FRAME)
BID = offer(MAKER, Token(CATS, Standard.ERC1155, 0, True, quantity=4), Price.fixed(1000, DOLLARS), FEES, FRAME)


def signed(order: OrderComponents) -> SubmittedOrder:
    made = KEY.sign_recoverable(DOMAIN.digest(order_hash(order)), hasher=None)
    return SubmittedOrder.of(order, made[:64] + bytes([made[64] + 27]))


def judge(order: OrderComponents, facts: OrderFacts = FACTS, policy: MarketPolicy = POLICY, now: int = NOW) -> Verdict:
    return check(signed(order), facts, policy, now)


def codes(verdict: Verdict) -> list[Code]:
    return [finding.code for finding in verdict.findings]


@pytest.mark.parametrize(
    ("order", "units"), [(LISTING, 1), (UNITS, 4), (OFFER, 1), (BID, 4)], ids=["listing", "units", "offer", "bid"]
)
def test_an_order_that_everything_speaks_for_is_active(order: OrderComponents, units: int) -> None:
    assert judge(order) == Verdict((), OrderStatus.ACTIVE, units)


class Case(NamedTuple):
    code: Code
    status: OrderStatus
    order: OrderComponents = LISTING
    facts: Mapping[str, Any] = MappingProxyType({})
    policy: Mapping[str, Any] = MappingProxyType({})
    now: int = NOW


def changed(order: OrderComponents, **changes: Any) -> OrderComponents:
    return order.model_copy(update=changes)


NO_FEES = listing(MAKER, CAT, Price.fixed(1000), (), FRAME)
ONLY_FEE = listing(MAKER, CAT, Price.fixed(1000), FEES[:1], FRAME)
TIP = listing(MAKER, CAT, Price.fixed(1000), (*FEES, Fee(STRANGER, 100)), FRAME)
HUGE = offer(MAKER, CAT, Price(Wei(2**255), Wei(2**255 + 1), DOLLARS), FEES, FRAME)
RESTRICTED = changed(LISTING, zone=ZONE, order_type=OrderType.FULL_RESTRICTED)
INACTIVE, CANCELLED = OrderStatus.INACTIVE, OrderStatus.CANCELLED
CASES = [
    Case(Code.WRONG_COUNTER, CANCELLED, facts={"counter": 4}),
    Case(Code.CANCELLED, CANCELLED, facts={"cancelled": True}),
    Case(Code.FILLED, OrderStatus.FILLED, facts={"filled": Filled(1, 1), "validated": True}),
    Case(Code.EXPIRED, OrderStatus.EXPIRED, now=2000),
    Case(Code.NOT_YET_VALID, INACTIVE, now=999),
    Case(Code.AMOUNT_OVERFLOW, INACTIVE, HUGE, {"held": ALL}),
    Case(Code.UNKNOWN_ZONE, INACTIVE, changed(LISTING, zone=STRANGER)),
    Case(Code.UNKNOWN_ZONE, INACTIVE, changed(LISTING, order_type=OrderType.FULL_RESTRICTED)),
    Case(Code.ZONE_WITHOUT_CODE, INACTIVE, RESTRICTED, {"zone_has_code": False}),
    Case(Code.UNKNOWN_CONDUIT, INACTIVE, facts={"spender": None, "spender_open": False, "allowed": 0}),
    Case(Code.CONDUIT_CLOSED, INACTIVE, facts={"spender_open": False}),
    Case(Code.NOT_OWNER, INACTIVE, facts={"held": 0}),
    Case(Code.NOT_APPROVED, INACTIVE, facts={"allowed": 0}),
    Case(Code.INSUFFICIENT_BALANCE, INACTIVE, UNITS, {"held": 0}),
    Case(Code.INSUFFICIENT_BALANCE, INACTIVE, OFFER, {"held": 999}),
    Case(Code.INSUFFICIENT_BALANCE, INACTIVE, BID, {"held": 999}),
    Case(Code.INSUFFICIENT_ALLOWANCE, INACTIVE, OFFER, {"allowed": 999}),
    Case(Code.PARTLY_COVERED, OrderStatus.ACTIVE, UNITS, {"held": 3}),
    Case(Code.PARTLY_COVERED, OrderStatus.ACTIVE, BID, {"allowed": 3999}),
    Case(Code.UNKNOWN_CURRENCY, INACTIVE, policy={"currencies": {DOLLARS: POLICY.currencies[DOLLARS]}}),
    Case(Code.MISSING_FEE, INACTIVE, NO_FEES, {"royalty": None}),
    Case(Code.MISSING_ROYALTY, INACTIVE, ONLY_FEE),
    Case(Code.MISSING_ROYALTY, OrderStatus.ACTIVE, ONLY_FEE, policy={"royalty": RoyaltyRule.WARN}),
    Case(Code.UNKNOWN_FEE, OrderStatus.ACTIVE, TIP),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code.value)
def test_what_is_wrong_with_an_order_is_found_alone(case: Case) -> None:
    verdict = judge(case.order, replace(FACTS, **case.facts), replace(POLICY, **case.policy), case.now)
    assert (codes(verdict), verdict.status) == ([case.code], case.status)
    (finding,) = verdict.findings
    assert (finding.severity is Severity.WARNING) == (case.status is OrderStatus.ACTIVE)
    assert (verdict.fillable > 0) == (case.status is OrderStatus.ACTIVE)


SIGNATURES: dict[str, tuple[bytes, dict[str, Any], Code | None]] = {
    "another's": (b"\x01" * 65, {}, Code.BAD_SIGNATURE),
    "none": (b"", {}, Code.UNSIGNED),
    "none of a wallet": (b"", {"maker_has_code": True}, Code.UNSIGNED),
    "a wallet's": (b"\x01" * 100, {"maker_has_code": True, "accepts_signature": True}, None),
    "one that the wallet refuses": (b"\x01" * 100, {"maker_has_code": True}, Code.SIGNATURE_NOT_ACCEPTED),
    "none, and validated": (b"", {"validated": True}, None),
}


@pytest.mark.parametrize(("signature", "facts", "code"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_is_looked_at_as_seaport_does(signature: bytes, facts: dict[str, Any], code: Code | None) -> None:
    verdict = check(SubmittedOrder.of(LISTING, signature), replace(FACTS, **facts), POLICY, NOW)
    assert codes(verdict) == ([] if code is None else [code])


def test_an_order_is_the_one_that_its_sender_calls_by_its_hash() -> None:
    order = signed(LISTING)
    assert not check(order, FACTS, POLICY, NOW, stated_hash=order.hash).findings
    assert codes(check(order, FACTS, POLICY, NOW, stated_hash=bytes(32))) == [Code.WRONG_HASH]


@pytest.mark.parametrize("fault", Fault)
def test_an_order_that_the_market_does_not_understand_says_why(fault: Fault) -> None:
    finding = unsupported(fault)
    assert (finding.code, finding.fault, finding.severity) == (Code.UNSUPPORTED, fault, Severity.REFUSED)
    assert fault.value.replace("_", " ") in finding.problem


def test_no_code_is_without_a_test() -> None:
    elsewhere = {Code.UNSUPPORTED, Code.WRONG_HASH}
    elsewhere |= {Code.UNKNOWN_COLLECTION, Code.UNKNOWN_TOKENS}  # tests/unit/market/test_every_code.py
    signatures = {code for _, _, code in SIGNATURES.values() if code is not None}
    assert {case.code for case in CASES} | signatures | elsewhere == set(Code)


def test_the_documentation_has_every_code_with_its_severity() -> None:
    page = (Path(__file__).parents[4] / "docs" / "market.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE)
    assert dict(rows) == {code.value: severity_of(code).value for code in Code}
    assert len(rows) == len(Code)


def test_all_that_is_wrong_is_told_at_once_and_the_end_decides_the_status() -> None:
    facts = replace(FACTS, cancelled=True, held=0, allowed=0)
    verdict = judge(LISTING, facts, now=2500)
    assert codes(verdict) == [Code.CANCELLED, Code.EXPIRED, Code.NOT_OWNER, Code.NOT_APPROVED]
    assert verdict.status is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("order", "allowed", "approval"),
    [
        (LISTING, 0, MissingApproval(ApprovalKind.SET_APPROVAL_FOR_ALL, CATS, CONDUIT)),
        (OFFER, 5, MissingApproval(ApprovalKind.ERC20_APPROVE, DOLLARS, CONDUIT, 1000)),
        (BID, 5, MissingApproval(ApprovalKind.ERC20_APPROVE, DOLLARS, CONDUIT, 4000)),
    ],
    ids=["token", "currency", "units"],
)
def test_a_missing_approval_is_said_as_data(order: OrderComponents, allowed: int, approval: MissingApproval) -> None:
    (finding,) = judge(order, replace(FACTS, allowed=allowed)).findings
    assert finding.approval == approval
    assert CONDUIT in finding.remedy


@pytest.mark.parametrize(
    ("filled", "held", "units"),
    [((0, 0), 10**6, 4), ((1, 4), 10**6, 3), ((1, 4), 2, 2), ((3, 4), 2, 1), ((3, 4), 1, 1)],
)
def test_an_order_in_parts_can_be_filled_as_far_as_its_maker_has_units(
    filled: tuple[int, int], held: int, units: int
) -> None:
    facts = replace(FACTS, filled=Filled(*filled), held=held, validated=filled != (0, 0))
    verdict = judge(UNITS, facts)
    assert (verdict.status, verdict.fillable) == (OrderStatus.ACTIVE, units)


@pytest.mark.parametrize(("held", "units"), [(1499, 0), (1500, 1), (2999, 1), (3000, 2), (6000, 4)])
def test_units_of_an_offer_cost_what_seaport_takes_for_them_at_the_moment(held: int, units: int) -> None:
    price = Price(Wei(1000), Wei(2000), DOLLARS)
    rising = offer(MAKER, Token(CATS, Standard.ERC1155, 7, quantity=4), price, FEES, FRAME)
    assert judge(rising, replace(FACTS, held=held)).fillable == units


def paying(*amounts: tuple[int, int]) -> OrderComponents:
    """A listing with these payments, each from an amount at its start to one at its end."""
    one = LISTING.consideration[0]
    payments = tuple(one.model_copy(update={"start_amount": start, "end_amount": end}) for start, end in amounts)
    return changed(LISTING, consideration=payments)


STEEP = ALL // 750
"""An amount that 256 bits hold for 750 seconds, and not for the 1,000 of an order."""


@pytest.mark.parametrize(
    "amounts",
    [[(ALL, ALL)] * 2, [(1, STEEP), (STEEP, 1)], [(ALL - 5, ALL - 5), (1, 10)], [(10, 1), (ALL - 5, ALL - 5)]],
    ids=["together", "but in the middle", "but at the start", "but at the end"],
)
def test_an_order_whose_amounts_overflow_at_any_moment_is_refused_at_every_moment(
    amounts: list[tuple[int, int]],
) -> None:
    ignoring = replace(POLICY, fee=None, royalty=RoyaltyRule.IGNORE)
    for now in (FRAME.start_time, NOW, FRAME.end_time - 1):
        assert codes(judge(paying(*amounts), policy=ignoring, now=now)) == [Code.AMOUNT_OVERFLOW]


AMOUNT = st.one_of(
    st.integers(1, 9), st.sampled_from([ALL // 1000, STEEP, ALL]).flatmap(lambda most: st.integers(1, most))
)
FIXED = st.integers(1, ALL).map(lambda amount: (amount, amount))


@given(st.lists(st.one_of(FIXED, st.tuples(AMOUNT, AMOUNT)), min_size=1, max_size=4))
@example([(1, STEEP), (STEEP, 1)])
@example([(ALL - 11, ALL - 11), (1, 10), (10, 1)])
def test_an_order_that_does_not_overflow_has_a_price_at_every_moment(amounts: list[tuple[int, int]]) -> None:
    order = paying(*amounts)
    if Code.AMOUNT_OVERFLOW not in codes(judge(order)):
        read = read_order(order)
        assert all(0 < unit_price(read, now) <= ALL for now in (0, 1000, 1001, 1333, NOW, 1998, 1999, 5000))


def test_a_receiver_of_both_shares_must_get_both() -> None:
    facts = replace(FACTS, royalty=Royalty(MARKETPLACE, 50, 1000))
    assert codes(judge(ONLY_FEE, facts)) == [Code.MISSING_ROYALTY]
    both = listing(MAKER, CAT, Price.fixed(1000), (Fee(MARKETPLACE, 250), Fee(MARKETPLACE, 500)), FRAME)
    assert codes(judge(both, facts)) == []


def test_a_share_is_due_at_the_end_of_a_falling_price_too() -> None:
    falling = listing(MAKER, CAT, Price(Wei(1000), Wei(500), None), FEES, FRAME)
    assert codes(judge(falling)) == []
    main, fee, royalty = falling.consideration
    cheated = (main, fee.model_copy(update={"end_amount": 1}), royalty)
    assert codes(judge(changed(falling, consideration=cheated))) == [Code.MISSING_FEE]


def test_a_policy_that_ignores_royalties_wants_none() -> None:
    assert codes(judge(ONLY_FEE, policy=replace(POLICY, royalty=RoyaltyRule.IGNORE))) == []


def test_an_order_that_is_none_of_the_markets_is_not_submitted() -> None:
    with pytest.raises(UnsupportedOrderError):
        SubmittedOrder.of(changed(LISTING, offer=()))
