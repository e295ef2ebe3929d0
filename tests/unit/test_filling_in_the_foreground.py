"""`steadymint up --with-gallery` in the foreground: what happens when the filling or a part fails. Both are fakes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from steadymint.cli import showcase
from steadymint.cli.up import fill_watched
from steadymint.stack.part import PartFailedError

HOME = Path("/nowhere")


async def test_a_filling_that_fails_is_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill(*_: object) -> int:
        return 1

    monkeypatch.setattr(showcase, "fill", fill)
    watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    assert await fill_watched(HOME, 1, watching) == 1
    assert not watching.done()


async def test_a_part_that_is_lost_ends_the_filling(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def fill(*_: object) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    monkeypatch.setattr(showcase, "fill", fill)
    watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    filling = asyncio.create_task(fill_watched(HOME, 1, watching))
    await begun.wait()
    watching.set_exception(PartFailedError("the worker keeps exiting"))
    with pytest.raises(PartFailedError, match="the worker keeps exiting"):
        await filling
    assert ended.is_set()
