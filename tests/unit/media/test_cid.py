"""CIDs are those of `ipfs add --cid-version=1`."""

from __future__ import annotations

import hashlib
import json
import random
import tracemalloc
from io import BytesIO

import pytest

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Cid
from steadymint.media.cid import CHUNK, WIDTH, FileHasher, Node, file_cid, parse_cid, sha256_of
from steadymint.media.directories import directory_cid
from tests.support import reference_cids
from tests.support.reference_cids import content_of

EMPTY = Cid("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")
EMPTY_DIRECTORY = Cid("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354")


def node_of(content: bytes) -> Node:
    return Node(*file_cid(content))


@pytest.mark.parametrize(
    ("size", "cid", "dag_size"),
    [
        (0, EMPTY, 0),
        (CHUNK - 1, "bafkreigwplrsnberswnmbqnmgr7tco5mtvivayovpo6bwqc24hsomkld3m", CHUNK - 1),
        (CHUNK, "bafkreiewiymsgl2cg74sk5mlztn352br463rznbayuhqxubt7mezvv5wui", CHUNK),
        (CHUNK + 1, "bafybeia5ubkt55zgdotfzfrvh2whiz3otjvhevukhwzy5w7f7shdwsutke", CHUNK + 105),
        (WIDTH * CHUNK, "bafybeibk73v7ucw4ijkwc7imrx4yxhwhkoxoxzqoymyg3wuq5jv2i2e42a", 45_621_766),
        (WIDTH * CHUNK + 1, "bafybeicziavahmlsuahbxi4e6ibgb4uthpzpbq7i5dbvk7sa2enrthov4u", 45_621_926),
    ],
)
def test_a_file_has_the_cid_that_kubo_prints(size: int, cid: str, dag_size: int) -> None:
    content = content_of(size)
    assert file_cid(content) == (cid, dag_size)
    assert file_cid(BytesIO(content)) == (cid, dag_size)


def test_a_text_that_everybody_has_added_has_the_cid_that_everybody_knows() -> None:
    assert file_cid(b"hello world")[0] == "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"


def test_pieces_of_any_size_make_the_same_file() -> None:
    content = content_of(5 * CHUNK)
    chance = random.Random(11)
    for _ in range(20):
        hasher, at = FileHasher(), 0
        while at < len(content):
            step = chance.choice([1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
            hasher.update(content[at : at + step])
            at += step
        assert hasher.size == len(content)
        assert hasher.media_id() == hashlib.sha256(content).hexdigest()
        assert hasher.node() == node_of(content)


def test_memory_does_not_grow_with_the_file() -> None:
    piece = content_of(CHUNK)

    def peak(pieces: int) -> int:
        hasher = FileHasher()
        tracemalloc.start()
        for _ in range(pieces):
            hasher.update(piece)
        hasher.node()
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    small = peak(20)
    assert peak(400) < small + 2 * CHUNK


def test_a_directory_has_the_cid_that_kubo_prints() -> None:
    assert directory_cid({}).node == Node(EMPTY_DIRECTORY, 4)
    leaf = node_of(b"{}")
    made = directory_cid({"é.json": leaf, "2": leaf, "10": leaf, "1": leaf})
    assert made.node.cid == "bafybeihqopvyxdh7jwrf2t6dk3gzdsb3f7x3flantomlrqyktyefxt4kbu"
    assert hashlib.sha256(made.block).hexdigest() == sha256_of(made.node.cid)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0"])
def test_a_name_that_cannot_stand_in_a_path_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        directory_cid({name: node_of(b"")})


@pytest.mark.parametrize(
    ("text", "cid"),
    [
        (EMPTY, EMPTY),
        (EMPTY.upper(), EMPTY),
        ("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn", EMPTY_DIRECTORY),
        ("f01701220" + sha256_of(EMPTY_DIRECTORY), EMPTY_DIRECTORY),
    ],
    ids=["v1", "upper", "v0", "base16"],
)
def test_every_common_form_of_a_cid_is_read(text: str, cid: Cid) -> None:
    assert parse_cid(text) == cid


def test_base58_and_base36_are_read() -> None:
    raw = bytes.fromhex("01701220" + sha256_of(EMPTY_DIRECTORY))
    for prefix, alphabet in (
        ("z", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
        ("k", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ):
        number, digits = int.from_bytes(raw, "big"), ""
        while number:
            number, rest = divmod(number, len(alphabet))
            digits = alphabet[rest] + digits
        assert parse_cid(prefix + digits) == EMPTY_DIRECTORY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "Qm",
        EMPTY[:-1],
        EMPTY + "a",
        EMPTY[:20] + EMPTY[20:].upper(),
        " " + EMPTY,
        "bafkreé",
        "Qm" + "0" * 44,
        "Qm" + "z" * 44,
        "b" * 10_000,
        "../../etc/passwd",
        "f01551220" + "zz" * 32,
        "f01711220" + "00" * 32,  # dag-cbor
        "f015512" + "14" + "00" * 20,
        "bafkrei\0",
    ],
    ids=range(16),
)
def test_what_is_no_cid_of_a_file_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_cid(text)


def test_files_and_directories_have_the_cids_of_the_reference_importer() -> None:
    recorded = json.loads(reference_cids.RECORDED.read_text())
    nodes = {size: node_of(content_of(size)) for size in reference_cids.SIZES}
    assert [[node.cid, node.dag_size] for node in nodes.values()] == recorded["files"]
    for what, entries in reference_cids.directories().items():
        node = directory_cid({name: nodes[size] for name, size in entries.items()}).node
        assert [node.cid, node.dag_size] == recorded["directories"][what], what
