"""Orders that we build for a wallet: what it signs is an order that the market takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steadymint.domain.market.build import Price, Token
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.market.drafts import DEFAULT_DURATION, Wish, any_token, complete, one_of, period, preliminary
from steadymint.domain.market.facts import Royalty
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.market.policy import RoyaltyRule
from steadymint.domain.market.prices import parse_price, show_price
from steadymint.domain.market.sides import Side
from steadymint.domain.types import UINT256_MAX, Standard, TokenId
from tests.unit.domain.market.test_checks import (
    ARTIST,
    CAT,
    CATS,
    CONDUIT,
    DOLLARS,
    FACTS,
    MAKER,
    MARKETPLACE,
    NOW,
    POLICY,
    SEAPORT,
)

TOKENS = [TokenId(2), TokenId(5)]


def wish(token: Token = CAT, *, price: int = 1000, is_listing: bool = True) -> Wish:
    currency = None if is_listing else DOLLARS
    return Wish(MAKER, token, Price.fixed(price, currency), is_listing, *period(NOW), salt=9)


@pytest.mark.parametrize(
    ("wished", "side"),
    [
        (wish(), Side.LISTING),
        (wish(Token(CATS, Standard.ERC1155, 7, quantity=3), price=333), Side.LISTING),
        (wish(is_listing=False), Side.ITEM_OFFER),
        (wish(any_token(CATS, Standard.ERC721, 3), is_listing=False), Side.COLLECTION_OFFER),
        (wish(one_of(CATS, Standard.ERC721, TOKENS), is_listing=False), Side.TRAIT_OFFER),
    ],
    ids=["list", "list units", "offer", "collection offer", "trait offer"],
)
@pytest.mark.parametrize("rule", RoyaltyRule)
def test_what_we_build_passes_our_checks(wished: Wish, side: Side, rule: RoyaltyRule) -> None:
    policy = replace(POLICY, royalty=rule)
    draft = complete(wished, policy, FACTS, NOW)
    assert (draft.verdict.findings, draft.approvals) == ((), ())
    assert draft.order.read.side is side
    assert draft.order.read.fees[0].recipient == MARKETPLACE
    assert (ARTIST in {fee.recipient for fee in draft.order.read.fees}) == (rule is not RoyaltyRule.IGNORE)


def test_the_typed_data_is_the_order_under_the_makers_counter() -> None:
    draft = complete(wish(), POLICY, FACTS, NOW)
    assert draft.typed_data["domain"]["verifyingContract"] == SEAPORT
    assert OrderComponents.model_validate(draft.typed_data["message"]) == draft.order.components
    assert (draft.order.components.counter, draft.order.components.salt) == (FACTS.counter, 9)
    assert preliminary(wish(), POLICY).read.price_at(NOW) == draft.order.read.price_at(NOW)


def test_the_approval_that_is_missing_comes_with_the_order() -> None:
    draft = complete(wish(is_listing=False), POLICY, replace(FACTS, allowed=0), NOW)
    (approval,) = draft.approvals
    assert (approval.kind, approval.contract, approval.spender) == (ApprovalKind.ERC20_APPROVE, DOLLARS, CONDUIT)


@pytest.mark.parametrize("amount", [1, 3, 33, 50, 999])
@pytest.mark.parametrize("price", [1000, 1001, 10**18 + 7])
def test_a_royalty_of_an_odd_share_is_paid_in_full(amount: int, price: int) -> None:
    facts = replace(FACTS, royalty=Royalty(ARTIST, amount, price))
    policy = replace(POLICY, fee=None)
    draft = complete(wish(price=price), policy, facts, NOW)
    assert draft.verdict.findings == ()
    assert sum(fee.start for fee in draft.order.read.fees) >= amount


def test_an_artist_who_sells_pays_no_royalty_to_themselves() -> None:
    draft = complete(wish(), POLICY, replace(FACTS, royalty=Royalty(MAKER, 50, 1000)), NOW)
    assert draft.verdict.findings == ()
    assert [fee.recipient for fee in draft.order.read.fees] == [MARKETPLACE]


def test_an_order_counts_from_now_and_for_a_month_unless_its_maker_wants_otherwise() -> None:
    assert period(NOW) == (NOW, NOW + DEFAULT_DURATION)
    assert period(NOW, NOW + 10, 60) == (NOW + 10, NOW + 70)


@pytest.mark.parametrize(("start", "duration"), [(None, 0), (None, -1), (NOW - 100, 100)])
def test_an_order_that_would_be_over_is_not_built(start: int | None, duration: int) -> None:
    with pytest.raises(ValueError, match="end"):
        period(NOW, start, duration)


def test_a_trait_offer_is_for_the_tokens_that_were_named() -> None:
    assert one_of(CATS, Standard.ERC721, TOKENS).identifier == CriteriaTree(TOKENS).root
    with pytest.raises(ValueError, match="without a token"):
        one_of(CATS, Standard.ERC721, [])


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [
        ("0", 18, 0),
        ("1", 18, 10**18),
        ("1.5", 18, 15 * 10**17),
        ("0.000001", 6, 1),
        ("1.500000", 1, 15),
        ("12", 0, 12),
        ("0.000000000000000001", 18, 1),
    ],
)
def test_a_price_in_digits_is_exact(text: str, decimals: int, amount: int) -> None:
    assert parse_price(text, decimals) == amount
    assert parse_price(show_price(amount, decimals), decimals) == amount


WRONG = ["", ".5", "5.", "-1", "+1", "1e3", "1,5", " 1", "1\n", "01", "0x1", "NaN", "\u0661", "1.0000001", "1" * 79]


@pytest.mark.parametrize("text", [*WRONG, str(UINT256_MAX)], ids=repr)
def test_a_price_that_is_no_amount_of_the_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|decimals"):
        parse_price(text, 6)
