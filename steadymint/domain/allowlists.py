"""The tree of an allowlist, as OpenZeppelin's `StandardMerkleTree` over `["address"]` builds it. Pure.

Leaves are hashed twice, so that no inner node passes for one, and stand in descending order at the end of the tree;
the parent of 2i+1 and 2i+2 is the hash of both, the smaller first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        leaves = sorted((_leaf(address) for address in addresses), reverse=True)
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
        return _text(self._at(0))

    def proof_of(self, address: Address) -> tuple[Bytes32, ...] | None:
        """What the contract takes as proof that the address is on the list; None if it is not."""
        place = self._find(_leaf(address))
        return None if place is None else tuple(_text(self._at(one)) for one in _beside(place))

    def _find(self, leaf: bytes) -> int | None:
        low, high = self.size - 1, 2 * self.size - 2
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._at(middle) <= leaf else (middle + 1, high)
        return low if self._at(low) == leaf else None

    def _at(self, place: int) -> bytes:
        return self.nodes[place * NODE : (place + 1) * NODE]


def _beside(place: int) -> Iterator[int]:
    """The siblings on the way from a leaf to the root."""
    while place > 0:
        yield place - 1 if place % 2 == 0 else place + 1
        place = (place - 1) // 2


def _leaf(address: Address) -> bytes:
    return keccak256(keccak256(bytes(12) + bytes.fromhex(address.removeprefix("0x"))))


def _text(node: bytes) -> Bytes32:
    return Bytes32("0x" + node.hex())
