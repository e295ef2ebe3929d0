"""How the processing of an asset goes, and a round of the sweep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowFailureError
from temporalio.worker import Worker

from activities.media_flows import Processing, Sweeping
from steadymint.domain.errors import MediaRefusedError, SteadymintError
from steadymint.domain.media import Asset, Cid, MediaId, Variant
from steadymint.domain.media_flows import PROCESS_MEDIA, SWEEP_MEDIA, ProcessOrder, SweepOrder
from steadymint.durable.queues import Queues
from steadymint.media.pinning import PinMismatchError
from tests.replay.stage import Stage, case
from workers.sandbox import workflow_runner
from workflows.process_media import ProcessMedia
from workflows.sweep import SweepMedia

ASSET = Asset(
    id=MediaId("9f" * 32),
    cid=Cid("bafkreie7q3iidccmpvszul7kudcvvuavuo7u6gzlbobczuk5nqk3b4akba"),
    kind="image",
    mime="image/png",
    bytes=4821,
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    width=512,
    height=512,
)
VARIANT = Variant(ASSET.id, 256, 256, "image/webp", 900, f"variants/{ASSET.id}/256.webp")


class ScriptedMedia:
    """A fake of everything behind the activities of media: it does what the case says."""

    def __init__(
        self,
        *,
        render_error: SteadymintError | None = None,
        pins: Sequence[str] = (),
        pin_error: SteadymintError | None = None,
    ) -> None:
        self.targets = pins
        self._render_error = render_error
        self._pin_error = pin_error

    async def by_id(self, media_id: MediaId) -> Asset:
        return ASSET

    async def mark_rendered(self, media_id: MediaId, refused: str | None) -> None: ...

    async def mark_pinned(self, media_id: MediaId, target: str) -> None: ...

    async def stalled(self, limit: int) -> Sequence[Asset]:
        return [ASSET]

    async def render(self, asset: Asset) -> Sequence[Variant]:
        if self._render_error is not None:
            raise self._render_error
        return [VARIANT]

    async def pin(self, asset: Asset, target: str) -> None:
        if self._pin_error is not None:
            raise self._pin_error

    async def delete_orphans(self) -> int:
        return 3

    async def process(self, asset: Asset) -> bool:
        return True


async def _media(stage: Stage, media: ScriptedMedia, act: Callable[[], Awaitable[str]]) -> str:
    processing, sweeping = Processing(media, media, media), Sweeping(media, media, media)
    queues = Queues("media-bench-")
    flows = Worker(
        stage.client,
        task_queue=queues.flows,
        workflows=[SweepMedia],
        workflow_runner=workflow_runner(),
    )
    work = Worker(
        stage.client,
        task_queue=queues.media,
        workflows=[ProcessMedia],
        workflow_runner=workflow_runner(),
        activities=[processing.render_variants, processing.pin, sweeping.start_stalled, sweeping.delete_orphans],
    )
    async with flows, work:
        return await act()


async def _ended(stage: Stage, workflow: str, order: Any, *, fails: bool = False) -> str:
    queues = Queues("media-bench-")
    queue = queues.media if workflow == PROCESS_MEDIA else queues.flows
    handle = await stage.client.start_workflow(workflow, order, id=f"media:{uuid4()}", task_queue=queue)
    try:
        await handle.result()
    except WorkflowFailureError:
        assert fails
    else:
        assert not fails
    return handle.id


def _process(name: str, media: ScriptedMedia, *, fails: bool = False) -> None:
    @case(PROCESS_MEDIA, name)
    async def act(stage: Stage) -> str:
        order = ProcessOrder(media_id=ASSET.id)
        return await _media(stage, media, lambda: _ended(stage, PROCESS_MEDIA, order, fails=fails))


_process("ready", ScriptedMedia())
_process("pinned", ScriptedMedia(pins=("kubo", "pinning-service")))
_process("no-variants", ScriptedMedia(render_error=MediaRefusedError()))
_process("pin-refused", ScriptedMedia(pins=("kubo",), pin_error=PinMismatchError()), fails=True)


def _sweep(order: SweepOrder) -> None:
    @case(SWEEP_MEDIA, order.what)
    async def act(stage: Stage) -> str:
        return await _media(stage, ScriptedMedia(), lambda: _ended(stage, SWEEP_MEDIA, order))


_sweep(SweepOrder(what="stalled"))
_sweep(SweepOrder(what="orphans"))
