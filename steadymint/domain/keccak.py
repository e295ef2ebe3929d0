"""Keccak-256: a native library if there is a wheel for it (1 us for an address), else the one of web3 (8 us)."""

from __future__ import annotations

import importlib
from typing import Any

from eth_hash.auto import keccak as portable_keccak

try:
    _sha3: Any = importlib.import_module("sha3")
except ImportError:
    _sha3 = None


def keccak256(data: bytes) -> bytes:
    """32 bytes."""
    return portable_keccak(data) if _sha3 is None else _sha3.keccak_256(data).digest()


def topic_of(signature: str) -> str:
    """Topic 0 of an event, 0x hex lower case: the Keccak-256 of its canonical signature (Solidity ABI)."""
    return "0x" + keccak256(signature.encode()).hex()
