"""The state of a chain that is indexed: its checkpoint, its collections and its progress, in step with the database.

A commit moves it forward, a retreat back. After a failure it is loaded anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from steadymint.catalog.cache import Freshness
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.errors import SteadymintError
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import Address
from steadymint.indexing import metrics
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.fold import Fold
from steadymint.indexing.forks import Forks
from steadymint.indexing.indexed_chain import IndexedChain, IndexerHaltedError
from steadymint.indexing.interpreter import set_for_history
from steadymint.indexing.pending import PendingBatch
from steadymint.indexing.projection import Projection
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.history_check import differed
from steadymint.indexing.reading.log_order import RENUMBERED
from steadymint.indexing.reading.source import LogSource
from steadymint.indexing.rollback import Rollback
from steadymint.indexing.store.chain_tables import name_currency
from steadymint.indexing.store.raw_store import RawStore
from steadymint.indexing.store.writer import Checkpoint, Writer
from steadymint.indexing.subjects.approvals.owners import owners_in
from steadymint.indexing.subjects.movements.seal import Seal
from steadymint.indexing.subjects.subject import Fault, RenderedBatch
from steadymint.indexing.subjects.table import FOLLOWED
from steadymint.indexing.telling.after_commit import AfterCommit
from steadymint.indexing.telling.tx_senders import TxSenders
from steadymint.live.approval_checks import ApprovalChanges

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What the indexing of a chain uses."""

    dsn: str
    source: LogSource
    raw: RawStore | None
    """None if raw logs are not kept."""
    after_commit: AfterCommit
    pages: Freshness | None
    """The cache of the catalog's pages; None if there is none."""
    allowances: ApprovalChanges | None
    """What chains have said of approvals; None if nobody keeps it."""
    fault: Fault
    progress: Callable[[SpanSummary], None] | None
    """Called with each report."""


