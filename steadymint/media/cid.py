"""Content identifiers as `ipfs add --cid-version=1` computes them, in constant memory.

The layout is kubo's default UnixFS: chunks of 256 KiB as raw leaves, balanced trees of at most 174 links, CIDv1 with
SHA-256 (specs.ipfs.tech/unixfs, dag-pb, multiformats/cid). A file of one chunk is its own leaf (`bafkrei...`). A node
with links is dag-pb (`bafybei...`).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Cid, MediaId

CHUNK: Final = 256 * 1024
WIDTH: Final = 174
"""Links of one node."""

RAW: Final = 0x55
DAG_PB: Final = 0x70
_SHA256: Final = b"\x12\x20"


@dataclass(frozen=True, slots=True)
class Node:
    """The root of a file or directory, which other nodes may link to."""

    cid: Cid
    dag_size: int
    """Bytes of the node and of all below it; a link's `Tsize`."""


@dataclass(frozen=True, slots=True)
class Link:
    """A child in a tree that is being built."""

    cid: bytes
    size: int
    """Bytes of the file below it."""
    dag_size: int


class FileHasher:
    """Computes the CID and the SHA-256 of a file that comes in pieces. It holds one chunk and 174 links per level."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._chunk = bytearray()
        self._levels: list[list[Link]] = [[]]
        self.size = 0
        """Bytes taken so far."""

    def update(self, piece: bytes | memoryview) -> None:
        """Add the next bytes."""
        self._sha256.update(piece)
        self.size += len(piece)
        self._chunk += piece
        if len(self._chunk) <= CHUNK:  # `node` adds the last chunk, so there is always one
            return
        full = len(self._chunk) - 1 - (len(self._chunk) - 1) % CHUNK
        with memoryview(self._chunk) as view:
            for start in range(0, full, CHUNK):
                self._add_leaf(view[start : start + CHUNK])
        del self._chunk[:full]

    def media_id(self) -> MediaId:
        """SHA-256 of the whole file."""
        return MediaId(self._sha256.hexdigest())

    def node(self) -> Node:
        """The root of the file. Call it once, after the last piece."""
        self._add_leaf(memoryview(self._chunk))
        for depth, level in enumerate(self._levels):
            if depth == len(self._levels) - 1 and len(level) == 1:
                break
            self._add(depth + 1, _parent(level))  # this may add a level to the list; the root is on a level of its own
        root = self._levels[-1][0]
        return Node(cid_text(root.cid), root.dag_size)

    def _add_leaf(self, chunk: memoryview) -> None:
        self._add(0, Link(binary_cid(RAW, chunk), len(chunk), len(chunk)))

    def _add(self, depth: int, link: Link) -> None:
        if depth == len(self._levels):
            self._levels.append([])
        level = self._levels[depth]
        if len(level) == WIDTH:
            self._add(depth + 1, _parent(level))
            level.clear()
        level.append(link)


def file_cid(content: BinaryIO | bytes) -> tuple[Cid, int]:
    """The CID of a file and its `dag_size`. It blocks, so call it in a thread for large files."""
    hasher = FileHasher()
    if isinstance(content, bytes):
        hasher.update(content)
    else:
        while piece := content.read(CHUNK):
            hasher.update(piece)
    node = hasher.node()
    return node.cid, node.dag_size


# -- text --------------------------------------------------------------------------------------------------------------

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE36: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_TEXT: Final = 128
"""Characters; 36 bytes take 59 in base32 and 73 in base16."""


def parse_cid(text: str) -> Cid:
    """The canonical form of a CID in a common form: version 0, or version 1 in base16, 32, 36 or 58.

    Raises:
        InvalidInputError: it is not a CID of UnixFS content with SHA-256.
    """
    try:
        raw = _decoded(text) if 0 < len(text) <= _MAX_TEXT and text.isascii() else b""
    except ValueError:
        raw = b""
    if raw[:2] == _SHA256 and len(raw) == 34:
        raw = b"\x01" + bytes([DAG_PB]) + raw
    if len(raw) != 36 or raw[0] != 1 or raw[1] not in (RAW, DAG_PB) or raw[2:4] != _SHA256:
        raise InvalidInputError("This is not the CID of a file or directory (version 0 or 1, SHA-256)")
    return cid_text(raw)


def cid_text(raw: bytes) -> Cid:
    """Base32 in lower case, without padding."""
    return Cid("b" + base64.b32encode(raw).decode().lower().rstrip("="))


def cid_bytes(cid: Cid) -> bytes:
    """The binary form of a canonical CID."""
    return base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))


def sha256_of(cid: Cid) -> MediaId:
    """The digest in a CID. For a raw leaf it is that of the bytes, else that of the root block."""
    return MediaId(cid_bytes(cid)[4:].hex())


def _decoded(text: str) -> bytes:
    if text.startswith("Qm") and len(text) == 46:
        return _from_digits(text, _BASE58, 34)
    prefix, digits = text[0], text[1:]
    if prefix in "bB":
        folded = digits.lower() if prefix == "b" else digits.upper()
        return base64.b32decode(folded.upper() + "=" * (-len(digits) % 8)) if folded == digits else b""
    if prefix in "fF":
        return bytes.fromhex(digits) if digits.isalnum() else b""
    if prefix in "kK":
        return _from_digits(digits.lower(), _BASE36, 36)
    return _from_digits(digits, _BASE58, 36) if prefix == "z" else b""


def _from_digits(text: str, alphabet: str, length: int) -> bytes:
    value = 0
    for character in text:
        value = value * len(alphabet) + alphabet.index(character)
    return value.to_bytes(length, "big") if value.bit_length() <= length * 8 else b""


# -- dag-pb ------------------------------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    """An unsigned variable-length integer of protobuf and multiformats."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def bytes_field(number: int, value: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def link_field(cid: bytes, name: bytes, dag_size: int) -> bytes:
    """One entry of `PBNode.Links`. An empty name is written too."""
    return bytes_field(2, bytes_field(1, cid) + bytes_field(2, name) + b"\x18" + varint(dag_size))


def binary_cid(codec: int, block: bytes | memoryview) -> bytes:
    """The CID of a block, version 1, by SHA-256."""
    return bytes([1, codec]) + _SHA256 + hashlib.sha256(block).digest()


def _parent(children: list[Link]) -> Link:
    size = sum(child.size for child in children)
    unixfs = b"\x08\x02\x18" + varint(size) + b"".join(b"\x20" + varint(child.size) for child in children)
    block = b"".join(link_field(child.cid, b"", child.dag_size) for child in children) + bytes_field(1, unixfs)
    dag_size = len(block) + sum(child.dag_size for child in children)
    return Link(binary_cid(DAG_PB, block), size, dag_size)
