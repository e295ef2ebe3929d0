"""The factory: the previewed address is exact, nobody else's, and of one chain only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from web3 import Web3

from tests.contracts.harness import (
    ERC721,
    ERC1155,
    KINDS,
    Chain,
    CollectionInit,
    House,
    MintConfig,
    Refusal,
    logs_of,
)

SALT = keccak(text="salt")


def test_the_preview_is_the_address_that_is_created(house: House, kind: int, init: CollectionInit, owner: str) -> None:
    preview = house.factory.functions.predict(owner, kind, SALT).call()
    assert house.chain.w3.eth.get_code(preview) == b""
    collection = house.create(kind, init, SALT)
    assert collection.address == preview
    assert house.chain.w3.eth.get_code(preview) != b""


def test_the_preview_can_be_computed_without_a_node(house: House, kind: int, owner: str) -> None:
    """EIP-1014 over the EIP-1167 creation code, salt = keccak256(abi.encode(chainid, creator, kind, salt))."""
    implementation = bytes.fromhex(house.implementations[kind].address[2:])
    code = (
        bytes.fromhex("3d602d80600a3d3981f3363d3d373d3d3d363d73")
        + implementation
        + bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
    )
    bound = keccak(encode(["uint256", "address", "uint8", "bytes32"], [31337, owner, kind, SALT]))
    digest = keccak(b"\xff" + bytes.fromhex(house.factory.address[2:]) + bound + keccak(code))
    assert house.factory.functions.predict(owner, kind, SALT).call() == Web3.to_checksum_address(digest[12:])


def test_another_sender_with_the_same_salt_gets_another_address(
    house: House, kind: int, init: CollectionInit, owner: str, alice: str
) -> None:
    preview = house.factory.functions.predict(owner, kind, SALT).call()
    copied = house.create(kind, init, SALT, sender=alice)
    assert copied.address != preview
    assert house.create(kind, init, SALT, sender=owner).address == preview


def test_kind_and_salt_each_change_the_address(house: House, owner: str) -> None:
    predict = house.factory.functions.predict
    addresses = {predict(owner, kind, salt).call() for kind in (0, 1) for salt in (SALT, keccak(SALT))}
    assert len(addresses) == 4


def test_the_address_is_bound_to_the_chain(house: House, owner: str) -> None:
    """The same factory address and salt on another chain id: the user's address there is another one."""
    predict = house.factory.functions.predict(owner, ERC721, SALT)
    here = predict.call()
    house.chain.rpc("anvil_setChainId", 31338)
    try:
        assert predict.call() != here
    finally:
        house.chain.rpc("anvil_setChainId", 31337)
    assert predict.call() == here


def test_a_salt_works_once(house: House, kind: int, init: CollectionInit, owner: str) -> None:
    house.create(kind, init, SALT)
    call = house.factory.functions.createCollection(kind, SALT, replace(init, name="Again").abi())
    assert house.chain.refusal(call, owner) == Refusal("FailedDeployment")


def test_a_creation_that_reverts_leaves_the_address_free(
    house: House, kind: int, init: CollectionInit, owner: str
) -> None:
    bad = replace(init, royalty_bps=10_001)
    call = house.factory.functions.createCollection(kind, SALT, bad.abi())
    assert house.chain.mine(call, owner)["status"] == 0
    assert house.create(kind, init, SALT).address == house.factory.functions.predict(owner, kind, SALT).call()


def test_an_unknown_kind_is_refused(house: House, init: CollectionInit, owner: str) -> None:
    functions = house.factory.functions
    for call in (
        functions.createCollection(2, SALT, init.abi()),
        functions.predict(owner, 2, SALT),
        functions.implementationOf(255),
    ):
        refusal = house.chain.refusal(call, owner)
        assert refusal is not None
        assert refusal.name == "UnknownKind"


def test_the_factory_tells_its_implementations(house: House, kind: int) -> None:
    assert house.factory.functions.implementationOf(kind).call() == house.implementations[kind].address


def test_a_factory_needs_implementations_with_code(evm: Chain, house: House, alice: str) -> None:
    with pytest.raises(AssertionError):
        evm.deploy("CollectionFactory", house.implementations[ERC721].address, alice)
    with pytest.raises(AssertionError):
        evm.deploy("CollectionFactory", alice, house.implementations[ERC1155].address)


def test_the_birth_is_one_event_with_everything_and_comes_first(
    house: House, kind: int, init: CollectionInit, owner: str, alice: str
) -> None:
    full = replace(
        init, owner=alice, max_supply=77, mint=MintConfig(price=5, start_time=1, end_time=2**63, limit_per_wallet=3)
    )
    receipt = house.chain.send(house.factory.functions.createCollection(kind, SALT, full.abi()), owner)
    logs = logs_of(receipt, "CollectionFactory", KINDS[kind])
    birth = logs[0]
    assert (birth.emitter, birth.name) == (house.factory.address, "CollectionCreated")
    assert birth.args["creator"] == owner
    assert birth.args["salt"] == SALT
    assert birth.args["kind"] == kind
    assert birth.args["implementation"] == house.implementations[kind].address
    told = birth.args["init"]
    assert (*list(told.values())[:-1], tuple(told["mint"].values())) == tuple(
        Web3.to_checksum_address(value) if isinstance(value, str) and value.startswith("0x") else value
        for value in full.abi()
    )
    assert {log.emitter for log in logs[1:]} == {birth.args["collection"]}
    assert [log.name for log in logs[1:]] == [
        "OwnershipTransferred",
        "RoleGranted",
        "RoleGranted",
        "BaseURISet",
        "PayoutSet",
        "RoyaltySet",
        "MintConfigSet",
        "Initialized",
    ]


def test_an_implementation_cannot_be_initialised(house: House, kind: int, init: CollectionInit, owner: str) -> None:
    call = house.implementations[kind].functions.initialize(init.abi())
    assert house.chain.refusal(call, owner) == Refusal("InvalidInitialization")


def test_a_collection_cannot_be_initialised_twice(house: House, kind: int, init: CollectionInit, owner: str) -> None:
    call = house.create(kind, init).functions.initialize(init.abi())
    assert house.chain.refusal(call, owner) == Refusal("InvalidInitialization")
