"""`steadymint up --with-gallery`: what happens when the filling, its counting or a part fails. All are fakes."""

from __future__ import annotations

import asyncio
import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from steadymint.cli import showcase, up
from steadymint.cli.up import fill_watched
from steadymint.stack.part import PartFailedError
from tests.unit.test_demo import DESCRIBED

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


async def test_why_a_part_was_lost_is_told_also_when_the_filling_then_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def fill(*_: object) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("the connection was closed")

    monkeypatch.setattr(showcase, "fill", fill)
    watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    filling = asyncio.create_task(fill_watched(HOME, 1, watching))
    await begun.wait()
    watching.set_exception(PartFailedError("the worker keeps exiting"))
    with pytest.raises(PartFailedError, match="the worker keeps exiting"):
        await filling


@pytest.mark.parametrize("marked", [True, False], ids=["filled already", "filled now"])
async def test_a_gallery_that_cannot_be_counted_is_there_all_the_same(
    marked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def uncounted(*_: object) -> None:
        raise OSError("the node does not answer")

    async def filled(_: showcase.Filling) -> None:
        return None

    monkeypatch.setattr(showcase, "_print", uncounted)
    monkeypatch.setattr(showcase, "planned", lambda *_: None)
    monkeypatch.setattr(showcase.Filling, "run", filled)
    (tmp_path / "stack.json").write_text(json.dumps(DESCRIBED))
    if marked:
        (tmp_path / "gallery.json").write_text(json.dumps({"state": "filled", "seed": 1, "contracts": [], "coin": ""}))
    said = Console(record=True, width=120, file=StringIO())
    assert await showcase.fill(tmp_path, 1, said) == 0
    assert "could not be counted: the node does not answer" in said.export_text()
    assert json.loads((tmp_path / "gallery.json").read_text())["state"] == "filled"


@pytest.mark.parametrize(("found", "stopped"), [(False, 1), (True, 0)], ids=["started for it", "found"])
def test_a_daemon_that_cannot_be_filled_is_stopped_if_it_was_started_for_it(
    found: bool, stopped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[Path] = []

    async def fill(*_: object) -> int:
        return 1

    monkeypatch.setattr(showcase, "fill", fill)
    monkeypatch.setattr(up.StackFiles, "running", lambda _: 7 if found else None)
    monkeypatch.setattr(up, "_detached", lambda *_: 0)
    monkeypatch.setattr(up, "stop", stops.append)
    assert up.detached(HOME, 1.0, 1) == 1
    assert len(stops) == stopped
