"""The forms of an order's signature, and who made it. What Seaport accepts of a key is accepted here, and no more.

| form | length in bytes |
|---|---|
| r, s and v, with v = 27 or 28 | 65 |
| r, then yParity and s (EIP-2098) | 64 |
| either, with a place in a bulk tree: the index (3 bytes) and the proof (1 to 24 hashes) | 99 to 836 |
| anything else | only for the contract wallet that gave it (EIP-1271) |

Seaport does not ask for a low s (EIP-2), so an order has more than one valid signature; nothing may be keyed by it. A
contract wallet is asked for the digest of the order itself, with the whole signature, in bulk too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from steadymint.domain.market.bulk import MAX_HEIGHT, bulk_hash, root_of
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.recovery import recover
from steadymint.domain.types import Address

_INDEX: Final = 3
_HASH: Final = 32


class BulkPlace(NamedTuple):
    """Where an order is in its bulk tree: its index, and the hashes beside its way to the root."""

    key: int
    proof: tuple[bytes, ...]


class OrderSignature(NamedTuple):
    """A signature, read."""

    signed: bytes
    """What the key or the wallet made."""
    place: BulkPlace | None


def read_signature(signature: bytes) -> OrderSignature:
    """The parts of a signature. One of a length that no form has is left whole."""
    # 64 or 65 bytes, the index, and whole hashes
    hashes, rest = divmod(len(signature) - 64 - _INDEX, _HASH)
    if not 1 <= hashes <= MAX_HEIGHT or rest > 1:
        return OrderSignature(signature, None)
    at = 64 + rest
    signed, index, proof = signature[:at], signature[at : at + _INDEX], signature[at + _INDEX :]
    parts = tuple(proof[start : start + _HASH] for start in range(0, len(proof), _HASH))
    return OrderSignature(signed, BulkPlace(int.from_bytes(index), parts))


@lru_cache(maxsize=256)
def signer_of(order_hash: bytes, signature: bytes, domain: SigningDomain) -> Address | None:
    """The account whose key signed the order. None if it is no signature of a key. It is remembered, since an order is
    asked about twice: before its chain is, and when it is judged."""
    signed, place = read_signature(signature)
    compact = _recoverable(signed)
    if compact is None:
        return None
    struct_hash = order_hash
    if place is not None:
        struct_hash = bulk_hash(len(place.proof), root_of(order_hash, place.key, place.proof))
    return recover(domain.digest(struct_hash), compact)


def _recoverable(signed: bytes) -> bytes | None:
    """r, s and the recovery id 0 or 1; None for a form that Seaport does not accept of a key."""
    if len(signed) == 65 and signed[64] in (27, 28):
        return signed[:64] + bytes([signed[64] - 27])
    if len(signed) == 64:
        return signed[:32] + bytes([signed[32] & 0x7F]) + signed[33:] + bytes([signed[32] >> 7])
    return None
