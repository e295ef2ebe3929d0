"""Content-addressed assets: uploaded pictures, documents that we wrote, and directories of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

MediaId = NewType("MediaId", str)
"""SHA-256 of the stored bytes, 64 lower-case hex digits. The same bytes always have the same id."""

Cid = NewType("Cid", str)
"""A version 1 content identifier in base32 (`bafy...`, `bafk...`), as `ipfs add --cid-version=1` prints it."""

MediaKind = Literal["image", "animation", "document", "directory"]
"""`animation` is a picture of more than one frame, `document` JSON that we wrote, `directory` names other assets."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A content-addressed asset. It never changes."""

    id: MediaId
    cid: Cid
    kind: MediaKind
    mime: str
    bytes: int
    """Size of the stored bytes; for a directory, the size of its UnixFS block."""
    created_at: datetime
    width: int | None = None
    """Pixels, after orientation."""
    height: int | None = None
    frames: int = 1
    phash: str | None = None
    """Perceptual hash after orientation, 16 hex digits. Pictures that look alike differ in few bits."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A smaller rendering of an asset."""

    asset_id: MediaId
    width: int
    """Pixels."""
    height: int
    mime: str
    bytes: int
    key: str
    """The key of its bytes in the object store."""
