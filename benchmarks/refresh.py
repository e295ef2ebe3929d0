"""What reading the metadata of 10,000 tokens costs, against a bare loop that fetches the same documents.

The gateway is a process of its own (`python -m benchmarks.refresh`), and answers at once: nothing but our own work is
between two documents. It is the operator's gateway of the stack's worker, so every document goes the whole way of an
`ipfs:` address: contract call, fetch, normalised document, rows, traits, ranks.

Then the same once more with a fifth of the answers failing, slow or wrong, less patiently than the product would be.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks import product
from benchmarks.options import Options
from benchmarks.processes import Meter, resident_kib
from benchmarks.report import DidNotHappenError, Goal, Measure
from steadymint.domain.refreshing import workflow_id_of
from steadymint.durable.queues import Queues
from steadymint.durable.refreshing import Refreshes
from steadymint.metadata import queue
from steadymint.settings import MetadataSettings
from steadymint.stack.ports import HOST, free_port
from tests.support.full_stack import FullStack, until
from tests.support.odd_collection import OddCollection

DIRECTORY = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
"""Any will do: the gateway does not look, and a file below a directory is believed to it."""
BAD_DIRECTORY = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"
"""Below this one the gateway is of the kind that one meets."""
TRAITS = 8
VALUES = 20
ROUNDS = 3
"""What the first take and the last does not is not growth."""
MAX_EVENTS, MAX_EVENTS_BAD = 200, 2000
PATIENCE = 600.0


async def measure(options: Options) -> list[Measure]:
    """Some collections one after the other, the last of them from the bad directory."""
    size = options.of(10_000, 1_000)
    concurrency = MetadataSettings().concurrency
    port = free_port()
    settings = {
        "STEADYMINT_METADATA__IPFS_GATEWAYS": json.dumps([f"http://{HOST}:{port}"]),
        "STEADYMINT_METADATA__PER_HOST": str(concurrency),  # politeness is not what is measured
        "STEADYMINT_METADATA__HOST_RATE": "1000000",
        "STEADYMINT_METADATA__TIMEOUT": "2",
        "STEADYMINT_METADATA__RETRY_FIRST": "2",
        "STEADYMINT_METADATA__MAX_ATTEMPTS": "3",
    }
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(gateway(port))
        running = await stack.enter_async_context(product.opened(variables=settings))
        full = running.full
        pid = full.stack.worker.pid
        assert pid is not None, "the worker runs"
        rates: list[float] = []
        bare: list[float] = []
        resident: list[int] = [resident_kib(pid)]
        meter = Meter({"worker": pid, "postgres": running.pids["postgres"]})
        events = 0
        for _ in range(ROUNDS):
            odd = await OddCollection.of(full, size)
            rates.append(size / await refreshed(full, odd, DIRECTORY, range(size)))
            events = await history_of(full, odd)
            bare.append(size / await bare_loop(f"http://{HOST}:{port}/ipfs/{DIRECTORY}", size, concurrency))
            await asyncio.sleep(2)
            resident.append(resident_kib(pid))
        spent = meter.each(ROUNDS * size)
        odd = await OddCollection.of(full, size)
        good = [number for number in range(size) if way_of(number) is None]
        bad_seconds = await refreshed(full, odd, BAD_DIRECTORY, good)
        bad_events = await history_of(full, odd)
        reasons = await failures_of(full, odd)
        bad_resident = resident_kib(pid)
    notes = {
        "tokens": size,
        "rates": [round(rate) for rate in rates],
        "bare": [round(rate) for rate in bare],
        "concurrency": concurrency,
        "ms per token": spent,
        "resident MiB": [round(kib / 1024, 1) for kib in resident],
    }
    return [
        Measure(
            "metadata, tokens read",
            statistics.median(rates),
            "tokens/s",
            statistics.median(bare),
            "a bare loop of the same fetches",
            notes=notes,
        ),
        Measure("metadata, worker after as many more", (resident[-1] - resident[-2]) / 1024, "MiB", notes=notes),
        Measure("metadata, history of one refresh", events, "events", goal=Goal("median", "<=", MAX_EVENTS)),
        Measure(
            "metadata with a fifth of the answers bad, history",
            bad_events,
            "events",
            goal=Goal("median", "<=", MAX_EVENTS_BAD),
            notes=reasons
            | {"seconds": round(bad_seconds, 1), "worker grew by MiB": round((bad_resident - resident[-1]) / 1024, 1)},
        ),
    ]


def way_of(number: int) -> str | None:
    """How the bad directory answers for this token: of a fifth, most fail or are wrong, and some hang."""
    if number % 5:
        return None
    kind = number // 5 % 10
    return "hangs" if kind == 0 else "fails" if kind < 5 else "is wrong"


async def history_of(full: FullStack, odd: OddCollection) -> int:
    return (await full.temporal.get_workflow_handle(workflow_id_of(odd.ref)).describe()).history_length


async def failures_of(full: FullStack, odd: OddCollection) -> dict[str, int]:
    """How many tokens are marked, by reason."""
    rows = await full.pool.fetch(
        "select split_part(metadata_error, ':', 1) as reason, count(*) as tokens from catalog_service.tokens"
        " where collection_id = $1 and metadata_status = 'failed' group by 1 order by 1",
        odd.id,
    )
    return {row["reason"]: row["tokens"] for row in rows}


async def refreshed(full: FullStack, odd: OddCollection, directory: str, good: Sequence[int]) -> float:
    """Seconds from the wake-up until the last row is written. Exactly the good ones must have been read."""
    await odd.say_all(f"ipfs://{directory}/")
    await odd.indexed()
    async with full.pool.acquire() as leased:
        connection: Any = leased
        await queue.enqueue_ranges(connection, [queue.whole(odd.id)], "import")
    begun = time.perf_counter()
    settings = full.stack.settings()
    await Refreshes(full.temporal, Queues(settings.temporal.task_queue_prefix)).wake(odd.ref)

    async def done() -> bool:
        return await full.pool.fetchval(
            "select exists (select from catalog_service.sync_state"
            " where collection_id = $1 and source = 'metadata' and status = 'done')",
            odd.id,
        )

    await until(done, f"{len(odd.drop.tokens)} tokens are read", PATIENCE)
    seconds = time.perf_counter() - begun
    found = await full.pool.fetch(
        "select token_number from catalog_service.tokens where collection_id = $1 and metadata_status = 'ok'", odd.id
    )
    links = await full.pool.fetchval(
        "select count(*) from catalog_service.token_trait_links l"
        " join catalog_service.traits t on t.id = l.trait_id where t.collection_id = $1",
        odd.id,
    )
    if {row["token_number"] for row in found} != set(good) or links != len(good) * TRAITS:
        raise DidNotHappenError(f"{len(found)} tokens were read of {len(good)}, with {links} traits")
    await full.temporal.get_workflow_handle(workflow_id_of(odd.ref)).result()
    return seconds


async def bare_loop(root: str, size: int, concurrency: int) -> float:
    """Seconds for the same documents, read and parsed, nothing else."""
    numbers = iter(range(size))
    begun = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:

        async def work() -> None:
            for number in numbers:
                async with session.get(f"{root}/{number}") as answer:
                    json.loads(await answer.read())

        await asyncio.gather(*(work() for _ in range(concurrency)))
    return time.perf_counter() - begun


@asynccontextmanager
async def gateway(port: int) -> AsyncGenerator[None]:
    """Other people's server, in a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.refresh", str(port))
    try:
        async with aiohttp.ClientSession() as session:

            async def answers() -> bool:
                try:
                    async with session.get(f"http://{HOST}:{port}/ipfs/x/1") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await until(answers, "the gateway answers")
        yield
    finally:
        process.terminate()
        await process.wait()


async def serve(port: int) -> None:
    """Documents of a kilobyte, as generative collections have them."""

    async def handle(request: web.Request) -> web.Response:
        number = int(request.path.rpartition("/")[2])
        way = way_of(number) if BAD_DIRECTORY in request.path else None
        if way == "hangs":
            await asyncio.sleep(60)
        if way == "fails":
            return web.Response(status=502)
        if way == "is wrong":
            return web.Response(text="<html>A page</html>", content_type="application/json")
        traits = [{"trait_type": f"Trait {at}", "value": f"Value {number * (at + 7) % VALUES}"} for at in range(TRAITS)]
        document = {
            "name": f"Token #{number}",
            "description": "One of ten thousand. " * 10,
            "image": f"ipfs://{DIRECTORY}/{number}.png",
            "attributes": traits,
        }
        return web.json_response(document)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    await asyncio.Event().wait()


def main(arguments: Sequence[str]) -> None:
    asyncio.run(serve(int(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
