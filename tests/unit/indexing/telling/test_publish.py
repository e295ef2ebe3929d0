"""From the chain to the outbox: domain events follow the checkpoint, each once and in the order of the chain."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from steadymint.domain.types import ChainId
from steadymint.events.event import DomainEvent
from steadymint.indexing.telling import publish
from steadymint.indexing.telling.publish import PublishedElsewhereError, Publisher
from tests.support.forged_logs import ALICE, CATS, CHAIN, ZERO, transfer
from tests.support.indexing import BOB, Driver, Index
from tests.support.projected import creation, projected


async def outbox(pool: asyncpg.Pool) -> list[asyncpg.Record]:
    """The events in the outbox."""
    return await pool.fetch("select event_id, type, payload from event_service.outbox order by id")


class HeldPublisher(Publisher):
    """Hangs after it has read the blocks, until it is let go."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        super().__init__(pool, chain_id)
        self.asked, self.open = asyncio.Event(), asyncio.Event()

    async def _between(self, after: int, upto: int) -> list[DomainEvent]:
        found = await super()._between(after, upto)
        self.asked.set()
        await self.open.wait()
        return found


async def test_domain_events_of_blocks_that_came_instead_are_told_though_a_reorg_met_a_telling(
    driver: Driver, index: Index, pool: asyncpg.Pool
) -> None:
    publisher = HeldPublisher(pool, ChainId(driver.anvil.caip2))
    cats = await driver.create(0)
    await driver.anvil.mine(2)
    await index.catch_up()
    publisher.open.set()
    await publisher.run()
    publisher.open.clear()
    publisher.asked.clear()
    snapshot = await driver.anvil.rpc("evm_snapshot")
    gone = await driver.mint(cats, 1)
    await driver.anvil.mine(3)
    stop, back = asyncio.Event(), asyncio.Event()
    index.options |= {
        "publisher": publisher,
        "progress": lambda summary: back.set() if summary.reorgs and summary.lag <= 2 else None,
    }

    async with index.indexer() as indexer, asyncio.timeout(60):
        running = asyncio.ensure_future(indexer.run(stop))
        await publisher.asked.wait()  # the blocks are read, and their telling hangs
        await driver.anvil.rpc("evm_revert", snapshot)
        await driver.anvil.rpc("evm_increaseTime", hex(1000))
        instead = await driver.mint(cats, 1, sender=BOB)
        await driver.anvil.mine(5)
        await back.wait()
        publisher.open.set()
        while all(event["payload"]["txHash"] != instead for event in await outbox(pool)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        stop.set()
        await running
    assert all(event["payload"]["txHash"] != gone for event in await outbox(pool))


async def test_domain_events_follow_the_checkpoint_in_chain_order(
    driver: Driver, index: Index, pool: asyncpg.Pool
) -> None:
    publisher = Publisher(pool, ChainId(driver.anvil.caip2))
    cats = await driver.create(0)
    await driver.mint(cats, 3)
    await driver.anvil.mine(1)
    await index.catch_up()

    await publisher.run()

    events = await outbox(pool)
    places = [event["payload"]["blockNumber"] for event in events]
    assert places == sorted(places)
    types = [event["type"] for event in events]
    assert types[0] == "created.eip155-31337"
    assert types[-2:] == ["minted.eip155-31337", f"upserted.eip155-31337.{cats}.1"]
    assert events[-1]["payload"]["tokenIds"] == ["1", "2", "3"]
    await publisher.run()
    assert len(await outbox(pool)) == len(types)  # nothing new, nothing told


async def test_domain_events_of_blocks_that_are_told_again_have_the_same_ids(
    driver: Driver, index: Index, pool: asyncpg.Pool
) -> None:
    publisher = Publisher(pool, ChainId(driver.anvil.caip2))
    await driver.create(0)
    await driver.anvil.mine(1)
    await index.catch_up()

    await publisher.run()
    first = [event["event_id"] for event in await outbox(pool)]
    await pool.execute("update indexer_service.indexer_checkpoints set published_block = 0")
    await pool.execute("delete from event_service.outbox")  # as if everybody had been told
    await publisher.run()

    assert [event["event_id"] for event in await outbox(pool)] == first != []


async def test_domain_events_of_blocks_that_another_has_told_are_not_told_again(
    driver: Driver, index: Index, pool: asyncpg.Pool
) -> None:
    chain_id = ChainId(driver.anvil.caip2)
    held = HeldPublisher(pool, chain_id)
    await driver.create(0)
    await driver.anvil.mine(1)
    await index.catch_up()

    late = asyncio.ensure_future(held.run())
    await held.asked.wait()
    await Publisher(pool, chain_id).run()
    await pool.execute("delete from event_service.outbox")
    held.open.set()
    with pytest.raises(PublishedElsewhereError):
        await late
    assert await outbox(pool) == []


class NotingPublisher(Publisher):
    """Notes the last block of each transaction."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        super().__init__(pool, chain_id)
        self.ends: list[int] = []

    async def _between(self, after: int, upto: int) -> list[DomainEvent]:
        self.ends.append(upto)
        return await super()._between(after, upto)


async def test_blocks_with_many_movements_are_told_in_transactions_of_bounded_size(
    database: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "MOVEMENTS_AT_ONCE", 4)
    publisher = NotingPublisher(pool, CHAIN)
    moved = {2: 1, 3: 2, 4: 1, 5: 9, 6: 1}  # by block
    minted = [
        transfer(ZERO, ALICE, block << 8 | nth, block=block, index=nth)
        for block, count in moved.items()
        for nth in range(count)
    ]
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1, index=0), *minted], 6)
    await publisher.run()

    assert publisher.ends == [3, 4, 5, 6], "no more than four, but for the block that has more"
    told = [event for event in await outbox(pool) if event["type"].startswith("minted")]
    assert len(told) == sum(moved.values())
