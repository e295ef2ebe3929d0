"""A part fails while an intent stands at each of its steps. All end `ready`: one token, one row, each step once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from steadymint.chain.nodes.rpc import DEFAULT_TIMEOUT
from steadymint.stack.part import Part
from tests.chaos.watching import Prepare, Watched, ends_whole, mint_of, nothing_else_was_minted, one_at_each_step
from tests.support.faulty_node import Fault as NodeFault
from tests.support.faulty_node import FaultyNode
from tests.support.full_stack import FullStack, until
from tests.support.people import Person
from tests.support.shop import Shop

pytestmark = pytest.mark.slow


Fault = Callable[[], AbstractAsyncContextManager[None]]


def kill_of(part: Part) -> Fault:
    @asynccontextmanager
    async def killed() -> AsyncIterator[None]:
        before = part.pid
        await part.kill()
        yield
        await part.start()
        assert part.pid != before

    return killed


@pytest.mark.parametrize("name", ["worker", "temporal", pytest.param("api", marks=pytest.mark.long)])
async def test_a_kill_9_loses_and_doubles_nothing(full_stack: FullStack, name: str) -> None:
    await mints_survive(full_stack, kill_of(getattr(full_stack.stack, name)))


async def test_a_kill_9_of_the_worker_between_the_fill_and_the_index_leaves_one_sale(
    full_stack: FullStack, shop: Shop
) -> None:
    """And at every other step of a purchase. The index is the worker's as well."""
    async with full_stack.person() as buyer:
        await all_survive(full_stack, kill_of(full_stack.stack.worker), buyer, shop.prepare, shop.contract)


@pytest.mark.parametrize(
    "name", ["postgres", *(pytest.param(name, marks=pytest.mark.long) for name in ("mongo", "valkey"))]
)
async def test_a_restarted_store_loses_and_doubles_nothing(full_stack: FullStack, name: str) -> None:
    part: Part = getattr(full_stack.stack, name)

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        await part.stop()
        yield
        await part.start()

    await mints_survive(full_stack, away)


@pytest.mark.parametrize(
    "fault",
    [
        NodeFault.ERRORS,
        pytest.param(NodeFault.SILENCE, marks=pytest.mark.long),
        pytest.param(NodeFault.THROTTLE, marks=pytest.mark.long),
    ],
    ids=lambda fault: fault.name.lower(),
)
async def test_a_bad_node_delays_and_loses_and_doubles_nothing(full_stack: FullStack, fault: NodeFault) -> None:
    node = FaultyNode(full_stack.stack.anvil.url)

    @asynccontextmanager
    async def misbehaving() -> AsyncIterator[None]:
        assert {"eth_getLogs", "eth_getTransactionReceipt"} <= set(node.answered), "the product asks this node"
        node.begin(fault)
        yield
        await asyncio.sleep(
            DEFAULT_TIMEOUT if fault is NodeFault.SILENCE else 2
        )  # past the first give-ups and cool-downs
        assert node.refused, "the fault was felt"
        node.recover()

    async with node.serving(), full_stack.nodes_at(node.url):
        await until(lambda: _asked(node), "the registry's change")
        await mints_survive(full_stack, misbehaving)


async def mints_survive(full_stack: FullStack, fault: Fault) -> None:
    async with full_stack.person() as person:
        contract = await full_stack.made(person)
        token_ids = await all_survive(full_stack, fault, person, mint_of(contract), contract)
        await nothing_else_was_minted(full_stack, contract, token_ids)
        await anybody_can_go_on(full_stack, person, contract)


async def all_survive(full_stack: FullStack, fault: Fault, person: Person, prepare: Prepare, contract: str) -> set[str]:
    """The fault strikes four intents at once, each at another step, and a fifth is asked for in the middle of it. The
    ids of the five tokens.

    One block comes during it; the others not before somebody follows again what was in the pool.
    """
    async with one_at_each_step(full_stack, person, prepare) as standing:
        async with fault():
            await full_stack.blocks.mine()
            sending = asyncio.create_task(standing[0].send())
            asking = asyncio.create_task(Watched.begin(person, prepare))
            await asyncio.sleep(1)
        await standing[1].until("confirming")
        async with full_stack.blocks.ticking():
            await sending
            asked = await asking
            await asked.send()
            token_ids = {await ends_whole(full_stack, one, contract) for one in [*standing, asked]}
    assert len(token_ids) == 5
    return token_ids


async def anybody_can_go_on(full_stack: FullStack, person: Person, contract: str) -> None:
    """The next mint is none the worse for it."""
    prepared = await person.prepare_mint(contract)
    await person.send_and_track(prepared)
    async with full_stack.blocks.ticking():
        assert (await person.until_final(prepared["intentId"]))["step"] == "ready"


async def _asked(node: FaultyNode) -> bool:
    return bool(node.answered)
