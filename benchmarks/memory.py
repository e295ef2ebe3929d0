"""What an open intent costs a worker that waits for it.

First intents whose wallet has not answered: a workflow in the cache each, up to the cache's cap, so that the second
thousand must cost nothing. Then intents whose transaction is followed: an activity each, and no cap but the queue's.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from benchmarks import product
from benchmarks.options import Options
from benchmarks.processes import resident_kib
from benchmarks.report import DidNotHappenError, Measure
from steadymint.intents.unknown_hashes import MAX_UNKNOWN
from steadymint.settings import WorkerSettings
from tests.support.full_stack import FullStack, until
from tests.support.people import Person

AT_ONCE = 16


async def measure(options: Options) -> list[Measure]:
    """Three times as many intents as the cache holds workflows, then some of them followed. On a worker of its own: one
    that has done other work has memory to spare, and would hide some of it."""
    cap, tracked = options.of(WorkerSettings().max_cached_workflows, 200), options.of(1000, 200)
    async with product.opened(variables={"STEADYMINT_WORKER__MAX_CACHED_WORKFLOWS": str(cap)}) as running:
        return await _measure(running.full, cap, tracked)


async def _measure(full: FullStack, cap: int, tracked: int) -> list[Measure]:
    pid = full.stack.worker.pid
    assert pid is not None, "the worker runs"
    intents: list[tuple[Person, str]] = []
    resident: list[int] = []
    async with AsyncExitStack() as stack:
        # One more than would do: their intents do not take turns exactly, and none may have more than that followed.
        people = [await stack.enter_async_context(full.person()) for _ in range(tracked // MAX_UNKNOWN + 1)]
        owners = itertools.cycle([(person, await full.made(person)) for person in people])

        async def open_one() -> None:
            person, collection = next(owners)
            intents.append((person, (await person.prepare_mint(collection))["intentId"]))

        await _repeat(open_one, cap // 4)  # whatever is made once is made now
        for _ in range(3):
            resident.append(await _settled(pid))
            await _repeat(open_one, cap)
        resident.append(await _settled(pid))
        followed = resident[-1]
        waiting = iter(intents[-tracked:])

        async def track_one() -> None:
            person, intent_id = next(waiting)
            answer = await person.track(intent_id, "0x" + os.urandom(32).hex())
            if answer.status != 202:
                raise DidNotHappenError(f"a hash was answered {answer.status}: {answer.body}")

        await _repeat(track_one, tracked)
        following = await _settled(pid) - followed
        await _check(full, people, len(intents), tracked)
    first, *further = (after - before for before, after in itertools.pairwise(resident))
    notes = {"resident MiB": [round(kib / 1024, 1) for kib in resident], "cache": cap}
    return [
        Measure("worker, 1,000 open intents", first * 1000 / cap / 1024, "MiB", notes=notes),
        Measure("worker, 1,000 more past the cache's cap", further[-1] * 1000 / cap / 1024, "MiB", notes=notes),
        Measure("worker, 1,000 followed transactions", following * 1000 / tracked / 1024, "MiB"),
    ]


async def _repeat(call: Callable[[], Awaitable[None]], count: int) -> None:
    left = count

    async def work() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _settled(pid: int) -> int:
    """KiB, once what was going on is over."""
    await asyncio.sleep(2)
    return resident_kib(pid)


async def _check(full: FullStack, people: Sequence[Person], opened: int, tracked: int) -> None:
    async def counts() -> bool:
        row = await full.pool.fetchrow(
            "select count(*) filter (where step in ('prepared', 'tracked')) as opened,"
            " count(*) filter (where step = 'tracked') as tracked"
            " from orchestrator_service.tx_intents where account = any($1)",
            [person.wallet.address.lower() for person in people],
        )
        assert row is not None
        return (row["opened"], row["tracked"]) == (opened, tracked)

    await until(counts, f"{opened} open intents, {tracked} of them followed")
