"""Merkle trees of allowlists, written apart from the product's."""

from __future__ import annotations

from collections.abc import Sequence

from eth_utils.crypto import keccak


class Merkle:
    """An allowlist as OpenZeppelin's StandardMerkleTree makes it: pairs sorted, leaves hashed twice."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._leaves = sorted(self.leaf(address) for address in addresses)
        size = 2 * len(self._leaves) - 1
        self._tree = [b""] * size
        for index, leaf in enumerate(self._leaves):
            self._tree[size - 1 - index] = leaf
        for index in range(size - 1 - len(self._leaves), -1, -1):
            pair = sorted(self._tree[2 * index + 1 : 2 * index + 3])
            self._tree[index] = keccak(b"".join(pair))

    @staticmethod
    def leaf(address: str) -> bytes:
        return keccak(keccak(bytes(12) + bytes.fromhex(address.removeprefix("0x"))))

    @property
    def root(self) -> bytes:
        return self._tree[0]

    def proof(self, address: str) -> list[bytes]:
        index = self._tree.index(self.leaf(address))
        path: list[bytes] = []
        while index:
            path.append(self._tree[index + 1 if index % 2 else index - 1])
            index = (index - 1) // 2
        return path
