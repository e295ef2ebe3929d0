"""Whatever makers, takers, time and reorgs do: an order is active if and only if it can be filled."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import asyncpg
import pytest
from web3.contract.contract import ContractFunction

from tests.contracts.order_stage import Stage
from tests.support.local_chain import LocalChain
from tests.support.market_schedules import Life, check
from tests.support.market_truth import faults
from tests.support.market_world import CONFIRMATIONS, World, opened_world
from tests.support.trading import handed_in


@pytest.fixture
async def world(stage: Stage, chain: LocalChain, database: str, pool: asyncpg.Pool) -> AsyncIterator[World]:
    async with opened_world(chain, stage, database, pool) as world:
        yield world


async def test_no_order_is_active_that_a_purchase_would_revert(world: World) -> None:
    """The long form is `make market-schedules`."""
    for seed in range(8):
        await check(world, seed)


async def test_a_reorg_takes_back_what_was_seen_before_and_after_the_index_has_read_it(world: World) -> None:
    """An approval is withdrawn and given again. The check between finds the order as it was, so it leaves no trace in
    the row; then the block in which it was given again leaves the chain."""
    stage = world.stage
    functions = stage.cats.functions
    for is_read in (False, True):
        life = Life(world, random.Random(0), clock=world.begun_at)
        await world.go_back()
        await world.trading.take(handed_in(world.orders[0]))
        await life.mined(*[[]] * CONFIRMATIONS)
        await life.follow()
        await life.mined([_by_seller(stage, functions.setApprovalForAll(stage.conduit, False))])
        snapshot = await world.rpc("evm_snapshot")
        again = [_by_seller(stage, functions.setApprovalForAll(stage.conduit, True))]
        await life.mined(*([again, [], []] if is_read else [[], again]))
        await life.follow()
        await world.rpc("evm_revert", snapshot)
        await life.mined(*[[]] * (CONFIRMATIONS + 1))
        await life.follow()
        assert await faults(world, life.clock) == []
        assert await _status(world) == "inactive"


def _by_seller(stage: Stage, call: ContractFunction) -> tuple[str, ContractFunction, int]:
    return stage.seller, call, 0


async def _status(world: World) -> str:
    return await world.trading.pool.fetchval("select status from catalog_service.orders")
