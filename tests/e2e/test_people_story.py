"""The demo of people: every deed of two users, compared with the chain and with what npm's library has received."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.demo.people.story import PeopleStory
from steadymint.demo.run import DemoRun
from steadymint.stack.home import NODE_DIR
from tests.support.full_stack import FullStack


@pytest.mark.slow
async def test_people_hide_link_launch_and_hear_of_each_event_once(full_stack: FullStack) -> None:
    async with (
        full_stack.blocks.ticking(0.1),
        asyncio.timeout(240),
        DemoRun(full_stack.described, lambda *_: None) as demo,
    ):
        story = PeopleStory(demo, NODE_DIR)
        await story.run()
    assert story.coin.holders == 3
    assert story.hook.events >= 16  # orders of earlier tests may have changed meanwhile
