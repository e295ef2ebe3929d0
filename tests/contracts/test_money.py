"""Where the money goes: payout, withdrawal, royalty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from web3.types import Wei

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import ZERO_ADDRESS, Chain, CollectionInit, Refusal, with_mint


def test_the_revenue_waits_in_the_collection_until_anyone_sends_it_to_the_payout(
    chain: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(with_mint(init, price=100))
    chain.send(collection.mint(alice, 2), alice, value=200)
    chain.send(collection.mint(bob, 1), bob, value=100)
    before = chain.w3.eth.get_balance(chain.w3.to_checksum_address(init.payout))
    receipt = chain.send(collection.contract.functions.withdraw(), bob)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [
        ("Withdrawn", [chain.w3.to_checksum_address(init.payout), 300])
    ]
    assert chain.w3.eth.get_balance(chain.w3.to_checksum_address(init.payout)) - before == 300
    assert chain.w3.eth.get_balance(collection.contract.address) == 0


def test_a_payout_that_reverts_blocks_no_mint_and_can_be_replaced(
    chain: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str, bob: str
) -> None:
    refusing = chain.deploy("RevertingReceiver").address
    collection = make(with_mint(replace(init, payout=refusing), price=100))
    chain.send(collection.mint(alice, 3), alice, value=300)
    functions = collection.contract.functions
    assert chain.refusal(functions.withdraw(), alice) == Refusal("PayoutFailed", (refusing.lower(), 300))
    receipt = chain.send(functions.setPayout(bob), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [("PayoutSet", [bob])]
    before = chain.w3.eth.get_balance(chain.w3.to_checksum_address(bob))
    chain.send(functions.withdraw(), alice)
    assert chain.w3.eth.get_balance(chain.w3.to_checksum_address(bob)) - before == 300


def test_a_payout_that_burns_all_gas_blocks_no_mint(
    chain: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(with_mint(replace(init, payout=chain.deploy("EndlessLoop").address), price=100))
    chain.send(collection.mint(alice, 1), alice, value=100)
    assert chain.mine(collection.contract.functions.withdraw(), alice)["status"] == 0


def test_a_payout_cannot_withdraw_again_while_it_is_paid(
    chain: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    payout = chain.deploy("ReentrantPayout")
    collection = make(with_mint(replace(init, payout=payout.address), price=100))
    chain.send(collection.mint(alice, 1), alice, value=100)
    receipt = chain.send(collection.contract.functions.withdraw(), alice)
    assert payout.functions.reentered().call() is False
    assert len(collection.logs(receipt, "Withdrawn")) == 1
    assert chain.w3.eth.get_balance(payout.address) == 100


def test_a_payout_nobody_could_use_is_refused(
    chain: Chain, make: MakeCollection, init: CollectionInit, owner: str
) -> None:
    collection = make(init).contract
    for useless in (ZERO_ADDRESS, collection.address):
        call = collection.functions.setPayout(useless)
        assert chain.refusal(call, owner) == Refusal("InvalidPayout", (useless.lower(),))


def test_a_collection_takes_no_money_but_by_a_mint(
    chain: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(init).contract
    tx = chain.w3.eth.send_transaction({"from": alice, "to": collection.address, "value": Wei(1), "gas": 100_000})
    assert chain.w3.eth.wait_for_transaction_receipt(tx, poll_latency=0.01)["status"] == 0


@pytest.mark.parametrize(("bps", "royalty"), [(0, 0), (1, 100), (500, 50_000), (10_000, 1_000_000)])
def test_the_royalty_is_told_by_eip_2981_and_by_its_event(
    chain: Chain, make: MakeCollection, init: CollectionInit, owner: str, bob: str, bps: int, royalty: int
) -> None:
    collection = make(init)
    functions = collection.contract.functions
    assert functions.royaltyInfo(1, 1_000_000).call() == [chain.w3.to_checksum_address(init.royalty_receiver), 50_000]
    receipt = chain.send(functions.setRoyalty(bob, bps), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [("RoyaltySet", [bob, bps])]
    receiver, amount = functions.royaltyInfo(1, 1_000_000).call()
    assert (receiver, amount) == (bob if bps else ZERO_ADDRESS, royalty)


def test_an_impossible_royalty_is_refused(
    chain: Chain, make: MakeCollection, init: CollectionInit, owner: str, bob: str
) -> None:
    functions = make(init).contract.functions
    too_much = chain.refusal(functions.setRoyalty(bob, 10_001), owner)
    assert too_much == Refusal("ERC2981InvalidDefaultRoyalty", (10_001, 10_000))
    to_nobody = chain.refusal(functions.setRoyalty(ZERO_ADDRESS, 1), owner)
    assert to_nobody == Refusal("ERC2981InvalidDefaultRoyaltyReceiver", (ZERO_ADDRESS,))
