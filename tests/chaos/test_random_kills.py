"""The worker dies again and again, at moments that a seeded dice chooses, while twenty mints are on their way."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.chaos.watching import Watched, ends_whole, mint_of, nothing_else_was_minted
from tests.support.full_stack import FullStack

MINTS = 20
KILLS = 4
SEED = 20_260_731
"""Of the moments. What the worker is doing at them differs from run to run all the same."""


@pytest.mark.slow
@pytest.mark.long
async def test_a_worker_that_is_killed_at_random_moments_finishes_twenty_mints(full_stack: FullStack) -> None:
    dice = random.Random(SEED)
    worker = full_stack.stack.worker

    async def kill_now_and_then() -> None:
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.2, 2.5))
            await worker.kill()
            await worker.start()

    async with full_stack.person() as person:
        contract = await full_stack.made(person)
        mints: list[Watched] = []
        async with full_stack.blocks.ticking(0.4), asyncio.TaskGroup() as group:
            group.create_task(kill_now_and_then())
            sending = asyncio.Lock()  # one wallet, one nonce after another

            async def mint() -> None:
                begun = await Watched.begin(person, mint_of(contract))
                mints.append(begun)
                async with sending:
                    tx_hash = await person.wallet.send(begun.prepared["txRequest"])
                answer = await person.track(begun.intent_id, tx_hash)
                assert answer.status == 202, answer

            for _ in range(MINTS):
                group.create_task(mint())
                await asyncio.sleep(dice.uniform(0.0, 0.6))
        async with full_stack.blocks.ticking():
            token_ids = [await ends_whole(full_stack, one, contract) for one in mints]
        assert len(set(token_ids)) == MINTS
        await nothing_else_was_minted(full_stack, contract, set(token_ids))
