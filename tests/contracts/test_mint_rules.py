"""The mint rules, the same for both kinds of collection."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from tests.contracts.conftest import MakeCollection
from tests.contracts.harness import Chain, Collection, CollectionInit, MintConfig, Refusal, with_mint
from tests.support.merkle import Merkle

REF = keccak(text="intent")

# Made by npm's @openzeppelin/merkle-tree 1.0.8: StandardMerkleTree.of(first five anvil accounts, ["address"]).
OZ_ROOT = "0548845532e20163d626e767b171816a20d7fc27b38d1543e06f13050f4084e0"
OZ_PROOF_OF_ACCOUNT_1 = [
    "32235e7434a20509b8e17860e4d7b9b0a551e3696a7eac2153aad4e6c348bc46",
    "d791b4384f11048b2330e9ec924a5c80226526b5e9d7f65537637981af4d404f",
    "e5b6e3298144ffbc1521ae5d17fdce81184e774c84119e5d254141bd246c771f",
]


def test_a_mint_without_rules_is_free_and_announced(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(init)
    receipt = evm.send(collection.mint(bob, 3, ref=REF), alice)
    (minted,) = collection.logs(receipt, collection.minted_event)
    assert minted.args["ref"] == REF
    assert (minted.args["minter"], minted.args["to"], minted.args["paid"]) == (alice, bob, 0)
    assert collection.balance(bob) == 3


def test_nothing_cannot_be_minted(evm: Chain, make: MakeCollection, init: CollectionInit, owner: str) -> None:
    collection = make(init)
    assert evm.refusal(collection.mint(owner, 0), owner) == Refusal("ZeroQuantity")
    assert evm.refusal(collection.airdrop(owner, 0), owner) == Refusal("ZeroQuantity")


def test_the_window_is_closed_before_its_start_and_from_its_end_on(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    start = evm.now() + 1_000
    end = start + 500
    mint = make(with_mint(init, start_time=start, end_time=end)).mint(alice, 1)
    assert evm.refusal(mint, alice, at=start - 1) == Refusal("MintNotStarted", (start,))
    assert evm.refusal(mint, alice, at=start) is None
    assert evm.refusal(mint, alice, at=end - 1) is None
    assert evm.refusal(mint, alice, at=end) == Refusal("MintEnded", (end,))


def test_the_window_binds_the_owner_too(evm: Chain, make: MakeCollection, init: CollectionInit, owner: str) -> None:
    start = evm.now() + 1_000
    mint = make(with_mint(init, start_time=start)).mint(owner, 1)
    assert evm.refusal(mint, owner) == Refusal("MintNotStarted", (start,))


@pytest.mark.parametrize(("start", "end"), [(10, 10), (10, 9), (2**64 - 1, 1)])
def test_a_window_that_never_opens_is_refused(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, start: int, end: int
) -> None:
    call = make(init).contract.functions.setMintConfig(MintConfig(start_time=start, end_time=end).abi())
    assert evm.refusal(call, owner) == Refusal("InvalidMintWindow", (start, end))


@pytest.mark.parametrize("sent", [0, 299, 301, 100])
def test_the_price_must_be_paid_to_the_wei(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, sent: int
) -> None:
    collection = make(with_mint(init, price=100))
    assert evm.refusal(collection.mint(alice, 3), alice, value=sent) == Refusal("WrongPayment", (sent, 300))


def test_the_paid_price_is_announced_and_kept(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(with_mint(init, price=100))
    (minted,) = collection.logs(evm.send(collection.mint(alice, 3), alice, value=300), collection.minted_event)
    assert minted.args["paid"] == 300
    assert evm.w3.eth.get_balance(collection.contract.address) == 300


def test_a_free_mint_takes_no_payment(evm: Chain, make: MakeCollection, init: CollectionInit, alice: str) -> None:
    assert evm.refusal(make(init).mint(alice, 1), alice, value=1) == Refusal("WrongPayment", (1, 0))


def test_a_price_that_overflows_reverts(evm: Chain, make: MakeCollection, init: CollectionInit, alice: str) -> None:
    """2^129 tokens at 2^127 wei would cost 0 modulo 2^256."""
    collection = make(with_mint(init, price=2**127))
    assert evm.refusal(collection.mint(alice, 2**129), alice) == Refusal("Panic", (0x11,))


def test_the_wallet_limit_counts_the_sender_not_the_receiver(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(with_mint(init, limit_per_wallet=3))
    evm.send(collection.mint(bob, 2), alice)
    assert collection.contract.functions.mintedBy(alice).call() == 2
    assert collection.contract.functions.mintedBy(bob).call() == 0
    assert evm.refusal(collection.mint(alice, 2), alice) == Refusal("WalletLimitExceeded", (2, 1))
    evm.send(collection.mint(bob, 1), alice)
    assert evm.refusal(collection.mint(alice, 1), alice) == Refusal("WalletLimitExceeded", (1, 0))
    evm.send(collection.mint(bob, 3), bob)


def test_the_wallet_limit_survives_moving_the_tokens_away(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(with_mint(init, limit_per_wallet=1))
    evm.send(collection.mint(alice, 1), alice)
    functions = collection.contract.functions
    if collection.kind == 0:
        evm.send(functions.transferFrom(alice, bob, 1), alice)
    else:
        evm.send(functions.safeTransferFrom(alice, bob, 7, 1, b""), alice)
    assert collection.balance(alice) == 0
    assert evm.refusal(collection.mint(alice, 1), alice) == Refusal("WalletLimitExceeded", (1, 0))


def test_a_limit_set_later_knows_what_was_minted_before(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    evm.send(collection.mint(alice, 5), alice)
    evm.send(collection.contract.functions.setMintConfig(MintConfig(limit_per_wallet=4).abi()), owner)
    assert evm.refusal(collection.mint(alice, 1), alice) == Refusal("WalletLimitExceeded", (1, 0))


def test_a_huge_quantity_cannot_wrap_the_wallet_limit(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str
) -> None:
    collection = make(with_mint(init, limit_per_wallet=5))
    evm.send(collection.mint(alice, 5), alice)
    huge = 2**256 - 6
    assert evm.refusal(collection.mint(alice, huge), alice) == Refusal("WalletLimitExceeded", (huge, 0))


def test_an_open_edition_ends_where_the_count_would_wrap(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    evm.send(collection.mint(alice, 5), alice)
    huge = 2**256 - 5
    expected = Refusal("MaxSupplyExceeded", (huge, huge - 1))
    assert evm.refusal(collection.mint(alice, huge), alice) == expected
    assert evm.refusal(collection.airdrop(alice, huge), owner) == expected


def test_the_supply_can_be_minted_to_the_last_token_and_no_further(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    collection = make(replace(init, max_supply=5))
    evm.send(collection.mint(alice, 3), alice)
    assert evm.refusal(collection.mint(bob, 3), bob) == Refusal("MaxSupplyExceeded", (3, 2))
    evm.send(collection.mint(bob, 2), bob)
    assert evm.refusal(collection.mint(bob, 1), bob) == Refusal("MaxSupplyExceeded", (1, 0))
    assert evm.refusal(collection.mint(bob, 2**256 - 1), bob) == Refusal("MaxSupplyExceeded", (2**256 - 1, 0))


def test_an_allowlist_of_openzeppelins_own_library_lets_its_wallets_in(
    evm: Chain, make: MakeCollection, init: CollectionInit
) -> None:
    member, stranger = evm.accounts[1], evm.accounts[6]
    collection = make(with_mint(init, allowlist_root=bytes.fromhex(OZ_ROOT)))
    proof = [bytes.fromhex(node) for node in OZ_PROOF_OF_ACCOUNT_1]
    evm.send(collection.mint(member, 1, proof), member)
    assert evm.refusal(collection.mint(stranger, 1, proof), stranger) == Refusal("NotAllowlisted")
    assert evm.refusal(collection.mint(member, 1), member) == Refusal("NotAllowlisted")
    assert evm.refusal(collection.mint(member, 1, proof[:-1]), member) == Refusal("NotAllowlisted")
    assert evm.refusal(collection.mint(member, 1, proof[::-1]), member) == Refusal("NotAllowlisted")


def test_the_tree_of_these_tests_equals_openzeppelins(evm: Chain) -> None:
    tree = Merkle(evm.accounts[:5])
    assert tree.root.hex() == OZ_ROOT
    assert [node.hex() for node in tree.proof(evm.accounts[1])] == OZ_PROOF_OF_ACCOUNT_1


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9])
def test_every_member_of_an_allowlist_of_any_size_may_mint(
    evm: Chain, make: MakeCollection, init: CollectionInit, size: int
) -> None:
    members = evm.accounts[:size]
    tree = Merkle(members)
    collection = make(with_mint(init, allowlist_root=tree.root))
    for member in members:
        assert evm.refusal(collection.mint(member, 1, tree.proof(member)), member) is None
    outsider = evm.accounts[9]
    assert evm.refusal(collection.mint(outsider, 1, tree.proof(members[0])), outsider) == Refusal("NotAllowlisted")


def test_the_allowlist_looks_at_the_sender_not_the_receiver(
    evm: Chain, make: MakeCollection, init: CollectionInit, alice: str, bob: str
) -> None:
    tree = Merkle([alice])
    collection = make(with_mint(init, allowlist_root=tree.root))
    assert evm.refusal(collection.mint(alice, 1, tree.proof(alice)), bob) == Refusal("NotAllowlisted")
    assert evm.refusal(collection.mint(bob, 1, tree.proof(alice)), alice) is None


def test_a_new_config_is_announced_and_holds_at_once(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    collection = make(init)
    config = MintConfig(price=2**128 - 1, start_time=1, end_time=2**64 - 1, limit_per_wallet=2**32 - 1)
    receipt = evm.send(collection.contract.functions.setMintConfig(config.abi()), owner)
    (told,) = collection.logs(receipt, "MintConfigSet")
    assert tuple(told.args["config"].values()) == config.abi()
    assert tuple(collection.contract.functions.mintConfig().call()) == config.abi()
    refusal = evm.refusal(collection.mint(alice, 1), alice)
    assert refusal == Refusal("WrongPayment", (0, 2**128 - 1))


def test_an_airdrop_ignores_every_rule_but_the_supply(
    evm: Chain, make: MakeCollection, init: CollectionInit, owner: str, alice: str
) -> None:
    rules = MintConfig(
        price=100, start_time=evm.now() + 1_000, limit_per_wallet=1, allowlist_root=Merkle([owner, alice]).root
    )
    collection = make(replace(init, max_supply=5, mint=rules))
    (minted,) = collection.logs(evm.send(collection.airdrop(alice, 4, REF), owner), collection.minted_event)
    assert (minted.args["ref"], minted.args["minter"], minted.args["to"]) == (REF, owner, alice)
    assert minted.args["paid"] == 0
    assert collection.balance(alice) == 4
    assert collection.contract.functions.mintedBy(owner).call() == 0
    assert evm.refusal(collection.airdrop(alice, 2), owner) == Refusal("MaxSupplyExceeded", (2, 1))


def test_the_mint_to_nobody_is_refused(evm: Chain, make: MakeCollection, init: CollectionInit, alice: str) -> None:
    collection: Collection = make(init)
    refusal = evm.refusal(collection.mint("0x" + "00" * 20, 1), alice)
    assert refusal is not None
    assert refusal.name in {"MintToZeroAddress", "ERC1155InvalidReceiver"}
