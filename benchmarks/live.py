"""How late the catalog and its viewers are: from a block to the token's row, and from the N-th confirmation to `ready`.

The clock starts when the node answers that it has mined the block that makes the mint N deep. That one block puts the
row into the catalog and, in the same run, ends the wait of the intent's viewer, so one is the other's baseline: what
settling an intent, publishing it and streaming it adds to indexing it. For a block of many mints the two are also
subtracted: how much later than its row is the last viewer told?
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from benchmarks.options import Options
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from benchmarks.viewing import ViewingToTheEnd
from tests.support.full_stack import FullStack
from tests.support.people import Person

READY_GOAL = Goal("ratio", "<=", 3.0)
AFTER_THE_ROW_GOAL = Goal("median", "<=", 15.0)
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
        first = rounds + warm + 1
        blocks = range(options.of(11, 4))
        together = [await _many(full, alice, collection, first + number * BLOCK_OF) for number in blocks]
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
            [ready for _, ready in together[2:]],
            "ms",
            baseline=statistics.median(rows),
            against="block → row of one",
        ),
        of_samples(
            f"last of {BLOCK_OF} mints of a block → ready at a viewer, after their rows",
            [ready - row for row, ready in together[2:]],
            "ms",
            goal=AFTER_THE_ROW_GOAL,
        ),
    ]


async def _one(full: FullStack, alice: Person, collection: str, token: int) -> tuple[float, float]:
    """Milliseconds to the row of the token, and to `ready` at a viewer of its intent."""
    prepared = await alice.prepare_mint(collection)
    viewer = await _viewer(full, alice, prepared)
    await alice.send_and_track(prepared)
    await full.blocks.mine()
    await alice.until(prepared["intentId"], "confirming")
    mined = await _mine(full)
    row, ready = await asyncio.gather(_row(full, collection, token), _ready(viewer))
    return (row - mined) * 1000, (ready - mined) * 1000


async def _many(full: FullStack, alice: Person, collection: str, first_token: int) -> tuple[float, float]:
    """Milliseconds to the rows of a block's tokens, and until the last of their viewers has its `ready`. Each intent
    has a nonce of one wallet."""
    prepared = [await alice.prepare_mint(collection) for _ in range(BLOCK_OF)]
    nonce = await alice.wallet.nonce()
    viewers: list[ViewingToTheEnd] = []
    for number, one in enumerate(prepared):
        viewers.append(await _viewer(full, alice, one))
        await alice.send_and_track(one, nonce=nonce + number)
    await full.blocks.mine()
    for one in prepared:
        await alice.until(one["intentId"], "confirming")
    mined = await _mine(full)
    last = first_token + BLOCK_OF - 1
    row, *readies = await asyncio.gather(_row(full, collection, last), *(_ready(viewer) for viewer in viewers))
    return (row - mined) * 1000, (max(readies) - mined) * 1000


async def _mine(full: FullStack) -> float:
    await full.blocks.mine()
    return time.perf_counter()


async def _viewer(full: FullStack, alice: Person, prepared: dict[str, Any]) -> ViewingToTheEnd:
    """A viewer of the intent, who has seen it prepared."""
    url = urlsplit(full.stack.api_url)
    assert url.hostname is not None
    assert url.port is not None
    path = f"/v1/intents/{prepared['intentId']}/events"
    _, viewer = await asyncio.get_running_loop().create_connection(
        lambda: ViewingToTheEnd(url.netloc, path, alice.client.authorization), url.hostname, url.port
    )
    async with asyncio.timeout(30):
        while not viewer.events:
            await asyncio.sleep(0.005)
    return viewer


async def _ready(viewer: ViewingToTheEnd) -> float:
    """When the last step, `ready`, arrived by the status stream."""
    async with asyncio.timeout(60):
        await viewer.ended
    if viewer.steps != TOLD:
        raise DidNotHappenError(f"a viewer was told {viewer.steps}")
    return viewer.arrived


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
