"""Attempts that stay hear of further events by one query, and of nothing else."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from steadymint.webhooks.bell import Bell
from steadymint.webhooks.deliveries import Deliveries
from tests.support.webhooks import ALICE, BOB, a_user, given_out, happen, listening, minted, subscribed


async def test_it_rings_for_whom_something_has_come_and_lets_go_who_has_lost_the_webhook(pool: asyncpg.Pool) -> None:
    deliveries, runner = Deliveries(pool), uuid4()
    hooks = [(await subscribed(pool, await a_user(pool, wallet)))[0].webhook_id for wallet in (ALICE, BOB)]
    for hook in hooks:
        await deliveries.begin(hook, runner)
    await listening(pool)
    bell, stop = Bell(pool, most=2, poll=0.01), asyncio.Event()
    async with bell.ringing():
        waiting = [asyncio.create_task(bell.further(hook, runner, 0, stop, 60)) for hook in hooks]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        assert await bell.further(hooks[0], runner, 0, stop, 600) is None, "two places are taken"
        await happen(pool, minted(ALICE), minted(ALICE))
        await given_out(pool)
        assert await waiting[0] == 2
        assert not waiting[1].done()
        stop.set()
        assert await waiting[1] is None
        assert await bell.further(hooks[0], runner, 2, asyncio.Event(), 0.02) is None
        assert await bell.further(hooks[0], runner, 1, asyncio.Event(), 60) == 2, "what came before it waited counts"
        await deliveries.begin(hooks[0], uuid4())
        assert await bell.further(hooks[0], runner, 1, asyncio.Event(), 600) is None, "another attempt has it"
