"""The publisher of the metadata of collections and their tokens, as one service."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from steadymint.media.service import Media
from steadymint.media.uploads import UploadSlots
from steadymint.media.writing import DocumentWriter
from steadymint.publishing.collections import CollectionDocuments
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets

AT_ONCE: Final = 2
"""Bodies that one process works on at once. One of 8 MiB takes some 250 MiB when it is parsed."""
BODIES: Final = 20
"""Bodies that one process receives, keeps waiting or works on. Those that wait are not parsed."""
BODIES_OF_USER: Final = 5


@dataclass(frozen=True, slots=True)
class MetadataPublisher:
    """Writes the metadata of tokens (`sets`) and the documents of collections."""

    sets: MetadataSets
    collections: CollectionDocuments
    slots: UploadSlots
    """For the bodies of sets and of allowlists. Take one before the body is received."""
    places: asyncio.Semaphore
    """For the work on such a body. Take one before the body is parsed."""

    @classmethod
    def over(cls, media: Media) -> MetadataPublisher:
        """The publisher that writes to this store."""
        pins = Pins(media.states, media.flows, media.settings)
        held, writer = Held(media.store, media.assets, pins), DocumentWriter(media.store, media.assets)
        return cls(
            sets=MetadataSets(held, writer, media.assets, pins),
            collections=CollectionDocuments(held, writer, pins),
            slots=UploadSlots(per_user=BODIES_OF_USER, in_all=BODIES),
            places=asyncio.Semaphore(AT_ONCE),
        )
