"""The parts of the product behind the Protocols of `activities/media_flows.py`: assets and pinning services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from steadymint.domain.media import Asset
from steadymint.media.assets import Assets
from steadymint.media.content import LocalContent
from steadymint.media.pinning import Pinnable, Pinner
from steadymint.media.states import MediaStates
from steadymint.media.store import ObjectStore, blob_key


class AssetRecords:
    """`AssetLog`: the assets, and which step of their processing is done."""

    def __init__(self, assets: Assets, states: MediaStates) -> None:
        self.by_id = assets.by_id
        self.mark_rendered = states.mark_rendered
        self.mark_pinned = states.mark_pinned
        self.stalled = states.stalled


class PinServices:
    """`Pins`: the configured pinning services, by name."""

    def __init__(self, pinners: Sequence[Pinner], store: ObjectStore, assets: Assets) -> None:
        self._pinners = {pinner.name: pinner for pinner in pinners}
        self._store = store
        self._assets = assets

    @property
    def targets(self) -> Sequence[str]:
        return tuple(self._pinners)

    async def pin(self, asset: Asset, target: str) -> None:
        """Pin the asset. Raises what the service raises, or UpstreamUnavailableError."""
        await self._pinners[target].pin(Pinnable(asset, await self._files(asset)))

    async def _files(self, asset: Asset) -> dict[str, Callable[[], AsyncIterator[bytes]]]:
        if asset.kind != "directory":
            return {"": partial(self._store.stream, blob_key(asset.id))}
        local = LocalContent(self._store, self._assets)
        entries = await self._assets.entries_of(asset.id)
        return {name: partial(_read, local, cid) for name, cid in entries.items()}


async def _read(local: LocalContent, cid: str) -> AsyncIterator[bytes]:
    content = await local.open(cid)
    if content is None:
        raise LookupError("a directory of ours names a file that we do not hold")
    async for piece in content.stream():
        yield piece
