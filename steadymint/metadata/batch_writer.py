"""The writing of a batch's outcomes: documents to MongoDB first, then rows to Postgres, in parts of bounded size."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Final

from steadymint.catalog.cache import Freshness
from steadymint.documents import Document
from steadymint.domain.metadata import ContractDocument, DocumentFailure, NormalisedDocument
from steadymint.metadata import docs
from steadymint.metadata.docs import Docs, DocUpdate
from steadymint.metadata.entries import Entry, RefreshTarget
from steadymint.metadata.settle import EntryOutcome, EntryVerdict, SettledCounts, Settlement
from steadymint.metadata.verdicts import unread
from steadymint.settings import MetadataSettings

MAX_HELD: Final = 8 * 1024 * 1024
"""Bytes of documents that wait to be written. A batch of any size takes this much memory, and the documents that are
being fetched (at most `concurrency` times `max_document`)."""
WRITTEN_TOGETHER: Final = 250
"""Entries of one transaction. A kill loses at most these, and the indexer may find a token locked for as long as they
take."""
WRITTEN_EVERY: Final = 20.0
"""Seconds between two writes if servers are slow. People watch the progress, and a kill loses no more than this
time."""

Progress = Callable[[int, int], None]
"""Called with the number of entries that are through, and with the number of entries in the batch."""

Change = tuple[EntryOutcome, Document | None]
"""The outcome of an entry, and the changed members of its document."""


class BatchWriter:
    """The outcomes of one batch: it holds them until a part is large or old enough, and writes the part."""

    def __init__(
        self,
        documents: Docs,
        settlement: Settlement,
        settings: MetadataSettings,
        target: RefreshTarget,
        total: int,
        progress: Progress,
        pages: Freshness | None = None,
    ) -> None:
        self.settled = SettledCounts()
        """The sum of what was written so far."""
        self.contract_name: str | None = None
        """The name that an imported contract gives itself; written with the collection's own document."""
        self.known: Collection[str] = ()
        """The ids of the documents that are stored already."""
        self._docs = documents
        self._settlement = settlement
        self._settings = settings
        self._target = target
        self._total = total
        self._progress = progress
        self._pages = pages
        self._through = 0
        self._held: list[tuple[EntryOutcome, DocUpdate | None]] = []
        self._bytes_held = 0
        self._writing = asyncio.Lock()
        self._written_at = asyncio.get_running_loop().time()

    def doc_id(self, entry: Entry) -> str:
        """The key of the entry's document."""
        return docs.doc_id(self._target.chain_id, self._target.contract, entry.token_number)

    def outcome(
        self,
        entry: Entry,
        verdict: EntryVerdict,
        uri: str,
        document: NormalisedDocument | ContractDocument | None = None,
    ) -> EntryOutcome:
        """The outcome of an entry whose document was read."""
        name = self.contract_name if entry.kind == "contract" else None
        return EntryOutcome(entry, verdict, uri=uri, document=document, doc_id=self.doc_id(entry), name=name)

    def failure(
        self, entry: Entry, failure: DocumentFailure, uri: str | None = None, retry_after: float | None = None
    ) -> Change:
        """The outcome of an entry whose document could not be read."""
        outcome = unread(entry, failure, self._settings, uri=uri, doc_id=self.doc_id(entry), retry_after=retry_after)
        return outcome, docs.bad(uri, outcome.error) if outcome.verdict is EntryVerdict.FAILED else None

    def hold(self, outcome: EntryOutcome, changed: Document | None = None) -> None:
        """Hold an outcome until the next write, with the changed members of its document."""
        target = self._target
        key = docs.doc_key(target.chain_id, target.contract, outcome.entry.token_number)
        update = None if changed is None else DocUpdate(key, changed, new=key["_id"] not in self.known)
        self._held.append((outcome, update))
        self._through += 1
        self._progress(self._through, self._total)

    def add_size(self, count: int) -> None:
        """Count the bytes that a document of a held outcome takes."""
        self._bytes_held += count

    def is_due(self) -> bool:
        """Whether the held outcomes are many, large or old enough to be written."""
        late = asyncio.get_running_loop().time() - self._written_at >= WRITTEN_EVERY
        return late or self._bytes_held >= MAX_HELD or len(self._held) >= WRITTEN_TOGETHER

    async def write(self) -> None:
        """Write the held outcomes. A second caller waits for the first, which bounds how much is held."""
        async with self._writing:
            held, self._held, self._bytes_held = self._held, [], 0
            self._written_at = asyncio.get_running_loop().time()
            if not held:
                return
            at = docs.now()
            await self._docs.write([update for _, update in held if update is not None], at)
            self.settled += await self._settlement.settle(self._target.id, [outcome for outcome, _ in held], at)
            if self._pages is not None:
                await self._pages.bump([(self._target.chain_id, self._target.contract)])
