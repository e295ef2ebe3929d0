"""A receiver that mints again while it receives gets nothing more."""

from __future__ import annotations

import pytest
from eth_utils.abi import function_signature_to_4byte_selector
from web3.contract.contract import ContractFunction

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import NO_REF, Chain, Collection, CollectionInit, calldata, with_mint

REENTRANT = function_signature_to_4byte_selector("ReentrancyGuardReentrantCall()")


def attack(evm: Chain, collection: Collection, mint: ContractFunction, minter: str, sender: str) -> None:
    """Send `mint` through a receiver that repeats it from its hook: the mint succeeds, the repetition does not."""
    receiver = evm.at("ReentrantMinter", minter)
    call = calldata(mint)
    evm.send(receiver.functions.attack(collection.contract.address, call), sender)
    assert receiver.functions.attempts().call() > 0
    assert receiver.functions.successes().call() == 0
    assert receiver.functions.lastError().call() == REENTRANT
    assert collection.contract.functions.mintedBy(minter).call() == 2


@pytest.mark.parametrize("limit", [0, 2, 4])
def test_a_hook_cannot_mint_again(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, limit: int
) -> None:
    collection = make(with_mint(init, limit_per_wallet=limit))
    minter = evm.deploy("ReentrantMinter").address
    attack(evm, collection, collection.mint(minter, 2), minter, alice)
    assert collection.balance(minter) == 2


def test_the_hook_of_a_batch_cannot_mint_again(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make1155(with_mint(init, limit_per_wallet=4))
    minter = evm.deploy("ReentrantMinter").address
    batch = collection.contract.functions.mintBatch(minter, [7, 8], [1, 1], [], NO_REF)
    attack(evm, collection, batch, minter, alice)


def test_a_hook_cannot_airdrop_while_its_owner_mints(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    minter = evm.deploy("ReentrantMinter").address
    role = collection.contract.functions.MINTER_ROLE().call()
    evm.send(collection.contract.functions.grantRole(role, minter), owner)
    receiver = evm.at("ReentrantMinter", minter)
    call = calldata(collection.airdrop(minter, 1))
    evm.send(receiver.functions.attack(collection.contract.address, call), alice)
    assert receiver.functions.attempts().call() == 1
    assert receiver.functions.lastError().call() == REENTRANT
    assert collection.balance(minter) == 1
