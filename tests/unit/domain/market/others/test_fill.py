"""A fill of another market is sold by the rules of a fill of Seaport."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.market.others.fill import Fill, Part, Token, checked, sales_of_fill
from steadymint.domain.market.words import EventError
from steadymint.domain.types import TokenId
from tests.unit.domain.market.test_sales import LISTED, parts
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS, DOLLARS, MARKETPLACE

ROYALTY, FEE, TO_SELLER, TO_ARTIST = (
    Part(50, None, is_royalty=True),
    Part(25, MARKETPLACE),
    Part(7, ALICE),
    Part(3, ARTIST),
)


def fill(price: int = 1000, tokens: int = 1, shares: tuple[Part, ...] = ()) -> Fill:
    sold = tuple(Token(CATS, TokenId(number), 1) for number in range(tokens))
    return Fill(LISTED, ALICE, BOB, sold, DOLLARS, price, shares)


def test_the_seller_has_what_did_not_go_elsewhere() -> None:
    (sale,) = sales_of_fill(fill(shares=(ROYALTY, FEE, TO_SELLER, TO_ARTIST)), {ARTIST})
    assert (sale.price, parts(sale)) == (1000, (922, 25, 53))
    assert (sale.seller, sale.buyer, sale.currency, sale.order_hash, sale.bundle) == (ALICE, BOB, DOLLARS, LISTED, 1)


def test_an_artist_who_sells_gets_proceeds_and_no_royalty() -> None:
    (sale,) = sales_of_fill(fill(shares=(TO_SELLER, FEE)), {ALICE})
    assert parts(sale) == (975, 25, 0)


@given(
    price=st.integers(1, 2**256 - 1), tokens=st.integers(1, 9), rates=st.tuples(st.integers(0, 49), st.integers(0, 49))
)
def test_a_bundle_is_a_sale_for_each_token_and_no_unit_is_lost(price: int, tokens: int, rates: tuple[int, int]) -> None:
    shares = (Part(price * rates[0] // 100, ARTIST), Part(price * rates[1] // 100, MARKETPLACE))
    sales = sales_of_fill(checked(fill(price, tokens, shares)), {ARTIST})
    assert [sale.token_id for sale in sales] == list(range(tokens))
    assert sum(sale.price for sale in sales) == price
    assert sum(sale.royalty for sale in sales) == shares[0].amount
    assert max(sale.proceeds for sale in sales) - min(sale.proceeds for sale in sales) <= 1
    assert {sale.bundle for sale in sales} == {tokens}


@pytest.mark.parametrize("unknown", [{"seller": None}, {"buyer": None}, {"price": 0}, {"currency_role": "pool"}])
def test_a_fill_without_a_price_a_side_or_a_known_currency_is_no_sale(unknown: dict[str, str | int | None]) -> None:
    assert sales_of_fill(fill()._replace(**unknown)) == []


def test_the_currency_can_be_a_registered_contract() -> None:
    (sale,) = sales_of_fill(fill()._replace(currency=None, currency_role="pool"), contracts={"pool": MARKETPLACE})
    assert sale.currency == MARKETPLACE


@pytest.mark.parametrize(
    "impossible",
    [fill(tokens=0), fill()._replace(tokens=(Token(CATS, TokenId(1), 0),)), fill(24, shares=(FEE,)), fill(2**256)],
)
def test_a_fill_that_no_market_lets_pass_is_refused(impossible: Fill) -> None:
    with pytest.raises(EventError):
        checked(impossible)
