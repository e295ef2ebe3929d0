"""Many orders under one signature: a tree of order hashes, whose root is signed (EIP-712, `BulkOrder`).

A tree of height h has 2^h places. Places that no order takes hold the empty order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from steadymint.domain.keccak import keccak256
from steadymint.domain.market.hashing import CONSIDERATION_ITEM, EMPTY_ORDER_HASH, OFFER_ITEM, ORDER

MAX_HEIGHT: Final = 24
"""Of Seaport: it knows the type hashes of these heights."""


class BulkTree:
    """The tree over some order hashes, in the given order.

    Raises:
        ValueError: there are no orders, or more than 2^24.
    """

    def __init__(self, order_hashes: Sequence[bytes]) -> None:
        self.height = height_for(len(order_hashes))
        self._layers = [list(order_hashes)]
        empty = EMPTY_ORDER_HASH
        for _ in range(self.height):
            layer = self._layers[-1]
            if len(layer) % 2:
                layer.append(empty)
            self._layers.append([keccak256(left + right) for left, right in zip(layer[::2], layer[1::2], strict=True)])
            empty = keccak256(empty + empty)

    @property
    def struct_hash(self) -> bytes:
        """What a wallet signs a digest of instead of an order's hash."""
        return bulk_hash(self.height, self._layers[-1][0])

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The hashes beside the way from the order at `index` to the root, `height` of them, from the leaf up."""
        return tuple(layer[index >> level ^ 1] for level, layer in enumerate(self._layers[:-1]))

    def signature(self, index: int, ecdsa: bytes) -> bytes:
        """The signature of the order at `index`: the one of the tree (64 or 65 bytes), the place, and the proof."""
        return b"".join((ecdsa, index.to_bytes(3), *self.proof(index)))


def height_for(orders: int) -> int:
    """The height of the smallest tree for so many orders. Raises ValueError for none, and for more than 2^24."""
    height = max((orders - 1).bit_length(), 1)
    if orders < 1 or height > MAX_HEIGHT:
        raise ValueError(f"a bulk tree holds 1 to {2**MAX_HEIGHT} orders")
    return height


def root_of(leaf: bytes, index: int, proof: Sequence[bytes]) -> bytes:
    """The root to which the proof leads. Of an index only the lowest bits count, one for each hash of the proof."""
    node = leaf
    for level, beside in enumerate(proof):
        node = keccak256(beside + node if index >> level & 1 else node + beside)
    return node


def bulk_hash(height: int, root: bytes) -> bytes:
    return keccak256(_type_hash(height) + root)


def bulk_type(height: int) -> str:
    """The type of the tree's one member: an order in nested pairs."""
    return "OrderComponents" + "[2]" * height


@lru_cache(maxsize=MAX_HEIGHT)
def _type_hash(height: int) -> bytes:
    return keccak256(f"BulkOrder({bulk_type(height)} tree){CONSIDERATION_ITEM}{OFFER_ITEM}{ORDER}".encode())
