"""The account whose key signed a digest (ECDSA, secp256k1). Which forms of a signature count, the caller decides."""

from __future__ import annotations

import coincurve

from steadymint.domain.keccak import keccak256
from steadymint.domain.types import Address


def recover(digest: bytes, compact: bytes) -> Address | None:
    """The account, or None if no key gives this signature.

    `compact` is r, s and the recovery id 0 or 1, 65 bytes, as libsecp256k1 takes them.
    """
    try:
        key = coincurve.PublicKey.from_signature_and_message(compact, digest, hasher=None)
    except Exception:  # coincurve raises bare Exception for an unrecoverable signature, ValueError for r or s = 0
        return None
    return Address("0x" + keccak256(key.format(compressed=False)[1:])[12:].hex())
