"""MurmurHash3 for x64, by Austin Appleby (public domain). IPFS uses it to place the entries of large directories."""

from __future__ import annotations

from typing import Final

_MASK: Final = 2**64 - 1
_C1: Final = 0x87C37B91114253D5
_C2: Final = 0x4CF5AD432745937F


def murmur3_x64_64(key: bytes) -> bytes:
    """The first 64 of the 128 bits, with seed 0 and the most significant byte first, as in kubo."""
    h1 = h2 = 0
    whole = len(key) - len(key) % 16
    for start in range(0, whole, 16):
        h1 ^= _mixed1(int.from_bytes(key[start : start + 8], "little"))
        h1 = ((_rotated(h1, 27) + h2) * 5 + 0x52DCE729) & _MASK
        h2 ^= _mixed2(int.from_bytes(key[start + 8 : start + 16], "little"))
        h2 = ((_rotated(h2, 31) + h1) * 5 + 0x38495AB5) & _MASK
    tail = key[whole:]
    h1 ^= _mixed1(int.from_bytes(tail[:8], "little"))  # for an empty tail it is 0
    h2 ^= _mixed2(int.from_bytes(tail[8:], "little"))
    h1, h2 = h1 ^ len(key), h2 ^ len(key)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    return ((_finished(h1) + _finished(h2)) & _MASK).to_bytes(8, "big")


def _rotated(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & _MASK


def _mixed1(word: int) -> int:
    return _rotated(word * _C1 & _MASK, 31) * _C2 & _MASK


def _mixed2(word: int) -> int:
    return _rotated(word * _C2 & _MASK, 33) * _C1 & _MASK


def _finished(word: int) -> int:
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & _MASK
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return word ^ word >> 33