class ChainState:
    """The state of one chain, on the connection that writes it. Call `load` first."""

    def __init__(self, chain: IndexedChain, writer: Writer, services: Services) -> None:
        self.chain = chain
        self.writer = writer
        self._services = services
        self._fault = services.fault
        self.projection = Projection(
            writer,
            chain_number=chain.number,
            decimals=chain.decimals,
            money=chain.money,
            pools=chain.pools,
            reorg_window=chain.reorg_window,
            fault=services.fault,
        )
        self._rollback = Rollback(writer, self.projection, services.fault)
        self.forks = Forks(services.source, writer)
        self.senders = TxSenders(writer, services.source.lookups)
        self.checkpoint = Checkpoint(-1, None)
        self.children: dict[str, Child] = {}
        """Contract -> collection, of those whose logs count."""
        self.launched: set[str] = set()
        """Contracts of the fungible tokens whose logs count."""
        self.watch = bloom.Watch(FOLLOWED)
        """Finds blocks with logs of ours by their bloom filters."""
        self.summary = SpanSummary(checkpoint=-1)

    # -- in step with the database -------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Take up the state as the database has it; write the first checkpoint if there is none.

        Raises:
            IndexerHaltedError: the chain is halted, and the node is still on another chain.
        """
        chain = self.chain
        await name_currency(self.writer.connection, chain.chain_id, chain.symbol)
        self.checkpoint = await self.writer.checkpoint() or await self._first_checkpoint()
        if self.checkpoint.halted is not None:
            if not await self.forks.stands_on(self.checkpoint):
                raise IndexerHaltedError(f"{chain.chain_id}: {self.checkpoint.halted}")
            await self.writer.lift_halt()  # an operator has resumed, and the node is on our chain again
            self.checkpoint = replace(self.checkpoint, halted=None)
        await self._read_contracts()
        self._every_import_is_due()
        self.watch.add((*chain.roles, *self.children, *self.launched))
        self.report(checkpoint=self.checkpoint.block)

    async def reload(self) -> None:
        """Start again from what the database says, after a failure."""
        self.checkpoint = await self.writer.checkpoint() or self.checkpoint
        await self._read_contracts()
        self._every_import_is_due()  # what was written is perhaps not noted

    async def _read_contracts(self) -> None:
        self.children, self.launched = await self.writer.children(), await self.writer.launched()

    def _every_import_is_due(self) -> None:
        self.senders.due(filter(self._is_imported, self.children))

    def _is_imported(self, contract: str) -> bool:
        child = self.children.get(contract)
        return child is not None and child.foreign

    async def _first_checkpoint(self) -> Checkpoint:
        """The block before the first of ours, by its hash: from here on every block is linked to the one before."""
        before = self.chain.start_block - 1
        header = await self._services.source.header(before) if before >= 0 else None
        if before >= 0 and header is None:
            raise UnknownBlockError
        checkpoint = await self.writer.start(before, header.hash if header else None, history=True)
        if header is not None:
            await self.writer.remember([header], header.height)
        return checkpoint

    def adopt(self, chain: IndexedChain) -> None:
        """Take over what is registered now. A new contract counts from the next block on."""
        if chain != self.chain:
            self.chain = chain
            self.watch.add(chain.roles)
            self.projection.terms.money, self.projection.terms.pools = chain.money, chain.pools

    def join(self, contract: str, child: Child) -> None:
        """Follow a collection whose import is done."""
        self.children[contract] = child
        self.watch.add([contract])
        self.senders.due([contract])
        self._services.after_commit.queued([contract])

    # -- forward -------------------------------------------------------------------------------------------------------

    def begin(self) -> PendingBatch:
        """An empty batch for the blocks after those of the last one."""
        return PendingBatch(Fold(self.chain.chain_id, self.chain.roles, self.children, self.launched))

    def follow(self, batch: Batch) -> None:
        """Follow the contracts that the batch has met first, in the batches after it."""
        self.children.update(batch.created)
        self.launched |= batch.launched

    async def commit(self, pending: PendingBatch, rendered: RenderedBatch) -> None:
        """Raw first, checkpoint last: the raw store is written beside the transaction and awaited before its commit.

        Raises:
            CheckpointMovedError: another writer was here; nothing is written.
        """
        batch = rendered.batch
        stored = asyncio.create_task(self._store(pending))
        try:
            self.checkpoint = await self.projection.commit(
                rendered, self.checkpoint, pending.headers, self.summary.head or 0, stored
            )
        finally:
            if not stored.done():
                stored.cancel()
            with suppress(asyncio.CancelledError, SteadymintError):
                await stored
        self.follow(batch)
        self.watch.add((*batch.created, *batch.launched))
        self._services.after_commit.queued(batch.refreshed())
        await self._forget_allowances(batch)
        changed = batch.changed()
        await self.show(changed | rendered.shown)  # before anybody is told, lest who is told reads what was
        metrics.count(self.chain.chain_id, batch)
        imported = set(filter(self._is_imported, changed))
        if batch.inconsistent or imported:
            self.senders.due(imported)
        self.report(checkpoint=self.checkpoint.block, logs=self.summary.logs + batch.logs)

    async def _store(self, pending: PendingBatch) -> None:
        raw = self._services.raw
        if raw is None:
            return
        children, created, roles = self.children, pending.batch.created, self.chain.roles
        tokens, launched = self.launched, pending.batch.launched

        def ours(address: str) -> bool:
            return (
                address in children
                or address in created
                or address in roles
                or address in tokens
                or address in launched
            )

        await raw.write(self.checkpoint.block, pending.replies, pending.headers[-1].height, ours)
        self._fault("raw stored")

    async def seal(self) -> None:
        """End the first reading, if it is not ended yet: from here on each block is written as it comes."""
        if not self.writer.in_history:
            return
        self.report(sealing=True)  # it may take minutes, in which nothing moves
        try:
            with set_for_history():
                queued = await Seal(self.writer, self._services.dsn, self._fault).run(self.checkpoint)
        finally:
            self.report(sealing=False)
        self._services.after_commit.queued(queued)
        self._every_import_is_due()
        if queued:
            await self._show_everything()
        await self.sweep(now=True)

    # -- back ----------------------------------------------------------------------------------------------------------

    async def reorg(self) -> None:
        """Find the newest block we know that is still on the chain, and go back to it.

        Raises:
            IndexerHaltedError: there is none among those kept.
        """
        ancestor = await self.forks.ancestor()
        if ancestor is not None:
            await self.retreat(*ancestor)
            return
        reason = f"a reorg below block {self.checkpoint.block} is deeper than the blocks that are kept"
        await self.writer.halt(reason)
        metrics.halted(self.chain.chain_id)
        log.error("%s halted: %s", self.chain.chain_id, reason)
        raise IndexerHaltedError(f"{self.chain.chain_id}: {reason}")

    async def retreat(self, block: int, block_hash: str | None) -> None:
        """Undo every block above this one."""
        log.warning("%s: back from block %d to %d", self.chain.chain_id, self.checkpoint.block, block)
        await self._services.after_commit.stop_publishing()
        self.checkpoint = await self._rollback.to(block, block_hash, self.checkpoint)
        self._services.after_commit.queued(self._rollback.queued)
        self.senders.forget_unknown()
        await self._read_contracts()
        metrics.rolled_back(self.chain.chain_id)
        self.report(checkpoint=block, reorgs=self.summary.reorgs + 1)
        await self._show_everything()
        await self.sweep(now=True)

    # -- what others see -----------------------------------------------------------------------------------------------

    def report(self, **changes: int | str | None) -> None:
        """Change members of the summary, and pass it on."""
        counters = self.checkpoint.counters
        standing = {
            "first_reading": self.writer.in_history,
            "renumbered": counters.get(RENUMBERED, 0),
            "differed": differed(counters),
        }
        self.summary = self.summary.model_copy(update=standing | changes)
        metrics.position(self.chain.chain_id, self.summary.checkpoint, self.summary.head)
        if self._services.progress is not None:
            self._services.progress(self.summary)

    async def show(self, contracts: Iterable[str]) -> None:
        """Drop the cached pages of these contracts."""
        named = {(self.chain.chain_id, Address(contract)) for contract in contracts}
        if self._services.pages is not None and named:
            await self._services.pages.bump(named)

    async def _forget_allowances(self, batch: Batch) -> None:
        """Ask the chain anew about the approvals of accounts that the batch concerns."""
        allowances, owners = self._services.allowances, set(owners_in(batch))
        if allowances is not None and owners and not self.writer.in_history:
            await allowances.forget(self.chain.chain_id, owners)

    async def _show_everything(self) -> None:
        if self._services.allowances is not None:
            await self._services.allowances.forget_chain(self.chain.chain_id)
        if self._services.pages is not None:
            await self._services.pages.bump_chain(self.chain.chain_id)

    async def sweep(self, *, now: bool = False) -> None:
        """Tell what is still to be told. Nobody is told of blocks whose rows are not shown yet."""
        if not self.writer.in_history:
            await self._services.after_commit.sweep(self.checkpoint.block, now=now)
