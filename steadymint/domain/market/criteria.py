"""The tokens that an offer by criteria takes: a Merkle tree of their ids, whose root stands in the order.

A leaf is the hash of an id. Leaves are sorted, and so is each pair that is hashed; the last of an odd number goes up as
it is. That is the tree of `@opensea/seaport-js`, and Seaport takes its proofs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from steadymint.domain.keccak import keccak256
from steadymint.domain.types import TokenId

ANY_TOKEN: Final = 0
"""The root that takes every token of the contract. No tree has it."""


class CriteriaTree:
    """The tree over some token ids, each counted once.

    Raises:
        ValueError: there are no ids. The offer would take any token.
    """

    def __init__(self, token_ids: Iterable[TokenId]) -> None:
        self._layers = [sorted({_leaf(token_id) for token_id in token_ids})]
        if not self._layers[0]:
            raise ValueError("criteria without a token")
        while len(layer := self._layers[-1]) > 1:
            above = [_parent(left, right) for left, right in zip(layer[::2], layer[1::2], strict=False)]
            self._layers.append(above + layer[len(above) * 2 :])

    @property
    def root(self) -> int:
        """What stands as `identifierOrCriteria` in the order."""
        return int.from_bytes(self._layers[-1][0])

    def proof(self, token_id: TokenId) -> tuple[bytes, ...]:
        """The hashes with which the id leads to the root. Raises KeyError if the tree does not have the id."""
        leaf, leaves = _leaf(token_id), self._layers[0]
        index = bisect_left(leaves, leaf)
        if index == len(leaves) or leaves[index] != leaf:
            raise KeyError(token_id)
        beside: list[bytes] = []
        for layer in self._layers[:-1]:
            if (index ^ 1) < len(layer):
                beside.append(layer[index ^ 1])
            index >>= 1
        return tuple(beside)


def admits(root: int, token_id: TokenId, proof: Sequence[bytes]) -> bool:
    """Whether an offer with this root takes the token, by Seaport's rule."""
    if root == ANY_TOKEN:
        return not proof
    node = _leaf(token_id)
    for beside in proof:
        node = _parent(node, beside)
    return int.from_bytes(node) == root


def _leaf(token_id: TokenId) -> bytes:
    return keccak256(token_id.to_bytes(32))


def _parent(one: bytes, other: bytes) -> bytes:
    return keccak256(one + other if one < other else other + one)
