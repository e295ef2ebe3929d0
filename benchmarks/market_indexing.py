"""The indexer over dense blocks of fills, against the node's own speed.

Baseline: the same spans by `eth_getLogs`, every byte read and dropped. Beside it, taking turns, the whole indexer into
a freshly migrated Postgres; its sales are counted after each run. Alone: `python -m benchmarks.market_indexing`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import uvloop
from eth_abi.abi import encode

from benchmarks import chains
from benchmarks.chains import Made, Maker
from benchmarks.indexer import BASELINE
from benchmarks.indexer_readings import Readings
from benchmarks.options import Options
from benchmarks.report import DidNotHappenError, Measure, print_notes
from migrations.runner import migrate_postgres
from steadymint.chain.nodes.chain import SEAPORT
from steadymint.domain.market.events import ORDER_FULFILLED
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import Deployment, deploy
from steadymint.stack.mongo import Mongo
from steadymint.stack.postgres import Postgres
from tests.support.local_chain import NODE_DIR

MARKET = "0x" + "5e" * 20
"""Where the contract stands that emits fills as Seaport does."""
MAKERS = 64
"""Accounts that sell, one in each block in turn."""
BUYER, FEES = "0x" + "b0" * 20, "0x" + "fe" * 20
NOBODY = "0x" + "0" * 40
_SIZE = 640
"""Bytes of the data of a fill of one token for a price in two parts."""


def emitter() -> str:
    """Runtime code: calldata is three words (first id, count, maker) and the data of a fill. For each id it emits
    `OrderFulfilled` with the id as the order's hash and the token's number."""
    loop = 0x11
    code = (
        f"61{_SIZE:04x}6060600037"  # the data into memory
        "600035"  # id
        "8060203501"  # end = id + count
        "90"  # id on top
        "5b"  # loop:
        "80600052"  # order hash
        "8060e052"  # token number
        "6000"  # topic 2: no zone
        "604035"  # topic 1: maker
        f"7f{ORDER_FULFILLED[2:]}"  # topic 0
        f"61{_SIZE:04x}6000a3"  # LOG3
        "600101"  # id + 1
        f"81811060{loop:02x}57"  # while id < end
        "00"
    )
    assert bytes.fromhex(code)[loop] == 0x5B, "the jump lands on its JUMPDEST"
    return "0x" + code


async def make(anvil: Anvil, contracts: Deployment, *, blocks: int, fills_per_block: int) -> Made:
    """`blocks` blocks of `fills_per_block` fills of listings of one collection."""
    async with Maker(anvil, contracts) as maker:
        (collection,) = await maker.created(1)
        await maker.rpc("anvil_setCode", MARKET, emitter())
        first = await maker.number() + 1
        for block in range(blocks):
            seller = f"0x{(0xA11CE << 80) + block % MAKERS:040x}"
            words = (block * fills_per_block + 1, fills_per_block, int(seller, 16))
            await maker.send(MARKET, "0x" + "".join(f"{word:064x}" for word in words) + _fill(collection, seller))
            await maker.rpc("evm_mine")
        last = await maker.number()
        await maker.rpc("anvil_mine", hex(chains.TAIL))
    return Made(anvil, contracts, [collection], blocks * fills_per_block, 0, first, last)


def _fill(collection: str, seller: str) -> str:
    types = ["bytes32", "address", "(uint8,address,uint256,uint256)[]", "(uint8,address,uint256,uint256,address)[]"]
    paid = [(0, NOBODY, 0, 975 * 10**15, seller), (0, NOBODY, 0, 25 * 10**15, FEES)]
    data = encode(types, (bytes(32), BUYER, [(2, collection, 0, 1)], paid))
    assert len(data) == _SIZE
    return data.hex()


class FillReadings(Readings):
    """Reads a chain of fills."""

    def __init__(self, made: Made, postgres: Postgres, mongo: Mongo) -> None:
        super().__init__(made, postgres, mongo)
        self.chain = replace(self.chain, roles={**self.chain.roles, MARKET: SEAPORT})

    async def check(self, dsn: str) -> None:
        """Raises DidNotHappenError if a fill, a sale or a wei of the volume is missing."""
        connection = await asyncpg.connect(dsn)
        try:
            row = await connection.fetchrow(
                "select (select count(*) from catalog_service.order_fills) as fills,"
                " (select count(*) from catalog_service.sales) as sales,"
                " (select sum(volume_all)::bigint from catalog_service.collection_stats) as volume"
            )
        finally:
            await connection.close()
        if row is None or tuple(row) != (self.made.logs,) * 3:
            raise DidNotHappenError(f"rows are missing: {dict(row or {})}")


@asynccontextmanager
async def _opened(blocks: int, fills_per_block: int) -> AsyncGenerator[FillReadings]:
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        anvil = Anvil(directory / "anvil", NODE_DIR, persist=False, extra=chains.ANVIL_OPTIONS)
        postgres = Postgres(directory / "postgres", database="migrated")
        mongo = Mongo(directory / "mongo")
        try:
            for part in (anvil, postgres, mongo):
                await part.start()
            await migrate_postgres(postgres.url)
            made = await make(anvil, await deploy(anvil), blocks=blocks, fills_per_block=fills_per_block)
            yield FillReadings(made, postgres, mongo)
        finally:
            for part in (mongo, postgres, anvil):
                await part.stop()


async def measure_fills(rounds: int, *, blocks: int, fills_per_block: int) -> list[Measure]:
    """The ways to read one chain of fills take turns."""
    baselines: list[float] = []
    indexed: list[float] = []
    async with _opened(blocks, fills_per_block) as bench:
        for number in range(rounds + 1):
            baseline, seconds = await bench.raw(), await bench.full(with_raw=False)
            if number:  # the first round warms up
                baselines.append(baseline)
                indexed.append(seconds)
        fills = bench.made.logs
    return [
        Measure(
            "indexer, dense blocks of fills",
            fills / statistics.median(indexed),
            "fills/s",
            baseline=fills / statistics.median(baselines),
            against=BASELINE,
            notes={"fills": fills, "blocks": blocks, "rounds": rounds},
        )
    ]


async def measure(options: Options) -> list[Measure]:
    """Fills a second over the node's own speed."""
    return await measure_fills(options.of(3, 1), blocks=options.of(200, 40), fills_per_block=250)


async def _alone(arguments: Sequence[str]) -> None:
    from rich.console import Console

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    measures = await measure(Options(quick=parser.parse_args(arguments).quick))
    print_notes(Console(), measures)
    for one in measures:
        print(f"{one.name:50} {one.median:10,.0f} of {one.baseline:10,.0f} fills/s  {one.over_baseline:.3f}")


if __name__ == "__main__":
    uvloop.run(_alone(sys.argv[1:]))
