"""One batch of a collection's refresh: the queue's entries in, rows and documents out.

Which contract calls, which fetches, which rows; nothing of Temporal. A batch may be killed at any line and repeated:
an entry stays in the queue until the transaction that writes its rows, documents are upserts by key, and whether
Postgres has a document's traits already is asked of Postgres.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import structlog

from steadymint.catalog.cache import Freshness
from steadymint.domain.metadata import (
    ContractDocument,
    DocumentFailure,
    DocumentUnreadableError,
    NormalisedDocument,
    unreadable,
)
from steadymint.domain.refreshing import BatchSummary, CollectionRef
from steadymint.metadata import docs
from steadymint.metadata.docs import Docs, DocUpdate, Known
from steadymint.metadata.documents import parse_document
from steadymint.metadata.entries import Entries, Entry, Target
from steadymint.metadata.normalise import normalise, normalise_contract
from steadymint.metadata.settle import Outcome, Settled, Settlement, Verdict
from steadymint.metadata.uris import MAY_HOLD_ID, ContractReader, Job, jobs
from steadymint.metadata.verdicts import unread, without_reading
from steadymint.settings import MetadataSettings

MAX_HELD: Final = 8 * 1024 * 1024
"""Bytes of documents that wait for being written. With those being fetched (`concurrency` times `max_document` at the
very worst) this is what a batch takes, however large it is."""
WRITTEN_TOGETHER: Final = 250
"""Entries of one transaction: what a kill costs at most, and how long the indexer may find a token locked."""
WRITTEN_EVERY: Final = 20.0
"""Seconds, if servers are slow: people watch the progress, and a kill costs no more than that."""
LONG: Final = 64 * 1024
"""Bytes of a document that is normalised in a thread: its parse would keep the event loop from heartbeats."""

_INTERNAL: Final = DocumentFailure("internal", "The document could not be processed", permanent=False)

_log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]
"""Told how many entries of how many of the batch are through."""


class FetchedLike(Protocol):
    @property
    def body(self) -> bytes: ...
    @property
    def etag(self) -> str | None: ...
    @property
    def not_modified(self) -> bool: ...


class FetcherLike(Protocol):
    """Reads URIs that strangers wrote. Raises DocumentUnreadableError."""

    async def fetch(self, uri: str, *, etag: str | None = None) -> FetchedLike: ...


class Refresh:
    """Reads metadata, a batch at a time. One per process."""

    def __init__(
        self,
        entries: Entries,
        settlement: Settlement,
        documents: Docs,
        contracts: ContractReader,
        fetcher: FetcherLike,
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
        """Told of collections whose rows have changed."""

    async def batch(self, collection: CollectionRef, stop: asyncio.Event, progress: Progress) -> BatchSummary:
        """Settles due entries of the collection, `settings.batch` at most. With `stop` set no further document is
        begun, those under way have the time of one, and what was not read stays due.

        Raises UpstreamUnavailableError while no node answers, and what the databases raise.
        """
        target = await self.entries.target(collection)
        if target is None:
            return BatchSummary()
        await self.entries.begin(target.id)
        run = _Run(self, target, stop, progress)
        await run.read(await self.entries.take(target.id, self.settings.batch))
        left = await self.entries.look(target.id, self.settings.retry_first)
        return BatchSummary(
            read=run.settled.read,
            failed=run.settled.failed,
            delayed=run.settled.delayed,
            # Not only by this batch: the answer of an earlier one may have been lost, or a reorg have taken tokens.
            traits_changed=run.settled.traits_changed or left.unranked,
            due=left.due,
            waiting=left.waiting,
            next_due_in=left.next_due_in,
            done=left.done,
            total=left.total,
            total_failed=left.failed,
        )


class _Run:
    """One batch, and what of it waits for being written."""

    def __init__(self, refresh: Refresh, target: Target, stop: asyncio.Event, progress: Progress) -> None:
        self._refresh = refresh
        self._target = target
        self._stop = stop
        self._progress = progress
        self._known: dict[str, Known] = {}
        self._held: list[tuple[Outcome, DocUpdate | None]] = []
        self._bytes_held = 0
        self._writing = asyncio.Lock()
        self._fetches: set[asyncio.Timeout] = set()
        self._written_at = asyncio.get_running_loop().time()
        self._through = 0
        self._of = 0
        self._name: str | None = None
        self.settled = Settled()

    async def read(self, taken: Sequence[Entry]) -> None:
        self._of = len(taken)
        to_read: list[Entry] = []
        for entry in taken:
            outcome = without_reading(entry)
            if outcome is None:
                to_read.append(entry)
            else:
                self._hold(outcome)
        await self._read_located(await self._ask_contract(to_read))
        await self._read_tokens([entry for entry in to_read if entry.kind == "token"])
        await self._write()

    # -- where the documents are -----------------------------------------------------------------------------------

    async def _read_tokens(self, tokens: Sequence[Entry]) -> None:
        """All addresses first, as a rule: tokens that share one are then read together. Addresses that are documents
        themselves are read as soon as there are `MAX_HELD` of them."""
        located: list[tuple[Entry, str]] = []
        size = 0
        numbers = [entry.token_number for entry in tokens if entry.token_number is not None]
        if not numbers:
            return
        async for piece in self._refresh.contracts.token_uris(self._target, numbers):
            for index, uri in piece:
                if isinstance(uri, DocumentFailure):
                    self._hold_failure(tokens[index], uri)
                elif not uri:
                    self._hold(Outcome(tokens[index], Verdict.LEFT))
                else:
                    located.append((tokens[index], uri))
                    size += len(uri)
            if size >= MAX_HELD:
                await self._read_located(located)
                located, size = [], 0
        await self._read_located(located)

    async def _ask_contract(self, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """The collection's own document; that there is none is no failure, few contracts have one (ERC-7572)."""
        located: list[tuple[Entry, str]] = []
        for entry in entries:
            if entry.kind != "contract":
                continue
            words = await self._refresh.contracts.words_of(self._target)
            name = words.name if self._target.imported else None
            if isinstance(words.uri, DocumentFailure) or not words.uri:
                self._hold(Outcome(entry, Verdict.LEFT, name=name))
            else:
                self._name = name
                located.append((entry, words.uri))
        return located

    # -- reading them ------------------------------------------------------------------------------------------------

    async def _read_located(self, located: Sequence[tuple[Entry, str]]) -> None:
        """So many at a time; each worker takes the next job when it is free."""
        found = jobs(self._target.standard, located)
        self._known = await self._refresh.docs.known([self._doc_id(entry) for entry, _ in located])
        queue = iter(found)

        async def work() -> None:
            for job in queue:
                if self._stop.is_set():
                    return
                await self._do(job)

        workers = [asyncio.create_task(work()) for _ in range(min(self._refresh.settings.concurrency, len(found)))]
        ending = asyncio.create_task(self._end_fetches())
        try:
            await asyncio.gather(*workers)
        finally:
            for task in (*workers, ending):
                task.cancel()
            await asyncio.gather(*workers, ending, return_exceptions=True)

    async def _end_fetches(self) -> None:
        """Gives up, once no further document is begun, whatever takes longer than one may: it still waits for a place
        with a host that is busy, and may do so in a later batch, when other collections have had their turn."""
        await self._stop.wait()
        await asyncio.sleep(self._refresh.settings.timeout)
        for fetch in self._fetches:
            fetch.reschedule(0.0)

    async def _fetch(self, job: Job, etag: str | None) -> FetchedLike | None:
        """None if it was given up. Raises DocumentUnreadableError."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._fetches.add(limit)
                return await self._refresh.fetcher.fetch(job.uri, etag=etag)
        except TimeoutError:
            if not limit.expired():
                raise
            return None
        finally:
            self._fetches.discard(limit)

    async def _do(self, job: Job) -> None:
        try:
            await self._take_in(job)
        except DocumentUnreadableError as error:
            for entry in job.entries:
                self._hold_failure(entry, error.failure, job.uri, error.retry_after)
        late = asyncio.get_running_loop().time() - self._written_at >= WRITTEN_EVERY
        if late or self._bytes_held >= MAX_HELD or len(self._held) >= WRITTEN_TOGETHER:
            await self._write()

    async def _take_in(self, job: Job) -> None:
        """Raises DocumentUnreadableError, also for an error of ours that some document may provoke: it is tried again
        and in the end marked, but it does not keep the others from being read."""
        try:
            etag = self._etag(job)
            fetched = await self._fetch(job, etag)
            if fetched is None:
                return
            if fetched.not_modified:
                same = docs.unchanged(job.uri, fetched.etag or etag)
                for entry in job.entries:
                    self._hold(self._outcome(entry, Verdict.UNCHANGED, job), same)
                return
            await self._normalise(job, fetched)
        except DocumentUnreadableError:
            raise
        except Exception as error:
            _log.exception("document_not_processed", collection=self._target.contract, error=type(error).__name__)
            raise unreadable(_INTERNAL.code, _INTERNAL.detail, permanent=False) from error

    async def _normalise(self, job: Job, fetched: FetchedLike) -> None:
        body = fetched.body
        parsed = parse_document(body) if len(body) < LONG else await asyncio.to_thread(parse_document, body)
        body_hash = hashlib.sha256(body).hexdigest()
        own_addresses = self._target.standard == "erc1155" and any(mark in body.lower() for mark in MAY_HOLD_ID)
        document = changed = None
        for entry in job.entries:
            known = self._applied(entry)
            if known is not None and known.body_hash == body_hash:
                self._hold(self._outcome(entry, Verdict.UNCHANGED, job), docs.unchanged(job.uri, fetched.etag))
                continue
            if document is None or changed is None or own_addresses:
                document = _normalised(entry, parsed, own_addresses)
                changed = docs.good(job.uri, body, body_hash, fetched.etag, document)
            self._hold(self._outcome(entry, Verdict.READ, job, document), changed)
        self._bytes_held += 2 * len(body)

    def _applied(self, entry: Entry) -> Known | None:
        """What is remembered of the entry's document, if the catalog has it too: documents are written first, so after
        a crash they may be ahead."""
        known = self._known.get(self._doc_id(entry))
        if known is None or known.version != docs.VERSION or entry.status != "ok" or entry.read_at is None:
            return None
        return known if entry.read_at >= known.fetched_at else None

    def _etag(self, job: Job) -> str | None:
        """What may be sent with the question: only what holds for everybody whose document it is."""
        found = [self._applied(entry) for entry in job.entries]
        tags = {known.etag if known is not None and known.uri == job.uri else None for known in found}
        return tags.pop() if len(tags) == 1 else None

    # -- writing down ------------------------------------------------------------------------------------------------

    def _outcome(self, entry: Entry, verdict: Verdict, job: Job, document: Any = None) -> Outcome:
        name = self._name if entry.kind == "contract" else None
        return Outcome(entry, verdict, uri=job.uri, document=document, doc_id=self._doc_id(entry), name=name)

    def _hold_failure(
        self, entry: Entry, failure: DocumentFailure, uri: str | None = None, retry_after: float | None = None
    ) -> None:
        outcome = unread(
            entry, failure, self._refresh.settings, uri=uri, doc_id=self._doc_id(entry), retry_after=retry_after
        )
        told = docs.bad(uri, outcome.error) if outcome.verdict is Verdict.FAILED else None
        self._hold(outcome, told)

    def _hold(self, outcome: Outcome, changed: dict[str, Any] | None = None) -> None:
        target = self._target
        key = docs.doc_key(target.chain_id, target.contract, outcome.entry.token_number)
        update = None if changed is None else DocUpdate(key, changed, new=key["_id"] not in self._known)
        self._held.append((outcome, update))
        self._through += 1
        self._progress(self._through, self._of)

    async def _write(self) -> None:
        """What is held: documents, then rows. Whoever comes meanwhile waits, so that not more is held."""
        async with self._writing:
            held, self._held, self._bytes_held = self._held, [], 0
            self._written_at = asyncio.get_running_loop().time()
            if not held:
                return
            at = docs.now()
            await self._refresh.docs.write([update for _, update in held if update is not None], at)
            settled = await self._refresh.settlement.settle(self._target.id, [outcome for outcome, _ in held], at)
            if self._refresh.pages is not None:
                await self._refresh.pages.bump([(self._target.chain_id, self._target.contract)])
            self.settled += settled

    def _doc_id(self, entry: Entry) -> str:
        return docs.doc_id(self._target.chain_id, self._target.contract, entry.token_number)


def _normalised(entry: Entry, parsed: object, own_addresses: bool) -> NormalisedDocument | ContractDocument:
    if entry.kind == "contract":
        return normalise_contract(parsed)
    return normalise(parsed, token_id=entry.token_number if own_addresses else None)
