"""Where the money goes: payout, withdrawal, royalty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from web3.types import Wei

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import ZERO_ADDRESS, Chain, CollectionInit, Refusal, with_mint


def test_the_revenue_waits_in_the_collection_until_anyone_sends_it_to_the_payout(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(with_mint(init, price=100))
    evm.send(collection.mint(alice, 2), alice, value=200)
    evm.send(collection.mint(bob, 1), bob, value=100)
    before = evm.w3.eth.get_balance(evm.w3.to_checksum_address(init.payout))
    receipt = evm.send(collection.contract.functions.withdraw(), bob)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [
        ("Withdrawn", [evm.w3.to_checksum_address(init.payout), 300])
    ]
    assert evm.w3.eth.get_balance(evm.w3.to_checksum_address(init.payout)) - before == 300
    assert evm.w3.eth.get_balance(collection.contract.address) == 0


def test_a_payout_that_reverts_blocks_no_mint_and_can_be_replaced(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str, bob: str
) -> None:
    refusing = evm.deploy("RevertingReceiver").address
    collection = make(with_mint(replace(init, payout=refusing), price=100))
    evm.send(collection.mint(alice, 3), alice, value=300)
    functions = collection.contract.functions
    assert evm.refusal(functions.withdraw(), alice) == Refusal("PayoutFailed", (refusing.lower(), 300))
    receipt = evm.send(functions.setPayout(bob), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [("PayoutSet", [bob])]
    before = evm.w3.eth.get_balance(evm.w3.to_checksum_address(bob))
    evm.send(functions.withdraw(), alice)
    assert evm.w3.eth.get_balance(evm.w3.to_checksum_address(bob)) - before == 300


def test_a_payout_that_burns_all_gas_blocks_no_mint(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(with_mint(replace(init, payout=evm.deploy("EndlessLoop").address), price=100))
    evm.send(collection.mint(alice, 1), alice, value=100)
    assert evm.mine(collection.contract.functions.withdraw(), alice)["status"] == 0


def test_a_payout_cannot_withdraw_again_while_it_is_paid(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    payout = evm.deploy("ReentrantPayout")
    collection = make(with_mint(replace(init, payout=payout.address), price=100))
    evm.send(collection.mint(alice, 1), alice, value=100)
    receipt = evm.send(collection.contract.functions.withdraw(), alice)
    assert payout.functions.reentered().call() is False
    assert len(collection.logs(receipt, "Withdrawn")) == 1
    assert evm.w3.eth.get_balance(payout.address) == 100


def test_a_payout_nobody_could_use_is_refused(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str
) -> None:
    collection = make(init).contract
    for useless in (ZERO_ADDRESS, collection.address):
        call = collection.functions.setPayout(useless)
        assert evm.refusal(call, owner) == Refusal("InvalidPayout", (useless.lower(),))


def test_a_collection_takes_no_money_but_by_a_mint(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(init).contract
    tx = evm.w3.eth.send_transaction({"from": alice, "to": collection.address, "value": Wei(1), "gas": 100_000})
    assert evm.w3.eth.wait_for_transaction_receipt(tx, poll_latency=0.01)["status"] == 0


@pytest.mark.parametrize(("bps", "royalty"), [(0, 0), (1, 100), (500, 50_000), (10_000, 1_000_000)])
def test_the_royalty_is_told_by_eip_2981_and_by_its_event(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, bob: str, bps: int, royalty: int
) -> None:
    collection = make(init)
    functions = collection.contract.functions
    assert functions.royaltyInfo(1, 1_000_000).call() == [evm.w3.to_checksum_address(init.royalty_receiver), 50_000]
    receipt = evm.send(functions.setRoyalty(bob, bps), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [("RoyaltySet", [bob, bps])]
    receiver, amount = functions.royaltyInfo(1, 1_000_000).call()
    assert (receiver, amount) == (bob if bps else ZERO_ADDRESS, royalty)


def test_an_impossible_royalty_is_refused(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, bob: str
) -> None:
    functions = make(init).contract.functions
    too_much = evm.refusal(functions.setRoyalty(bob, 10_001), owner)
    assert too_much == Refusal("ERC2981InvalidDefaultRoyalty", (10_001, 10_000))
    to_nobody = evm.refusal(functions.setRoyalty(ZERO_ADDRESS, 1), owner)
    assert to_nobody == Refusal("ERC2981InvalidDefaultRoyaltyReceiver", (ZERO_ADDRESS,))
