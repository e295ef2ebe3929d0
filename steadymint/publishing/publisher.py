"""The publisher of the metadata of collections and their tokens, as one service."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.media.service import Media
from steadymint.media.writing import DocumentWriter
from steadymint.publishing.collections import CollectionDocuments
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets


@dataclass(frozen=True, slots=True)
class MetadataPublisher:
    """Writes the metadata of tokens (`sets`) and the documents of collections."""

    sets: MetadataSets
    collections: CollectionDocuments

    @classmethod
    def over(cls, media: Media) -> MetadataPublisher:
        """The publisher that writes to this store."""
        pins = Pins(media.states, media.flows, media.settings)
        held, writer = Held(media.store, media.assets, pins), DocumentWriter(media.store, media.assets)
        return cls(MetadataSets(held, writer, media.assets, pins), CollectionDocuments(held, writer, pins))
