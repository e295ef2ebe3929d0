"""Orders of the market on the real Seaport: what we build, hash and sign is what it fills."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web3.contract import Contract

from steadymint.domain.market.amounts import Filled, remaining_of
from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree
from steadymint.domain.market.events import Fulfilled, Matched
from steadymint.domain.market.hashing import domain_separator, order_hash
from steadymint.domain.market.sales import Sale
from steadymint.domain.market.sides import Side, read_order
from steadymint.domain.market.typed_data import bulk_typed_data
from steadymint.domain.types import Address, Standard, TokenId, Wei
from tests.contracts.harness import NO_REF, Chain, CollectionInit, House
from tests.contracts.seaport import (
    ARTIST,
    ETHER,
    FEES,
    MARKETPLACE,
    Seaport,
    account,
    checksum,
    components,
    parameters,
    sign,
)

CARRIERS = [TokenId(number) for number in (2, 3, 5, 7, 8)]
"""Of the ten tokens, those that carry the trait."""


@pytest.fixture
def cats(house: House, init: CollectionInit, owner: str, alice: str, seaport: Seaport) -> Contract:
    """Ten tokens of alice's, for which the conduit is approved."""
    return _approved(
        house.create(0, init), owner, alice, seaport, lambda cats: cats.functions.airdrop(alice, 10, NO_REF)
    )


@pytest.fixture
def prints(house: House, init: CollectionInit, owner: str, alice: str, seaport: Seaport) -> Contract:
    """Ten units of id 4, of alice's."""
    return _approved(
        house.create(1, init), owner, alice, seaport, lambda prints: prints.functions.airdrop(alice, [4], [10], NO_REF)
    )


def _approved(
    collection: Contract, owner: str, alice: str, seaport: Seaport, give: Callable[[Contract], object]
) -> Contract:
    chain, conduit = seaport.chain, checksum(seaport.market.conduit)
    chain.send(give(collection), owner)  # type: ignore[arg-type]
    chain.send(collection.functions.setApprovalForAll(conduit, True), alice)
    return collection


@pytest.fixture
def bob_pays(seaport: Seaport, bob: str) -> None:
    """Bob has ten wrapped ether, for which the conduit is approved."""
    seaport.chain.send(seaport.currency.functions.deposit(), bob, 10 * ETHER)
    seaport.chain.send(seaport.currency.functions.approve(checksum(seaport.market.conduit), 2**256 - 1), bob)


def cat(cats: Contract, identifier: int, has_criteria: bool = False, quantity: int = 1) -> Token:
    return Token(account(cats.address), Standard.ERC721, identifier, has_criteria, quantity)


