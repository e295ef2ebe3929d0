"""What was sold by the fills of a transaction, to the last wei."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.domain.market.components import ItemType
from steadymint.domain.market.events import Fulfilled, Matched, MovedItem, PaidItem
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS, DOLLARS, MARKETPLACE

CAROL = Address("0x" + "cc" * 20)
LISTED, BID, OTHER = (Bytes32("0x" + digits * 32) for digits in ("01", "02", "03"))


def cat(number: int, amount: int = 1, kind: ItemType = ItemType.ERC721) -> MovedItem:
    return MovedItem(kind, CATS, number, amount)


def ether(amount: int) -> MovedItem:
    return MovedItem(ItemType.NATIVE, ZERO_ADDRESS, 0, amount)


def dollars(amount: int) -> MovedItem:
    return MovedItem(ItemType.ERC20, DOLLARS, 0, amount)


def fill(
    order: Bytes32, maker: Address, gives: list[MovedItem], gets: dict[Address, MovedItem] | list[PaidItem], to: Address
) -> Fulfilled:
    paid = gets if isinstance(gets, list) else [PaidItem(item, who) for who, item in gets.items()]
    return Fulfilled(order, maker, ZERO_ADDRESS, to, tuple(gives), tuple(paid))


def shown(sale: Sale) -> tuple[Any, ...]:
    return sale.token_id, sale.quantity, sale.seller, sale.buyer, sale.price


def parts(sale: Sale) -> tuple[int, int, int]:
    return sale.proceeds, sale.fees, sale.royalty


FEES = {MARKETPLACE: 25, ARTIST: 50}
LISTING = fill(LISTED, ALICE, [cat(7)], {ALICE: ether(925)} | {who: ether(fee) for who, fee in FEES.items()}, BOB)
OFFER = fill(BID, BOB, [dollars(1000)], {CAROL: cat(7)} | {who: dollars(fee) for who, fee in FEES.items()}, ALICE)


def test_the_buyer_of_a_listing_is_whom_the_token_went_to() -> None:
    (sale,) = sales_of([LISTING], {ARTIST})
    assert shown(sale) == (7, 1, ALICE, BOB, 1000)
    assert parts(sale) == (925, 25, 50)
    assert (sale.currency, sale.order_hash, sale.bundle) == (None, LISTED, 1)


def test_the_seller_to_an_offer_is_who_filled_it_and_the_buyer_is_whom_it_names() -> None:
    (sale,) = sales_of([OFFER], {ARTIST})
    assert shown(sale) == (7, 1, ALICE, CAROL, 1000)
    assert parts(sale) == (925, 25, 50)
    assert (sale.currency, sale.order_hash) == (DOLLARS, BID)


def test_orders_that_were_matched_are_one_sale() -> None:
    listed = fill(LISTED, ALICE, [cat(7)], {ALICE: dollars(950), MARKETPLACE: dollars(25)}, CAROL)
    bid = fill(BID, BOB, [dollars(1000)], {BOB: cat(7), ARTIST: dollars(20)}, CAROL)
    (sale,) = sales_of([listed, bid, Matched((LISTED, BID))], {ARTIST})
    assert shown(sale) == (7, 1, ALICE, BOB, 1000)
    assert parts(sale) == (950, 30, 20)  # carol, who matched them, keeps five
    assert sale.order_hash == LISTED


def test_a_listing_for_one_buyer_is_one_sale_to_them() -> None:
    listed = fill(LISTED, ALICE, [cat(7)], {ALICE: ether(1000), BOB: cat(7)}, CAROL)
    mirror = fill(OTHER, BOB, [ether(1000)], {}, CAROL)
    (sale,) = sales_of([listed, mirror, Matched((LISTED, OTHER))])
    assert shown(sale) == (7, 1, ALICE, BOB, 1000)


def test_two_pairs_that_were_matched_at_once_are_two_sales() -> None:
    fills = [
        fill(LISTED, ALICE, [cat(1)], {ALICE: dollars(10)}, CAROL),
        fill(LISTED, CAROL, [cat(2)], {CAROL: dollars(20)}, CAROL),
        fill(BID, BOB, [dollars(20)], {BOB: cat(2)}, CAROL),
        fill(BID, BOB, [dollars(10)], {BOB: cat(1)}, CAROL),
    ]
    sales = sales_of([*fills, Matched((LISTED, LISTED, BID, BID))])
    assert sorted(map(shown, sales)) == [(1, 1, ALICE, BOB, 10), (2, 1, CAROL, BOB, 20)]


def test_fills_that_are_not_named_by_a_match_stand_alone() -> None:
    assert len(sales_of([LISTING, fill(BID, BOB, [dollars(9)], {BOB: cat(7)}, ALICE), Matched((OTHER, BID))])) == 2
    assert len(sales_of([LISTING, Matched(()), Matched((LISTED, BID))])) == 1


def test_tokens_that_were_sold_together_have_equal_parts_and_nothing_is_lost() -> None:
    tokens = [cat(1), cat(2), cat(3, 90, ItemType.ERC1155)]
    gets = {ALICE: ether(926), MARKETPLACE: ether(25), ARTIST: ether(50)}
    sales = sales_of([fill(LISTED, ALICE, tokens, gets, BOB)], {ARTIST})
    assert [parts(sale) for sale in sales] == [(309, 9, 17), (309, 8, 17), (308, 8, 16)]
    assert sum(sale.price for sale in sales) == 1001
    assert [(sale.quantity, sale.bundle) for sale in sales] == [(1, 3), (1, 3), (90, 3)]


def test_units_of_several_listings_go_to_one_offer() -> None:
    fills = [
        fill(LISTED, ALICE, [cat(5, 3, ItemType.ERC1155)], {ALICE: dollars(30)}, CAROL),
        fill(OTHER, CAROL, [cat(5, 2, ItemType.ERC1155)], {CAROL: dollars(30)}, CAROL),
        fill(BID, BOB, [dollars(60)], {BOB: cat(5, 5, ItemType.ERC1155)}, CAROL),
    ]
    sales = sales_of([*fills, Matched((LISTED, OTHER, BID))])
    assert [shown(sale) for sale in sales] == [(5, 3, ALICE, BOB, 30), (5, 2, CAROL, BOB, 30)]


def test_an_artist_who_sells_gets_proceeds_and_no_royalty() -> None:
    (sale,) = sales_of([fill(LISTED, ARTIST, [cat(7)], {ARTIST: ether(975), MARKETPLACE: ether(25)}, BOB)], {ARTIST})
    assert parts(sale) == (975, 25, 0)


def test_proceeds_that_go_to_another_wallet_are_no_fee() -> None:
    (sale,) = sales_of([fill(LISTED, ALICE, [cat(7)], {CAROL: ether(975), MARKETPLACE: ether(25)}, BOB)])
    assert parts(sale) == (975, 25, 0)


def test_who_buys_from_themselves_is_both_sides_of_the_sale() -> None:
    (sale,) = sales_of([fill(LISTED, ALICE, [cat(7)], {ALICE: ether(1000)}, ALICE)])
    assert shown(sale) == (7, 1, ALICE, ALICE, 1000)


@pytest.mark.parametrize(
    "exchange",
    [
        fill(LISTED, ALICE, [cat(1)], {ALICE: cat(2)}, BOB),
        fill(LISTED, ALICE, [cat(1), dollars(5)], {ALICE: cat(2)}, BOB),
        fill(LISTED, ALICE, [cat(1)], [PaidItem(cat(2), ALICE), PaidItem(ether(5), ALICE)], BOB),
        fill(LISTED, ALICE, [cat(1)], {ALICE: ether(5), CAROL: dollars(5)}, BOB),
        fill(LISTED, ALICE, [cat(1)], {}, BOB),
        fill(LISTED, ALICE, [cat(1), dollars(5)], {}, BOB),
        fill(LISTED, ALICE, [cat(1)], {ALICE: ether(0)}, BOB),
        fill(LISTED, ALICE, [cat(1, 0)], {ALICE: ether(5)}, BOB),
        fill(LISTED, ALICE, [dollars(5)], {ALICE: ether(5)}, BOB),
        fill(LISTED, ALICE, [], {}, BOB),
    ],
)
def test_what_is_no_token_for_one_currency_is_no_sale(exchange: Fulfilled) -> None:
    assert sales_of([exchange]) == []
