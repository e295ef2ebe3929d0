"""What the activities of media do with what they are given; stores and services are behind Protocols, faked here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import media_flows
from activities.media_flows import Processing, Sweeping
from steadymint.domain.errors import MediaRefusedError, UpstreamUnavailableError
from steadymint.domain.media import Asset, Cid, MediaId, Variant
from steadymint.domain.media_flows import PinOrder, ProcessOrder, Rendered, Swept

ASSET = Asset(MediaId("a" * 64), Cid("bafk"), "image", "image/png", 1, datetime(2026, 1, 31, tzinfo=UTC), 10, 10)
VARIANT = Variant(ASSET.id, 64, 64, "image/webp", 1, "key")


class Fakes:
    """Everything that the activities reach; it keeps what was noted, and fails as told."""

    def __init__(self, *assets: Asset) -> None:
        self.assets = {asset.id: asset for asset in assets}
        self.targets: Sequence[str] = ("kubo",)
        self.render_error: Exception | None = None
        self.pin_error: Exception | None = None
        self.noted: list[Any] = []
        self.started = True
        self.render_seconds = 0.0

    async def by_id(self, media_id: MediaId) -> Asset | None:
        return self.assets.get(media_id)

    async def mark_rendered(self, media_id: MediaId, refused: str | None) -> None:
        self.noted.append(("rendered", media_id, refused))

    async def mark_pinned(self, media_id: MediaId, target: str) -> None:
        self.noted.append(("pinned", media_id, target))

    async def stalled(self, limit: int) -> Sequence[Asset]:
        return list(self.assets.values())[:limit]

    async def render(self, asset: Asset) -> Sequence[Variant]:
        await asyncio.sleep(self.render_seconds)
        if self.render_error is not None:
            raise self.render_error
        return [VARIANT]

    async def pin(self, asset: Asset, target: str) -> None:
        self.noted.append(("asked", asset.id, target))
        if self.pin_error is not None:
            raise self.pin_error

    async def process(self, asset: Asset) -> bool:
        return self.started

    async def delete_orphans(self) -> int:
        return 2


def processing(fakes: Fakes) -> Processing:
    return Processing(fakes, fakes, fakes)


async def run(activity: Any, *args: Any) -> Any:
    return await ActivityEnvironment().run(activity, *args)


async def test_variants_are_noted_and_the_flow_is_told_where_to_pin() -> None:
    fakes = Fakes(ASSET)
    rendered = await run(processing(fakes).render_variants, ProcessOrder(media_id=ASSET.id))
    assert rendered == Rendered(kind="image", cid="bafk", variants=1, pin_to=("kubo",))
    assert fakes.noted == [("rendered", ASSET.id, None)]


async def test_a_picture_that_cannot_be_rendered_is_an_answer() -> None:
    fakes = Fakes(ASSET)
    fakes.render_error = MediaRefusedError()
    rendered = await run(processing(fakes).render_variants, ProcessOrder(media_id=ASSET.id))
    assert (rendered.variants, rendered.refused) == (0, "media_refused")
    assert fakes.noted == [("rendered", ASSET.id, "media_refused")]


async def test_a_store_that_is_away_is_a_reason_to_come_back_and_notes_nothing() -> None:
    fakes = Fakes(ASSET)
    fakes.render_error = UpstreamUnavailableError()
    with pytest.raises(ApplicationError) as failed:
        await run(processing(fakes).render_variants, ProcessOrder(media_id=ASSET.id))
    assert not failed.value.non_retryable
    assert fakes.noted == []


async def test_an_asset_that_nobody_knows_is_no_reason_to_come_back() -> None:
    for activity, order in (
        (processing(Fakes()).render_variants, ProcessOrder(media_id=ASSET.id)),
        (processing(Fakes()).pin, PinOrder(media_id=ASSET.id, target="kubo")),
    ):
        with pytest.raises(ApplicationError) as failed:
            await run(activity, order)
        assert (failed.value.type, failed.value.non_retryable) == ("not_found", True)


async def test_a_pin_is_noted_after_the_service_has_it_and_not_before() -> None:
    fakes = Fakes(ASSET)
    order = PinOrder(media_id=ASSET.id, target="kubo")
    fakes.pin_error = UpstreamUnavailableError(retry_after=60)
    with pytest.raises(ApplicationError) as failed:
        await run(processing(fakes).pin, order)
    assert failed.value.next_retry_delay is not None
    assert fakes.noted == [("asked", ASSET.id, "kubo")]
    fakes.pin_error = None
    await run(processing(fakes).pin, order)
    assert fakes.noted[-1] == ("pinned", ASSET.id, "kubo")


async def test_a_service_that_was_done_away_with_is_not_waited_for() -> None:
    fakes = Fakes(ASSET)
    fakes.targets = ()
    await run(processing(fakes).pin, PinOrder(media_id=ASSET.id, target="kubo"))
    assert fakes.noted == []


async def test_long_work_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_flows, "HEARTBEAT_EVERY", 0.001)
    fakes = Fakes(ASSET)
    fakes.render_seconds = 0.1
    beats: list[Any] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: beats.append(details)
    await environment.run(processing(fakes).render_variants, ProcessOrder(media_id=ASSET.id))
    assert len(beats) > 1


async def test_a_sweep_counts_what_was_started_and_deleted() -> None:
    fakes = Fakes(ASSET)
    sweeping = Sweeping(fakes, fakes, fakes)
    assert await run(sweeping.start_stalled) == Swept(started=1)
    fakes.started = False  # Temporal is away again
    assert await run(sweeping.start_stalled) == Swept(started=0)
    assert await run(sweeping.delete_orphans) == Swept(deleted=2)
