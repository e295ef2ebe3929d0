"""The flow that reads a collection's metadata: from the queue's entries to traits and ranks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.refreshing import Refreshing
    from steadymint.domain.counting import counted
    from steadymint.domain.outcome import Outcome
    from steadymint.domain.refreshing import (
        REFRESH_METADATA,
        WAKE,
        BatchOrder,
        BatchSummary,
        RankOrder,
        RefreshOrder,
    )
    from steadymint.durable import policies
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show

PAUSE: Final = timedelta(seconds=1)
"""After a batch that could settle nothing, because somebody else holds the rows for a moment."""


@workflow.defn(name=REFRESH_METADATA)
class RefreshMetadata:
    """`refresh:{chainId}:{contract}`: read what is due, a batch at a time -> rank -> read what fell due since -> done.

    Whoever adds to the queue wakes the flow (`steadymint.durable.refreshing`). The queue's rows are the state; the flow
    keeps next to none of its own.
    """

    @workflow.init
    def __init__(self, order: RefreshOrder) -> None:
        self._collection = order.collection
        self._unranked = order.unranked
        self._woken = False
        self._last = BatchSummary()

    @workflow.run
    async def run(self, order: RefreshOrder) -> BatchSummary:
        while True:
            await self._read_what_is_due()
            if self._unranked and not self._is_long():
                await self._rank()
            if self._is_long():
                workflow.continue_as_new(RefreshOrder(collection=self._collection, unranked=self._unranked))
            if self._woken:
                continue
            if not self._last.waiting:
                show((OUTCOME, Outcome.READY))
                return self._last
            await self._wait_for_the_next()

    @workflow.signal(name=WAKE)
    def wake(self) -> None:
        """There is something new in the queue."""
        self._woken = True

    async def _read_what_is_due(self) -> None:
        """Each batch ends with a look at what is left, so entries made before that look are never missed; entries made
        later wake us."""
        while not self._is_long():
            self._woken = False
            self._last = await self._batch()
            self._unranked = self._unranked or self._last.traits_changed
            self._tell("Reading")
            if not (self._last.due or self._woken):
                return
            if not (self._last.read or self._last.delayed):
                await workflow.sleep(PAUSE, summary="Until the rows are free")

    async def _batch(self) -> BatchSummary:
        return await workflow.execute_activity_method(
            Refreshing.refresh_batch,
            BatchOrder(collection=self._collection),
            task_queue=self._queue,
            start_to_close_timeout=policies.REFRESH_TIMEOUT,
            heartbeat_timeout=policies.REFRESH_HEARTBEAT,
            retry_policy=policies.REFRESH_RETRY,
            summary=f"Read what is due ({self._last.done} of {self._last.total} done)",
        )

    async def _rank(self) -> None:
        """If ranks cannot be computed they are missing; the refresh does not fail for that."""
        self._tell("Ranking")
        try:
            await workflow.execute_activity_method(
                Refreshing.rank_collection,
                RankOrder(collection=self._collection),
                task_queue=self._queue,
                start_to_close_timeout=policies.RANK_TIMEOUT,
                heartbeat_timeout=policies.REFRESH_HEARTBEAT,
                retry_policy=policies.RANK_RETRY,
                summary="Rank the tokens by their traits",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("Tokens were not ranked", extra={"reason": str(error.cause)})
        self._unranked = False

    async def _wait_for_the_next(self) -> None:
        """Until what is to be tried again falls due, or somebody asks."""
        self._tell("Waiting for servers that gave no document")
        seconds = timedelta(seconds=self._last.next_due_in or 0.0)
        try:
            await workflow.wait_condition(
                lambda: self._woken, timeout=max(seconds, PAUSE), timeout_summary="Until the next document is due"
            )
        except TimeoutError:
            return

    def _is_long(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() >= policies.REFRESH_EVENTS

    @property
    def _queue(self) -> str:
        return Queues.beside(workflow.info().task_queue).metadata

    def _tell(self, what: str) -> None:
        """The lines that the Temporal UI shows above the history."""
        last = self._last
        workflow.set_current_details(
            f"**{what}**: {last.done} of {counted(last.total, 'document')} done, {last.total_failed} of them failed; "
            f"{last.due} due, {last.waiting} to be tried again."
        )
