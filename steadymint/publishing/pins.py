"""Pins of assets: an asset is pinned on IPFS before its CID goes on chain."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final, Protocol

from steadymint.domain.errors import NotPinnedError
from steadymint.domain.media import Asset
from steadymint.media.pinning import KUBO, SERVICE
from steadymint.media.pool import each
from steadymint.media.states import MediaStates
from steadymint.settings import MediaSettings

PATIENCE: Final = 3.0
"""Seconds that a request waits for pins. A local Kubo node takes a small document in much less."""
LOOK_EVERY: Final = 0.25
ASKED_AT_ONCE: Final = 16
"""Flows that are started at once. A set may name thousands of pictures."""
RETRY_AFTER: Final = 5.0
"""Seconds after which a client may ask again for a pin that is missing."""
IDS: Final = 100
"""Ids of one query, see `steadymint.media.assets`."""


class Flows(Protocol):
    async def process(self, asset: Asset) -> bool:
        """Starts the asset's flow, which pins it, or finds the one that runs."""
        ...


class Pins:
    """Requests pins and waits for them. Does neither if the settings name no service."""

    def __init__(
        self, states: MediaStates, flows: Flows, settings: MediaSettings, *, patience: float = PATIENCE
    ) -> None:
        self._states = states
        self._flows = flows
        self._patience = patience
        urls = {KUBO: settings.kubo_url, SERVICE: settings.pinning_url}
        self._targets = frozenset(name for name, url in urls.items() if url)

    async def ask(self, asset: Asset) -> None:
        """Request a pin for the asset. Returns at once."""
        if self._targets:
            await self._flows.process(asset)

    async def check(self, assets: Collection[Asset]) -> None:
        """Wait until every service has all of these assets.

        Raises:
            NotPinnedError: one is still missing; its flow goes on.
            UpstreamUnavailableError: the records cannot be read.
        """
        missing = await self._missing(assets)
        deadline = asyncio.get_running_loop().time() + self._patience
        with suppress(TimeoutError):  # the next request asks for the rest
            async with asyncio.timeout_at(deadline):
                await each(missing, self.ask, ASKED_AT_ONCE)
        while missing:
            if asyncio.get_running_loop().time() > deadline:
                raise NotPinnedError(retry_after=RETRY_AFTER, mediaIds=[asset.id for asset in missing[:IDS]])
            await asyncio.sleep(LOOK_EVERY)
            missing = await self._missing(missing)

    async def _missing(self, assets: Collection[Asset]) -> Sequence[Asset]:
        if not self._targets:
            return ()
        known = {asset.id: asset for asset in assets}
        ids = list(known)
        pinned = {
            media_id
            for start in range(0, len(ids), IDS)
            for media_id, state in (await self._states.of(ids[start : start + IDS])).items()
            if self._targets <= set(state.pins)
        }
        return [asset for media_id, asset in known.items() if media_id not in pinned]
