"""Turns assets into the bodies that HTTP shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.media.bodies.assets import MediaBody, VariantBody
from steadymint.domain.media import Asset, Variant
from steadymint.media.states import MediaState


def media_body(asset: Asset, state: MediaState, variants: Sequence[Variant], base: str) -> MediaBody:
    """The body of an asset. `base` is put before every path: an origin without a slash at its end, or empty."""
    body: MediaBody = {
        "mediaId": asset.id,
        "cid": asset.cid,
        "kind": asset.kind,
        "mime": asset.mime,
        "bytes": asset.bytes,
        "frames": asset.frames,
        # A directory is served by its CID only, where its files have names.
        "url": f"{base}/ipfs/{asset.cid}" if asset.kind == "directory" else f"{base}/media/{asset.id}",
        "ipfsUrl": f"{base}/ipfs/{asset.cid}",
        "variants": [_variant_body(one, base) for one in variants],
        "status": state.status,
        "pins": list(state.pins),
        "createdAt": _to_the_second(asset.created_at),
    }
    if asset.width is not None and asset.height is not None:
        body["width"], body["height"] = asset.width, asset.height
    if asset.phash is not None:
        body["phash"] = asset.phash
    return body


def _variant_body(variant: Variant, base: str) -> VariantBody:
    return {
        "width": variant.width,
        "height": variant.height,
        "mime": "image/webp",
        "url": f"{base}/media/{variant.asset_id}/{variant.width}.webp",
    }


def _to_the_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
