"""Amounts, times and currencies of orders that are handed in, at their limits and by the operator's rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from steadymint.domain.market.build import Price, listing, offer
from steadymint.domain.market.findings import Code
from steadymint.domain.market.intake import Taking
from steadymint.domain.market.prices import show_price
from steadymint.domain.types import Address, Wei
from tests.contracts.order_stage import lower
from tests.support.trading import Trading, codes


async def test_amounts_and_times_at_their_limits_become_rows_or_findings(trading: Trading) -> None:
    """A row holds what Seaport computes in 256 bits, whatever the numbers are."""
    stage = trading.stage
    maker, most = lower(stage.seller), 2**256 - 1
    frame = stage.seaport.frame(end_time=most)
    await trading.rule(feeBps=0, feeRecipient=None, royalty="ignore")
    huge = stage.sign(listing(maker, stage.cat(1), Price.fixed(most), (), frame))
    item = huge.components.consideration[0]
    twice = stage.sign(huge.components.model_copy(update={"consideration": (item, item)}))
    late = stage.sign(
        listing(maker, stage.cat(2), Price.fixed(1), (), stage.seaport.frame(start_time=2**255, end_time=most))
    )
    # Begun a while ago: in its first second its price has not risen yet.
    begun = stage.seaport.frame(start_time=frame.start_time - 60)
    rising = stage.sign(listing(maker, stage.cat(3), Price(Wei(1), Wei(most), None), (), begun))
    taken = await trading.take(huge, twice, late, rising)
    assert [codes(one) for one in taken] == [[], ["amount_overflow"], ["not_yet_valid"], ["amount_overflow"]]
    assert [row["price_amount"] for row in await trading.rows() if row["status"] == "active"] == [most]


async def test_other_rules_of_the_operator_hold_for_the_next_order(trading: Trading) -> None:
    stage = trading.stage
    usdc = Address("0x" + "0d" * 20)
    made = offer(lower(stage.bidder), stage.cat(8), Price.fixed(5, usdc), (), stage.seaport.frame())
    (unknown,) = await trading.take(stage.sign(made))
    assert Code.UNKNOWN_CURRENCY in codes(unknown)
    await trading.rule(
        feeBps=0,
        feeRecipient=None,
        royalty="ignore",
        currencies=[{"address": usdc, "symbol": "USDC", "decimals": 6}],
    )
    (taken,) = await trading.take(stage.sign(made))
    assert taken.outcome is Taking.CREATED
    (row,) = await trading.rows()
    assert (row["currency_symbol"], row["price_native_text"], row["is_native"]) == ("USDC", "0.000005", False)
    assert row["status"] == "inactive"  # nobody has such a coin


@pytest.mark.parametrize("decimals", [0, 77])
async def test_a_price_is_exact_whatever_the_currencys_decimals(trading: Trading, decimals: int) -> None:
    stage = trading.stage
    coin = Address("0x" + "0d" * 20)
    await trading.rule(
        feeBps=0,
        feeRecipient=None,
        royalty="ignore",
        currencies=[{"address": coin, "symbol": "COIN", "decimals": decimals}],
    )
    amount = 2**256 - 1
    made = offer(lower(stage.bidder), stage.cat(8), Price.fixed(amount, coin), (), stage.seaport.frame())
    (taken,) = await trading.take(stage.sign(made))
    assert taken.outcome is Taking.CREATED
    (row,) = await trading.rows()
    assert row["price_amount"] == amount
    assert f"{Decimal(row['price_native']):f}" == row["price_native_text"] == show_price(amount, decimals)
