from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.chain.nodes.client import BlockRef, Header
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.chain.nodes.recent_chain import KEPT, Move, RecentChain
from steadymint.domain.types import BlockHash, BlockNumber

NAMES: dict[str, tuple[str, int]] = {}


def name(fork: str, number: int) -> BlockHash:
    """The hash of a block, from which `NAMES` knows the block again."""
    block_hash = BlockHash("0x" + (fork.encode().hex() + f"{number:08x}").rjust(64, "0"))
    NAMES[block_hash] = (fork, number)
    return block_hash


class World:
    """Branches of one chain as a node would serve them. `main` has every block; a fork leaves it after some block."""

    def __init__(self) -> None:
        self.forks: dict[str, int] = {"main": -1}
        self.canonical = "main"

    def fork(self, fork: str, after: int) -> None:
        self.forks[fork] = after

    def header(self, number: int, fork: str) -> Header:
        own = number > self.forks[fork]
        parent = number - 1 > self.forks[fork]
        return Header(
            BlockNumber(number),
            name(fork if own else "main", number),
            name(fork if parent else "main", number - 1),
            number,
        )

    async def fetch(self, blocks: Sequence[BlockRef]) -> list[Header]:
        return [self.find(block) for block in blocks]

    def find(self, block: BlockRef) -> Header:
        if isinstance(block, int):
            return self.header(block, self.canonical)
        fork, number = NAMES[block]
        return self.header(number, fork)


async def test_blocks_on_top_make_it_grow_and_gaps_are_filled() -> None:
    world, chain = World(), RecentChain()
    for number in (10, 11, 15):
        assert await chain.advance(world.header(number, "main"), world.fetch) is Move.GREW
    assert [chain.hash_at(n) for n in range(10, 16)] == [name("main", n) for n in range(10, 16)]
    assert chain.hash_at(9) is None
    assert await chain.advance(world.header(15, "main"), world.fetch) is Move.NONE


@pytest.mark.parametrize("depth", [1, 3, 7, 64])
@pytest.mark.parametrize("longer_by", [-1, 0, 1, 5])
async def test_a_reorg_of_any_depth_replaces_exactly_what_is_gone(depth: int, longer_by: int) -> None:
    if depth + longer_by < 1:
        return
    world, chain = World(), RecentChain()
    for number in range(100, 201):
        await chain.advance(world.header(number, "main"), world.fetch)
    world.fork("b", 200 - depth)
    world.canonical = "b"
    head = world.header(200 + longer_by, "b")
    assert await chain.advance(head, world.fetch) is Move.REORGED
    assert chain.head == head
    assert not chain.contradicts(200 - depth, name("main", 200 - depth))
    assert chain.contradicts(200 - depth + 1, name("main", 200 - depth + 1))
    assert chain.hash_at(200 + longer_by) == head.hash


async def test_a_known_ancestor_is_behind_and_changes_nothing_until_wound_back() -> None:
    world, chain = World(), RecentChain()
    for number in range(10, 16):
        await chain.advance(world.header(number, "main"), world.fetch)
    assert await chain.advance(world.header(12, "main"), world.fetch) is Move.BEHIND
    assert chain.head == world.header(15, "main")
    chain.wind_back(world.header(12, "main"))
    assert chain.contradicts(13, name("main", 13))
    assert not chain.contradicts(12, name("main", 12))


async def test_a_reorg_below_all_that_is_known_starts_anew() -> None:
    world, chain = World(), RecentChain()
    await chain.advance(world.header(10, "main"), world.fetch)
    world.fork("b", 5)
    world.canonical = "b"
    assert await chain.advance(world.header(11, "b"), world.fetch) is Move.REORGED
    assert chain.contradicts(10, name("main", 10))
    assert not chain.contradicts(9, name("main", 9)), "nothing is known below"


async def test_too_many_missed_blocks_start_anew() -> None:
    world, chain = World(), RecentChain()
    await chain.advance(world.header(10, "main"), world.fetch)
    assert await chain.advance(world.header(11 + KEPT, "main"), world.fetch) is Move.REORGED
    assert chain.hash_at(10) is None


async def test_no_more_headers_are_kept_than_stated() -> None:
    world, chain = World(), RecentChain()
    for number in range(2 * KEPT + 1):
        await chain.advance(world.header(number, "main"), world.fetch)
    assert chain.hash_at(2 * KEPT - KEPT) is None
    assert chain.hash_at(2 * KEPT - KEPT + 1) is not None


async def test_blocks_that_do_not_fit_together_change_nothing() -> None:
    world, chain = World(), RecentChain()
    await chain.advance(world.header(10, "main"), world.fetch)
    world.fork("b", 11)
    world.canonical = "b"
    with pytest.raises(UnknownBlockError):
        await chain.advance(world.header(15, "main"), world.fetch)
    assert chain.head == world.header(10, "main")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(1, 5)), max_size=12))
async def test_after_any_history_what_is_known_is_the_nodes_chain(history: list[tuple[str, int, int]]) -> None:
    """Forks leave `main` at various points; whatever head comes next, each known hash is the node's own."""
    world, chain = World(), RecentChain()
    await chain.advance(world.header(0, "main"), world.fetch)
    for step, (fork, after, length) in enumerate(history):
        branch = f"{fork}{step}"
        world.fork(branch, after)
        world.canonical = branch
        head = world.header(after + length, branch)
        await chain.advance(head, world.fetch)
        assert chain.head == head
        for number in range(head.number + 1):
            assert chain.hash_at(number) in (None, world.header(number, branch).hash)
