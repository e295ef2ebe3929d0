"""The tree of an allowlist is the one that the contract checks proofs against."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from steadymint.domain.allowlists import AllowlistTree
from steadymint.domain.keccak import keccak256
from steadymint.domain.types import Address, Bytes32, parse_address
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.contracts.harness import Merkle

ACCOUNTS = [parse_address(account.address) for account in DEV_ACCOUNTS[:5]]
STRANGER = parse_address("0x976EA74026E726554dB657fA54763abd0C3a0aa9")

addresses = st.lists(st.binary(min_size=20, max_size=20), min_size=1, max_size=40, unique=True).map(
    lambda found: [parse_address("0x" + one.hex()) for one in found]
)


def climbed(address: Address, proof: tuple[Bytes32, ...]) -> str:
    """The root that the contract computes of a proof."""
    node = keccak256(keccak256(bytes(12) + bytes.fromhex(address[2:])))
    for one in proof:
        other = bytes.fromhex(one[2:])
        node = keccak256(min(node, other) + max(node, other))
    return "0x" + node.hex()


def test_the_root_and_the_proof_are_those_of_the_storefront() -> None:
    tree = AllowlistTree.of(ACCOUNTS)
    assert tree.root == "0x0548845532e20163d626e767b171816a20d7fc27b38d1543e06f13050f4084e0"
    assert tree.proof_of(ACCOUNTS[3]) == (
        "0x208697df1b2d4c083944c10909fe1ed6e99c1eaccff33ba129464b28f8245f01",
        "0xd791b4384f11048b2330e9ec924a5c80226526b5e9d7f65537637981af4d404f",
        "0xe5b6e3298144ffbc1521ae5d17fdce81184e774c84119e5d254141bd246c771f",
    )
    assert (tree.proof_of(STRANGER), tree.size) == (None, 5)


@settings(deadline=None)
@given(addresses)
def test_everybody_on_a_list_climbs_to_its_root_and_nobody_else(found: list[Address]) -> None:
    tree = AllowlistTree.of(found)
    assert tree == AllowlistTree.of(reversed(found))
    assert bytes.fromhex(tree.root[2:]) == Merkle(found).root
    for one in found:
        proof = tree.proof_of(one)
        assert proof is not None
        assert climbed(one, proof) == tree.root
    if STRANGER not in found:
        assert tree.proof_of(STRANGER) is None
