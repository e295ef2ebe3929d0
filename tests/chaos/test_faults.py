"""A part fails while a mint stands at each of its steps. All end `ready`: one token, one activity, each step once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from steadymint.chain.nodes.rpc import DEFAULT_TIMEOUT
from steadymint.stack.part import Part
from tests.chaos.mints import Watched, ends_whole, nothing_else_was_minted, one_at_each_step
from tests.support.faulty_node import Fault, FaultyNode
from tests.support.full_stack import FullStack, until
from tests.support.people import Person

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["worker", "api", "temporal"])
async def test_a_kill_9_loses_and_doubles_nothing(full_stack: FullStack, name: str) -> None:
    part: Part = getattr(full_stack.stack, name)

    @asynccontextmanager
    async def killed() -> AsyncIterator[None]:
        before = part.pid
        await part.kill()
        yield
        await part.start()
        assert part.pid != before

    await mints_survive(full_stack, killed)


@pytest.mark.parametrize("name", ["postgres", "mongo", "valkey"])
async def test_a_restarted_store_loses_and_doubles_nothing(full_stack: FullStack, name: str) -> None:
    part: Part = getattr(full_stack.stack, name)

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        await part.stop()
        yield
        await part.start()

    await mints_survive(full_stack, away)


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.ERRORS, Fault.THROTTLE], ids=lambda fault: fault.name.lower())
async def test_a_bad_node_delays_and_loses_and_doubles_nothing(full_stack: FullStack, fault: Fault) -> None:
    node = FaultyNode(full_stack.stack.anvil.url)

    @asynccontextmanager
    async def misbehaving() -> AsyncIterator[None]:
        assert {"eth_getLogs", "eth_getTransactionReceipt"} <= set(node.answered), "the product asks this node"
        node.begin(fault)
        yield
        await asyncio.sleep(DEFAULT_TIMEOUT if fault is Fault.SILENCE else 2)  # past the first give-ups and cool-downs
        assert node.refused, "the fault was felt"
        node.recover()

    async with node.serving(), full_stack.nodes_at(node.url):
        await until(lambda: _asked(node), "the registry's change")
        await mints_survive(full_stack, misbehaving)


async def mints_survive(full_stack: FullStack, fault: Callable[[], AbstractAsyncContextManager[None]]) -> None:
    """The fault strikes four mints at once, each at another step, and a fifth is asked for in the middle of it.

    One block comes during it; the others not before somebody follows again what was in the pool.
    """
    async with full_stack.person() as person:
        contract = await full_stack.made(person)
        async with one_at_each_step(full_stack, person, contract) as mints:
            async with fault():
                await full_stack.blocks.mine()
                sending = asyncio.create_task(mints[0].send())
                asking = asyncio.create_task(Watched.begin(person, contract))
                await asyncio.sleep(1)
            await mints[1].until("confirming")
            async with full_stack.blocks.ticking():
                await sending
                asked = await asking
                await asked.send()
                token_ids = {await ends_whole(full_stack, mint, contract) for mint in [*mints, asked]}
        await nothing_else_was_minted(full_stack, contract, token_ids)
        assert len(token_ids) == 5
        await anybody_can_go_on(full_stack, person, contract)


async def anybody_can_go_on(full_stack: FullStack, person: Person, contract: str) -> None:
    """The next mint is none the worse for it."""
    prepared = await person.prepare_mint(contract)
    await person.send_and_track(prepared)
    async with full_stack.blocks.ticking():
        assert (await person.until_final(prepared["intentId"]))["step"] == "ready"


async def _asked(node: FaultyNode) -> bool:
    return bool(node.answered)
