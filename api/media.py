"""Media in this process: where uploads wait, what takes them in, what is known of them, what serves them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, cast

import structlog
from fastapi import Depends
from pymongo import AsyncMongoClient
from temporalio.client import Client

from api.dependencies import ServicesDep
from api.middleware import BodyLimit
from api.schemas.media import MediaBody, media_body
from api.uploads import FORM_OVERHEAD
from steadymint.domain.errors import MediaTooLargeError
from steadymint.domain.media import Asset
from steadymint.domain.types import UserId
from steadymint.durable.media import MediaFlows
from steadymint.durable.queues import Queues
from steadymint.media.assets import Assets
from steadymint.media.content import LocalContent
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.states import MediaStates
from steadymint.media.store import ObjectStore, open_object_store
from steadymint.media.uploads import Spool, SpooledUpload, UploadSlots
from steadymint.settings import MediaSettings, Settings

UPLOAD_ROUTE: Final = ("POST", "/v1/media")
EXTRA: Final = "media"
"""The name under which `Services.extras` has it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Media:
    """What the routes of media work with."""

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
        """The asset that an upload has become, and whether it was the owner's already.

        Raises UnsupportedMediaError, MediaRefusedError, MediaTooLargeError or UpstreamUnavailableError.
        """
        before = await self.assets.picture_of_upload(upload.sha256)
        had = before is not None and bool(await self.assets.owned_by([before.id], owner))
        return await self.ingest.take(upload.path, owner=owner), had

    async def shown(self, assets: Sequence[Asset]) -> list[MediaBody]:
        """The assets as answers show them, in their order."""
        ids = [asset.id for asset in assets]
        states, variants = await asyncio.gather(self.states.of(ids), self.assets.variants_of(ids))
        base = self.settings.public_url.rstrip("/")
        return [media_body(one, states[one.id], variants.get(one.id, ()), base) for one in assets]


@asynccontextmanager
async def open_media(
    settings: Settings, mongo: AsyncMongoClient[dict[str, Any]], temporal: Client, queues: Queues
) -> AsyncGenerator[Media]:
    """Everything open, and what killed processes have left in the spool removed."""
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


def upload_limit(settings: MediaSettings) -> BodyLimit:
    """What `api.middleware` lets through to the upload's route: the file and the form around it."""
    return BodyLimit(settings.max_bytes + FORM_OVERHEAD, settings.upload_seconds, MediaTooLargeError.code)


async def _media(services: ServicesDep) -> Media:
    return cast(Media, services.extras[EXTRA])


MediaDep = Annotated[Media, Depends(_media)]
