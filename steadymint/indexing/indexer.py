"""The loop that reads one chain: history in wide spans, then each block as it becomes N deep.

All state that matters is in Postgres. An attempt that dies at any line is followed by one that takes the lock, reads
the checkpoint and goes on; nothing is written twice, because the checkpoint moves with what it stands for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import asyncpg

from steadymint.catalog.cache import Freshness
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import Address
from steadymint.domain.upstreams import Upstream
from steadymint.indexing import metrics
from steadymint.indexing.batch import Child
from steadymint.indexing.fold import Fold, InconsistentReplyError
from steadymint.indexing.forks import Forks, follows
from steadymint.indexing.heads import Heads
from steadymint.indexing.importing.backfill import Backfill
from steadymint.indexing.indexed_chain import IndexedChain, IndexerHaltedError
from steadymint.indexing.interpreter import set_for_history
from steadymint.indexing.projection import Projection
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.log_order import RENUMBERED
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.source import LogSource, Span
from steadymint.indexing.rollback import Rollback
from steadymint.indexing.store.chain_tables import name_currency
from steadymint.indexing.store.raw_store import RawStore
from steadymint.indexing.store.writer import Checkpoint, Writer
from steadymint.indexing.subjects.movements.seal import Seal
from steadymint.indexing.subjects.subject import Fault, Prepared, no_fault
from steadymint.indexing.subjects.table import FOLLOWED
from steadymint.indexing.telling.after_commit import AfterCommit
from steadymint.indexing.telling.publish import Publisher
from steadymint.indexing.telling.refresh_signals import RefreshSignals
from steadymint.indexing.telling.settle import Settler
from steadymint.indexing.telling.tx_senders import TxSenders

log = logging.getLogger(__name__)

LOGS_PER_TRANSACTION: Final = 15_000
"""Fewer pay for more commits, more for waiting: a batch is folded while the one before is written."""
LIVE_TAIL: Final = 64
"""Blocks before the head that are read one by one, by hash and linked, instead of in spans: where reorgs happen."""
LIVE_AT_ONCE: Final = 16
"""Of those, how many in one transaction."""
IMPORT_EVERY: Final = 2.0
"""Seconds of history read between two pieces of an import."""
LOOK_FOR_IMPORTS_EVERY: Final = 10.0
"""Seconds of history read between two looks for imports that have not begun."""
RETRY_AFTER: Final = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the n-th retry in a row after a failure of the node or a store."""


