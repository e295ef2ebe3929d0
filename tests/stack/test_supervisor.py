"""The supervisor of a stack: a part that exits or hangs is started again, and one that is merely slow is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from steadymint.stack.part import Part
from steadymint.stack.report import State
from steadymint.stack.supervisor import Patience, Supervisor
from steadymint.stack.valkey import Valkey

SHORT = Patience(ask_every=0.1, timeout=0.5, silences=3)
LONG = Patience()
"""Nothing hangs for so long because the machine is busy."""


class Reports:
    def __init__(self) -> None:
        self.failures: list[str] = []

    def __call__(self, part: str, state: State, seconds: float, detail: str) -> None:
        if state is State.FAILED:
            self.failures.append(detail)


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def patience() -> Patience:
    return SHORT


@pytest.fixture
async def valkey(tmp_path: Path, reports: Reports, patience: Patience) -> AsyncIterator[Valkey]:
    part = Valkey(tmp_path / "valkey")
    await part.start()
    supervising = asyncio.create_task(Supervisor(lambda: (part,), reports, Part.start, patience).run())
    try:
        yield part
    finally:
        supervising.cancel()
        await asyncio.gather(supervising, return_exceptions=True)
        await part.stop()


async def another_process(part: Part, before: int | None) -> None:
    async with asyncio.timeout(60):
        while part.pid in (None, before) or not await answers(part):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def answers(part: Part) -> bool:
    try:
        async with asyncio.timeout(1):
            return await part.alive()
    except OSError:
        return False


async def test_a_part_that_hangs_is_started_again_with_its_data(valkey: Valkey, reports: Reports) -> None:
    async with Redis.from_url(valkey.url) as client:
        await client.set("kept", "yes")
    before = valkey.pid
    valkey.pause()
    await another_process(valkey, before)
    assert reports.failures[0].startswith("hangs")
    async with Redis.from_url(valkey.url, decode_responses=True) as client:
        assert await client.get("kept") == "yes"


@pytest.mark.parametrize("patience", [LONG])
async def test_a_part_that_exits_is_started_again(valkey: Valkey, reports: Reports) -> None:
    before = valkey.pid
    await valkey.kill()
    await another_process(valkey, before)
    assert reports.failures == ["exited with -9"]


async def test_a_part_that_is_silent_for_a_moment_goes_on(valkey: Valkey, reports: Reports) -> None:
    before = valkey.pid
    valkey.pause()
    await asyncio.sleep(SHORT.timeout)
    valkey.resume()
    await asyncio.sleep(5 * SHORT.timeout)
    assert (valkey.pid, reports.failures) == (before, [])
