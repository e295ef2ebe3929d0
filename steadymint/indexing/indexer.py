"""The loop that reads one chain: history in wide spans, then each block as it becomes N deep.

All state that matters is in Postgres. An attempt that dies at any line is followed by one that takes the lock, reads
the checkpoint and goes on; nothing is written twice, because the checkpoint moves with what it stands for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import asyncpg

from steadymint.catalog.cache import Freshness
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.upstreams import Upstream
from steadymint.indexing.chain_state import ChainState, Services
from steadymint.indexing.fold import InconsistentReplyError
from steadymint.indexing.forks import Forks, follows
from steadymint.indexing.heads import Heads
from steadymint.indexing.history import LOGS_PER_TRANSACTION, HistoryReader
from steadymint.indexing.importing.backfill import Backfill
from steadymint.indexing.indexed_chain import IndexedChain, IndexerHaltedError
from steadymint.indexing.interpreter import set_for_history
from steadymint.indexing.pending import PendingBatch
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.reading.source import LogSource, Span
from steadymint.indexing.store.raw_store import RawStore
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.subject import Fault, RenderedBatch, no_fault
from steadymint.indexing.telling.after_commit import AfterCommit
from steadymint.indexing.telling.publish import Publisher
from steadymint.indexing.telling.refresh_signals import RefreshSignals
from steadymint.indexing.telling.settle import Settler
from steadymint.live.approval_checks import ApprovalChanges

log = logging.getLogger(__name__)

LIVE_TAIL: Final = 64
"""Blocks before the head that are read one by one, by hash and linked, instead of in spans: where reorgs happen."""
LIVE_AT_ONCE: Final = 16
"""Of those, how many are read at once. They are written in one transaction if they do not weigh too much for it."""
IN_A_THREAD: Final = 1_000
"""Logs from which on folding and rendering take so long (some tens of milliseconds; one range of tokens takes more
than a hundred) that heartbeats are due meanwhile. Fewer, as a live block has, do not wait for a thread."""
IMPORT_EVERY: Final = 2.0
"""Seconds of history read between two pieces of an import."""
LOOK_FOR_IMPORTS_EVERY: Final = 10.0
"""Seconds of history read between two looks for imports that have not begun."""
RETRY_AFTER: Final = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the n-th retry in a row after a failure of the node or a store."""


