"""The story of an intent, the same for every kind: wallet, chain, deadline and operators.

    prepared -> the wallet answers, or the chain shows the transaction anyway, or the deadline passes
             -> the transaction is followed until the intent's row is final

The row says all there is to know about an intent; the flow holds only what it waits for. On the happy path a mint is
20 events: a local activity to prepare, a timer for the deadline, an update from the wallet, an activity that follows,
and the search attributes at the end.

A request that is refused completes the flow: the caller knows, and nobody has to look. A flow fails only where a part
of ours has failed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.preparing.base import Preparing
    from steadymint.domain.errors import IdempotencyMismatchError, IntentFinalError, SupersededError
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
    from steadymint.domain.types import IntentId, TxHash, show_address
    from steadymint.domain.waiting import WAITING, Problem, Waiting
    from steadymint.durable import policies
    from steadymint.durable.failures import refusal_of, to_failure
    from steadymint.durable.search_attributes import COLLECTION, OUTCOME, PROBLEM, STEP, TX_HASH
    from workflows.parts.answers import Answers
    from workflows.parts.attributes import show
    from workflows.parts.background import Background
    from workflows.parts.deadline import Deadline
    from workflows.parts.details import Details
    from workflows.parts.following import FollowedHash
    from workflows.parts.preparation import Preparation
    from workflows.parts.row import Row

T = TypeVar("T", bound=Terms)

MAX_EXTENSION = timedelta(days=30)
"""By which an operator may move a deadline at once. More is a slip of the hand."""


class IntentFlow(Generic[T]):
    """Base of the flows. A subclass says how its intent is prepared."""

    preparing: ClassVar[type[Preparing]]
    """Whose activity `prepare` makes the intent."""
    checks: ClassVar[str]
    """What that does, for the Temporal UI."""
    always_searchable: ClassVar[bool] = True
    """Whether a flow spends an event on showing its hash and step as soon as it follows a transaction. Else it does so
    once the transaction has taken long, and at its end."""

    def __init__(self, order: Order[Any, T]) -> None:
        self._order = order
        self._row = Row(IntentId(order.intent_id))
        self._words = kind_of(order).words
        self._preparation = Preparation(self._prepare)
        self._deadline = Deadline(order.deadline_seconds)
        self._hash = FollowedHash(
            order.intent_id,
            tell=self._tell,
            again=lambda tx_hash: self._background.run(self._follow(tx_hash)),
            searchable=self.always_searchable,
        )
        self._end: IntentView | None = None
        self._taken_back: IntentView | None = None
        self._details = Details(order)
        self._background = Background(self._needs_attention)
        self._answers = Answers()

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
        """From the request to the prepared intent, or to where a closed flow was reopened. Answers why not, if the
        request was refused."""
        if isinstance(self._order.task, Reopened):
            self._background.run(self._resume(self._order.task))
            return None
        try:
            prepared = await self._preparation.answer()
        except FailureError as failure:
            await workflow.wait_condition(workflow.all_handlers_finished)
            refusal = refusal_of(failure)
            if refusal is None:
                self._tell(f"Not prepared: {as_code(str(failure.cause or failure))}")
                show((STEP, None), (PROBLEM, Problem.STEP_FAILED))
                raise
            return refusal
        if prepared.view.step in FINAL_STEPS:  # an earlier run has brought it to its end
            self._end = prepared.view
        self._tell(f"Now {self._words[Step.PREPARED]}.")
        return None

    async def _resume(self, reopened: Reopened) -> None:
        """A closed flow runs again because the chain changed its mind; the row already knows."""
        view = await self._row.read()
        if reopened.reason == "landed" and view.step is Step.READY:
            self._end = view
        else:
            await self._follow(reopened.tx_hash)

    async def _until_ended(self) -> IntentView:
        """The end that stands: the chain may take it back before the flow has had the time to close."""
        while True:
            end = await self._until_end()
            self._hash.stop()
            await workflow.wait_condition(self._answers.are_given)
            reopened = self._taken_back
            if reopened is None or reopened.updated_at <= end.updated_at:
                return end
            self._start_over(reopened)

    async def _until_end(self) -> IntentView:
        """Until the chain, an operator or the clock has ended the intent."""
        while self._end is None:
            await workflow.wait_condition(lambda: self._end is not None or self._deadline.passed)
            if self._end is None:
                await self._expire()
        return self._end

    async def _expire(self) -> None:
        """Past the deadline an intent expires, unless its transaction is in a block. It may leave that again and never
        come back, so the clock is looked at again."""
        expired = await self._row.expire()
        self._end = self._end or expired
        if self._end is None:
            self._tell("Past its deadline, but in a block: the chain decides.")
            self._deadline.look_again(policies.EXPIRE_AGAIN)

    def _start_over(self, reopened: IntentView) -> None:
        """This run becomes the reopened one."""
        assert reopened.tx_hash is not None, "what was in a block has a hash"
        self._end = None
        self._deadline.renew(self._order.deadline_seconds)
        self._background.run(self._follow(reopened.tx_hash))

    # -- what callers say ---------------------------------------------------------------------------------------------

    @workflow.update(name=messages.PREPARE, description="Check the request, and hand out what the wallet is to sign")
    async def prepare(self, request: PrepareRequest) -> Prepared:
        """The prepared intent, made once however often it is asked for. A refusal ends the flow."""
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
        """Follows a hash to the intent's end. Fails if the hash cannot be the intent's, or gives way to another one.

        It is left open otherwise. The caller is answered by `tracked` in the intent's log; nobody waits for an answer
        at the end, and it would cost each mint an event.
        """
        await self._take(request.tx_hash)

    @track.validator
    def _track_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_ended()
        self._hash.refuse_if_many(request.tx_hash)

    @workflow.signal(name=messages.LANDED)
    def landed(self, landed: Landed) -> None:
        """The indexer has seen the intent's transaction, whoever sent it, whether or not it was tracked."""
        self._end = landed.view

    @workflow.signal(name=messages.TAKEN_BACK)
    def taken_back(self, taken_back: TakenBack) -> None:
        """A reorg has taken the intent's end back. Of no interest to a run that was reopened by it."""
        self._taken_back = taken_back.view

    @workflow.signal(name=WAITING, description="What the flow waits for, told once that takes long")
    def waiting(self, waiting: Waiting) -> None:
        """Told by the activity that follows the transaction, for operators."""
        if self._end is None and self._hash.tx_hash == waiting.order:
            show((STEP, waiting.step), (PROBLEM, waiting.problem), (TX_HASH, waiting.tx_hash))
            self._tell(waiting.text)

    # -- what operators say -------------------------------------------------------------------------------------------

    @workflow.update(name=messages.RETRY_STEP, description="Start the present wait anew")
    async def retry_step(self) -> str:
        """Starts the present wait anew, on whatever worker is free."""
        tx_hash = self._hash.tx_hash
        if tx_hash is None:
            return "Waiting for the wallet: there is nothing to retry"
        self._background.run(self._follow(tx_hash))
        return f"Following {tx_hash} anew"

    @workflow.update(name=messages.EXTEND_DEADLINE, description="Wait longer for the transaction, by seconds")
    async def extend_deadline(self, seconds: int) -> datetime:
        """Moves the deadline by `seconds`."""
        until = self._deadline.extend(timedelta(seconds=seconds))
        self._tell()
        with self._answers.owed():
            await self._row.extend(until)
        return until

    @extend_deadline.validator
    def _extension_is_sane(self, seconds: int) -> None:
        self._refuse_if_ended()
        if self._deadline.passed:
            raise ApplicationError("the deadline has just passed, and the intent expires", type="conflict")
        if not 0 < seconds <= MAX_EXTENSION.total_seconds():
            raise ApplicationError("seconds must lie between 1 and 30 days", type="invalid_input")

    @workflow.update(
        name=messages.REBIND_HASH,
        description="Follow another transaction from now on",
        unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON,
    )
    async def rebind_hash(self, request: TrackRequest) -> None:
        """`track` for operators: the user's wallet, or support, knows better."""
        await self._take(request.tx_hash)

    @rebind_hash.validator
    def _rebind_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_ended()

    @workflow.update(name=messages.CANCEL, description="End the intent, for a reason that its user is shown")
    async def cancel(self, reason: str) -> IntentView:
        """Ends the intent as failed, for `reason`."""
        with self._answers.owed():
            view = await self._row.cancel(reason)
        if view is None:
            raise to_failure(IntentFinalError())
        self._end = view
        return view

    @cancel.validator
    def _cancel_is_open(self, reason: str) -> None:
        self._refuse_if_ended()

    def _refuse_if_ended(self) -> None:
        if self._end is not None:
            raise to_failure(IntentFinalError())

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

    async def _take(self, tx_hash: TxHash) -> NoReturn:
        """Follows the hash for a caller who is answered only if it is refused."""
        try:
            await self._follow(tx_hash)
        except ActivityError as error:
            self._tell(f"Needs attention: {as_code(str(error))}.")
            raise
        await workflow.wait_condition(lambda: False)
        raise AssertionError("the flow ends first")

    async def _follow(self, tx_hash: TxHash) -> IntentView:
        """Follows the hash in place of the one before, to the intent's end."""
        end = await self._hash.follow(tx_hash) or self._end
        if end is None:
            raise to_failure(SupersededError())
        self._end = end  # if it was stopped by no other hash, then by the chain, the clock or an operator
        return end

    def _needs_attention(self, why: str) -> None:
        """What goes wrong beside the story is shown to operators, who may retry it or name another hash."""
        if self._end is None:
            show((PROBLEM, Problem.STEP_FAILED), (TX_HASH, self._hash.tx_hash))
            self._tell(f"Needs attention: {as_code(why)}.")

    def _tell(self, headline: str | None = None) -> None:
        self._details.show(headline, self._hash.tx_hash, self._deadline.at, self._end)
