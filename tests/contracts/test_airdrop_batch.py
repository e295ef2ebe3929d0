"""Giving tokens to many in one transaction: each gets what the list says, and one event tells of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3.contract.contract import ContractFunction

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import ERC721, GAS, NO_REF, Chain, Collection, CollectionInit, Refusal

REF = b"\x07" * 32
ZERO = "0x" + "00" * 20


def fresh(number: int) -> list[str]:
    """Wallets that hold nothing."""
    return [to_checksum_address("0x" + keccak(text=f"fresh {nth}")[:20].hex()) for nth in range(number)]


def batch(
    collection: Collection, to: Sequence[str], quantities: Sequence[int], ref: bytes = NO_REF
) -> ContractFunction:
    """The call; of an ERC-1155 all get token 7."""
    functions: Any = collection.contract.functions
    if collection.kind == ERC721:
        return functions.airdropBatch(list(to), list(quantities), ref)
    return functions.airdropBatch(list(to), [7] * len(to), list(quantities), ref)


def entries(collection: Collection, to: Sequence[str], quantities: Sequence[int]) -> bytes:
    if collection.kind == ERC721:
        return keccak(encode(["address[]", "uint256[]"], [to, quantities]))
    return keccak(encode(["address[]", "uint256[]", "uint256[]"], [to, [7] * len(to), quantities]))


def test_everyone_gets_what_the_list_says_and_one_event_before_the_transfers_tells_of_it(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str, bob: str
) -> None:
    collection = make(init)
    evm.send(collection.mint(alice, 2), alice)
    to, quantities = [bob, alice, bob, *fresh(2)], [1, 12, 2, 1, 3]
    logs = collection.logs(evm.send(batch(collection, to, quantities, REF), owner))
    told = logs[0]
    first = 3 if collection.kind == ERC721 else 0
    assert (told.name, told.args["ref"], told.args["minter"]) == ("Airdropped", REF, owner)
    assert (told.args["firstTokenId"], told.args["quantity"]) == (first, 19)
    assert told.args["entries"] == entries(collection, to, quantities)
    assert {log.name for log in logs[1:]} == {"Transfer" if collection.kind == ERC721 else "TransferSingle"}
    assert [collection.balance(wallet) for wallet in (bob, alice, to[3], to[4])] == [3, 14, 1, 3]
    if collection.kind == ERC721:
        owners = [collection.contract.functions.ownerOf(token_id).call() for token_id in range(3, 22)]
        assert owners == [bob, *[alice] * 12, bob, bob, to[3], *[to[4]] * 3]


def test_the_lists_must_fit_each_other_and_give_something_to_everyone(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    functions: Any = collection.contract.functions
    uneven = [([alice], [1, 1]), ([alice, alice], [1])]
    for to, quantities in uneven:
        call = (
            functions.airdropBatch(to, quantities, NO_REF)
            if collection.kind == ERC721
            else functions.airdropBatch(to, [7] * len(quantities), quantities, NO_REF)
        )
        assert evm.refusal(call, owner) == Refusal("LengthMismatch")
    for to, quantities in (([], []), ([alice, alice], [1, 0])):
        assert evm.refusal(batch(collection, to, quantities), owner) == Refusal("ZeroQuantity")
    refusal = evm.refusal(batch(collection, [alice, ZERO], [1, 1]), owner)
    assert refusal is not None
    assert refusal.name in {"MintToZeroAddress", "ERC1155InvalidReceiver"}


def test_only_a_minter_gives_and_only_up_to_the_maximum_while_nothing_is_paused(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str, bob: str
) -> None:
    collection = make(replace(init, max_supply=5))
    role = collection.contract.functions.MINTER_ROLE().call()
    call = batch(collection, [alice, bob], [2, 3])
    assert evm.refusal(call, alice) == Refusal("AccessControlUnauthorizedAccount", (alice.lower(), role))
    refusal = evm.refusal(batch(collection, [alice, bob], [3, 3]), owner)
    assert refusal is not None
    assert refusal.name == "MaxSupplyExceeded"
    assert evm.refusal(call, owner) is None
    overflow = evm.refusal(batch(collection, [alice, bob], [2**256 - 1, 2]), owner)
    assert overflow is not None
    evm.send(collection.contract.functions.pause(), owner)
    assert evm.refusal(call, owner) == Refusal("EnforcedPause")


def test_one_that_takes_no_tokens_refuses_those_of_all(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    deaf = evm.deploy("RevertingReceiver").address
    assert evm.refusal(batch(collection, [alice, deaf], [1, 1]), owner) is not None


def test_a_receiver_that_gives_again_from_its_hook_gets_nothing_more(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    receiver = evm.deploy("ReentrantMinter")
    role = collection.contract.functions.MINTER_ROLE().call()
    evm.send(collection.contract.functions.grantRole(role, receiver.address), owner)
    data = bytes.fromhex(batch(collection, [receiver.address, alice], [1, 1])._encode_transaction_data()[2:])
    evm.send(receiver.functions.attack(collection.contract.address, data), alice)
    assert receiver.functions.attempts().call() > 0
    assert receiver.functions.successes().call() == 0
    assert [collection.balance(wallet) for wallet in (receiver.address, alice)] == [1, 1]


def test_five_hundred_new_holders_of_an_edition_fit_in_one_transaction(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    """Below the gas that EIP-7825 allows. An ERC-721 writes two slots for each new holder, and fits fewer."""
    collection = make1155(init)
    receipt = evm.send(batch(collection, fresh(500), [1] * 500), owner)
    assert receipt["gasUsed"] < GAS


def test_three_hundred_new_holders_of_an_erc721_fit_in_one_transaction(
    evm: Chain, make721: MakeCollection, init: CollectionInit, owner: str
) -> None:
    collection = make721(init)
    receipt = evm.send(batch(collection, fresh(300), [1] * 300), owner)
    assert receipt["gasUsed"] < GAS
