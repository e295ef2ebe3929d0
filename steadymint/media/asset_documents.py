"""The documents of assets and variants in the document store, and the records that are read from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from pymongo import UpdateOne

from steadymint.documents import Document
from steadymint.domain.media import Asset, Cid, MediaId, Variant
from steadymint.domain.types import UserId

ASSET_FIELDS: Final = {"owners": 0, "inputs": 0, "entries": 0}
"""A projection without the lists that may be long."""


def asset_change(
    asset: Asset,
    owner: UserId | None,
    *,
    key: str | None,
    dag_size: int,
    source: str,
    upload: str | None = None,
    entries: Mapping[str, Cid] | None = None,
) -> Document:
    """The upsert that records an asset: its facts are written once, its owner and upload are added. The arguments are
    those of `Assets.record`."""
    first: Document = {
        "cid": asset.cid,
        "kind": asset.kind,
        "source": source,
        "mime": asset.mime,
        "bytes": asset.bytes,
        "width": asset.width,
        "height": asset.height,
        "frames": asset.frames,
        "ipfsCid": None,
        "sha256": asset.id,
        "phash": asset.phash,
        "moderation": "unreviewed",
        "exif_json": None,  # location and device are removed and not stored elsewhere
        "dagSize": dag_size,
        "createdAt": asset.created_at,
    }
    if key is not None:
        first["s3Key"] = key
    if entries is not None:
        first["entries"] = [{"name": name, "cid": cid} for name, cid in entries.items()]
    change: Document = {"$setOnInsert": first}
    added: Document = {}
    if owner is not None:
        added["owners"] = str(owner)
    if upload is not None:
        added["inputs"] = upload
    if added:
        change["$addToSet"] = added
    return change


def inserted_document(media_id: MediaId, change: Document) -> Document:
    """The new document that an upsert with this change would make."""
    added: Document = change.get("$addToSet", {})
    return {"_id": media_id, **change["$setOnInsert"], **{name: [value] for name, value in added.items()}}


def asset_of(document: Document) -> Asset:
    created: datetime = document["createdAt"]
    return Asset(
        id=MediaId(document["_id"]),
        cid=Cid(document["cid"]),
        kind=document["kind"],
        mime=document["mime"],
        bytes=document["bytes"],
        created_at=created if created.tzinfo else created.replace(tzinfo=UTC),  # the driver answers naive UTC
        width=document["width"],
        height=document["height"],
        frames=document["frames"],
        phash=document["phash"],
    )


def variant_change(variant: Variant, public_url: str) -> UpdateOne:
    """The upsert that records a variant, under its asset, its size and its format."""
    key: Document = {"asset_id": variant.asset_id, "w": variant.width, "h": variant.height, "format": "webp"}
    about: Document = {
        "cdnUrl": f"{public_url}/media/{variant.asset_id}/{variant.width}.webp",
        "bytes": variant.bytes,
        "key": variant.key,
    }
    return UpdateOne(key, {"$set": about}, upsert=True)


def variant_of(document: Document) -> Variant:
    return Variant(
        asset_id=MediaId(document["asset_id"]),
        width=document["w"],
        height=document["h"],
        mime="image/webp",
        bytes=document["bytes"],
        key=document["key"],
    )
