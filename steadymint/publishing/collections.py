"""A collection's own document, written when the collection is prepared."""

from __future__ import annotations

from steadymint.domain.types import UserId
from steadymint.media.writing import DocumentWriter, document
from steadymint.publishing.documents import CollectionWords, collection_document
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins


class CollectionDocuments:
    """Writes contract-level documents (ERC-7572). Share one per process."""

    def __init__(self, held: Held, writer: DocumentWriter, pins: Pins) -> None:
        self._held = held
        self._pins = pins
        self._writer = writer

    async def contract_uri(self, words: CollectionWords, owner: UserId) -> str:
        """The contract URI. The document is written, and its pictures are readable, when this returns.

        Empty if `words` hold no more than the contract's name and symbol. The same words give the same URI.

        Raises:
            UnknownMediaError, UnreadableMediaError: see `Held.pictures`.
            NotPinnedError: the pinning service does not have it yet.
            UpstreamUnavailableError: a store does not answer.
        """
        if not words.says_something():
            return ""
        cids = await self._held.pictures(frozenset(words.media()), owner)
        one = document(collection_document(words, cids))
        await self._pins.check(await self._writer.write([one], owner))
        return f"ipfs://{one.node.cid}"
