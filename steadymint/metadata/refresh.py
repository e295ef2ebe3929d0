"""The refresh of a collection's metadata: it takes one batch of the queue's entries and writes rows and documents.

A batch first asks the contract where the documents are, then reads them, and writes what it has read in parts. Nothing
here knows Temporal. A batch may be killed at any line and repeated: an entry stays in the queue until the transaction
that writes its rows, and documents are upserts by key. Whether a document's traits are in Postgres is asked of
Postgres.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from steadymint.catalog.cache import Freshness
from steadymint.domain.metadata import DocumentFailure
from steadymint.domain.refreshing import BatchSummary, CollectionRef
from steadymint.metadata.batch_writer import BatchWriter, Progress
from steadymint.metadata.docs import Docs
from steadymint.metadata.entries import Entries, Entry, RefreshTarget
from steadymint.metadata.reading import DocumentReader, Fetcher
from steadymint.metadata.settle import EntryOutcome, EntryVerdict, Settlement
from steadymint.metadata.uris import ContractReader
from steadymint.metadata.verdicts import without_reading
from steadymint.settings import MetadataSettings

MAX_LOCATED: Final = 8 * 1024 * 1024
"""Characters of URIs that are held before their documents are read. A URI may be a whole document (`data:`)."""


class Refresh:
    """Reads the metadata of collections in batches. Share one per process."""

    def __init__(
        self,
        entries: Entries,
        settlement: Settlement,
        documents: Docs,
        contracts: ContractReader,
        fetcher: Fetcher,
        settings: MetadataSettings,
        pages: Freshness | None = None,
    ) -> None:
        self.entries = entries
        self.settlement = settlement
        self.docs = documents
        self.contracts = contracts
        self.fetcher = fetcher
        self.settings = settings
        self.pages = pages
        """What is told that pages of a collection show old rows."""

    async def batch(self, collection: CollectionRef, stop: asyncio.Event, progress: Progress) -> BatchSummary:
        """Settle at most `settings.batch` due entries of the collection.

        Once `stop` is set, no further URI is asked for and no further document is begun. The running ones get the time
        of one document. Entries that were not read stay due.

        Raises UpstreamUnavailableError when no node answers, and the errors of the databases.
        """
        target = await self.entries.target(collection)
        if target is None:
            return BatchSummary()
        await self.entries.begin(target.id)
        taken = await self.entries.take(target.id, self.settings.batch)
        writer = BatchWriter(self.docs, self.settlement, self.settings, target, len(taken), progress, self.pages)
        reader = DocumentReader(self.docs, self.fetcher, self.settings, target, writer, stop)
        await _Batch(target, self.contracts, reader, writer, stop).run(taken)
        settled = writer.settled
        left = await self.entries.look(target.id, self.settings.retry_first)
        return BatchSummary(
            read=settled.read,
            failed=settled.failed,
            delayed=settled.delayed,
            # An earlier batch may have changed traits and lost its answer, or a reorg may have removed tokens.
            traits_changed=settled.traits_changed or left.unranked,
            due=left.due,
            waiting=left.waiting,
            next_due_in=left.next_due_in,
            done=left.done,
            total=left.total,
            total_failed=left.failed,
        )


class _Batch:
    """One batch: it finds out where the documents are, and hands them to the reader."""

    def __init__(
        self,
        target: RefreshTarget,
        contracts: ContractReader,
        reader: DocumentReader,
        writer: BatchWriter,
        stop: asyncio.Event,
    ) -> None:
        self._target = target
        self._contracts = contracts
        self._reader = reader
        self._writer = writer
        self._stop = stop

    async def run(self, taken: Sequence[Entry]) -> None:
        to_read: list[Entry] = []
        for entry in taken:
            outcome = without_reading(entry)
            if outcome is None:
                to_read.append(entry)
            else:
                self._writer.hold(outcome)
        await self._read_contract([entry for entry in to_read if entry.kind == "contract"])
        await self._read_tokens([entry for entry in to_read if entry.kind == "token"])
        await self._writer.write()

    async def _read_contract(self, entries: Sequence[Entry]) -> None:
        """Read the collection's own document. Few contracts have one (ERC-7572), so a missing one is no failure."""
        located: list[tuple[Entry, str]] = []
        for entry in entries:
            words = await self._contracts.words_of(self._target)
            name = words.name if self._target.imported else None
            if isinstance(words.uri, DocumentFailure) or not words.uri:
                self._writer.hold(EntryOutcome(entry, EntryVerdict.LEFT, name=name))
            else:
                self._writer.contract_name = name
                located.append((entry, words.uri))
        await self._reader.read(located)

    async def _read_tokens(self, tokens: Sequence[Entry]) -> None:
        """Read the tokens' documents. As a rule all URIs are known first, so tokens that share a document are read
        together. URIs that are documents themselves are read as soon as there are `MAX_LOCATED` characters of them.

        A contract may be so slow that a batch ends before all URIs are known. What is known is read and written on
        time, and the others stay due once the batch is told to stop."""
        located: list[tuple[Entry, str]] = []
        size = 0
        numbers = [entry.token_number for entry in tokens if entry.token_number is not None]
        if not numbers:
            return
        async for piece in self._contracts.token_uris(self._target, numbers):
            for index, uri in piece:
                if isinstance(uri, DocumentFailure):
                    self._writer.hold(*self._writer.failure(tokens[index], uri))
                elif not uri:
                    self._writer.hold(EntryOutcome(tokens[index], EntryVerdict.LEFT))
                else:
                    located.append((tokens[index], uri))
                    size += len(uri)
            if size >= MAX_LOCATED or self._writer.is_due():
                await self._reader.read(located)
                await self._writer.write()
                located, size = [], 0
            if self._stop.is_set():
                break
        await self._reader.read(located)
