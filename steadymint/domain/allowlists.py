"""The tree of an allowlist, as OpenZeppelin's `StandardMerkleTree` over `["address"]` builds it. Pure.

Leaves are hashed twice, so that no inner node passes for one, and stand in descending order at the end of the tree;
the parent of 2i+1 and 2i+2 is the hash of both, the smaller first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from steadymint.domain.keccak import keccak256
from steadymint.domain.types import Address, Bytes32

NODE: Final = 32
"""Bytes of a hash."""


@dataclass(frozen=True, slots=True)
class AllowlistTree:
    """A tree of at least one address. It holds hashes only, no address."""

    nodes: bytes
    """All hashes from the root on, an odd number of them."""

    @classmethod
    def of(cls, addresses: Iterable[Address]) -> AllowlistTree:
        """The tree of these addresses, in whatever order. There must be at least one, and none twice."""
        leaves = sorted((leaf_of(address) for address in addresses), reverse=True)
        tree = [b""] * (len(leaves) - 1) + leaves
        for place in reversed(range(len(leaves) - 1)):
            tree[place] = keccak256(b"".join(sorted(tree[2 * place + 1 : 2 * place + 3])))
        return cls(b"".join(tree))

    @property
    def size(self) -> int:
        """How many addresses it has."""
        return (len(self.nodes) // NODE + 1) // 2

    @property
    def root(self) -> Bytes32:
        """What the contract compares with."""
        return Bytes32("0x" + self.nodes[:NODE].hex())


def leaf_of(address: Address) -> bytes:
    """What stands for the address in a tree: 32 bytes."""
    return keccak256(keccak256(bytes(12) + bytes.fromhex(address.removeprefix("0x"))))
