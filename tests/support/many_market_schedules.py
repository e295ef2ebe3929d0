"""Thousands of random lives of a market, on all cores: `python -m tests.support.many_market_schedules`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AsyncExitStack
from multiprocessing import get_context
from pathlib import Path

import asyncpg

from migrations.runner import migrate_postgres
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.database import create_pool
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy
from steadymint.stack.market import open_market
from steadymint.stack.postgres import DISPOSABLE, Postgres
from tests.contracts.harness import Chain, CollectionInit, House
from tests.contracts.order_stage import set_stage
from tests.contracts.seaport import Seaport
from tests.support.local_chain import NODE_DIR, LocalChain
from tests.support.market_schedules import check
from tests.support.market_world import opened_world
from tests.support.trading import CHAIN

AT_ONCE = 50
"""Schedules of one chain and one database, which it takes two seconds to make."""
MOST_FAULTS = 5
"""Failed schedules after which the rest is not lived."""


def run(server: str, directory: str, seeds: range) -> list[str]:
    """What is wrong at the ends of these schedules."""
    logging.disable(logging.WARNING)  # the index warns of each reorg
    return asyncio.run(_lived(server, Path(directory), seeds))


async def _lived(server: str, directory: Path, seeds: range) -> list[str]:
    name, faults = f"market_{seeds.start}", list[str]()
    await _execute(server, f"create database {name} template schedules strategy file_copy")
    dsn = f"{server.rpartition('/')[0]}/{name}"
    async with AsyncExitStack() as stack:
        anvil = Anvil(directory / name, NODE_DIR, persist=False)
        stack.push_async_callback(anvil.stop)
        await anvil.start()
        chain = LocalChain(anvil, await deploy(anvil))
        evm, market = Chain(anvil.url), await open_market(anvil)
        at = chain.contracts
        house = House.of(evm, at.factory, at.implementation_erc721, at.implementation_erc1155)
        rpc = await stack.enter_async_context(RpcClient(CHAIN, [EndpointConfig(1, anvil.url)]))
        owner = evm.accounts[1]
        stage = set_stage(EvmClient(rpc), Seaport(evm, market), house, CollectionInit(owner=owner), owner)
        pool = await create_pool(dsn, min_size=1, max_size=4)
        stack.push_async_callback(pool.close)
        world = await stack.enter_async_context(opened_world(chain, stage, dsn, pool))
        for seed in seeds:
            try:
                await check(world, seed)
            except AssertionError as error:
                faults.append(str(error))
                if len(faults) == MOST_FAULTS:
                    break
    await _execute(server, f"drop database {name} with (force)")
    return faults


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(f"{server.rpartition('/')[0]}/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _served(directory: Path, first: int, count: int, processes: int) -> None:
    postgres = Postgres(directory / "postgres", database="schedules", settings=DISPOSABLE)
    await postgres.start()
    try:
        await migrate_postgres(postgres.url)
        await asyncio.to_thread(_spread, postgres.url, directory, range(first, first + count), processes)
    finally:
        await postgres.stop()


def _spread(server: str, directory: Path, seeds: range, processes: int) -> None:
    """Over one process for each core. Raises AssertionError with what is wrong."""
    rounds = [seeds[at : at + AT_ONCE] for at in range(0, len(seeds), AT_ONCE)]
    done, started, faults = 0, time.monotonic(), list[str]()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        lives = {pool.submit(run, server, str(directory), one): one for one in rounds}
        for finished in as_completed(lives):
            faults += finished.result()
            done += len(lives[finished])
            print(f"{done} schedules after {time.monotonic() - started:.0f} s, {len(faults)} wrong", flush=True)
            if len(faults) >= MOST_FAULTS:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    assert not faults, "\n\n".join(faults)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many live schedules at once")
    chosen = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="steadymint-market-") as name:
        Path(name).chmod(0o755)  # the server may run as another user
        asyncio.run(_served(Path(name), chosen.first, chosen.count, chosen.processes))
