"""What only the ERC-1155 collection promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import NO_REF, ZERO_ADDRESS, Chain, CollectionInit, Refusal, with_mint

REF = keccak(text="intent")
LAST_ID = 2**256 - 1


def test_a_single_mint_announces_lists_of_one(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make1155(init)
    receipt = evm.send(collection.contract.functions.mint(bob, LAST_ID, 4, [], REF), alice)
    minted, transfer = collection.logs(receipt)
    assert (minted.name, minted.args) == (
        "MintedBatch",
        {"ref": REF, "minter": alice, "to": bob, "ids": (LAST_ID,), "quantities": (4,), "paid": 0}
        | {"ids": [LAST_ID], "quantities": [4]},
    )
    assert transfer.name == "TransferSingle"
    assert tuple(transfer.args.values()) == (alice, ZERO_ADDRESS, bob, LAST_ID, 4)


def test_a_batch_mint_is_one_transfer_and_one_announcement(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make1155(with_mint(init, price=10))
    ids, quantities = [5, 0, 9], [1, 2, 3]
    receipt = evm.send(collection.contract.functions.mintBatch(alice, ids, quantities, [], REF), alice, value=60)
    minted, transfer = collection.logs(receipt)
    assert (minted.name, transfer.name) == ("MintedBatch", "TransferBatch")
    assert minted.args == {
        "ref": REF,
        "minter": alice,
        "to": alice,
        "ids": ids,
        "quantities": quantities,
        "paid": 60,
    }
    assert (transfer.args["ids"], transfer.args["values"]) == (ids, quantities)
    functions = collection.contract.functions
    assert functions.balanceOfBatch([alice] * 3, ids).call() == quantities
    assert [functions.totalSupply(token_id).call() for token_id in ids] == quantities


def test_lists_of_different_length_are_refused(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    functions = make1155(init).contract.functions
    for ids, quantities in (([1, 2], [1]), ([1], [1, 2]), ([], [1]), ([1], [])):
        assert evm.refusal(functions.mintBatch(owner, ids, quantities, [], NO_REF), owner) == Refusal("LengthMismatch")
        assert evm.refusal(functions.airdrop(owner, ids, quantities, NO_REF), owner) == Refusal("LengthMismatch")


def test_an_empty_list_and_a_zero_among_the_quantities_are_refused(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    functions = make1155(init).contract.functions
    for ids, quantities in (([], []), ([1], [0]), ([1, 2], [1, 0])):
        assert evm.refusal(functions.mintBatch(owner, ids, quantities, [], NO_REF), owner) == Refusal("ZeroQuantity")
        assert evm.refusal(functions.airdrop(owner, ids, quantities, NO_REF), owner) == Refusal("ZeroQuantity")


def test_quantities_that_overflow_are_refused(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    functions = make1155(init).contract.functions
    call = functions.mintBatch(owner, [1, 2], [2**255, 2**255], [], NO_REF)
    assert evm.refusal(call, owner) == Refusal("Panic", (0x11,))


def test_the_supply_counts_for_each_id(evm: Chain, make1155: MakeCollection, init: CollectionInit, alice: str) -> None:
    functions = make1155(replace(init, max_supply=5)).contract.functions
    evm.send(functions.mintBatch(alice, [1, 2], [5, 4], [], NO_REF), alice)
    assert evm.refusal(functions.mint(alice, 1, 1, [], NO_REF), alice) == Refusal("MaxSupplyExceeded", (1, 0))
    call = functions.mintBatch(alice, [3, 2], [5, 2], [], NO_REF)
    assert evm.refusal(call, alice) == Refusal("MaxSupplyExceeded", (2, 1))
    evm.send(functions.mintBatch(alice, [3, 2], [5, 1], [], NO_REF), alice)


def test_an_id_given_twice_cannot_pass_its_supply(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    functions = make1155(replace(init, max_supply=5)).contract.functions
    expected = Refusal("MaxSupplyExceeded", (3, 2))
    assert evm.refusal(functions.mintBatch(owner, [1, 1], [3, 3], [], NO_REF), owner) == expected
    assert evm.refusal(functions.airdrop(owner, [1, 1], [3, 3], NO_REF), owner) == expected
    evm.send(functions.mintBatch(owner, [1, 1], [3, 2], [], NO_REF), owner)
    assert functions.balanceOf(owner, 1).call() == functions.totalSupply(1).call() == 5


def test_limit_and_price_count_the_total_of_a_batch(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, alice: str
) -> None:
    functions = make1155(with_mint(init, price=7, limit_per_wallet=6)).contract.functions
    over = functions.mintBatch(alice, [1, 2], [4, 3], [], NO_REF)
    assert evm.refusal(over, alice, value=49) == Refusal("WalletLimitExceeded", (7, 6))
    batch = functions.mintBatch(alice, [1, 2], [4, 1], [], NO_REF)
    assert evm.refusal(batch, alice, value=14) == Refusal("WrongPayment", (14, 35))
    evm.send(batch, alice, value=35)
    assert functions.mintedBy(alice).call() == 5
    assert evm.refusal(functions.mint(alice, 3, 2, [], NO_REF), alice, value=14) == Refusal(
        "WalletLimitExceeded", (2, 1)
    )


def test_a_contract_that_cannot_hold_tokens_is_not_given_any(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    functions = make1155(init).contract.functions
    deaf = evm.deploy("RevertingReceiver").address
    for call in (
        functions.mint(deaf, 1, 1, [], NO_REF),
        functions.mintBatch(deaf, [1, 2], [1, 1], [], NO_REF),
        functions.airdrop(deaf, [1], [1], NO_REF),
    ):
        assert evm.refusal(call, owner) == Refusal("ERC1155InvalidReceiver", (deaf.lower(),))


def test_it_has_a_name_a_symbol_and_one_uri_template(
    evm: Chain, make1155: MakeCollection, init: CollectionInit, owner: str
) -> None:
    collection = make1155(replace(init, base_uri="ipfs://x/{id}.json"))
    functions = collection.contract.functions
    assert (functions.name().call(), functions.symbol().call()) == (init.name, init.symbol)
    assert functions.uri(1).call() == functions.uri(LAST_ID).call() == "ipfs://x/{id}.json"
    receipt = evm.send(functions.setBaseURI("ar://y/{id}"), owner)
    assert [(log.name, list(log.args.values())) for log in collection.logs(receipt)] == [
        ("BaseURISet", ["ar://y/{id}"])
    ]
    assert functions.uri(1).call() == "ar://y/{id}"


@pytest.mark.parametrize(
    ("interface", "supported"),
    [
        ("01ffc9a7", True),  # ERC-165
        ("d9b67a26", True),  # ERC-1155
        ("0e89341c", True),  # ERC-1155 metadata URI
        ("2a55205a", True),  # ERC-2981
        ("7965db0b", True),  # AccessControl
        ("80ac58cd", False),  # ERC-721
        ("ffffffff", False),  # never, by ERC-165
    ],
)
def test_it_tells_its_interfaces(
    make1155: MakeCollection, init: CollectionInit, interface: str, supported: bool
) -> None:
    functions = make1155(init).contract.functions
    assert functions.supportsInterface(bytes.fromhex(interface)).call() is supported
