"""ECDSA signatures over EIP-191 messages: which bytes are taken, and whose they are.

One signature has many spellings, and every one that is taken is a decision:

| spelling | taken |
|---|---|
| 65 bytes r, s, v with v = 27 or 28, or 0 or 1 (some hardware wallets) | yes |
| 64 bytes r, yParity and s (EIP-2098) | yes |
| v = 37, 38, ... (EIP-155 is for transactions) | no |
| s in the upper half of the order (EIP-2, as OpenZeppelin) | no |
| hex digits in any casing after `0x` | yes |
| `0X`, no `0x`, an odd number of digits | no |

A signature is never used as a key, so that a second spelling is not a second sign-in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import coincurve

from steadymint.domain.errors import InvalidSignatureError, MessageTooLargeError
from steadymint.domain.types import Address, Bytes32
from steadymint.identity.keccak import keccak256

MAX_SIGNATURE: Final = 8192
"""Bytes. A multisig of a hundred owners has 6,500; an EIP-6492 wrapper adds its factory's calldata."""

_SIGNATURE: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*", re.ASCII)
_HALF_ORDER: Final = bytes.fromhex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")


def personal_digest(message: bytes) -> bytes:
    """What `personal_sign` signs (EIP-191, version 0x45): 32 bytes."""
    return keccak256(b"\x19Ethereum Signed Message:\n%d%b" % (len(message), message))


def check_signature_size(text: str) -> None:
    """The cap that comes before a digit is looked at. Raises MessageTooLargeError."""
    if len(text) > 2 + 2 * MAX_SIGNATURE:
        raise MessageTooLargeError(f"The signature is longer than {MAX_SIGNATURE} bytes")


def parse_signature(text: str) -> bytes:
    """`0x` and hex digits; `0x` alone is empty and means "ask the contract" (a Safe's on-chain signed message).

    Raises MessageTooLargeError or InvalidSignatureError.
    """
    check_signature_size(text)
    if not _SIGNATURE.fullmatch(text):
        raise InvalidSignatureError("The signature is not 0x and hex digits")
    return bytes.fromhex(text[2:])


def signer_of(digest: bytes, signature: bytes) -> Address | None:
    """The address whose key made the signature, or None if the bytes are no ECDSA signature that we take."""
    compact = _recoverable(signature)
    if compact is None:
        return None
    try:
        key = coincurve.PublicKey.from_signature_and_message(compact, digest, hasher=None)
    except Exception:  # coincurve raises bare Exception for an unrecoverable signature, ValueError for r or s = 0
        return None
    return Address("0x" + keccak256(key.format(compressed=False)[1:])[12:].hex())


def _recoverable(signature: bytes) -> bytes | None:
    """r, s and the recovery id 0 or 1, as libsecp256k1 takes them; None for a spelling that we do not take."""
    if len(signature) == 65:
        rest, v = signature[:64], signature[64]
        recovery = v - 27 if v in (27, 28) else v
    elif len(signature) == 64:
        recovery = signature[32] >> 7
        rest = signature[:32] + bytes([signature[32] & 0x7F]) + signature[33:]
    else:
        return None
    if recovery not in (0, 1) or rest[32:] > _HALF_ORDER:
        return None
    return rest + bytes([recovery])


@lru_cache(maxsize=8192)  # a frontend signs in with the same few addresses; the checksum costs a hash
def is_checksummed(address: str) -> bool:
    """Whether `0x` and 40 hex digits are in the casing of EIP-55."""
    digits = address[2:]
    hashed = keccak256(digits.lower().encode()).hex()
    raised = [char.upper() if nibble > "7" else char.lower() for char, nibble in zip(digits, hashed, strict=False)]
    return "".join(raised) == digits


def bytes32(digest: bytes) -> Bytes32:
    return Bytes32("0x" + digest.hex())
