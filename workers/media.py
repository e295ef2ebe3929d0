"""The media side of a worker: decoders, pins, and the clocks of the sweep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.accounts import Erasing, Exporting
from activities.media_flows import Processing, Sweeping
from steadymint.account_data.exports import Exports
from steadymint.account_data.pictures import OwnedMedia
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.durable import policies
from steadymint.durable.media_flows import MediaFlows, ensure_schedules
from steadymint.media.assets import Assets
from steadymint.media.decoder import Decoder
from steadymint.media.pinning import open_pinners
from steadymint.media.processing import VariantMaker
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.media.sweeping import OrphanSweep
from steadymint.media.uploads import Spool
from workers.media_adapters import AssetRecords, PinServices
from workers.parts import WorkerParts
from workers.sandbox import serving_runner
from workflows.process_media import ProcessMedia

PINS_AT_ONCE: Final = 8
"""Places beside those of the decoders: a pin waits for the network and takes no processor. Pictures may take them too,
and wait for a decoder then."""
CACHED_FLOWS: Final = 500
"""Flows that wait for their variants or pins without being replayed when they go on: as many as a few seconds of a busy
upload. A flow that waits for a pin for hours is replayed, which its eleven events make cheap."""
GRACE: Final = timedelta(seconds=5)
"""What is cut off is made again by another worker."""
SCHEDULES_AGAIN: Final = 10.0
"""Seconds until the schedules are tried again where Temporal did not take them."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_media(parts: WorkerParts) -> AsyncGenerator[None]:
    """Serves the queue `media` for as long as the block runs, and keeps the sweep scheduled. Files that killed
    processes left in the spool are removed."""
    settings = parts.settings.media
    spool = Spool(Path(settings.spool) if settings.spool else None)
    await asyncio.to_thread(spool.sweep)
    async with AsyncExitStack() as stack:
        store, assets = open_object_store(settings), Assets(parts.mongo)
        decoder = await stack.enter_async_context(Decoder(settings))
        pinners = await stack.enter_async_context(open_pinners(settings))
        records = AssetRecords(assets, MediaStates(parts.mongo, assets))
        processing = Processing(
            records, VariantMaker(store, assets, decoder, settings), PinServices(pinners, store, assets)
        )
        sweeping = Sweeping(records, OrphanSweep(store, assets), MediaFlows(parts.temporal, parts.queues))
        exports = Exports(parts.pool, parts.mongo, store, OperatorSettings(parts.pool), spool)
        erasing, exporting = Erasing(OwnedMedia(parts.mongo, store, parts.temporal), exports), Exporting(exports)
        worker = Worker(
            parts.temporal,
            task_queue=parts.queues.media,
            workflows=[ProcessMedia],
            activities=[
                processing.render_variants,
                processing.pin,
                sweeping.start_stalled,
                sweeping.delete_orphans,
                erasing.forget_media,
                exporting.write_export,
                exporting.drop_export,
            ],
            max_concurrent_activities=settings.decoders + PINS_AT_ONCE,
            workflow_runner=serving_runner(),
            max_cached_workflows=CACHED_FLOWS,
            sticky_queue_schedule_to_start_timeout=policies.STICKY_TIMEOUT,
            graceful_shutdown_timeout=GRACE,
        )
        await stack.enter_async_context(worker)
        scheduling = asyncio.create_task(_schedule(parts), name="media schedules")
        try:
            yield
        finally:
            scheduling.cancel()
            with suppress(asyncio.CancelledError):
                await scheduling


async def _schedule(parts: WorkerParts) -> None:
    """Until both are there. A worker serves its queue meanwhile."""
    while True:
        try:
            await ensure_schedules(parts.temporal, parts.queues)
        except RPCError as error:
            _log.warning("media_schedules_delayed", error=error.status.name)
            await asyncio.sleep(SCHEDULES_AGAIN)
        else:
            return
