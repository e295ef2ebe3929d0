"""The flow of an intent, which is the same for every kind: wallet, chain, deadline and operators.

    prepared -> the wallet answers, or the chain shows the transaction anyway, or the deadline passes
             -> the transaction is followed until the intent's row is final

The row is the truth about an intent; the flow holds only what it waits for (`workflows/parts/state.py`). The commands
of operators are in `workflows/parts/operators.py`. On the happy path a mint takes 20 events: a local activity that
prepares, a timer for the deadline, an update from the wallet, an activity that follows, and the search attributes at
the end.

A refused request completes the flow: the caller is told why, and nobody has to act. A flow fails only if a part of ours
has failed.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.preparing.base import Preparing
    from steadymint.domain.errors import IdempotencyMismatchError
    from steadymint.domain.intents import messages
    from steadymint.domain.intents.kinds import kind_of
    from steadymint.domain.intents.machine import FINAL_STEPS, Step
    from steadymint.domain.intents.messages import (
        FlowResult,
        Landed,
        Prepared,
        PrepareRequest,
        TakenBack,
        TrackRequest,
    )
    from steadymint.domain.intents.order import Order, Reopened, Terms
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.outcome import Outcome, Refusal, outcome_of
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import show_address
    from steadymint.domain.waiting import WAITING, Problem, Waiting
    from steadymint.durable import policies
    from steadymint.durable.failures import refusal_of, to_failure
    from steadymint.durable.search_attributes import COLLECTION, OUTCOME, PROBLEM, STEP, TX_HASH
    from workflows.parts.attributes import show
    from workflows.parts.operators import OperatorCommands
    from workflows.parts.preparation import Preparation

T = TypeVar("T", bound=Terms)


class IntentFlow(OperatorCommands, Generic[T]):
    """Base of the flows of intents: the story, and the messages of callers. A subclass says how its intent is
    prepared."""

    preparing: ClassVar[type[Preparing]]
    """The class whose activity `prepare` makes the intent."""
    checks: ClassVar[str]
    """What that activity does, in words for the Temporal UI."""
    always_searchable: ClassVar[bool] = True
    """Whether a flow shows its hash and step as soon as it follows a transaction, which costs an event. If not, they
    are shown once the transaction has taken long, and at its end."""

    def __init__(self, order: Order[Any, T]) -> None:
        super().__init__(order, searchable=self.always_searchable)
        self._words = kind_of(order).words
        self._preparation = Preparation(self._prepare, lambda: self._row.find(order.request_hash))
        self._taken_back: IntentView | None = None

    # -- the story ----------------------------------------------------------------------------------------------------

    async def _run(self) -> FlowResult:
        refusal = await self._begin()
        if refusal is not None:
            self._tell(f"Refused `{refusal.code}`: {as_code(refusal.detail)}")
            show((OUTCOME, Outcome.REFUSED), (STEP, None))
            return FlowResult.refused(self._order.intent_id, refusal)
        self._deadline.start()
        end = await self._until_ended()
        self._tell(f"Ended `{end.step}`: {self._words[end.step]}.")
        tx_hash = end.tx_hash or self._hash.tx_hash
        show((OUTCOME, outcome_of(end)), (STEP, end.step.value), (PROBLEM, None), (TX_HASH, tx_hash))
        return FlowResult.of(end)

    async def _begin(self) -> Refusal | None:
        """Prepares the intent, or resumes a closed flow that was reopened. Returns the reason if the request was
        refused."""
        if isinstance(self._order.task, Reopened):
            self._background.run(self._resume(self._order.task))
            return None
        try:
            prepared = await self._preparation.answer()
        except FailureError as failure:
            refusal = refusal_of(failure)
            if refusal is not None:
                await workflow.wait_condition(workflow.all_handlers_finished)
                return refusal
            prepared = await self._written_before(failure)
        if prepared.view.step in FINAL_STEPS:  # an earlier run has brought it to its end
            self._end = prepared.view
        self._tell(f"Now {self._words[Step.PREPARED]}.")
        return None

    async def _written_before(self, failure: FailureError) -> Prepared:
        """The intent, if it was written before the preparation failed. Raises the failure if there is none.

        The pause ends the workflow task, so that callers hear of the failure before the database answers.
        """
        self._tell(f"Not prepared: {as_code(str(failure.cause or failure))}")
        await workflow.sleep(policies.LOOK_FOR_ROW, summary="Before it looks for what was written")
        written = await self._preparation.written()
        if written is not None:
            return written
        await workflow.wait_condition(workflow.all_handlers_finished)
        show((STEP, None), (PROBLEM, Problem.STEP_FAILED))
        raise failure

    async def _resume(self, reopened: Reopened) -> None:
        """Continues a closed flow after the chain has changed. The row already says how the intent stands.

        A hash that was reported late comes with an update, whose caller is told if it is refused.
        """
        if reopened.reason == "reported":
            return
        view = await self._row.read()
        if reopened.reason == "landed" and view.step is Step.READY:
            self._end = view
        else:
            await self._follow(reopened.tx_hash)

    async def _until_ended(self) -> IntentView:
        """Waits for an end that stands. The chain may take an end back before the flow has closed; then it starts
        over."""
        while True:
            end = await self._until_end()
            self._hash.stop()
            await workflow.wait_condition(self._answers.are_given)
            reopened = self._taken_back
            if reopened is None or reopened.updated_at <= end.updated_at:
                return end
            self._start_over(reopened)

    async def _until_end(self) -> IntentView:
        """Waits until the chain, an operator or the deadline has ended the intent."""
        while self._end is None:
            await workflow.wait_condition(lambda: self._end is not None or self._deadline.passed)
            if self._end is None:
                await self._expire()
        return self._end

    async def _expire(self) -> None:
        """Expires the intent after its deadline, unless its transaction is in a block. The transaction may leave that
        block for good, so the flow tries again later."""
        expired = await self._row.expire()
        self._end = self._end or expired
        if self._end is None:
            self._tell("Past its deadline, but in a block: the chain decides.")
            self._deadline.look_again(policies.EXPIRE_AGAIN)

    def _start_over(self, reopened: IntentView) -> None:
        """Reopens the intent within this run."""
        assert reopened.tx_hash is not None, "what was in a block has a hash"
        self._end = None
        self._deadline.renew(self._order.deadline_seconds)
        self._background.run(self._follow(reopened.tx_hash))

    # -- messages of callers ------------------------------------------------------------------------------------------

    @workflow.update(name=messages.PREPARE, description="Check the request, and hand out what the wallet is to sign")
    async def prepare(self, request: PrepareRequest) -> Prepared:
        """The prepared intent. It is made once, however often it is asked for. A refusal ends the flow."""
        with self._answers.owed():
            return await self._preparation.answer(request.request_id)

    @prepare.validator
    def _same_request(self, request: PrepareRequest) -> None:
        if request.request_hash != self._order.request_hash:
            raise to_failure(IdempotencyMismatchError())

    @workflow.update(
        name=messages.TRACK,
        description="Follow the transaction that the wallet has sent",
        unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON,
    )
    async def track(self, request: TrackRequest) -> None:
        """Follows a hash to the intent's end. Fails if the hash cannot be the intent's, or if another hash replaces it.

        Otherwise it is left open. `tracked` in the intent's log is the answer for the caller. Nobody waits for an
        answer at the end, which would cost each mint an event.
        """
        await self._take(request.tx_hash)

    @track.validator
    def _track_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_ended()
        self._hash.refuse_if_many()

    @workflow.signal(name=messages.LANDED)
    def landed(self, landed: Landed) -> None:
        """Sent by the indexer: it has seen the intent's transaction, whether or not it was tracked."""
        self._end = landed.view

    @workflow.signal(name=messages.TAKEN_BACK)
    def taken_back(self, taken_back: TakenBack) -> None:
        """Sent by the indexer: a reorg has taken the intent's end back. A run that this reorg reopened ignores it."""
        self._taken_back = taken_back.view

    @workflow.signal(name=WAITING, description="What the flow waits for, told once that takes long")
    def waiting(self, waiting: Waiting) -> None:
        """Sent by the activity that follows the transaction. Shown to operators."""
        if self._end is None and self._hash.tx_hash == waiting.order:
            show((STEP, waiting.step), (PROBLEM, waiting.problem), (TX_HASH, waiting.tx_hash))
            self._tell(waiting.text)

    # -- one level down -----------------------------------------------------------------------------------------------

    async def _prepare(self) -> Prepared:
        prepared: Prepared = await workflow.execute_local_activity_method(
            self.preparing.prepare,
            args=[self._order, self._deadline.at],
            start_to_close_timeout=policies.PREPARE_TIMEOUT,
            schedule_to_close_timeout=policies.PREPARE_BUDGET,
            retry_policy=policies.PREPARE_RETRY,
            summary=self.checks,
        )
        if prepared.preview_address is not None:
            show((COLLECTION, show_address(prepared.preview_address)))
        return prepared
