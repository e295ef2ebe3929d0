"""ECDSA signatures over EIP-191 messages: the accepted forms, and the recovery of the signer.

One signature can be written in many forms. The table says which ones we accept:

| form | accepted |
|---|---|
| 65 bytes r, s, v with v = 27 or 28, or 0 or 1 (some hardware wallets) | yes |
| 64 bytes r, yParity and s (EIP-2098) | yes |
| v = 37, 38, ... (EIP-155 is for transactions) | no |
| s in the upper half of the order (EIP-2, as OpenZeppelin) | no |
| hex digits in any casing after `0x` | yes |
| `0X`, no `0x`, an odd number of digits | no |

A signature is never used as a key, so a second form of it is not a second sign-in.
"""

from __future__ import annotations

import re
from typing import Final

from steadymint.domain.errors import InvalidSignatureError, MessageTooLargeError
from steadymint.domain.keccak import keccak256
from steadymint.domain.recovery import recover
from steadymint.domain.types import Address, Bytes32

MAX_SIGNATURE: Final = 8192
"""Bytes. A multisig of a hundred owners takes 6,500; an EIP-6492 wrapper adds its factory's calldata."""

_SIGNATURE: Final = re.compile(r"0x[0-9a-fA-F]*", re.ASCII)
_HALF_ORDER: Final = bytes.fromhex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")


def personal_digest(message: bytes) -> bytes:
    """The 32-byte digest that `personal_sign` signs (EIP-191, version 0x45)."""
    return keccak256(b"\x19Ethereum Signed Message:\n%d%b" % (len(message), message))


def check_signature_size(text: str) -> None:
    """Check the size before the digits are parsed. Raises MessageTooLargeError."""
    if len(text) > 2 + 2 * MAX_SIGNATURE:
        raise MessageTooLargeError(f"The signature is longer than {MAX_SIGNATURE} bytes")


def parse_signature(text: str) -> bytes:
    """The bytes of `0x` and hex digits. `0x` alone is empty and means "ask the contract" (a Safe's on-chain signed
    message).

    Raises MessageTooLargeError or InvalidSignatureError.
    """
    check_signature_size(text)
    if len(text) % 2 or not _SIGNATURE.fullmatch(text):
        raise InvalidSignatureError("The signature is not 0x and hex digits")
    return bytes.fromhex(text[2:])


def signer_of(digest: bytes, signature: bytes) -> Address | None:
    """The address whose key made the signature. None if the bytes are not an ECDSA signature that we accept."""
    compact = _recoverable(signature)
    return None if compact is None else recover(digest, compact)


def _recoverable(signature: bytes) -> bytes | None:
    """r, s and the recovery id 0 or 1, as libsecp256k1 takes them; None for a form that we do not accept."""
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


def bytes32(digest: bytes) -> Bytes32:
    return Bytes32("0x" + digest.hex())