def test_a_listing_is_bought_and_every_wei_goes_where_its_split_says(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str, bob: str
) -> None:
    price = ETHER + 1
    order = listing(account(alice), cat(cats, 1), Price.fixed(price), FEES, seaport.frame())
    before = evm.w3.eth.get_balance(checksum(alice))
    receipt = evm.send(seaport.fulfill_basic(order, seaport.sign(order)), bob, price)
    read = read_order(order)
    assert seaport.hash_of(order) == order_hash(order)
    assert cats.functions.ownerOf(1).call() == bob
    assert read.side is Side.LISTING
    assert read.price_at(order.start_time) == price
    assert evm.w3.eth.get_balance(checksum(alice)) - before == read.proceeds_at(order.start_time)
    assert evm.w3.eth.get_balance(checksum(MARKETPLACE)) == price * 250 // 10_000
    assert evm.w3.eth.get_balance(checksum(ARTIST)) == price * 500 // 10_000
    (sale,) = seaport.sales(receipt, ARTIST)
    assert (sale.token_id, sale.seller, sale.buyer) == (1, account(alice), account(bob))
    assert (sale.price, sale.proceeds, sale.royalty) == (price, read.proceeds_at(order.start_time), price // 20)


@pytest.mark.usefixtures("bob_pays")
@pytest.mark.parametrize(
    ("side", "criteria", "given"),
    [
        (Side.ITEM_OFFER, None, 4),
        (Side.COLLECTION_OFFER, ANY_TOKEN, 9),
        (Side.TRAIT_OFFER, CriteriaTree(CARRIERS).root, 7),
    ],
    ids=["item", "collection", "trait"],
)
def test_an_offer_is_accepted_with_a_token_that_it_takes(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str, bob: str, side: Side, criteria: int | None, given: int
) -> None:
    token = cat(cats, given) if criteria is None else cat(cats, criteria, has_criteria=True)
    price = Price.fixed(ETHER, Address(seaport.market.wrapped_native))
    order = offer(account(bob), token, price, FEES, seaport.frame())
    proof = CriteriaTree(CARRIERS).proof(TokenId(given)) if side is Side.TRAIT_OFFER else ()
    signature = seaport.sign(order)
    assert read_order(order).side is side
    assert seaport.hash_of(order) == order_hash(order)
    if side is Side.TRAIT_OFFER:
        other = seaport.fulfill(order, signature, criteria=[(6, proof)])
        assert (refusal := evm.refusal(other, alice))
        assert refusal.name == "InvalidProof"
    evm.send(seaport.currency.functions.approve(checksum(seaport.market.conduit), 2**256 - 1), alice)
    accepting = seaport.fulfill(order, signature, criteria=[] if criteria is None else [(given, proof)])
    receipt = evm.send(accepting, alice)
    assert cats.functions.ownerOf(given).call() == bob
    assert seaport.currency.functions.balanceOf(alice).call() == read_order(order).proceeds_at(order.start_time)
    assert seaport.currency.functions.balanceOf(checksum(ARTIST)).call() == ETHER // 20
    (sale,) = seaport.sales(receipt, ARTIST)
    assert (sale.token_id, sale.seller, sale.buyer) == (given, account(alice), account(bob))
    assert (sale.price, sale.fees, sale.royalty) == (ETHER, ETHER // 40, ETHER // 20)


def test_one_signature_is_enough_for_many_listings(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str, bob: str
) -> None:
    orders = [
        listing(account(alice), cat(cats, number), Price.fixed(ETHER), FEES, seaport.frame(salt=number))
        for number in (1, 2, 3)
    ]
    tree = BulkTree([order_hash(order) for order in orders])
    signed = sign(alice, bulk_typed_data(orders, seaport.domain))
    for index in (2, 0):
        evm.send(seaport.fulfill_basic(orders[index], tree.signature(index, signed)), bob, ETHER)
    assert [cats.functions.ownerOf(number).call() for number in (1, 2, 3)] == [bob, alice, bob]
    assert not seaport.accepts(orders[1], tree.signature(2, signed))


def test_units_are_bought_in_parts_until_none_remains(
    seaport: Seaport, prints: Contract, evm: Chain, alice: str, bob: str
) -> None:
    token = Token(account(prints.address), Standard.ERC1155, 4, quantity=10)
    order = listing(account(alice), token, Price.fixed(ETHER + 3), FEES, seaport.frame())
    signature = seaport.sign(order)
    left, sold = [10], list[Sale]()
    for part, units in (((3, 10), 3), ((1, 2), 5), ((4, 10), 2)):  # of the last four only two are there
        paid = (ETHER + 3) * part[0] * 10 // part[1]
        sold += seaport.sales(evm.send(seaport.fulfill(order, signature, part=part), bob, paid), ARTIST)
        _, _, numerator, denominator = seaport.status(order)
        left.append(remaining_of(10, Filled(numerator, denominator)))
        assert left[-2] - left[-1] == units
    assert left[-1] == 0
    assert prints.functions.balanceOf(bob, 4).call() == 10
    assert evm.w3.eth.get_balance(checksum(ARTIST)) == (ETHER + 3) * 500 // 10_000 * 10
    assert [sale.quantity for sale in sold] == [3, 5, 2]
    assert sum(sale.price for sale in sold) == (ETHER + 3) * 10


@pytest.mark.usefixtures("bob_pays")
def test_a_listing_and_an_offer_that_are_matched_are_one_sale(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str, bob: str
) -> None:
    price = Price.fixed(ETHER, Address(seaport.market.wrapped_native))
    listed = listing(account(alice), cat(cats, 1), price, (), seaport.frame())
    wanted = offer(account(bob), cat(cats, 1), price, (), seaport.frame())
    matching = seaport.match((listed, seaport.sign(listed)), (wanted, seaport.sign(wanted)))
    receipt = evm.send(matching, evm.accounts[7])
    assert cats.functions.ownerOf(1).call() == bob
    assert [type(event) for event in seaport.events(receipt)] == [Fulfilled, Fulfilled, Matched]
    (sale,) = seaport.sales(receipt, ARTIST)
    assert (sale.seller, sale.buyer, sale.price, sale.proceeds) == (account(alice), account(bob), ETHER, ETHER)


def test_what_a_maker_does_to_an_order_on_chain_is_read_from_its_events(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str
) -> None:
    first, second = (
        listing(account(alice), cat(cats, number), Price.fixed(ETHER), FEES, seaport.frame()) for number in (1, 2)
    )
    functions = seaport.contract.functions
    receipt = evm.send(functions.validate([(parameters(first), b"")]), alice)
    (said,) = seaport.events(receipt)
    assert said.order(0) == first
    assert seaport.accepts(first, b"")  # without a signature from here on
    (said,) = seaport.events(evm.send(functions.cancel([components(second)]), alice))
    assert (said.order_hash, said.offerer) == ("0x" + order_hash(second).hex(), account(alice))
    assert seaport.status(second)[1]
    (said,) = seaport.events(evm.send(functions.incrementCounter(), alice))
    assert said == (account(alice), functions.getCounter(alice).call())


@pytest.mark.parametrize(("start", "end"), [(ETHER, ETHER // 3 + 1), (7 * 10**9, ETHER - 1)], ids=["falls", "rises"])
def test_the_price_of_a_moment_is_the_one_that_seaport_takes(
    seaport: Seaport, cats: Contract, evm: Chain, alice: str, bob: str, start: int, end: int
) -> None:
    begun = evm.now()
    frame = seaport.frame(start_time=begun, end_time=begun + 997)
    order = listing(account(alice), cat(cats, 1), Price(Wei(start), Wei(end), None), FEES, frame)
    read, now = read_order(order), begun + 331
    before = evm.w3.eth.get_balance(checksum(alice))
    evm.rpc("evm_setNextBlockTimestamp", hex(now))
    evm.send(seaport.fulfill(order, seaport.sign(order)), bob, 2 * ETHER)
    fees = sum(evm.w3.eth.get_balance(checksum(one)) for one in (MARKETPLACE, ARTIST))
    proceeds = evm.w3.eth.get_balance(checksum(alice)) - before
    assert proceeds == read.proceeds_at(now)
    assert proceeds + fees == read.price_at(now)


def test_the_market_of_a_local_chain_knows_its_conduit_and_wraps_its_currency(
    seaport: Seaport, evm: Chain, bob: str
) -> None:
    market = seaport.market
    controller = evm.at("ConduitController", market.conduit_controller).functions
    version, separator, named = seaport.contract.functions.information().call()
    assert (version, named) == ("1.6", checksum(market.conduit_controller))
    assert separator == domain_separator(seaport.domain)
    order_key = seaport.frame().conduit_key
    assert controller.getConduit(order_key).call() == [checksum(market.conduit), True]
    assert controller.getChannelStatus(checksum(market.conduit), checksum(market.seaport)).call()
    before = evm.w3.eth.get_balance(checksum(bob))
    evm.send(seaport.currency.functions.deposit(), bob, ETHER)
    evm.send(seaport.currency.functions.withdraw(ETHER), bob)
    assert 0 < before - evm.w3.eth.get_balance(checksum(bob)) < ETHER // 100  # the gas
    assert seaport.currency.functions.balanceOf(bob).call() == 0
