"""Fills of Seaport 1.1 to 1.5 are read like those of 1.6, and matches of 1.1 are told from their fills."""

from __future__ import annotations

from steadymint.domain.market import events
from steadymint.domain.market.events import Fulfilled
from steadymint.domain.market.others.seaport import sales_of_1_1
from steadymint.domain.market.sales import sales_of
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sales import (
    BID,
    CAROL,
    LISTED,
    LISTING,
    OTHER,
    cat,
    dollars,
    ether,
    fill,
    parts,
    shown,
)
from tests.unit.domain.market.test_sides import ALICE, BOB

OPENSEA = Address("0x0000a26b00c1f0df003000390027140000faa719")
CREATOR = Address("0xf14d484b29a8ac040feb489afadb4b972422b4e9")


def recorded(name: str) -> Fulfilled:
    return events.fulfilled(*LOGS[name][:2])


def listed(order: Bytes32, number: int, price: int) -> Fulfilled:
    return fill(order, ALICE, [cat(number)], {ALICE: dollars(price)}, ZERO_ADDRESS)


def bid(order: Bytes32, number: int, price: int) -> Fulfilled:
    return fill(order, BOB, [dollars(price)], {BOB: cat(number)}, ZERO_ADDRESS)


def test_a_recorded_fill_of_1_5_is_a_sale() -> None:
    (sale,) = sales_of([recorded("seaport 1.5 listing")])
    assert sale.seller == "0x887578f7cec7291a957a38710073b1a2770e2c1f"
    assert sale.buyer == "0xc5037734e8acd41a4db7a3a8fe8153b7ec920212"
    assert (sale.contract, sale.token_id) == ("0xed5af388653567af2f388e6224dc7c4b3241c544", 4103)
    assert (sale.price, parts(sale)) == (15 * 10**18, (14_625 * 10**15, 375 * 10**15, 0))


def test_a_recorded_match_of_1_1_is_one_sale() -> None:
    fills = [recorded("seaport 1.1 offer that was matched"), recorded("seaport 1.1 listing that was matched")]
    (sale,) = sales_of_1_1(enumerate(fills, 100), {CREATOR})
    assert sale.seller == "0xdddd34f88b475dae9fef76af218b00cca0d7a06a"
    assert sale.buyer == "0x0228aca40362f58092c3dc6c3b5e23690f91e37f"
    assert (sale.contract, sale.token_id) == ("0x42069abfe407c60cf4ae4112bedead391dba1cdb", 4614)
    assert sale.price == 1_887_200_000_000_000_000
    assert parts(sale) == (1_745_660_000_000_000_000, 47_180_000_000_000_000, 94_360_000_000_000_000)


def test_matches_of_1_1_that_do_not_follow_each_other_stand_apart() -> None:
    fills = [listed(LISTED, 1, 10), bid(BID, 1, 10), listed(OTHER, 2, 20), bid(BID, 2, 20)]
    sales = sales_of_1_1(zip([3, 4, 7, 8], fills, strict=True))
    assert [shown(sale) for sale in sales] == [(1, 1, ALICE, BOB, 10), (2, 1, ALICE, BOB, 20)]
    assert sales_of_1_1(zip([3, 7], fills[:2], strict=True)) == []


def test_a_fill_of_1_1_with_a_recipient_was_not_matched() -> None:
    sales = sales_of_1_1([(1, listed(OTHER, 2, 20)), (2, bid(BID, 2, 20)), (3, LISTING)])
    assert [shown(sale) for sale in sales] == [(2, 1, ALICE, BOB, 20), (7, 1, ALICE, BOB, 1000)]


def test_what_nobody_took_in_a_match_of_1_1_is_no_sale() -> None:
    lonely = fill(LISTED, ALICE, [cat(1), cat(2)], {ALICE: ether(10)}, ZERO_ADDRESS)
    other = fill(OTHER, CAROL, [ether(10)], {CAROL: cat(1)}, ZERO_ADDRESS)
    (sale,) = sales_of_1_1([(1, lonely), (2, other)])
    assert (sale.token_id, sale.buyer) == (1, CAROL)
