"""The market's demo: every deed of a market, half of it through OpenSea's library, compared with the chain."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.demo.market.story import MarketStory
from steadymint.demo.run import DemoRun
from steadymint.stack.home import NODE_DIR
from tests.support.full_stack import FullStack


@pytest.mark.slow
async def test_two_clients_trade_and_every_wei_is_where_the_catalog_says(full_stack: FullStack) -> None:
    async with (
        full_stack.blocks.ticking(0.1),
        asyncio.timeout(240),
        DemoRun(full_stack.described, lambda *_: None) as demo,
    ):
        story = MarketStory(demo, NODE_DIR)
        await story.run()
    assert (story.ledger.orders, story.ledger.sales) == (17, 12)
