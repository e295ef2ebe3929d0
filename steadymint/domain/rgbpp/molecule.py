"""Transactions of CKB as values: their bytes (RFC 0008, Molecule), their hashes (RFC 0022), and their JSON."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Literal

HashType = Literal["data", "type", "data1", "data2"]

_HASH_TYPES: Final[dict[HashType, int]] = {"data": 0, "type": 1, "data1": 2, "data2": 4}
_PERSON: Final = b"ckb-default-hash"


@dataclass(frozen=True, slots=True)
class Script:
    code_hash: bytes
    hash_type: HashType
    args: bytes

    def pack(self) -> bytes:
        return packed_table([self.code_hash, bytes([_HASH_TYPES[self.hash_type]]), _bytes(self.args)])

    def hash(self) -> bytes:
        return ckb_hash(self.pack())

    def size(self) -> int:
        """Bytes that it occupies in a cell."""
        return len(self.code_hash) + 1 + len(self.args)

    def to_json(self) -> dict[str, str]:
        return {"codeHash": _hex(self.code_hash), "hashType": self.hash_type, "args": _hex(self.args)}


@dataclass(frozen=True, slots=True)
class OutPoint:
    tx_hash: bytes
    index: int

    def pack(self) -> bytes:
        return self.tx_hash + struct.pack("<I", self.index)

    def to_json(self) -> dict[str, str]:
        return {"txHash": _hex(self.tx_hash), "index": hex(self.index)}


@dataclass(frozen=True, slots=True)
class CellOutput:
    capacity: int
    """Shannons; 10^8 are one CKB, which is one byte of room."""
    lock: Script
    type: Script
    data: bytes

    def pack(self) -> bytes:
        """Without the data, which a transaction holds apart."""
        return packed_table([struct.pack("<Q", self.capacity), self.lock.pack(), self.type.pack()])

    def occupied(self) -> int:
        """The least capacity, in shannons, with room for it (RFC 0022)."""
        return (8 + self.lock.size() + self.type.size() + len(self.data)) * 10**8

    def to_json(self) -> dict[str, Any]:
        return {"capacity": hex(self.capacity), "lock": self.lock.to_json(), "type": self.type.to_json()}


@dataclass(frozen=True, slots=True)
class CkbTransaction:
    """A transaction of version 0 whose inputs wait for nothing and whose dependencies are code cells."""

    deps: tuple[OutPoint, ...]
    inputs: tuple[OutPoint, ...]
    outputs: tuple[CellOutput, ...]

    def raw(self) -> bytes:
        """The transaction without its witnesses."""
        return packed_table(
            [
                struct.pack("<I", 0),
                _fixed([dep.pack() + b"\0" for dep in self.deps]),
                _fixed([]),
                _fixed([packed_input(one) for one in self.inputs]),
                packed_table([output.pack() for output in self.outputs]),
                packed_table([_bytes(output.data) for output in self.outputs]),
            ]
        )

    def hash(self) -> bytes:
        return ckb_hash(self.raw())

    def size(self, witnesses: Sequence[bytes]) -> int:
        """Bytes in a block, by which the fee is reckoned: with its witnesses, and four for its place."""
        return len(packed_table([self.raw(), packed_table([_bytes(one) for one in witnesses])])) + 4

    def to_json(self) -> dict[str, Any]:
        """As the JSON-RPC of CKB and the official SDK have it, without witnesses."""
        return {
            "version": "0x0",
            "cellDeps": [{"outPoint": dep.to_json(), "depType": "code"} for dep in self.deps],
            "headerDeps": [],
            "inputs": [{"previousOutput": one.to_json(), "since": "0x0"} for one in self.inputs],
            "outputs": [output.to_json() for output in self.outputs],
            "outputsData": [_hex(output.data) for output in self.outputs],
        }


def ckb_hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=32, person=_PERSON).digest()


def packed_input(previous: OutPoint) -> bytes:
    return struct.pack("<Q", 0) + previous.pack()


def _bytes(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _fixed(items: Sequence[bytes]) -> bytes:
    return struct.pack("<I", len(items)) + b"".join(items)


def packed_table(items: Sequence[bytes]) -> bytes:
    """A table or a vector of items of any size: its size, the place of each item, the items."""
    place, places = 4 + 4 * len(items), b""
    for item in items:
        places += struct.pack("<I", place)
        place += len(item)
    return struct.pack("<I", place) + places + b"".join(items)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
