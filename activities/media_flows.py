"""The activities of the media flows: variants, pins, and the sweeps.

Each activity is idempotent, so a worker may be killed at any line. The keys of variants follow from their content, a
pin is requested only if there is none, and a sweep finds what the one before has missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import structlog
from temporalio import activity

from activities.background import heartbeating
from steadymint.domain.errors import NotFoundError, SteadymintError
from steadymint.domain.media import Asset, MediaId, Variant
from steadymint.domain.media_flows import PinOrder, ProcessOrder, Rendered, Swept
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 5.0
"""Seconds; a quarter of the heartbeat timeout."""
STARTED_AT_ONCE: Final = 500
"""The most flows that one round starts. After a long outage the next rounds start the rest."""

_log = structlog.get_logger(__name__)


class AssetLog(Protocol):
    """The records of assets. Every method raises UpstreamUnavailableError if the store does not answer."""

    async def by_id(self, media_id: MediaId) -> Asset | None: ...

    async def mark_rendered(self, media_id: MediaId, refused: str | None) -> None:
        """Marks the asset as ready: with variants, or without them for the given reason."""
        ...

    async def mark_pinned(self, media_id: MediaId, target: str) -> None: ...

    async def stalled(self, limit: int) -> Sequence[Asset]:
        """Assets that have been waiting for their variants for too long, oldest first."""
        ...


class Renderer(Protocol):
    async def render(self, asset: Asset) -> Sequence[Variant]:
        """Stores and records all variants of the asset. Existing ones are not made again.

        Raises the decoder's error about the picture, or UpstreamUnavailableError.
        """
        ...


class Pins(Protocol):
    @property
    def targets(self) -> Sequence[str]:
        """The services that assets are pinned at, in this order."""
        ...

    async def pin(self, asset: Asset, target: str) -> None:
        """Returns once the service has it. Raises a retryable error until then."""
        ...


class Store(Protocol):
    async def delete_orphans(self) -> int:
        """Deletes the objects without an asset. Returns their number."""
        ...


class Flows(Protocol):
    async def process(self, asset: Asset) -> bool:
        """Starts the asset's flow. False if Temporal does not answer."""
        ...


class Processing:
    """The activities `render_variants` and `pin`."""

    def __init__(self, assets: AssetLog, renderer: Renderer, pins: Pins) -> None:
        self._assets = assets
        self._renderer = renderer
        self._pins = pins

    @activity.defn
    @activity_boundary
    async def render_variants(self, order: ProcessOrder) -> Rendered:
        """Makes the missing variants, then marks the asset as ready.

        A picture that cannot be rendered does not fail the activity. It was decoded when it was uploaded, so it is
        over a limit of ours, and the original is served.
        """
        async with heartbeating(HEARTBEAT_EVERY):
            asset = await self._asset(order.media_id)
            refused = None
            variants: Sequence[Variant] = ()
            try:
                variants = await self._renderer.render(asset)
            except SteadymintError as error:
                if error.retryable:
                    raise
                refused = error.code
                _log.warning("no_variants", media_id=asset.id, code=error.code)
            await self._assets.mark_rendered(asset.id, refused)
        return Rendered(
            kind=asset.kind,
            cid=asset.cid,
            variants=len(variants),
            refused=refused,
            pin_to=tuple(self._pins.targets),
        )

    @activity.defn
    @activity_boundary
    async def pin(self, order: PinOrder) -> None:
        """Pins the asset at one service and records that. If the service is still busy, the next attempt asks again, so
        no worker waits."""
        async with heartbeating(HEARTBEAT_EVERY):
            asset = await self._asset(order.media_id)
            if order.target in self._pins.targets:  # else an operator has removed the service meanwhile
                await self._pins.pin(asset, order.target)
                await self._assets.mark_pinned(asset.id, order.target)

    async def _asset(self, media_id: MediaId) -> Asset:
        asset = await self._assets.by_id(media_id)
        if asset is None:
            raise NotFoundError(f"There is no asset {media_id}")
        return asset


class Sweeping:
    """The activities `start_stalled` and `delete_orphans`."""

    def __init__(self, assets: AssetLog, store: Store, flows: Flows) -> None:
        self._assets = assets
        self._store = store
        self._flows = flows

    @activity.defn
    @activity_boundary
    async def start_stalled(self) -> Swept:
        """Starts the flows of assets that have none: Temporal was down when they were uploaded, or their flow failed. A
        running flow is left alone."""
        async with heartbeating(HEARTBEAT_EVERY):
            stalled = await self._assets.stalled(STARTED_AT_ONCE)
            started = [await self._flows.process(asset) for asset in stalled]
        return Swept(started=sum(started))

    @activity.defn
    @activity_boundary
    async def delete_orphans(self) -> Swept:
        """Deletes the objects of uploads whose process died before it recorded the asset."""
        async with heartbeating(HEARTBEAT_EVERY):
            return Swept(deleted=await self._store.delete_orphans())
