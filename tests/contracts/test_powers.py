"""Who may do what: owner, roles, pause, frozen metadata."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import Chain, CollectionInit, MintConfig, Refusal

ADMIN = bytes(32)
MINTER = keccak(text="MINTER_ROLE")


def test_the_owner_is_the_one_named_not_the_creator(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    functions = make(init).contract.functions
    assert functions.owner().call() == owner
    assert functions.MINTER_ROLE().call() == MINTER
    for role in (ADMIN, MINTER):
        assert functions.hasRole(role, owner).call() is True
        assert functions.hasRole(role, alice).call() is False


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("setMintConfig", (MintConfig().abi(),)),
        ("setRoyalty", ("0x" + "33" * 20, 1)),
        ("setPayout", ("0x" + "33" * 20,)),
        ("setBaseURI", ("x",)),
        ("setContractURI", ("x",)),
        ("freezeMetadata", ()),
        ("pause", ()),
        ("unpause", ()),
        ("grantRole", (MINTER, "0x" + "33" * 20)),
        ("revokeRole", (MINTER, "0x" + "33" * 20)),
    ],
)
def test_a_stranger_and_a_minter_may_change_nothing(
    evm: Chain,
    make: MakeCollection,
    init: CollectionInit,
    owner: str,
    alice: str,
    name: str,
    args: tuple[object, ...],
) -> None:
    contract = make(init).contract
    call = contract.functions[name](*args)
    expected = Refusal("AccessControlUnauthorizedAccount", (alice.lower(), ADMIN))
    assert evm.refusal(call, alice) == expected
    evm.send(contract.functions.grantRole(MINTER, alice), owner)
    assert evm.refusal(call, alice) == expected
    if name != "unpause":  # nothing to unpause yet
        assert evm.refusal(call, owner) is None


def test_a_minter_may_airdrop_until_the_role_is_taken_away(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    functions = collection.contract.functions
    expected = Refusal("AccessControlUnauthorizedAccount", (alice.lower(), MINTER))
    assert evm.refusal(collection.airdrop(alice, 1), alice) == expected
    granted = evm.send(functions.grantRole(MINTER, alice), owner)
    assert [log.name for log in collection.logs(granted)] == ["RoleGranted"]
    evm.send(collection.airdrop(alice, 1), alice)
    revoked = evm.send(functions.revokeRole(MINTER, alice), owner)
    assert [log.name for log in collection.logs(revoked)] == ["RoleRevoked"]
    assert evm.refusal(collection.airdrop(alice, 1), alice) == expected


def test_the_powers_move_with_the_ownership_and_every_move_is_an_event(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    functions = collection.contract.functions
    receipt = evm.send(functions.transferOwnership(alice), owner)
    assert [(log.name, log.args.get("account")) for log in collection.logs(receipt)] == [
        ("OwnershipTransferred", None),
        ("RoleRevoked", owner),
        ("RoleRevoked", owner),
        ("RoleGranted", alice),
        ("RoleGranted", alice),
    ]
    assert functions.owner().call() == alice
    assert evm.refusal(functions.pause(), alice) is None
    assert evm.refusal(collection.airdrop(alice, 1), alice) is None
    for call in (functions.pause(), collection.airdrop(owner, 1), functions.transferOwnership(owner)):
        assert evm.refusal(call, owner) is not None


def test_only_the_owner_gives_the_ownership_away(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    functions = make(init).contract.functions
    evm.send(functions.grantRole(ADMIN, alice), owner)
    expected = Refusal("OwnableUnauthorizedAccount", (alice.lower(),))
    assert evm.refusal(functions.transferOwnership(alice), alice) == expected


def test_an_owner_robbed_of_the_roles_takes_them_back(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    functions = make(init).contract.functions
    evm.send(functions.grantRole(ADMIN, alice), owner)
    evm.send(functions.revokeRole(ADMIN, owner), alice)
    assert evm.refusal(functions.pause(), owner) is not None
    evm.send(functions.transferOwnership(owner), owner)
    evm.send(functions.revokeRole(ADMIN, alice), owner)
    assert evm.refusal(functions.pause(), alice) is not None
    assert evm.refusal(functions.pause(), owner) is None


def test_a_renounced_collection_has_no_power_left(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    evm.send(collection.contract.functions.renounceOwnership(), owner)
    assert evm.refusal(collection.contract.functions.pause(), owner) is not None
    assert evm.refusal(collection.airdrop(owner, 1), owner) is not None
    evm.send(collection.mint(alice, 1), alice)


def test_a_pause_stops_mints_and_airdrops_but_no_transfer_and_no_withdrawal(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str, bob: str
) -> None:
    collection = make(init)
    functions = collection.contract.functions
    evm.send(collection.mint(alice, 1), alice)
    paused = evm.send(functions.pause(), owner)
    assert [log.name for log in collection.logs(paused)] == ["Paused"]
    assert evm.refusal(collection.mint(alice, 1), alice) == Refusal("EnforcedPause")
    assert evm.refusal(collection.airdrop(alice, 1), owner) == Refusal("EnforcedPause")
    assert evm.refusal(functions.withdraw(), bob) is None
    if collection.kind == 0:
        evm.send(functions.transferFrom(alice, bob, 1), alice)
    else:
        evm.send(functions.safeTransferFrom(alice, bob, 7, 1, b""), alice)
    unpaused = evm.send(functions.unpause(), owner)
    assert [log.name for log in collection.logs(unpaused)] == ["Unpaused"]
    assert evm.refusal(collection.mint(alice, 1), alice) is None


def test_frozen_token_uris_stay(evm: Chain, make: MakeCollection, init: CollectionInit, owner: str) -> None:
    collection = make(init)
    functions = collection.contract.functions
    assert functions.metadataFrozen().call() is False
    frozen = evm.send(functions.freezeMetadata(), owner)
    assert [log.name for log in collection.logs(frozen)] == ["MetadataFrozen"]
    assert functions.metadataFrozen().call() is True
    for call in (functions.setBaseURI("x"), functions.freezeMetadata()):
        assert evm.refusal(call, owner) == Refusal("MetadataIsFrozen")
    assert functions.baseURI().call() == init.base_uri


def test_a_new_contract_uri_is_announced(evm: Chain, make: MakeCollection, init: CollectionInit, owner: str) -> None:
    """ERC-7572."""
    collection = make(init)
    functions = collection.contract.functions
    assert functions.contractURI().call() == init.contract_uri
    receipt = evm.send(functions.setContractURI("ar://new"), owner)
    assert [(log.name, log.args) for log in collection.logs(receipt)] == [("ContractURIUpdated", {})]
    assert functions.contractURI().call() == "ar://new"
