"""The flow that reads a chain for ever.

Reading is one long activity after another; the flow only decides whether to go on. What an operator sees is here: where
it stands, why it stopped, and the verbs to pause, resume and read again.
"""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.indexing import Indexing
    from steadymint.domain.index_standing import IndexStanding, Pace
    from steadymint.domain.indexing import READING, IndexOrder, RewindOrder, SpanOrder, SpanSummary, Told
    from steadymint.domain.waiting import WAITING, Problem, Waiting
    from steadymint.durable import policies
    from steadymint.durable.search_attributes import PROBLEM, STEP
    from workflows.parts.attributes import show


@workflow.defn
class IndexChain:
    """`index-chain:{caip2}`: the only writer of a chain's rows, on the queue `index-{caip2}`."""

    @workflow.init
    def __init__(self, order: IndexOrder) -> None:
        self._order = order
        self._paused = order.paused
        self._halted: str | None = None
        self._last: SpanSummary | None = None
        self._waiting = Waiting(step=READING.step, text="reads; the heartbeat of the running activity says where.")
        self._reading: asyncio.Task[SpanSummary] | None = None
        self._told_to_stop = False
        self._rewinds = 0

    @workflow.run
    async def run(self, order: IndexOrder) -> None:
        """Never returns; continues as new."""
        for _ in range(policies.INDEX_STRETCHES):
            self._tell()
            await workflow.wait_condition(lambda: not (self._paused or self._halted or self._rewinds))
            await self._read()
            if workflow.info().is_continue_as_new_suggested():
                break
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() and not self._rewinds)
        workflow.continue_as_new(order.model_copy(update={"paused": self._paused}))

    async def _read(self) -> None:
        self._told_to_stop = False
        self._reading = asyncio.create_task(self._activity())
        try:
            self._last = await self._reading
        except (asyncio.CancelledError, ActivityError, CancelledError) as ended:
            self._ended(ended)
        finally:
            self._reading = None

    async def _activity(self) -> SpanSummary:
        return await workflow.execute_activity_method(
            Indexing.index_span,
            SpanOrder(
                chain_id=self._order.chain_id,
                seconds=policies.INDEX_STRETCH.total_seconds(),
                told=Told(
                    step=self._waiting.step,
                    problem=self._waiting.problem,
                    renumbered=self._waiting.renumbered,
                    differed=self._waiting.differed,
                ),
            ),
            start_to_close_timeout=policies.INDEX_TIMEOUT,
            heartbeat_timeout=policies.INDEX_HEARTBEAT,
            retry_policy=policies.INDEX_RETRY,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=f"Read {self._order.chain_id}",
        )

    def _ended(self, ended: BaseException) -> None:
        """Told to stop, or halted. Whatever may pass by itself is retried by the activity and never gets here."""
        if is_cancelled_exception(ended) or isinstance(ended, asyncio.CancelledError):
            if not self._told_to_stop:
                raise ended  # the flow itself is cancelled
            return
        cause = ended.__cause__ if isinstance(ended, ActivityError) else None
        self._halted = str(cause) if isinstance(cause, ApplicationError) else str(ended)
        workflow.logger.error("Indexing halted", extra={"reason": self._halted})

    @workflow.signal(name=WAITING, description="Where the index stands, told when that changes")
    def waiting(self, waiting: Waiting) -> None:
        """Told by the activity that reads."""
        self._waiting = waiting
        self._tell()

    # -- what operators say -----------------------------------------------------------------------------------------

    @workflow.update(description="Stop reading after the batch in progress")
    async def pause(self) -> str:
        """Stop reading after the batch in progress. Flows of this chain wait meanwhile."""
        self._paused = True
        await self._stop_reading()
        self._tell()
        return self._status()

    @workflow.update(description="Go on, also after a halt whose cause is gone")
    async def resume(self) -> str:
        """Go on, also after a halt whose cause is gone: if it is not, the chain halts again at once."""
        self._paused, self._halted = False, None
        self._tell()
        return self._status()

    @workflow.update(description="Forget what was indexed from a block on, and read it again")
    async def reindex(self, from_block: int) -> str:
        """Forget what was indexed from `from_block` on, lift a halt, and read again."""
        self._rewinds += 1
        try:
            await self._stop_reading()
            self._last = await workflow.execute_activity_method(
                Indexing.rewind_index,
                RewindOrder(chain_id=self._order.chain_id, block=from_block - 1),
                start_to_close_timeout=policies.INDEX_TIMEOUT,
                heartbeat_timeout=policies.INDEX_HEARTBEAT,
                retry_policy=policies.REWIND_RETRY,
                summary=f"Forget from block {from_block}",
            )
            self._halted = None
        finally:
            self._rewinds -= 1
        self._tell()
        return self._status()

    @reindex.validator
    def _a_block(self, from_block: int) -> None:
        if from_block < 0:
            raise ValueError("a block number is not negative")

    @workflow.query
    def status(self) -> dict[str, Any]:
        """Where the flow stands; `last` is as old as the last stretch."""
        return {
            "paused": self._paused,
            "halted": self._halted,
            "last": self._last.model_dump(mode="json") if self._last else None,
        }

    # -- inside ------------------------------------------------------------------------------------------------------

    async def _stop_reading(self) -> None:
        if self._reading is not None:
            self._told_to_stop = True  # also if whoever paused resumes before the activity has stopped
            self._reading.cancel()
        await workflow.wait_condition(lambda: self._reading is None)

    def _status(self) -> str:
        if self._halted is not None:
            return f"HALTED: {self._halted}"
        if self._paused:
            return "Paused by an operator"
        return "Reading; the running activity's heartbeat says where"

    def _tell(self) -> None:
        """The lines that the Temporal UI shows above the history, and what its list is filtered by. Numbers have their
        time: the flow hears of changes only."""
        chain = self._order.chain_id
        if self._halted is not None:
            show((STEP, "halted"), (PROBLEM, Problem.INDEX_HALTED))
            standing = IndexStanding(chain_id=chain, checkpoint=self._block, halted=self._halted)
            text = standing.judged(head=None, pace=_ANY_PACE, now=workflow.now()).whole
        elif self._paused:
            show((STEP, "paused"), (PROBLEM, None))
            text = (
                "is paused by an operator; its intents wait. `temporal workflow update execute --workflow-id "
                f"{workflow.info().workflow_id} --name resume` goes on."
            )
        else:
            show((STEP, self._waiting.step), (PROBLEM, self._waiting.problem))
            text = self._waiting.text
        workflow.set_current_details(f"The index of **{chain}** {text}")

    @property
    def _block(self) -> int | None:
        return None if self._last is None else self._last.checkpoint


_ANY_PACE = Pace(confirmations=1, block_time=1.0)
"""A halt is no question of pace."""