@dataclass(slots=True)
class _Pending:
    """A batch on its way into the database."""

    fold: Fold
    headers: list[Header]
    replies: list[Reply]
    logs: int = 0


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
        fault: Fault = no_fault,
        progress: Callable[[SpanSummary], None] | None = None,
        refresh: Callable[[], Awaitable[IndexedChain]] | None = None,
    ) -> None:
        self._chain = chain
        self._refresh = refresh
        self._dsn = dsn
        self._source = source
        self._heads = heads
        self._raw = raw
        self._after_commit = AfterCommit(settler, publisher, signals)
        self._pages = pages
        self._fault = fault
        self._interrupted_at = 0.0
        self._progress = progress
        self._writer: Writer
        self._projection: Projection
        self._rollback: Rollback
        self._forks: Forks
        self._imports: Backfill
        self._senders: TxSenders
        self._checkpoint: Checkpoint
        self._children: dict[str, Child] = {}
        self._watch = bloom.Watch(FOLLOWED)
        self._summary = SpanSummary(checkpoint=-1)

    async def run(self, stop: asyncio.Event, *, until_block: int | None = None) -> SpanSummary:
        """Read until `stop` is set, or until the checkpoint is at `until_block`.

        Raises:
            AnotherWriterError: the chain's lock is held elsewhere.
            IndexerHaltedError: an operator is needed.
            UpstreamUnavailableError: Postgres went away; try again.
        """
        try:
            self._writer = await Writer.open(self._dsn, self._chain.chain_id)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise UpstreamUnavailableError(
                "The catalog's database cannot be reached", upstream=Upstream.POSTGRES
            ) from error
        try:
            await self._prepare()
            try:
                await self._read(stop, until_block)
            finally:
                await self._imports.close()
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise UpstreamUnavailableError("The catalog's database went away", upstream=Upstream.POSTGRES) from error
        finally:
            await self._after_commit.close()
            await self._writer.close()
        return self._summary

    async def rewind(self, block: int) -> SpanSummary:
        """Forget everything above `block`, and lift a halt. For operators."""
        self._writer = await Writer.open(self._dsn, self._chain.chain_id)
        try:
            await self._writer.lift_halt()
            await self._prepare()
            target = max(block, self._chain.start_block - 1)
            if target < self._checkpoint.block:
                header = await self._source.header(target) if target >= 0 else None
                await self._retreat(target, header.hash if header else None)
        finally:
            await self._writer.close()
        return self._summary

    # -- the loop ----------------------------------------------------------------------------------------------------

    async def _read(self, stop: asyncio.Event, until_block: int | None) -> None:
        failures = 0
        while not stop.is_set() and (until_block is None or self._checkpoint.block < until_block):
            try:
                moved = await self._step(stop, until_block)
            except IndexerHaltedError:
                raise
            except (SteadymintError, InconsistentReplyError, asyncpg.DeadlockDetectedError) as error:
                if self._writer.connection.is_closed():
                    raise
                self._report(trouble=str(error) or type(error).__name__)
                await self._after_failure(error, failures, stop)
                failures += 1
                continue
            failures = 0
            if self._summary.trouble is not None:
                self._report(trouble=None)
            if not moved:
                await _first(self._heads.news(), self._imports.piece(), stop.wait())
        if not stop.is_set():
            await self._go_live()

    async def _step(self, stop: asyncio.Event, until_block: int | None) -> bool:
        """Advance once. False if there is nothing to do before the next block."""
        if self._refresh is not None:
            self._adopt(await self._refresh())
        imported = False if self._writer.in_history else await self._import()
        head, following = await self._source.head_and(self._checkpoint.block + 1)
        self._report(head=head.height)
        await self._sweep()
        await self._name_senders()
        target = head.height - self._chain.confirmations + 1
        if until_block is not None:
            target = min(target, until_block)
        at = self._checkpoint.block
        if target <= at:
            await self._go_live()
            if not await self._forks.has_left(self._checkpoint, head):
                return imported
            await self._reorg()
            return True
        history = min(target, head.height - LIVE_TAIL)
        if history - at > LIVE_AT_ONCE:
            with set_for_history():
                await self._backfill(at + 1, history, stop)
        else:
            await self._go_live()
            await self._follow(at + 1, min(target, at + LIVE_AT_ONCE), following)
        return True

    async def _go_live(self) -> None:
        """Seal the first reading, if it is not sealed yet: from here on each block is written as it comes."""
        if not self._writer.in_history:
            return
        with set_for_history():
            queued = await Seal(self._writer, self._dsn, self._fault).run(self._checkpoint)
        self._after_commit.queued(queued)
        self._senders.due()
        if self._pages is not None and queued:
            await self._pages.bump_chain(self._chain.chain_id)
        await self._after_commit.sweep(self._checkpoint.block, now=True)

    async def _sweep(self, *, now: bool = False) -> None:
        """Nobody is told of blocks whose rows are not shown yet."""
        if not self._writer.in_history:
            await self._after_commit.sweep(self._checkpoint.block, now=now)

    async def _name_senders(self) -> None:
        """Go on asking who sent the transactions of suspicious movements."""
        if self._writer.in_history:
            return
        named = await self._senders.step()
        if self._pages is not None and named:
            await self._pages.bump((self._chain.chain_id, Address(contract)) for contract in named)

    async def _import(self) -> bool:
        """Go on with what is being imported. False if there is nothing to go on with at once."""
        wrote = await self._imports.step(self._checkpoint)
        if wrote:
            self._senders.due()
        if self._pages is not None and self._imports.written:
            await self._pages.bump((self._chain.chain_id, Address(contract)) for contract in self._imports.written)
        if self._imports.joined is not None:
            contract, child = self._imports.joined
            self._children[contract] = child
            self._watch.add([contract])
            self._after_commit.queued([contract])
        return wrote

    def _is_to_import(self) -> bool:
        """Whether history should stop for imports: now and then, since it loses what is in flight."""
        now = asyncio.get_running_loop().time()
        pause = IMPORT_EVERY if self._imports.has_piece else LOOK_FOR_IMPORTS_EVERY
        if self._imports.is_reading or now - self._interrupted_at < pause:
            return False
        self._interrupted_at = now
        return True

    def _adopt(self, chain: IndexedChain) -> None:
        """A contract that was registered meanwhile counts from the next block on."""
        if chain != self._chain:
            self._chain = chain
            self._watch.add(chain.roles)

    async def _follow(self, first: int, last: int, known: Header | None) -> None:
        """The newest blocks that are deep enough, each by its hash. `known` is the first."""
        span = await self._source.blocks(first, last, self._watch, known)
        if not follows(span, self._checkpoint.hash):
            await self._forks.prove_unlinked(self._checkpoint)
            await self._reorg()
            return
        pending = self._begin()
        self._take(pending, span)
        await self._commit(pending, self._projection.prepare(pending.fold.batch, self._children))
        await self._after_commit.run(pending.fold.batch, self._checkpoint.block)
        self._fault("told")

    async def _backfill(self, first: int, last: int, stop: asyncio.Event) -> None:
        """History. One batch is written while the next is read and folded."""
        pending, writing = self._begin(), None
        spans = self._source.spans(first, last, by_columns=self._writer.in_history)
        expected = self._checkpoint.hash
        try:
            async for span in spans:
                if not follows(span, expected):
                    break
                expected = span.last.hash
                self._take(pending, span)
                if pending.logs >= LOGS_PER_TRANSACTION:
                    pending, writing = await self._hand_over(pending, writing)
                    await self._sweep()
                if stop.is_set() or self._is_to_import():
                    break
                await asyncio.sleep(0)
            if pending.headers:
                pending, writing = await self._hand_over(pending, writing)
            if writing is not None:
                await writing
        except SteadymintError:
            if writing is not None:
                await writing  # what was read before the node failed is good
            raise
        finally:
            await spans.aclose()
            if writing is not None and not writing.done():
                writing.cancel()
                with suppress(asyncio.CancelledError, SteadymintError):
                    await writing
        await self._sweep(now=True)
        at = self._checkpoint
        if at.hash is not None and not (at.hash == expected and await self._forks.is_on_chain(at.block, at.hash)):
            await self._forks.prove_unlinked(at)
            await self._reorg()

    async def _hand_over(
        self, pending: _Pending, writing: asyncio.Task[None] | None
    ) -> tuple[_Pending, asyncio.Task[None]]:
        """Start writing `pending` once the batch before it is written; a fresh batch to go on with.

        Its rows are rendered meanwhile, in a thread, so that the loop can go on feeding the database.
        """
        batch = pending.fold.batch
        prepared = await asyncio.to_thread(self._projection.prepare, batch, dict(self._children))
        if writing is not None:
            await writing
        self._children.update(batch.created)  # the next batch is folded before this one is committed
        return self._begin(), asyncio.create_task(self._commit(pending, prepared), name="projection")

    def _begin(self) -> _Pending:
        return _Pending(Fold(self._chain.chain_id, self._chain.roles, self._children), [], [])

    def _take(self, pending: _Pending, span: Span) -> None:
        pending.fold.take(span)
        pending.logs += span.weight
        pending.replies.extend(span.replies)
        pending.headers.extend(span.headers)

    async def _commit(self, pending: _Pending, prepared: Prepared) -> None:
        """Raw first, checkpoint last: the raw store is written beside the transaction and awaited before its commit."""
        batch = prepared.batch
        stored = asyncio.create_task(self._store(pending))
        try:
            self._checkpoint = await self._projection.commit(
                prepared, self._checkpoint, pending.headers, self._summary.head or 0, stored
            )
        finally:
            if not stored.done():
                stored.cancel()
            with suppress(asyncio.CancelledError, SteadymintError):
                await stored
        self._children.update(batch.created)
        self._watch.add(batch.created)
        self._after_commit.queued(batch.refreshed())
        if self._pages is not None:  # before anybody is told, lest who is told reads what was
            await self._pages.bump((self._chain.chain_id, Address(contract)) for contract in batch.changed())
        metrics.count(self._chain.chain_id, batch)
        if batch.inconsistent:
            self._senders.due()
        self._report(checkpoint=self._checkpoint.block, logs=self._summary.logs + batch.logs)

    async def _store(self, pending: _Pending) -> None:
        if self._raw is None:
            return
        children, created, roles = self._children, pending.fold.batch.created, self._chain.roles

        def ours(address: str) -> bool:
            return address in children or address in created or address in roles

        upto = pending.headers[-1].height
        await self._raw.write(self._checkpoint.block, pending.replies, upto, ours)
        self._fault("raw stored")

    # -- reorgs ------------------------------------------------------------------------------------------------------

    async def _reorg(self) -> None:
        """Find the newest block we know that is still on the chain, and go back to it.

        Raises:
            IndexerHaltedError: there is none among those kept.
        """
        ancestor = await self._forks.ancestor()
        if ancestor is not None:
            await self._retreat(*ancestor)
            return
        reason = f"a reorg below block {self._checkpoint.block} is deeper than the blocks that are kept"
        await self._writer.halt(reason)
        metrics.halted(self._chain.chain_id)
        log.error("%s halted: %s", self._chain.chain_id, reason)
        raise IndexerHaltedError(f"{self._chain.chain_id}: {reason}")

    async def _retreat(self, block: int, block_hash: str | None) -> None:
        log.warning("%s: back from block %d to %d", self._chain.chain_id, self._checkpoint.block, block)
        if self._raw is not None:
            await self._raw.forget(block)
        self._fault("raw forgotten")
        await self._after_commit.stop_publishing()
        self._checkpoint = await self._rollback.to(block, block_hash, self._checkpoint)
        self._after_commit.queued(self._rollback.queued)
        self._children = await self._writer.children()
        metrics.rolled_back(self._chain.chain_id)
        self._report(checkpoint=block, reorgs=self._summary.reorgs + 1)
        if self._pages is not None:
            await self._pages.bump_chain(self._chain.chain_id)
        await self._sweep(now=True)

    # -- state -------------------------------------------------------------------------------------------------------

    async def _prepare(self) -> None:
        """Take up the state as the database has it."""
        chain = self._chain
        await name_currency(self._writer.connection, chain.chain_id, chain.symbol)
        self._projection = Projection(
            self._writer,
            chain_number=chain.number,
            decimals=chain.decimals,
            reorg_window=chain.reorg_window,
            fault=self._fault,
        )
        self._rollback = Rollback(self._writer, self._projection, self._fault)
        self._forks = Forks(self._source, self._writer)
        self._imports = Backfill(
            self._writer,
            self._projection,
            self._source,
            reorg_window=chain.reorg_window,
            raw=self._raw,
            fault=self._fault,
        )
        self._senders = TxSenders(self._writer, self._source)
        self._checkpoint = await self._writer.checkpoint() or await self._first_checkpoint()
        if self._checkpoint.halted is not None:
            if not await self._forks.stands_on(self._checkpoint):
                raise IndexerHaltedError(f"{chain.chain_id}: {self._checkpoint.halted}")
            await self._writer.lift_halt()  # an operator has resumed, and the node is on our chain again
            self._checkpoint = replace(self._checkpoint, halted=None)
        self._children = await self._writer.children()
        self._watch.add((*chain.roles, *self._children))
        self._report(checkpoint=self._checkpoint.block)

    async def _first_checkpoint(self) -> Checkpoint:
        """The block before the first of ours, by its hash: from here on every block is linked to the one before."""
        before = self._chain.start_block - 1
        header = await self._source.header(before) if before >= 0 else None
        if before >= 0 and header is None:
            raise UnknownBlockError
        checkpoint = await self._writer.start(before, header.hash if header else None, history=True)
        if header is not None:
            await self._writer.remember([header], header.height)
        return checkpoint

    async def _after_failure(self, error: Exception, failures: int, stop: asyncio.Event) -> None:
        """Start again from what the database says, after a pause."""
        log.warning("%s: %s; trying again", self._chain.chain_id, type(error).__name__)
        wished = error.retry_after if isinstance(error, SteadymintError) else None
        await _first(asyncio.sleep(wished or RETRY_AFTER[min(failures, len(RETRY_AFTER) - 1)]), stop.wait())
        self._checkpoint = await self._writer.checkpoint() or self._checkpoint
        self._children = await self._writer.children()

    def _report(self, **changes: int | str | None) -> None:
        renumbered = self._checkpoint.counters.get(RENUMBERED, 0)
        standing = {"first_reading": self._writer.in_history, "renumbered": renumbered}
        self._summary = self._summary.model_copy(update=standing | changes)
        metrics.position(self._chain.chain_id, self._summary.checkpoint, self._summary.head)
        if self._progress is not None:
            self._progress(self._summary)


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of them is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
