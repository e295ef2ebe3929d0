"""What the media flows call: variants, pins, and the sweeps.

Each activity is idempotent, so a worker may be killed at any line: variants have keys that follow from their content, a
pin is requested only where there is none, and whatever a sweep has missed the next one finds.
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
"""Flows that one round starts. After a long outage the rest comes with the rounds that follow."""

_log = structlog.get_logger(__name__)


class AssetLog(Protocol):
    """What is known of assets. Every method raises UpstreamUnavailableError where that cannot be read or written."""

    async def by_id(self, media_id: MediaId) -> Asset | None: ...

    async def mark_rendered(self, media_id: MediaId, refused: str | None) -> None:
        """The asset is ready, with variants or, for the reason given, without."""
        ...

    async def mark_pinned(self, media_id: MediaId, target: str) -> None: ...

    async def stalled(self, limit: int) -> Sequence[Asset]:
        """Assets that have been waiting for their variants for too long, oldest first."""
        ...


class Renderer(Protocol):
    async def render(self, asset: Asset) -> Sequence[Variant]:
        """All variants of the asset, stored and noted; those that were there already are not made again.

        Raises what the decoder says of the picture, or UpstreamUnavailableError.
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
        """Deletes the objects that no asset stands for; how many."""
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
        """Makes what is missing of the variants, then marks the asset as ready.

        A picture that cannot be rendered is an answer and no failure: it was decoded once when it was uploaded, so this
        is a limit of ours, and the original is served.
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
        """Has one service keep the asset, then records that it does. If the service is still busy, the next attempt
        asks again: no worker waits for it."""
        async with heartbeating(HEARTBEAT_EVERY):
            asset = await self._asset(order.media_id)
            if order.target in self._pins.targets:  # else an operator has done away with the service meanwhile
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
        """Starts the flows of assets that nobody is working on: Temporal was down when they were uploaded, or their
        flow has failed. A flow that is running is left alone."""
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
