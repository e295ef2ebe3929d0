"""The reading of a batch's documents: fetch, parse and normalise, several at a time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import structlog

from steadymint.domain.metadata import (
    ContractDocument,
    DocumentFailure,
    DocumentUnreadableError,
    unreadable,
)
from steadymint.metadata import docs
from steadymint.metadata.batch_writer import BatchWriter, Change
from steadymint.metadata.docs import Docs, Known
from steadymint.metadata.documents import parse_document
from steadymint.metadata.entries import Entry, RefreshTarget
from steadymint.metadata.normalise import SharedDocument, normalise_contract, normalise_shared
from steadymint.metadata.settle import EntryVerdict
from steadymint.metadata.uris import DocumentJob, document_jobs
from steadymint.settings import MetadataSettings

LONG: Final = 64 * 1024
"""Bytes of a document that is parsed and normalised in a thread. That would keep the event loop from heartbeats."""

_INTERNAL: Final = DocumentFailure("internal", "The document could not be processed", permanent=False)

_log = structlog.get_logger(__name__)


class FetchedDocument(Protocol):
    """The answer to a fetch."""

    @property
    def body(self) -> bytes: ...
    @property
    def etag(self) -> str | None: ...
    @property
    def not_modified(self) -> bool: ...


class Fetcher(Protocol):
    """Fetches untrusted URIs. Raises DocumentUnreadableError."""

    async def fetch(self, uri: str, *, etag: str | None = None) -> FetchedDocument: ...


class DocumentReader:
    """Reads the documents of one batch and hands the outcomes to the batch's writer."""

    def __init__(
        self,
        documents: Docs,
        fetcher: Fetcher,
        settings: MetadataSettings,
        target: RefreshTarget,
        writer: BatchWriter,
        stop: asyncio.Event,
    ) -> None:
        self._docs = documents
        self._fetcher = fetcher
        self._settings = settings
        self._target = target
        self._writer = writer
        self._stop = stop
        self._known: dict[str, Known] = {}
        self._fetches: set[asyncio.Timeout] = set()

    async def read(self, located: Sequence[tuple[Entry, str]]) -> None:
        """Read the documents at these URIs, `settings.concurrency` at a time. Once `stop` is set, the rest stays
        due."""
        found = document_jobs(self._target.standard, located)
        self._known = await self._docs.known([self._writer.doc_id(entry) for entry, _ in located])
        self._writer.known = self._known.keys()
        queue = iter(found)

        async def work() -> None:
            for job in queue:
                if self._stop.is_set():
                    return
                await self._read_job(job)

        workers = [asyncio.create_task(work()) for _ in range(min(self._settings.concurrency, len(found)))]
        ending = asyncio.create_task(self._end_fetches())
        try:
            await asyncio.gather(*workers)
        finally:
            for task in (*workers, ending):
                task.cancel()
            await asyncio.gather(*workers, ending, return_exceptions=True)

    async def _read_job(self, job: DocumentJob) -> None:
        try:
            changes = await self._process(job)
        except DocumentUnreadableError as error:
            failed = (error.failure, job.uri, error.retry_after)
            changes = [self._writer.failure(entry, *failed) for entry in job.entries]
        for change in changes:
            self._writer.hold(*change)
            if self._writer.is_due():
                await self._writer.write()

    async def _process(self, job: DocumentJob) -> Sequence[Change]:
        """Fetch and normalise one document. The outcomes of the job's entries; none if the fetch was ended early.

        Raises DocumentUnreadableError, also for an error of our own code outside of the document's content. Such a
        document is tried again and fails in the end, but it does not keep the others from being read.
        """
        try:
            etag = self._etag(job)
            fetched = await self._fetch(job, etag)
            if fetched is None:
                return ()
            if fetched.not_modified:
                return self._unchanged(job.entries, job.uri, fetched.etag or etag)
            return await self._normalise(job, fetched)
        except DocumentUnreadableError:
            raise
        except Exception as error:
            self._tell(error)
            raise unreadable(_INTERNAL.code, _INTERNAL.detail, permanent=False) from error

    async def _fetch(self, job: DocumentJob, etag: str | None) -> FetchedDocument | None:
        """The document; None if the fetch was ended early. Raises DocumentUnreadableError."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._fetches.add(limit)
                return await self._fetcher.fetch(job.uri, etag=etag)
        except TimeoutError:
            if not limit.expired():
                raise
            return None
        finally:
            self._fetches.discard(limit)

    async def _end_fetches(self) -> None:
        """After `stop`, give the running fetches the time of one document and then end them.

        A fetch that takes longer still waits for its turn at a busy host. It may wait in a later batch, after the turns
        of other collections.
        """
        await self._stop.wait()
        await asyncio.sleep(self._settings.timeout)
        for fetch in self._fetches:
            fetch.reschedule(0.0)

    async def _normalise(self, job: DocumentJob, fetched: FetchedDocument) -> Sequence[Change]:
        body = fetched.body
        body_hash = hashlib.sha256(body).hexdigest()
        same: list[Entry] = []
        new: list[Entry] = []
        for entry in job.entries:
            known = self._applied(entry)
            (same if known is not None and known.body_hash == body_hash else new).append(entry)
        changes = self._unchanged(same, job.uri, fetched.etag)
        if not new:
            return changes
        read = _read_contract if job.entries[0].kind == "contract" else _read_tokens
        with self._verdict():
            found = read(body) if len(body) < LONG else await asyncio.to_thread(read, body)
            document = found.of_token(None) if isinstance(found, SharedDocument) else found
            changed = docs.good(job.uri, body, body_hash, fetched.etag, document)
        self._writer.add_size(2 * len(body))
        for entry in new:
            if isinstance(found, SharedDocument) and self._target.standard == "erc1155":
                with self._verdict():
                    document = found.of_token(entry.token_number)
                    changed = docs.with_addresses(changed, document)
                await asyncio.sleep(0)  # for heartbeats: many tokens may share the document
            changes.append((self._writer.outcome(entry, EntryVerdict.READ, job.uri, document), changed))
        return changes

    def _unchanged(self, entries: Sequence[Entry], uri: str, etag: str | None) -> list[Change]:
        same = docs.unchanged(uri, etag)
        return [(self._writer.outcome(entry, EntryVerdict.UNCHANGED, uri), same) for entry in entries]

    @contextmanager
    def _verdict(self) -> Generator[None]:
        """Makes any error a permanent verdict on the document: the same bytes would raise it again."""
        try:
            yield
        except DocumentUnreadableError:
            raise
        except Exception as error:
            self._tell(error)
            raise unreadable("unprocessable", "The document cannot be processed") from error

    def _tell(self, error: Exception) -> None:
        _log.exception("document_not_processed", collection=self._target.contract, error=type(error).__name__)

    def _applied(self, entry: Entry) -> Known | None:
        """What is stored of the entry's document, if the catalog has it too. Documents are written before rows, so
        after a crash the stored document may be newer than the rows."""
        known = self._known.get(self._writer.doc_id(entry))
        if known is None or known.version != docs.VERSION or entry.status != "ok" or entry.read_at is None:
            return None
        return known if entry.read_at >= known.fetched_at else None

    def _etag(self, job: DocumentJob) -> str | None:
        """The ETag to send with the request. It is sent only if it holds for every entry of the job."""
        found = [self._applied(entry) for entry in job.entries]
        tags = {known.etag if known is not None and known.uri == job.uri else None for known in found}
        return tags.pop() if len(tags) == 1 else None


def _read_contract(body: bytes) -> ContractDocument:
    return normalise_contract(parse_document(body))


def _read_tokens(body: bytes) -> SharedDocument:
    return normalise_shared(parse_document(body))
