"""What only the ERC-721 collection promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import ZERO_ADDRESS, Chain, CollectionInit, Refusal, calldata, logs_of

REF = keccak(text="intent")


@pytest.mark.parametrize("quantity", [1, 2, 9, 10, 11, 20, 21, 100])
def test_each_token_of_a_batch_has_its_own_transfer_and_owner(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str, bob: str, quantity: int
) -> None:
    collection = make721(init)
    evm.send(collection.mint(bob, 3), bob)
    receipt = evm.send(collection.mint(alice, quantity, ref=REF), alice)
    ids = list(range(4, 4 + quantity))
    transfers = collection.logs(receipt, "Transfer")
    assert [(log.args["from"], log.args["to"], log.args["tokenId"]) for log in transfers] == [
        (ZERO_ADDRESS, alice, token_id) for token_id in ids
    ]
    (minted,) = collection.logs(receipt, "Minted")
    assert minted.args == {
        "ref": REF,
        "minter": alice,
        "to": alice,
        "firstTokenId": 4,
        "quantity": quantity,
        "paid": 0,
    }
    functions = collection.contract.functions
    assert {functions.ownerOf(token_id).call() for token_id in ids} == {alice}
    assert functions.ownerOf(3).call() == bob
    assert functions.balanceOf(alice).call() == quantity
    assert functions.totalSupply().call() == 3 + quantity


def test_ids_run_from_one_without_a_gap(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make721(init)
    seen: list[int] = []
    for minter, quantity in ((alice, 1), (bob, 25), (alice, 2)):
        receipt = evm.send(collection.mint(minter, quantity), minter)
        seen += [log.args["tokenId"] for log in collection.logs(receipt, "Transfer")]
    assert seen == list(range(1, 29))
    for missing in (0, 29):
        refusal = evm.refusal(collection.contract.functions.ownerOf(missing), alice)
        assert refusal == Refusal("OwnerQueryForNonexistentToken")


def test_the_owner_of_any_token_of_a_large_batch_is_found_in_few_steps(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make721(init)
    evm.send(collection.mint(alice, 200), alice)
    worst = max(
        collection.contract.functions.ownerOf(token_id).estimate_gas({"from": alice}) for token_id in range(1, 201)
    )
    assert worst < 21_000 + 10 * 2_100 + 10_000  # the call itself, ten cold slots, room


def test_a_token_out_of_the_middle_of_a_batch_moves_alone(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make721(init)
    evm.send(collection.mint(alice, 50), alice)
    functions = collection.contract.functions
    evm.send(functions.transferFrom(alice, bob, 30), alice)
    owners = [functions.ownerOf(token_id).call() for token_id in range(1, 51)]
    assert owners == [bob if token_id == 30 else alice for token_id in range(1, 51)]
    assert (functions.balanceOf(alice).call(), functions.balanceOf(bob).call()) == (49, 1)


def test_approved_operators_can_move_tokens_and_others_cannot(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make721(init)
    evm.send(collection.mint(alice, 2), alice)
    functions = collection.contract.functions
    move = functions.transferFrom(alice, bob, 1)
    assert evm.refusal(move, bob) == Refusal("TransferCallerNotOwnerNorApproved")
    evm.send(functions.approve(bob, 1), alice)
    evm.send(move, bob)
    second = functions.transferFrom(alice, bob, 2)
    assert evm.refusal(second, bob) == Refusal("TransferCallerNotOwnerNorApproved")
    evm.send(functions.setApprovalForAll(bob, True), alice)
    evm.send(second, bob)


def test_a_contract_that_cannot_hold_tokens_is_not_given_any(
    evm: Chain, make721: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make721(init)
    deaf = evm.deploy("RevertingReceiver").address
    for call, sender in ((collection.mint(deaf, 1), alice), (collection.airdrop(deaf, 1), owner)):
        assert evm.refusal(call, sender) == Refusal("ERC721InvalidReceiver", (deaf.lower(),))


def test_a_contract_wallet_is_asked_about_every_token(
    evm: Chain, make721: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make721(init)
    wallet = evm.deploy("TestWallet1271", alice)
    receipt = evm.send(
        wallet.functions.execute(collection.contract.address, 0, calldata(collection.mint(wallet.address, 21))),
        alice,
    )
    (minted,) = [log for log in logs_of(receipt, "Collection721") if log.name == "Minted"]
    assert (minted.args["minter"], minted.args["to"]) == (wallet.address, wallet.address)
    assert collection.balance(wallet.address) == 21


def test_token_uris_are_base_and_id(
    evm: Chain, make721: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make721(replace(init, base_uri="ipfs://x/"))
    evm.send(collection.mint(alice, 12), alice)
    functions = collection.contract.functions
    assert functions.tokenURI(12).call() == "ipfs://x/12"
    assert evm.refusal(functions.tokenURI(13), alice) == Refusal("URIQueryForNonexistentToken")
    evm.send(functions.setBaseURI("ar://y/"), owner)
    assert functions.tokenURI(1).call() == "ar://y/1"


def test_a_new_base_uri_is_announced_for_every_token(
    evm: Chain, make721: MakeCollection, init: CollectionInit, owner: str
) -> None:
    """ERC-4906."""
    collection = make721(init)
    receipt = evm.send(collection.contract.functions.setBaseURI("ar://y/"), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [
        ("BaseURISet", ["ar://y/"]),
        ("BatchMetadataUpdate", [0, 2**256 - 1]),
    ]


@pytest.mark.parametrize(
    ("interface", "supported"),
    [
        ("01ffc9a7", True),  # ERC-165
        ("80ac58cd", True),  # ERC-721
        ("5b5e139f", True),  # ERC-721 metadata
        ("2a55205a", True),  # ERC-2981
        ("49064906", True),  # ERC-4906
        ("7965db0b", True),  # AccessControl
        ("d9b67a26", False),  # ERC-1155
        ("ffffffff", False),  # never, by ERC-165
    ],
)
def test_it_tells_its_interfaces(
    make721: MakeCollection, init: CollectionInit, interface: str, supported: bool
) -> None:
    functions = make721(init).contract.functions
    assert functions.supportsInterface(bytes.fromhex(interface)).call() is supported
