"""Orders of the catalog as somebody fills them: what was signed, in units that are there, with the proof of a token."""

from __future__ import annotations

import pytest

from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.domain.errors import InvalidInputError, NotFoundError, UnknownCurrencyError
from steadymint.domain.market.build import Price, listing
from steadymint.domain.market.intake import TokenChoice
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Bytes32, ChainId, TokenId
from steadymint.market.fillable import FillableOrders
from tests.contracts.order_stage import FEES, GIVEN, lower
from tests.contracts.seaport import ETHER
from tests.contracts.taking import Taking
from tests.support.trading import CHAIN, Trading, handed_in
from tests.unit.market.test_intake import SOME_TOKENS, trait_offer


@pytest.fixture
def fillable(trading: Trading) -> FillableOrders:
    return FillableOrders(trading.pool, ChainRegistry(trading.pool))


def hash_of(order: SubmittedOrder) -> Bytes32:
    return Bytes32("0x" + order.hash.hex())


async def test_listings_come_in_the_order_in_which_they_are_asked_for_as_they_were_signed(
    trading: Trading, fillable: FillableOrders
) -> None:
    stage = trading.stage
    prints = listing(lower(stage.seller), stage.units(10), Price.fixed(ETHER), FEES, stage.seaport.frame(salt=9))
    cat, units = stage.listing(1), stage.sign(prints)
    await trading.take(cat, units)
    parts = await fillable.listings(CHAIN, [(hash_of(units), 3), (hash_of(cat), 1)])
    assert [(part.order, part.units) for part in parts] == [(units, 3), (cat, 1)]
    for wrong in ((hash_of(cat), 2), (hash_of(units), 11)):
        with pytest.raises(InvalidInputError):
            await fillable.listings(CHAIN, [wrong])
    for chain, missing in ((CHAIN, Bytes32("0x" + "77" * 32)), (ChainId("eip155:1"), hash_of(cat))):
        with pytest.raises(NotFoundError, match=missing):
            await fillable.listings(chain, [(missing, 1)])


async def test_a_trait_offer_is_accepted_with_the_proof_of_a_token_that_it_takes(
    trading: Trading, fillable: FillableOrders
) -> None:
    order = trait_offer(trading)
    await trading.take(handed_in(order, choice=TokenChoice(tokens=SOME_TOKENS)))
    part = await fillable.offer(CHAIN, hash_of(order), TokenId(GIVEN), 1)
    dealer = Taking(trading, trading.stage.dealer)
    prepared = await dealer.prepare_sale(part)
    assert dealer.send(prepared.tx)["status"] == 1
    assert not dealer.owned(GIVEN)[0]
    for token in (None, TokenId(3)):
        with pytest.raises(InvalidInputError):
            await fillable.offer(CHAIN, hash_of(order), token, 1)


async def test_an_offer_on_one_token_takes_no_other(trading: Trading, fillable: FillableOrders) -> None:
    order = trading.stage.offer()
    await trading.take(order)
    for token in (None, TokenId(GIVEN)):
        assert (await fillable.offer(CHAIN, hash_of(order), token, 1)).token_id == GIVEN
    with pytest.raises(InvalidInputError, match=f"token {GIVEN}"):
        await fillable.offer(CHAIN, hash_of(order), TokenId(GIVEN + 1), 1)


async def test_a_currency_is_one_of_the_market(trading: Trading, fillable: FillableOrders) -> None:
    assert (await fillable.currency(CHAIN, None)).symbol == "ETH"
    assert (await fillable.currency(CHAIN, trading.stage.dollars)).decimals == 18
    with pytest.raises(UnknownCurrencyError):
        await fillable.currency(CHAIN, Address("0x" + "77" * 20))
