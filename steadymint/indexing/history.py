"""Reads history: wide spans of blocks, of which one batch is written while the next is read and folded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.chain_state import ChainState
from steadymint.indexing.forks import follows
from steadymint.indexing.pending import PendingBatch
from steadymint.indexing.reading.source import LogSource

LOGS_PER_TRANSACTION: Final = 15_000
"""Fewer pay for more commits, more for waiting: a batch is folded while the one before is written."""


class HistoryReader:
    """Reads the history of one chain into its state."""

    def __init__(self, state: ChainState, source: LogSource) -> None:
        self._state = state
        self._source = source
        self._pending: PendingBatch
        """The batch that is gathered."""
        self._writing: asyncio.Task[None] | None
        """The batch before it, on its way into the database."""

    async def read(self, first: int, last: int, is_interrupted: Callable[[], bool]) -> None:
        """Read the blocks `first`..`last`, or fewer if `is_interrupted` says so. `first` follows the checkpoint. If the
        chain has left the checkpoint's block, go back.

        Raises:
            SteadymintError: the node failed. What was read before is written.
        """
        read_upto = await self._read_spans(first, last, is_interrupted)
        await self._state.sweep(now=True)
        at, forks = self._state.checkpoint, self._state.forks
        if at.hash is not None and not (at.hash == read_upto and await forks.is_on_chain(at.block, at.hash)):
            await forks.prove_unlinked(at)
            await self._state.reorg()

    async def _read_spans(self, first: int, last: int, is_interrupted: Callable[[], bool]) -> str | None:
        """The hash of the last block that was read and follows those before it."""
        expected = self._state.checkpoint.hash
        self._pending, self._writing = self._state.begin(), None
        spans = self._source.spans(first, last, by_columns=self._state.writer.in_history, ours=self._state.watch)
        try:
            async for span in spans:
                if not follows(span, expected):
                    break
                expected = span.last.hash
                self._pending.take(span)
                if self._pending.logs >= LOGS_PER_TRANSACTION:
                    await self._hand_over()
                    await self._state.sweep()
                if is_interrupted():
                    break
                await asyncio.sleep(0)
            if self._pending.headers:
                await self._hand_over()
            await self._written()
        except SteadymintError:
            await self._written()  # what was read before the node failed is good
            raise
        finally:
            await spans.aclose()
            await self._cancel()
        return expected

    async def _hand_over(self) -> None:
        """Start to write the pending batch once the one before it is written, and begin a new one.

        Its rows are rendered meanwhile, in a thread, so that the loop can go on feeding the database.
        """
        state, pending = self._state, self._pending
        rendered = await asyncio.to_thread(state.projection.render, pending.batch, dict(state.children))
        await self._written()
        state.follow(pending.batch)  # the next batch is folded before this one is committed
        self._pending = state.begin()
        self._writing = asyncio.create_task(state.commit(pending, rendered), name="projection")

    async def _written(self) -> None:
        if self._writing is not None:
            await self._writing

    async def _cancel(self) -> None:
        if self._writing is not None and not self._writing.done():
            self._writing.cancel()
            with suppress(asyncio.CancelledError, SteadymintError):
                await self._writing
