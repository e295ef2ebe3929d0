"""A sale whose money went round is told from one that was paid."""

from __future__ import annotations

import pytest

from steadymint.domain.market.funding import Payment, Trade, is_circular
from steadymint.domain.types import Address
from tests.unit.domain.market.test_sales import CAROL
from tests.unit.domain.market.test_sides import ALICE, BOB, DOLLARS, MARKETPLACE

WRAPPED = Address("0x" + "e7" * 20)

TRADE = Trade(seller=ALICE, buyer=BOB, currency=WRAPPED, price=100, proceeds=90)
SALE = [Payment(WRAPPED, BOB, ALICE, 90), Payment(WRAPPED, BOB, MARKETPLACE, 10)]


def lent(sender: Address, receiver: Address, amount: int, currency: Address = WRAPPED) -> Payment:
    return Payment(currency, sender, receiver, amount)


@pytest.mark.parametrize(
    ("payments", "circular"),
    [
        ([], False),
        ([lent(ALICE, BOB, 100)], True),
        ([lent(ALICE, BOB, 60), lent(ALICE, BOB, 40)], True),
        ([lent(ALICE, BOB, 99)], False),
        ([lent(ALICE, BOB, 100, DOLLARS)], False),
        ([lent(CAROL, BOB, 100)], False),
        ([lent(CAROL, BOB, 100), lent(ALICE, CAROL, 90)], True),
        ([lent(CAROL, BOB, 100), lent(ALICE, CAROL, 89)], False),
        ([lent(CAROL, BOB, 100), lent(ALICE, MARKETPLACE, 90)], False),
        ([lent(CAROL, BOB, 99), lent(ALICE, CAROL, 90)], False),
        ([lent(BOB, BOB, 100), lent(ALICE, BOB, 90)], False),
    ],
)
def test_a_sale_is_circular_if_one_account_pays_the_buyer_and_is_paid_by_the_seller(
    payments: list[Payment], circular: bool
) -> None:
    assert is_circular(TRADE, [*SALE, *payments]) is circular


def test_of_the_chains_own_currency_nothing_is_known() -> None:
    assert not is_circular(TRADE._replace(currency=None), [lent(ALICE, BOB, 100)])


def test_a_seller_who_got_nothing_has_paid_nothing_back() -> None:
    assert not is_circular(TRADE._replace(proceeds=0), [*SALE, lent(CAROL, BOB, 100)])
