"""Random lives of a catalog, and what a clean replay of the same chain gives: `python -m tests.support.schedules`.

A schedule is a chain of mints, batches, burns, mints again, approvals and lies, and how it is read: as a first reading
up to some block or live from the start, in batches of any width, with reorgs in between. The tables are compared row
for row, through the views.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from migrations.runner import migrate_postgres
from steadymint.indexing.reading.logs import Log
from steadymint.stack.postgres import Postgres
from tests.support.indexing import catalog_of
from tests.support.projected import WIDE, Projected, history, projected

BLOCKS = 14
"""Of a schedule: enough for each thing to happen, few enough for thousands."""

# Everything but the accounts, whose numbers outlive all. Partitions go with their chain.
_EMPTY = """
do $$
declare
    one text;
begin
    for one in select inhrelid::regclass::text from pg_inherits
        where inhparent in ('catalog_service.movements'::regclass, 'catalog_service.items'::regclass)
    loop
        execute 'drop table ' || one;
    end loop;
    for one in select oid::regclass::text from pg_class
        where relkind = 'r' and oid::regclass::text ~ '^catalog_service[.](movements|items)_[0-9]+$'
    loop
        execute 'drop table ' || one;
    end loop;
end $$;
delete from catalog_service.collections;
delete from catalog_service.unit_balances;
delete from catalog_service.holders;
delete from catalog_service.suspicions;
delete from catalog_service.metadata_queue;
delete from catalog_service.processed_events;
delete from catalog_service.collection_events;
delete from catalog_service.collection_roles;
delete from catalog_service.chain_numbers;
delete from indexer_service.indexer_checkpoints;
delete from indexer_service.recent_blocks;
delete from indexer_service.intent_sightings;
"""


@dataclass(frozen=True)
class Schedule:
    """All of it follows from the seed."""

    seed: int

    @property
    def chance(self) -> random.Random:
        return random.Random(self.seed)

    def blocks(self, chance: random.Random) -> tuple[list[list[Log]], bool]:
        """The chain, and whether its contracts lie."""
        lies = chance.choice((0.0, 0.0, 0.3))
        ids = chance.choice((range(8), WIDE, range(3)))
        blocks = history(chance, BLOCKS, lies=lies, ids=ids, logs=chance.choice((2, 4, 8)))
        if chance.random() < 0.2:
            blocks = [[_counted_anew(log) for log in block] for block in blocks]
        return blocks, lies > 0


def _counted_anew(log: Log) -> Log:
    """The log as a node gives it that counts through each transaction, of two logs each."""
    transaction, index = divmod(int(log.log_index, 16), 2)
    named = f"0x{int(log.block_number, 16) << 32 | transaction:064x}"
    return msgspec.structs.replace(
        log, transaction_hash=named, transaction_index=hex(transaction), log_index=hex(index)
    )


async def check(dsn: str, schedule: Schedule) -> None:
    """Raise AssertionError if what was lived and what is replayed differ."""
    chance = schedule.chance
    blocks, lying = schedule.blocks(chance)
    first_reading = chance.random() < 0.6
    reorgs = chance.choice((0, 0, 1, 2))
    await _empty(dsn)
    async with projected(dsn, history=first_reading) as index:
        await _live(index, blocks, chance, reorgs)
    lived = await _rows(dsn, marks=not (reorgs and lying))
    await _empty(dsn)
    async with projected(dsn) as index:
        await index.take([one for block in blocks for one in block], len(blocks))
    replayed = await _rows(dsn, marks=not (reorgs and lying))
    assert lived == replayed, f"schedule {schedule.seed}: {_difference(lived, replayed)}"


async def _live(index: Projected, blocks: list[list[Log]], chance: random.Random, reorgs: int) -> None:
    """Read the chain to its end, going back `reorgs` times; a first reading is sealed somewhere on the way."""
    sealed_at = chance.randrange(len(blocks) + 1)
    turns = sorted(chance.randrange(1, len(blocks) + 1) for _ in range(reorgs))
    for turn in (*turns, len(blocks)):
        if turn >= sealed_at:
            await index.take_all(blocks[:sealed_at], chance)
            await index.seal()
        await index.take_all(blocks[:turn], chance)
        if turn < len(blocks) or chance.random() < 0.2:
            await index.back_to(chance.randrange(index.checkpoint.block + 1))
    await index.take_all(blocks, chance)
    await index.seal()


async def _rows(dsn: str, *, marks: bool) -> dict[str, Any]:
    """The catalog. Without `marks`, what contradicted itself before a reorg is not told from what does now."""
    found = await catalog_of(dsn)
    if not marks:
        found["collections"] = [
            tuple(item for item in row if item[0] != "inconsistent_reason") for row in found["collections"]
        ]
    return found


def _difference(lived: dict[str, Any], replayed: dict[str, Any]) -> str:
    for table, rows in lived.items():
        if rows != replayed[table]:
            only = [row for row in rows if row not in replayed[table]][:2]
            missing = [row for row in replayed[table] if row not in rows][:2]
            return f"{table}: {only} where {missing} belongs"
    return ""


async def _empty(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_EMPTY)
    finally:
        await connection.close()


async def _run(directory: Path, first: int, count: int) -> None:
    postgres = Postgres(directory / "postgres", database="schedules")
    await postgres.start()
    try:
        await migrate_postgres(postgres.url)
        for seed in range(first, first + count):
            await check(postgres.url, Schedule(seed))
            if (seed - first + 1) % 100 == 0:
                print(f"{seed - first + 1} schedules agree", flush=True)
    finally:
        await postgres.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    chosen = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="steadymint-schedules-") as name:
        Path(name).chmod(0o755)  # the server may run as another user
        asyncio.run(_run(Path(name), chosen.first, chosen.count))