class Indexer:
    """Indexes one chain for as long as `run` runs. Use once."""

    def __init__(
        self,
        chain: IndexedChain,
        *,
        dsn: str,
        source: LogSource,
        heads: Heads,
        raw: RawStore | None = None,
        settler: Settler | None = None,
        publisher: Publisher | None = None,
        signals: RefreshSignals | None = None,
        pages: Freshness | None = None,
        allowances: ApprovalChanges | None = None,
        fault: Fault = no_fault,
        progress: Callable[[SpanSummary], None] | None = None,
        refresh: Callable[[], Awaitable[IndexedChain]] | None = None,
    ) -> None:
        self._chain = chain
        self._refresh = refresh
        self._heads = heads
        self._source = source
        self._after_commit = AfterCommit(settler, publisher, signals)
        self._services = Services(dsn, source, raw, self._after_commit, pages, allowances, fault, progress)
        self._interrupted_at = 0.0
        self._state: ChainState
        self._history: HistoryReader
        self._imports: Backfill

    async def run(self, stop: asyncio.Event, *, until_block: int | None = None) -> SpanSummary:
        """Read until `stop` is set, or until the checkpoint is at `until_block`.

        Raises:
            AnotherWriterError: the chain's lock is held elsewhere.
            IndexerHaltedError: an operator is needed.
            UpstreamUnavailableError: Postgres went away; try again.
        """
        services = self._services
        try:
            writer = await Writer.open(services.dsn, self._chain.chain_id)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise UpstreamUnavailableError(
                "The catalog's database cannot be reached", upstream=Upstream.POSTGRES
            ) from error
        try:
            await self._load(writer)
            try:
                await self._read(stop, until_block)
            finally:
                await self._imports.close()
                await self._state.senders.close()
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise UpstreamUnavailableError("The catalog's database went away", upstream=Upstream.POSTGRES) from error
        finally:
            await self._after_commit.close()
            await writer.close()
        return self._state.summary

    async def rewind(self, block: int) -> SpanSummary:
        """Forget everything above `block`, and lift a halt. For operators.

        Raises:
            InvalidInputError: what would stay is not on the node's chain; nothing is forgotten.
        """
        start = self._chain.start_block
        target = max(block, start - 1)
        writer = await Writer.open(self._services.dsn, self._chain.chain_id)
        try:
            await Forks(self._source, writer).check_shared(target, start)
            await writer.lift_halt()
            await self._load(writer)
            if target < self._state.checkpoint.block:
                header = await self._source.header(target) if target >= 0 else None
                await self._state.retreat(target, header.hash if header else None)
        finally:
            await writer.close()
        return self._state.summary

    async def _load(self, writer: Writer) -> None:
        chain, services = self._chain, self._services
        self._state = ChainState(chain, writer, services)
        await self._state.load()
        self._history = HistoryReader(self._state, self._source)
        self._imports = Backfill(
            writer,
            self._state.projection,
            self._source,
            reorg_window=chain.reorg_window,
            raw=services.raw,
            fault=services.fault,
        )

    # -- the loop ----------------------------------------------------------------------------------------------------

    async def _read(self, stop: asyncio.Event, until_block: int | None) -> None:
        state, failures, waits = self._state, 0, False
        while not stop.is_set() and (until_block is None or state.checkpoint.block < until_block):
            try:
                if waits:
                    waits = False
                    await self._wait(stop)
                    continue
                waits = not await self._step(stop, until_block)
            except IndexerHaltedError:
                raise
            except (SteadymintError, InconsistentReplyError, asyncpg.DeadlockDetectedError) as error:
                if state.writer.connection.is_closed():
                    raise
                await self._recover(error, failures, stop)
                failures += 1
                continue
            failures = 0
            if state.summary.trouble is not None:
                state.report(trouble=None)
        if not stop.is_set():
            await state.seal()

    async def _wait(self, stop: asyncio.Event) -> None:
        """Until there may be something to read, or `stop` is set. Senders are named meanwhile."""
        waits = (self._heads.news(), self._imports.piece(), stop.wait())
        news: list[asyncio.Future[Any]] = [asyncio.ensure_future(wait) for wait in waits]
        try:
            while not any(one.done() for one in news):
                senders = asyncio.ensure_future(self._state.senders.news())
                news.append(senders)
                await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
                if senders.done():
                    news.remove(senders)
                    await self._name_senders()
        finally:
            await _cancel(news)

    async def _step(self, stop: asyncio.Event, until_block: int | None) -> bool:
        """Advance once. False if there is nothing to do before the next block."""
        state = self._state
        if self._refresh is not None:
            state.adopt(await self._refresh())
        imported = False if state.writer.in_history else await self._import()
        head, following = await self._source.head_and(state.checkpoint.block + 1)
        state.report(head=head.height, head_at=head.time)
        await state.sweep()
        await self._name_senders()
        target = head.height - state.chain.confirmations + 1
        if until_block is not None:
            target = min(target, until_block)
        at = state.checkpoint.block
        if target <= at:
            await state.seal()
            if not await state.forks.has_left(state.checkpoint, head):
                return imported
            await state.reorg()
            return True
        history = min(target, head.height - LIVE_TAIL)
        if history - at > LIVE_AT_ONCE:
            with set_for_history():
                await self._history.read(at + 1, history, lambda: stop.is_set() or self._is_to_import())
        else:
            await state.seal()
            await self._follow(at + 1, min(target, at + LIVE_AT_ONCE), following)
        return True

    async def _follow(self, first: int, last: int, known: Header | None) -> None:
        """The newest blocks that are deep enough, each by its hash. `known` is the first."""
        state = self._state
        span = await self._source.blocks(first, last, state.watch, known)
        if not follows(span, state.checkpoint.hash):
            await state.forks.prove_unlinked(state.checkpoint)
            await state.reorg()
            return
        for part in span.parts(LOGS_PER_TRANSACTION):
            pending, rendered = await self._rendered(part)
            await state.commit(pending, rendered)
            await self._after_commit.run(pending.batch, state.checkpoint.block)
            self._services.fault("told")

    async def _rendered(self, span: Span) -> tuple[PendingBatch, RenderedBatch]:
        """The batch of a span, folded and rendered; in a thread where that takes long."""
        state = self._state
        pending = state.begin()

        def rendered() -> RenderedBatch:
            pending.take(span)
            return state.projection.render(pending.batch, state.children)

        return pending, await asyncio.to_thread(rendered) if span.weight > IN_A_THREAD else rendered()

    async def _name_senders(self) -> None:
        """Go on finding out who sent the transactions of movements."""
        if not self._state.writer.in_history:
            await self._state.show(await self._state.senders.step())

    async def _recover(self, error: Exception, failures: int, stop: asyncio.Event) -> None:
        """Start again from what the database says, after a pause."""
        self._state.report(trouble=str(error) or type(error).__name__)
        log.warning("%s: %s; trying again", self._chain.chain_id, type(error).__name__)
        wished = error.retry_after if isinstance(error, SteadymintError) else None
        await _first(asyncio.sleep(wished or RETRY_AFTER[min(failures, len(RETRY_AFTER) - 1)]), stop.wait())
        await self._state.reload()

    # -- imports -----------------------------------------------------------------------------------------------------

    async def _import(self) -> bool:
        """Go on with what is being imported. False if there is nothing to go on with at once."""
        state, imports = self._state, self._imports
        wrote = await imports.step(state.checkpoint)
        if wrote:
            state.senders.due(imports.written)
        await state.show(imports.written)
        if imports.joined is not None:
            state.join(*imports.joined)
        return wrote

    def _is_to_import(self) -> bool:
        """Whether history should stop for imports: now and then, since it loses what is in flight."""
        now = asyncio.get_running_loop().time()
        pause = IMPORT_EVERY if self._imports.has_piece else LOOK_FOR_IMPORTS_EVERY
        if self._imports.is_reading or now - self._interrupted_at < pause:
            return False
        self._interrupted_at = now
        return True


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of them is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _cancel(tasks)


async def _cancel(tasks: Sequence[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
