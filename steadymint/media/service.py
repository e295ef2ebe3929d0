"""The media services of a process that takes uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from pymongo import AsyncMongoClient
from temporalio.client import Client

from steadymint.domain.media import Asset
from steadymint.domain.types import UserId
from steadymint.durable.media_flows import MediaFlows
from steadymint.durable.queues import Queues
from steadymint.media.assets import Assets
from steadymint.media.content import LocalContent
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.states import MediaStates
from steadymint.media.store import ObjectStore, open_object_store
from steadymint.media.uploads import Spool, SpooledUpload, UploadSlots
from steadymint.settings import MediaSettings, Settings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Media:
    """The media services: the spool, the ingest of uploads, the records, and the content to serve."""

    settings: MediaSettings
    store: ObjectStore
    assets: Assets
    states: MediaStates
    content: LocalContent
    ingest: Ingest
    flows: MediaFlows
    spool: Spool
    slots: UploadSlots

    async def take(self, upload: SpooledUpload, owner: UserId) -> tuple[Asset, bool]:
        """The asset of an upload, and whether the owner had it already.

        Raises UnsupportedMediaError, MediaRefusedError, MediaTooLargeError or UpstreamUnavailableError.
        """
        before = await self.assets.picture_of_upload(upload.sha256)
        had = before is not None and bool(await self.assets.owned_by([before.id], owner))
        return await self.ingest.take(upload.path, owner=owner), had


@asynccontextmanager
async def open_media(
    settings: Settings, mongo: AsyncMongoClient[dict[str, Any]], temporal: Client, queues: Queues
) -> AsyncGenerator[Media]:
    """Open the services. Files that killed processes left in the spool are removed."""
    media = settings.media
    spool = Spool(Path(media.spool) if media.spool else None)
    if abandoned := await asyncio.to_thread(spool.sweep):
        _log.info("abandoned_uploads_removed", files=abandoned)
    store, assets = open_object_store(media), Assets(mongo)
    async with Decoder(media) as decoder:
        yield Media(
            settings=media,
            store=store,
            assets=assets,
            states=MediaStates(mongo, assets),
            content=LocalContent(store, assets),
            ingest=Ingest(store, assets, decoder, media),
            flows=MediaFlows(temporal, queues),
            spool=spool,
            slots=UploadSlots(per_user=media.concurrent_uploads, in_all=media.max_uploads),
        )
