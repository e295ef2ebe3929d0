"""The making of an asset's variants: the picture is read, rendered in a decoder process, stored and recorded."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from steadymint.domain.media import Asset, Variant
from steadymint.media.assets import PICTURES, Assets
from steadymint.media.decoder import Decoder
from steadymint.media.store import ObjectStore, blob_key, variant_key
from steadymint.media.tasks import widths_for
from steadymint.settings import MediaSettings

MIME: Final = "image/webp"


class VariantMaker:
    """Makes missing variants. Two concurrent calls make the same variants twice, and each becomes visible when
    complete."""

    def __init__(self, store: ObjectStore, assets: Assets, decoder: Decoder, settings: MediaSettings) -> None:
        self._store = store
        self._assets = assets
        self._decoder = decoder
        self._widths = settings.variant_widths
        self._public_url = settings.public_url.rstrip("/")

    async def render(self, asset: Asset) -> Sequence[Variant]:
        """All variants of the asset, narrowest first; empty if it is not a picture.

        Raises MediaRefusedError or UnsupportedMediaError if the picture cannot be rendered within the limits,
        NotFoundError if its bytes are gone, UpstreamUnavailableError.
        """
        if asset.kind not in PICTURES or asset.width is None:
            return ()
        known = (await self._assets.variants_of([asset.id])).get(asset.id, [])
        if {one.width for one in known} >= set(widths_for(asset.width, self._widths)):
            return known
        return await self._made(asset)

    async def _made(self, asset: Asset) -> Sequence[Variant]:
        with tempfile.TemporaryDirectory(prefix="steadymint-original-") as folder:
            source = Path(folder) / "original"
            await self._fetch(asset, source)
            rendered = await self._decoder.render_variants(source, self._widths, animated=asset.kind == "animation")
        variants: list[Variant] = []
        for one in rendered:
            key = variant_key(asset.id, one.width)
            await self._store.put(key, one.data, MIME)
            variants.append(Variant(asset.id, one.width, one.height, MIME, len(one.data), key))
        await self._assets.add_variants(variants, self._public_url)
        return variants

    async def _fetch(self, asset: Asset, target: Path) -> None:
        with await asyncio.to_thread(target.open, "wb") as file:
            async for piece in self._store.stream(blob_key(asset.id)):
                await asyncio.to_thread(file.write, piece)
