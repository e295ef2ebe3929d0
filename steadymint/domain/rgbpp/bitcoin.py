"""A transaction of Bitcoin that spends one output, before it is signed, and its PSBT (BIP 174).

The output spent is one of SegWit, whose signature is no part of the transaction's id (BIP 141): so the id is known
before anybody signs.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

P2WPKH: Final = bytes.fromhex("0014")
P2TR: Final = bytes.fromhex("5120")

_INPUT_VSIZE: Final = {P2WPKH: 68.0, P2TR: 57.5}
"""Virtual bytes of an input with its signature, of the largest kind."""
_FRAME_VSIZE: Final = 10.5
"""Version, lock time, the two counts, and the marker of SegWit."""
_FINAL: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Spent:
    """The output that is spent."""

    txid: str
    """As explorers show it: 64 hex digits, its bytes turned round."""
    vout: int
    value: int
    """Satoshis."""
    script: bytes


@dataclass(frozen=True, slots=True)
class Paid:
    value: int
    script: bytes

    def pack(self) -> bytes:
        return struct.pack("<Q", self.value) + bytes([len(self.script)]) + self.script


def is_native_segwit(script: bytes) -> bool:
    """Whether it pays to one key by SegWit: P2WPKH or P2TR."""
    return (script[:2] == P2WPKH and len(script) == 22) or (script[:2] == P2TR and len(script) == 34)


def remark(data: bytes) -> Paid:
    """An output that says 32 bytes and pays nobody."""
    assert len(data) == 32, "one push"
    return Paid(0, b"\x6a\x20" + data)


def unsigned(spent: Spent, paid: Sequence[Paid]) -> bytes:
    """The transaction without its signature: all that its id depends on."""
    outputs = b"".join(one.pack() for one in paid)
    source = bytes.fromhex(spent.txid)[::-1] + struct.pack("<I", spent.vout)
    head = struct.pack("<I", 2) + b"\x01" + source + b"\x00" + struct.pack("<I", _FINAL)
    return head + bytes([len(paid)]) + outputs + struct.pack("<I", 0)


def txid_of(transaction: bytes) -> str:
    return sha256(sha256(transaction).digest()).digest()[::-1].hex()


def vsize_of(spent: Spent, paid: Sequence[Paid]) -> int:
    """Virtual bytes of the signed transaction, at most."""
    size = _FRAME_VSIZE + _INPUT_VSIZE[spent.script[:2]] + sum(len(one.pack()) for one in paid)
    return int(-(-size // 1))


def psbt_of(spent: Spent, paid: Sequence[Paid]) -> str:
    """The PSBT in base64, as wallets take it: the transaction, and of its input what is spent."""
    transaction = unsigned(spent, paid)
    parts = [
        b"psbt\xff",
        _pair(b"\x00", transaction),
        b"\x00",
        _pair(b"\x01", Paid(spent.value, spent.script).pack()),
        b"\x00",
        b"\x00" * len(paid),
    ]
    return base64.b64encode(b"".join(parts)).decode()


def _pair(key: bytes, value: bytes) -> bytes:
    return _counted(key) + _counted(value)


def _counted(data: bytes) -> bytes:
    size = len(data)
    return (bytes([size]) if size < 0xFD else b"\xfd" + struct.pack("<H", size)) + data
