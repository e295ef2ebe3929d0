"""The flows of media, on real stores and a real decoder; the pinning services are fakes that speak the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle

from steadymint.domain.errors import MediaRefusedError
from steadymint.domain.media import MediaId
from steadymint.domain.media_flows import PROCESS_MEDIA, SWEEP_MEDIA, SweepOrder
from steadymint.durable.client import data_converter
from steadymint.durable.media_flows import ensure_schedules
from steadymint.durable.queues import Queues
from steadymint.media.decoder import Decoder
from steadymint.media.pinning import KuboPinner, ServicePinner
from steadymint.media.states import STALLED_AFTER
from steadymint.settings import MediaSettings, Settings
from steadymint.stack.temporal import Temporal
from tests.support.media_api import picture
from tests.support.media_flows import WIDTHS, MediaBench, NoRenderer, media_bench
from tests.support.pictures import animated, scene
from tests.support.pinning import FakeKubo, FakePinningService
from workers.media_adapters import AssetRecords

MAX_EVENTS = 12
"""Start, three workflow tasks of three events less one, one activity of three, end."""


@pytest.fixture(scope="module")
async def decoder() -> AsyncIterator[Decoder]:
    async with Decoder(MediaSettings(decoders=1)) as opened:
        yield opened


@pytest.fixture
async def bench(temporal_client: Client, mongo: str, tmp_path: Path, decoder: Decoder) -> AsyncIterator[MediaBench]:
    async with media_bench(temporal_client, mongo, tmp_path, decoder) as opened:
        yield opened


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def kinds(handle: WorkflowHandle) -> list[str]:
    return [EventType.Name(event.event_type) async for event in handle.fetch_history_events()]


async def test_a_picture_gets_its_variants_and_is_ready(bench: MediaBench) -> None:
    asset = await bench.take(picture())
    async with bench.workers():
        assert await bench.flows.process(asset)
        result = await bench.handle(asset.id).result()
    assert result == {"mediaId": asset.id, "variants": 2, "pins": []}
    assert (await bench.state(asset)).status == "ready"
    variants = (await bench.assets.variants_of([asset.id]))[asset.id]
    assert tuple(one.width for one in variants) == WIDTHS
    for one in variants:
        content = await bench.store.read(one.key)
        assert content[8:12] == b"WEBP"
        assert len(content) == one.bytes


async def test_an_animation_stays_one_in_its_variants(bench: MediaBench) -> None:
    frames = [scene((40, 30), turn=turn) for turn in range(3)]
    asset = await bench.take(animated(frames, "GIF", [100, 100, 100]))
    async with bench.workers():
        await bench.flows.process(asset)
        await bench.handle(asset.id).result()
    variants = (await bench.assets.variants_of([asset.id]))[asset.id]
    assert [b"ANIM" in await bench.store.read(one.key) for one in variants] == [True, True]


async def test_a_flow_costs_twelve_events_and_says_what_it_did(bench: MediaBench) -> None:
    asset = await bench.take(picture())
    async with bench.workers():
        await bench.flows.process(asset)
        handle = bench.handle(asset.id)
        await handle.result()
        described = await handle.describe()
        shown = {pair.key.name: pair.value for pair in described.typed_search_attributes}
        assert (shown["Flow"], await described.static_summary()) == (
            PROCESS_MEDIA,
            f"Image, image/png, 96 x 64, {asset.bytes} bytes",
        )
    assert len(await kinds(handle)) <= MAX_EVENTS


async def test_an_asset_that_is_asked_for_twice_is_made_once(bench: MediaBench) -> None:
    asset = await bench.take(picture())
    assert await asyncio.gather(bench.flows.process(asset), bench.flows.process(asset)) == [True, True]
    async with bench.workers():
        await bench.handle(asset.id).result()
        made = {found.key: found.modified_at async for found in bench.store.list("variants")}
        await bench.flows.process(asset)  # a flow that has ended may be started again, and changes nothing
        await bench.handle(asset.id).result()
    assert {found.key: found.modified_at async for found in bench.store.list("variants")} == made


async def test_a_picture_that_cannot_be_rendered_is_told_so_and_asked_for_no_more(bench: MediaBench) -> None:
    asset = await bench.take(picture())
    async with bench.workers(renderer=NoRenderer(MediaRefusedError())):
        await bench.flows.process(asset)
        assert (await bench.handle(asset.id).result())["variants"] == 0
    assert (await bench.state(asset)).status == "failed"
    assert await bench.store.head(f"blobs/{asset.id[:2]}/{asset.id}") is not None


async def test_a_worker_that_dies_between_two_lines_is_replaced(bench: MediaBench) -> None:
    class DiesOnce(AssetRecords):
        """Dead before, and then again after the document was changed."""

        def __init__(self, bench: MediaBench) -> None:
            super().__init__(bench.assets, bench.states)
            self.lives = [False, True]
            mark = self.mark_rendered

            async def dying(media_id: MediaId, refused: str | None) -> None:
                if self.lives and self.lives.pop():
                    raise ConnectionResetError("the worker was killed here")
                await mark(media_id, refused)
                if self.lives:
                    raise ConnectionResetError("and here")

            self.mark_rendered = dying

    asset = await bench.take(picture())
    async with bench.workers(records=DiesOnce(bench)):
        await bench.flows.process(asset)
        await bench.handle(asset.id).result()
    assert (await bench.state(asset)).status == "ready"
    assert await bench.widths(asset) == list(WIDTHS)


async def test_u15_a_pin_that_fails_after_the_store_has_it_is_tried_again_and_the_asset_is_ready_meanwhile(
    bench: MediaBench, http: aiohttp.ClientSession
) -> None:
    asset = await bench.take(picture())
    seen: list[tuple[str, tuple[str, ...]]] = []

    async def look() -> None:
        state = await bench.state(asset)
        seen.append((state.status, state.pins))

    async with FakeKubo(outages=1, on_add=look).serving() as kubo, bench.workers(KuboPinner(http, kubo.url)):
        await bench.flows.process(asset)
        result = await bench.handle(asset.id).result()
    assert seen == [("ready", ()), ("ready", ())]
    assert result["pins"] == ["kubo"]
    assert kubo.pinned == {asset.cid}
    assert (await bench.state(asset)).pins == ("kubo",)
    assert (await bench.documents.find_one({"_id": asset.id}))["ipfsCid"] == asset.cid


async def test_a_service_that_takes_its_time_holds_no_worker_and_is_asked_until_it_has_it(
    bench: MediaBench, http: aiohttp.ClientSession
) -> None:
    asset = await bench.take(picture())
    async with FakePinningService(looks=2).serving() as service:
        pinner = ServicePinner(http, service.url, service.token, look_again=0.1)
        async with bench.workers(pinner):
            await bench.flows.process(asset)
            assert (await bench.handle(asset.id).result())["pins"] == ["pinning-service"]
    assert service.asked == ["/pins"]
    assert (await bench.state(asset)).pins == ("pinning-service",)


async def test_bytes_under_another_cid_are_never_called_pinned(bench: MediaBench, http: aiohttp.ClientSession) -> None:
    asset = await bench.take(picture())
    async with FakeKubo(lies=True).serving() as kubo, bench.workers(KuboPinner(http, kubo.url)):
        await bench.flows.process(asset)
        with pytest.raises(WorkflowFailureError):
            await bench.handle(asset.id).result()
    state = await bench.state(asset)
    assert (state.status, state.pins) == ("ready", ())


# -- the sweep ---------------------------------------------------------------------------------------------------------


async def waited(bench: MediaBench, turn: int, by: timedelta) -> MediaId:
    """An asset that was uploaded so long ago, and whose flow was not started."""
    asset = await bench.take(picture(turn))
    await bench.documents.update_one({"_id": asset.id}, {"$set": {"createdAt": datetime.now(UTC) - by}})
    return asset.id


async def test_a_sweep_starts_the_flows_that_nobody_started(bench: MediaBench) -> None:
    minute = timedelta(minutes=1)
    late, later = await waited(bench, 1, STALLED_AFTER + minute), await waited(bench, 2, timedelta(days=2))
    fresh = await waited(bench, 3, STALLED_AFTER - minute)
    async with bench.workers():
        swept = await bench.client.execute_workflow(
            SWEEP_MEDIA, SweepOrder(what="stalled"), id="sweep", task_queue=Queues().flows
        )
        assert swept == {"started": 2, "deleted": 0}
        for media_id in (late, later):
            await bench.handle(media_id).result()
        again = await bench.client.execute_workflow(
            SWEEP_MEDIA, SweepOrder(what="stalled"), id="sweep-again", task_queue=Queues().flows
        )
    assert again == {"started": 0, "deleted": 0}
    states = await bench.states.of([late, later, fresh])
    assert [states[one].status for one in (late, later, fresh)] == ["ready", "ready", "processing"]


@pytest.fixture
async def scheduled(bench: MediaBench, tmp_path: Path) -> AsyncIterator[MediaBench]:
    """The bench with a Temporal of its own: the one that tests share has no schedules."""
    temporal = Temporal(tmp_path / "temporal", headless=True)
    await temporal.start()
    yield replace(bench, client=await Client.connect(temporal.url, data_converter=data_converter(Settings())))
    await temporal.stop()


async def test_both_rounds_are_on_the_clock_however_often_workers_start(scheduled: MediaBench) -> None:
    client = scheduled.client
    await ensure_schedules(client, Queues())
    rounds = [client.get_schedule_handle(f"sweep-media-{what}") for what in ("stalled", "orphans")]
    await rounds[1].pause(note="an operator looks into it")
    await ensure_schedules(client, Queues())
    described = [await one.describe() for one in rounds]
    assert [one.schedule.spec.intervals[0].every for one in described] == [timedelta(minutes=10), timedelta(days=1)]
    assert [one.schedule.state.paused for one in described] == [False, True]
    media_id = await waited(scheduled, 1, timedelta(hours=1))
    async with scheduled.workers():
        await rounds[0].trigger()
        await scheduled.until_ready(media_id)
        await scheduled.handle(media_id).result()
