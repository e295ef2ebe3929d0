"""Random lives of a catalog, and what a clean replay of the same chain gives.

A schedule is a chain of mints, batches, burns, mints again, approvals and lies, and how it is read: as a first reading
up to some block or live from the start, in batches of any width, with reorgs in between. The tables are compared row
for row, through the views. Many schedules live in one database, each a chain of its own, and are compared at once.
`python -m tests.support.many_schedules` runs thousands.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from steadymint.database import prepare_connection
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.store.chain_tables import open_tables
from steadymint.indexing.store.writer import SESSION, Writer
from steadymint.market.checking.causes import Causes
from tests.support.forged_trades import put_orders
from tests.support.indexing import catalog_of
from tests.support.projected import WIDE, Projected, begun, history

BLOCKS = 14
"""Of a schedule: enough for each thing to happen, few enough for thousands."""

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Schedule:
    """All of it follows from the seed."""

    seed: int

    @property
    def chain_id(self) -> ChainId:
        return ChainId(f"eip155:{self.seed + 1}")

    def plan(self) -> Plan:
        chance = random.Random(self.seed)
        lies = chance.choice((0.0, 0.0, 0.3))
        ids = chance.choice((range(8), WIDE, range(3)))
        trades = chance.choice((0.0, 0.3, 0.6))
        blocks = history(chance, BLOCKS, lies=lies, ids=ids, logs=chance.choice((2, 4, 8)), trades=trades)
        if chance.random() < 0.2:
            blocks = [[_counted_anew(log) for log in block] for block in blocks]
        first_reading = chance.random() < 0.6
        return Plan(self.chain_id, blocks, lies > 0, first_reading, chance.choice((0, 0, 1, 2)), chance)


def _counted_anew(log: Log) -> Log:
    """The log as a node gives it that counts through each transaction, of two logs each."""
    transaction, index = divmod(int(log.log_index, 16), 2)
    named = f"0x{int(log.block_number, 16) << 32 | transaction:064x}"
    return msgspec.structs.replace(
        log, transaction_hash=named, transaction_index=hex(transaction), log_index=hex(index)
    )


@dataclass(frozen=True)
class Plan:
    """One chain, and how it is read."""

    chain_id: ChainId
    blocks: list[list[Log]]
    lying: bool
    first_reading: bool
    reorgs: int
    chance: random.Random
    """For whatever is still to be decided."""

    @property
    def marks(self) -> bool:
        """Whether the mark of a contradiction is told: what contradicted itself before a reorg stays marked."""
        return not (self.reorgs and self.lying)


async def check(lived: str, replayed: str, schedules: Sequence[Schedule]) -> None:
    """Live and replay the schedules in two empty databases. Raises AssertionError if what they hold then differs."""
    plans = [schedule.plan() for schedule in schedules]
    await _fill(lived, plans, _live)
    await _fill(replayed, plans, _replay)
    unmarked = {plan.chain_id for plan in plans if not plan.marks}
    difference = _difference(await _rows(lived, unmarked), await _rows(replayed, unmarked))
    assert not difference, f"schedules {schedules[0].seed} to {schedules[-1].seed}: {difference}"
    unchecked = await _to_check(replayed) - await _to_check(lived)
    assert not unchecked, f"schedules {schedules[0].seed} to {schedules[-1].seed}: {unchecked} are not checked again"


async def _fill(dsn: str, plans: Sequence[Plan], fill: Callable[[Writer, str, Plan], Any]) -> None:
    """One after the other over one connection, whose plans of the statements they share."""
    connection = await asyncpg.connect(dsn, server_settings=SESSION)
    try:
        await prepare_connection(connection)
        for plan in plans:
            writer = Writer(connection, plan.chain_id, await open_tables(connection, plan.chain_id))
            await put_orders(connection, plan.chain_id, random.Random(plan.chain_id))
            await fill(writer, dsn, plan)
    finally:
        await connection.close()


async def _live(writer: Writer, dsn: str, plan: Plan) -> None:
    """Read the chain to its end, going back at times; a first reading is sealed somewhere on the way."""
    index, blocks, chance = await begun(writer, dsn, history=plan.first_reading), plan.blocks, plan.chance
    sealed_at = chance.randrange(len(blocks) + 1)
    turns = sorted(chance.randrange(1, len(blocks) + 1) for _ in range(plan.reorgs))
    for turn in (*turns, len(blocks)):
        if turn >= sealed_at:
            await index.take_all(blocks[:sealed_at], chance)
            await index.seal()
        await index.take_all(blocks[:turn], chance)
        if turn < len(blocks) or chance.random() < 0.2:
            await index.back_to(chance.randrange(index.checkpoint.block + 1))
    await index.take_all(blocks, chance)
    await index.seal()


async def _replay(writer: Writer, dsn: str, plan: Plan) -> None:
    index: Projected = await begun(writer, dsn)
    await index.take([one for block in plan.blocks for one in block], len(plan.blocks))


async def _rows(dsn: str, unmarked: Collection[ChainId]) -> Rows:
    """The catalog, without the marks of contradictions of these chains."""
    found = await catalog_of(dsn)
    found["collections"] = [
        tuple(item for item in row if item[0] != "inconsistent_reason" or dict(row)["chain_id"] not in unmarked)
        for row in found["collections"]
    ]
    return found


async def _to_check(dsn: str) -> set[UUID]:
    """The orders that the queue of causes concerns."""
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=1, init=prepare_connection)
    try:
        found: set[UUID] = set()
        for row in await pool.fetch("select distinct chain_id from catalog_service.order_causes"):
            causes = Causes(pool, row["chain_id"])
            found.update((await causes.part_of(await causes.take(BLOCKS, 10_000), 10_000, 10_000)).orders)
        return found
    finally:
        await pool.close()


def _difference(lived: Rows, replayed: Rows) -> str:
    for table, rows in lived.items():
        if rows != replayed[table]:
            only = [row for row in rows if row not in replayed[table]][:2]
            missing = [row for row in replayed[table] if row not in rows][:2]
            return f"{table}: {only} where {missing} belongs"
    return ""
