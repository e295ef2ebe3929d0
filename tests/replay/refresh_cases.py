"""How the refreshing of a collection's metadata goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.refreshing import REFRESH_METADATA, WAKE, workflow_id_of
from steadymint.durable.refreshing import Refreshes
from tests.replay.stage import Stage, case
from tests.support.scripted_refresh import COLLECTION, NOTHING, REST, SOME, ScriptedReader, serving, waiting


async def _refreshed(stage: Stage, reader: ScriptedReader, act: Callable[[Any, Refreshes], Awaitable[None]]) -> str:
    """Wakes the flow, acts, and lets it end."""
    async with serving(stage.client, reader, prefix=f"{uuid4().hex[:8]}-") as refreshes:
        assert await refreshes.wake(COLLECTION)
        handle: Any = stage.client.get_workflow_handle(workflow_id_of(COLLECTION))
        await act(handle, refreshes)
        await handle.result()
        return handle.id


async def _nothing_else(_: Any, __: Refreshes) -> None:
    return


@case(REFRESH_METADATA, "read-and-ranked")
async def read_and_ranked(stage: Stage) -> str:
    return await _refreshed(stage, ScriptedReader(SOME, REST), _nothing_else)


@case(REFRESH_METADATA, "nothing-to-do")
async def nothing_to_do(stage: Stage) -> str:
    return await _refreshed(stage, ScriptedReader(NOTHING), _nothing_else)


@case(REFRESH_METADATA, "waited-for-a-server")
async def waited(stage: Stage) -> str:
    reader = ScriptedReader(SOME, waiting(3600), waiting(7200, read=0), REST)

    async def act(handle: Any, _: Refreshes) -> None:
        for batches in (2, 3):
            await reader.until_read(batches)
            await stage.skipper.fast_forward(handle, timedelta(hours=3))

    return await _refreshed(stage, reader, act)


@case(REFRESH_METADATA, "woken-while-it-waited")
async def woken_while_it_waited(stage: Stage) -> str:
    reader = ScriptedReader(waiting(3600), REST)

    async def act(_: Any, refreshes: Refreshes) -> None:
        await reader.until_read(1)
        await refreshes.wake(COLLECTION)
        await reader.until_read(2)

    return await _refreshed(stage, reader, act)


@case(REFRESH_METADATA, "woken-while-it-read")
async def woken_while_it_read(stage: Stage) -> str:
    reader = ScriptedReader(REST, REST)
    reader.gate.clear()

    async def act(handle: Any, _: Refreshes) -> None:
        await reader.until_read(1)
        await handle.signal(WAKE)
        reader.gate.set()

    return await _refreshed(stage, reader, act)


@case(REFRESH_METADATA, "a-node-was-down")
async def node_down(stage: Stage) -> str:
    return await _refreshed(stage, ScriptedReader(UpstreamUnavailableError(), REST), _nothing_else)


@case(REFRESH_METADATA, "rows-were-held")
async def rows_were_held(stage: Stage) -> str:
    held = NOTHING.model_copy(update={"due": 3})

    async def act(handle: Any, _: Refreshes) -> None:
        await reader.until_read(1)
        await stage.skipper.fast_forward(handle, timedelta(seconds=2))

    reader = ScriptedReader(held, REST)
    return await _refreshed(stage, reader, act)


@case(REFRESH_METADATA, "not-ranked")
async def not_ranked(stage: Stage) -> str:
    reader = ScriptedReader(REST)
    reader.rank_errors = [RuntimeError("no rank")] * 8

    async def act(handle: Any, _: Refreshes) -> None:
        for _attempt in range(8):
            if not reader.rank_errors:
                return
            await stage.skipper.fast_forward(handle, timedelta(minutes=3))

    return await _refreshed(stage, reader, act)
