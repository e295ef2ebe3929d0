"""The gallery: pictures uploaded, published, minted, read back from the chain, ranked, and looked at."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.demo.artwork import Lighthouse, lighthouses
from steadymint.demo.gallery import Gallery
from steadymint.demo.run import DemoRun
from tests.support.full_stack import FullStack
from tests.support.rarity import Document, ask_oracle

COUNT = 40


def document(drawn: Lighthouse) -> Document:
    """As open-rarity sees it: texts, and numbers that only count."""
    return {attribute["traitType"]: attribute["value"] for attribute in drawn.attributes()}


@pytest.mark.slow
@pytest.mark.long
async def test_the_gallery_is_seen_as_it_was_drawn_and_ranked_as_open_rarity_ranks_it(full_stack: FullStack) -> None:
    async with (
        full_stack.blocks.ticking(0.5),
        asyncio.timeout(240),
        DemoRun(full_stack.described, lambda *_: None) as demo,
    ):
        gallery = Gallery(demo, COUNT)
        await gallery.run()
        async with demo.client() as visitor:
            of = (visitor.api.list_tokens, demo.chain_id, gallery.contract)
            tokens = [token async for token in visitor.items(*of, limit=25)]
            by_rank = [token async for token in visitor.items(*of, limit=25, sort="rank")]

    assert gallery.pictures_seen >= 4 * COUNT
    ranks = [token.rank for token in tokens]
    assert [token.rank for token in by_rank] == sorted(rank or 0 for rank in ranks)
    try:
        theirs = await asyncio.to_thread(ask_oracle, {"gallery": [document(drawn) for drawn in lighthouses(COUNT)]})
    except RuntimeError as error:
        pytest.skip(f"open-rarity cannot be installed here: {error}")
    assert ranks == theirs["gallery"]["ranks"]
