"""Media flows for one test: the product's workers over real stores, on a queue of the test's own namespace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pymongo import AsyncMongoClient
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.media_flows import Processing, Renderer, Sweeping
from steadymint.documents import MEDIA_ASSETS, collection_of
from steadymint.domain.media import Asset, MediaId, Variant
from steadymint.domain.media_flows import workflow_id_of
from steadymint.durable.media_flows import MediaFlows
from steadymint.durable.queues import Queues
from steadymint.media.assets import Assets
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.pinning import Pinner
from steadymint.media.processing import VariantMaker
from steadymint.media.states import MediaState, MediaStates
from steadymint.media.store import ObjectStore, open_object_store
from steadymint.media.sweeping import OrphanSweep
from steadymint.settings import MediaSettings
from workers.media_adapters import AssetRecords, PinServices
from workers.sandbox import workflow_runner
from workflows.process_media import ProcessMedia
from workflows.sweep import SweepMedia

WIDTHS = (16, 32)


class NoRenderer:
    """A fake decoder that says no to every picture: a picture that was decoded once and cannot be again is rare."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def render(self, asset: Asset) -> Sequence[Variant]:
        raise self._error


@dataclass
class MediaBench:
    """Stores, and what flows need of them."""

    client: Client
    mongo: AsyncMongoClient[dict[str, Any]]
    home: Path
    settings: MediaSettings
    decoder: Decoder
    store: ObjectStore
    assets: Assets
    states: MediaStates

    @property
    def flows(self) -> MediaFlows:
        return MediaFlows(self.client, Queues())

    @property
    def documents(self) -> Any:
        return collection_of(self.mongo, MEDIA_ASSETS)

    async def take(self, content: bytes) -> Asset:
        """An uploaded asset whose flow was not started."""
        path = self.home / "upload"
        path.write_bytes(content)
        return await Ingest(self.store, self.assets, self.decoder, self.settings).take(path, owner=None)

    async def state(self, asset: Asset) -> MediaState:
        return (await self.states.of([asset.id]))[asset.id]

    async def until_ready(self, media_id: MediaId) -> None:
        """Raises TimeoutError once patience is over."""
        async with asyncio.timeout(60):
            while (await self.states.of([media_id]))[media_id].status != "ready":  # noqa: ASYNC110 - it is in Mongo
                await asyncio.sleep(0.05)

    async def widths(self, asset: Asset) -> list[int]:
        found = await self.assets.variants_of([asset.id])
        return [variant.width for variant in found.get(asset.id, [])]

    def handle(self, media_id: MediaId) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(workflow_id_of(media_id))

    def records(self) -> AssetRecords:
        return AssetRecords(self.assets, self.states)

    @asynccontextmanager
    async def workers(
        self,
        *pinners: Pinner,
        renderer: Renderer | None = None,
        records: AssetRecords | None = None,
    ) -> AsyncIterator[None]:
        records = records or self.records()
        maker = renderer or VariantMaker(self.store, self.assets, self.decoder, self.settings)
        processing = Processing(records, maker, PinServices(pinners, self.store, self.assets))
        sweeping = Sweeping(records, OrphanSweep(self.store, self.assets), self.flows)
        flows = Worker(
            self.client,
            task_queue=Queues().flows,
            workflows=[SweepMedia],
            workflow_runner=workflow_runner(),
        )
        media = Worker(
            self.client,
            task_queue=Queues().media,
            workflows=[ProcessMedia],
            workflow_runner=workflow_runner(),
            activities=[processing.render_variants, processing.pin, sweeping.start_stalled, sweeping.delete_orphans],
        )
        async with flows, media:
            yield


@asynccontextmanager
async def media_bench(client: Client, mongo_url: str, home: Path, decoder: Decoder) -> AsyncIterator[MediaBench]:
    """`home` is a directory of the test's own; the document store is empty and migrated."""
    settings = MediaSettings(store=f"file:{home / 'store'}", variant_widths=WIDTHS)
    mongo = cast("AsyncMongoClient[dict[str, Any]]", AsyncMongoClient(mongo_url))
    async with mongo:
        assets = Assets(mongo)
        store = open_object_store(settings)
        yield MediaBench(client, mongo, home, settings, decoder, store, assets, MediaStates(mongo, assets))
