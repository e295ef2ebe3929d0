"""The first block of a contract: found in few questions, and never set too late."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.chain.nodes.errors import NodeRefusedError, UnknownBlockError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.indexing.importing.creation import first_block

CODE = b"\x60\x00"


class FakeNode:
    """Has the code from `created` on, and state from `oldest` on. Stands in for nodes that prune at chosen heights."""

    def __init__(self, created: int, oldest: int = 0, refusal: type[SteadymintError] = UnknownBlockError) -> None:
        self.created, self.oldest, self.refusal = created, oldest, refusal
        self.asked = 0

    async def code_at(self, block: int) -> bytes:
        self.asked += 1
        if block < self.oldest:
            raise self.refusal
        return CODE if block >= self.created else b""


@given(st.integers(0, 25_000_000), st.integers(0, 1_000_000))
async def test_an_archive_tells_the_very_block_in_few_questions(created: int, after: int) -> None:
    node = FakeNode(created)

    assert await first_block(node.code_at, created + after) == (created, True)
    assert node.asked <= 25


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
async def test_a_node_without_old_state_never_puts_it_too_late(created: int, oldest: int, after: int) -> None:
    first, exact = await first_block(FakeNode(created, oldest).code_at, created + after)

    assert first <= created
    assert exact is False or first == created


@pytest.mark.parametrize("refusal", [UnknownBlockError, NodeRefusedError], ids=["no such state", "not served"])
async def test_a_node_without_any_old_state_means_from_the_first_block_on(refusal: type[SteadymintError]) -> None:
    assert await first_block(FakeNode(500, oldest=10**9, refusal=refusal).code_at, 1000) == (0, False)


async def test_an_outage_is_no_answer() -> None:
    with pytest.raises(UpstreamUnavailableError):
        await first_block(FakeNode(500, oldest=10**9, refusal=UpstreamUnavailableError).code_at, 1000)
