"""UnixFS directories in the layout of `ipfs add --cid-version=1`: one block, or shards if one would be too large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from steadymint.domain.errors import InvalidInputError
from steadymint.media.cid import DAG_PB, Node, binary_cid, bytes_field, cid_bytes, cid_text, link_field
from steadymint.media.murmur import murmur3_x64_64

MAX_BLOCK: Final = 256 * 1024
"""Bytes of names and CIDs above which a directory is sharded (kubo's `Import.UnixFSHAMTDirectorySizeThreshold`)."""
_DIRECTORY: Final = b"\x08\x01"
"""The UnixFS message of type Directory."""
_HAMT_SHARD: Final = b"\x08\x05"
_MURMUR3_X64_64: Final = b"\x28\x22"
"""`hashType`, a multicodec."""
_BRANCHES: Final = 256
_FANOUT: Final = b"\x30\x80\x02"
_HASH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Directory:
    """A UnixFS directory."""

    node: Node
    block: bytes
    """Its root block."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    cid: bytes
    dag_size: int


def directory_cid(entries: Mapping[str, Node]) -> Directory:
    """The directory with these entries. Call it in a thread if there are thousands.

    Raises:
        InvalidInputError: a name cannot be part of a path.
    """
    placed = [_Entry(_entry_name(name), cid_bytes(node.cid), node.dag_size) for name, node in entries.items()]
    if sum(len(entry.name) + len(entry.cid) for entry in placed) > MAX_BLOCK:
        return _shard([(murmur3_x64_64(entry.name), entry) for entry in placed], 0)
    return _directory(sorted(placed, key=lambda entry: entry.name), _DIRECTORY)


def _entry_name(name: str) -> bytes:
    if not name or name in {".", ".."} or "/" in name or "\0" in name:
        raise InvalidInputError("A directory's entry needs a name without slashes")
    return name.encode()


def _directory(links: Sequence[_Entry], unixfs: bytes) -> Directory:
    block = b"".join(link_field(link.cid, link.name, link.dag_size) for link in links) + bytes_field(1, unixfs)
    dag_size = len(block) + sum(link.dag_size for link in links)
    return Directory(Node(cid_text(binary_cid(DAG_PB, block)), dag_size), block)


# -- shards ------------------------------------------------------------------------------------------------------------


def _shard(entries: Sequence[tuple[bytes, _Entry]], depth: int) -> Directory:
    """A node of a hash array mapped trie of 256 branches (specs.ipfs.tech/unixfs, "HAMTDirectory").

    The hash of an entry's name gives its place. The first byte is its branch in the root. The second byte is its branch
    in the shard below, if another name's hash begins with the same byte, and so on.
    """
    if depth == _HASH_BYTES:
        raise InvalidInputError("Two entries of the directory have names that IPFS cannot tell apart")
    branches: dict[int, list[tuple[bytes, _Entry]]] = {}
    for placed in entries:
        branches.setdefault(placed[0][depth], []).append(placed)
    links = [_branch(branch, branches[branch], depth) for branch in sorted(branches)]
    taken = sum(1 << branch for branch in branches).to_bytes(_BRANCHES // 8, "big").lstrip(b"\0")
    return _directory(links, _HAMT_SHARD + bytes_field(2, taken) + _MURMUR3_X64_64 + _FANOUT)


def _branch(branch: int, entries: Sequence[tuple[bytes, _Entry]], depth: int) -> _Entry:
    """The content of a branch: one entry, named by branch and name; or a shard of several entries, named by branch."""
    prefix = f"{branch:02X}".encode()
    if len(entries) == 1:
        entry = entries[0][1]
        return _Entry(prefix + entry.name, entry.cid, entry.dag_size)
    below = _shard(entries, depth + 1).node
    return _Entry(prefix, cid_bytes(below.cid), below.dag_size)
