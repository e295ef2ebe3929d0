"""How late the catalog and its viewers are: from a block to the token's row, and from the N-th confirmation to `ready`.

The clock starts when the node answers that it has mined the block that makes the mint N deep. That one block puts the
row into the catalog and, in the same run, ends the wait of the intent's viewer, so one is the other's baseline: what
settling an intent, publishing it and streaming it adds to indexing it.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

from benchmarks.options import Options
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from tests.support.full_stack import FullStack
from tests.support.people import Person

READY_GOAL = Goal("ratio", "<=", 3.0)
LOOK_EVERY = 0.0005
"""Seconds between two looks for the row; what it adds to its latency is half of that and a query."""
TOLD = ["prepared", "tracked", "confirming", "indexed", "ready"]
BLOCK_OF = 50
"""Mints in the block of the second part."""


async def measure(product: Product, options: Options) -> list[Measure]:
    """One mint per block, then a block of fifty."""
    full = product.full
    rounds, warm = options.of(100, 25), 5
    rows: list[float] = []
    readies: list[float] = []
    async with full.person() as alice:
        collection = await full.made(alice)
        for number in range(rounds + warm):
            row, ready = await _one(full, alice, collection, number + 1)
            if number >= warm:
                rows.append(row)
                readies.append(ready)
        together = [await _many(full, alice, collection) for _ in range(options.of(9, 3))]
    return [
        of_samples("block → catalog row", rows, "ms"),
        of_samples(
            "N-th confirmation → ready at a viewer",
            readies,
            "ms",
            baseline=statistics.median(rows),
            against="block → row",
            goal=READY_GOAL,
        ),
        of_samples(
            f"the same, last of {BLOCK_OF} mints of a block",
            together,
            "ms",
            baseline=statistics.median(rows),
            against="block → row of one",
        ),
    ]


async def _one(full: FullStack, alice: Person, collection: str, token: int) -> tuple[float, float]:
    """Milliseconds to the row of the token, and to `ready` at a viewer of its intent."""
    watching = await _confirming(full, alice, await alice.prepare_mint(collection))
    mined = await _mine(full)
    row, ready = await asyncio.gather(_row(full, collection, token), watching)
    return (row - mined) * 1000, (ready - mined) * 1000


async def _many(full: FullStack, alice: Person, collection: str) -> float:
    """Milliseconds until the last of many viewers has its `ready`. Each intent has a nonce of one wallet."""
    prepared = [await alice.prepare_mint(collection) for _ in range(BLOCK_OF)]
    first = await alice.wallet.nonce()
    watching: list[asyncio.Task[float]] = []
    for number, one in enumerate(prepared):
        watching.append(asyncio.create_task(_ready(alice, one["intentId"])))
        await alice.send_and_track(one, nonce=first + number)
    await full.blocks.mine()
    for one in prepared:
        await alice.until(one["intentId"], "confirming")
    mined = await _mine(full)
    return (max(await asyncio.gather(*watching)) - mined) * 1000


async def _confirming(full: FullStack, alice: Person, prepared: dict[str, Any]) -> asyncio.Task[float]:
    """The intent one block short of final, and a viewer of it."""
    watching = asyncio.create_task(_ready(alice, prepared["intentId"]))
    await alice.send_and_track(prepared)
    await full.blocks.mine()
    await alice.until(prepared["intentId"], "confirming")
    return watching


async def _mine(full: FullStack) -> float:
    await full.blocks.mine()
    return time.perf_counter()


async def _ready(alice: Person, intent_id: str) -> float:
    """When `ready` arrived by the status stream."""
    steps = [event.step async for event in alice.api.events(intent_id)]
    arrived = time.perf_counter()
    if steps != TOLD:
        raise DidNotHappenError(f"the viewer of {intent_id} was told {steps}")
    return arrived


async def _row(full: FullStack, collection: str, token: int) -> float:
    """When the token was in the catalog."""
    async with full.pool.acquire() as connection, asyncio.timeout(30):
        while not await connection.fetchval(
            "select exists (select from catalog_service.tokens where contract_address = $1 and token_number = $2)",
            collection.lower(),
            token,
        ):
            await asyncio.sleep(LOOK_EVERY)
        return time.perf_counter()
