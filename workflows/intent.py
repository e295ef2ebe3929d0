"""The story of an intent, the same for every kind: wallet, chain, deadline and operators.

    prepared -> the wallet answers, or the chain shows the transaction anyway, or the deadline passes
             -> the transaction is followed until the intent's row is final

The row says all there is to know about an intent; the flow holds only what it waits for. On the happy path a mint is
20 events: a local activity to prepare, a timer for the deadline, an update from the wallet, an activity that follows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.preparing.base import Preparing
    from steadymint.domain.errors import IdempotencyMismatchError, IntentFinalError, SupersededError
    from steadymint.domain.intents import messages
    from steadymint.domain.intents.kinds import kind_of
    from steadymint.domain.intents.machine import Step
    from steadymint.domain.intents.messages import (
        FlowResult,
        Landed,
        Prepared,
        PrepareRequest,
        Refusal,
        TakenBack,
        TrackRequest,
    )
    from steadymint.domain.intents.order import Order, Reopened, Terms
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import IntentId, TxHash, show_address
    from steadymint.durable import policies
    from steadymint.durable.failures import to_failure
    from steadymint.durable.search_attributes import COLLECTION, TX_HASH
    from workflows.parts.background import Background
    from workflows.parts.deadline import Deadline
    from workflows.parts.details import Details
    from workflows.parts.following import Follower
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
    always_searchable_by_hash: ClassVar[bool] = True
    """Whether a healthy flow spends an event on the `TxHash` search attribute. A troubled one always does."""

    def __init__(self, order: Order[Any, T]) -> None:
        self._order = order
        self._row = Row(IntentId(order.intent_id))
        self._words = kind_of(order).words
        self._preparation = Preparation(self._prepare)
        self._deadline = Deadline(order.deadline_seconds)
        self._follower: Follower | None = None
        self._end: IntentView | None = None
        self._taken_back: IntentView | None = None
        self._details = Details(order)
        self._background = Background(self._needs_attention)

    # -- the story ----------------------------------------------------------------------------------------------------

    async def _run(self) -> FlowResult:
        await self._begin()
        self._deadline.start()
        end = await self._until_ended()
        if end.step is not Step.READY:
            self._make_searchable_by_hash()
        self._tell(f"Ended `{end.step}`: {self._words[end.step]}.")
        return FlowResult.of(end)

    async def _begin(self) -> None:
        """From the request to the prepared intent, or to where a closed flow was reopened."""
        if isinstance(self._order.task, Reopened):
            self._background.run(self._resume(self._order.task))
            return
        try:
            await self._preparation.answer()
        except FailureError:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        self._tell(f"Now {self._words[Step.PREPARED]}.")

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
            self._stop_following()
            await workflow.wait_condition(workflow.all_handlers_finished)
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

    @workflow.update(name=messages.PREPARE)
    async def prepare(self, request: PrepareRequest) -> Prepared:
        """The prepared intent, made once however often it is asked for. A refusal ends the flow."""
        return await self._preparation.answer(request.request_id)

    @prepare.validator
    def _same_request(self, request: PrepareRequest) -> None:
        if request.request_hash != self._order.request_hash:
            raise to_failure(IdempotencyMismatchError())

    @workflow.update(name=messages.TRACK)
    async def track(self, request: TrackRequest) -> IntentView:
        """Follows a hash to the intent's end. Fails at once if the hash cannot be the intent's.

        The caller need not wait for the answer: `tracked` in the intent's log says that the hash was taken.
        """
        try:
            return await self._follow(request.tx_hash)
        except ActivityError as error:
            self._tell(f"Needs attention: {error}.")
            raise

    @track.validator
    def _track_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_ended()

    @workflow.signal(name=messages.LANDED)
    def landed(self, landed: Landed) -> None:
        """The indexer has seen the intent's transaction, whoever sent it, whether or not it was tracked."""
        self._end = landed.view

    @workflow.signal(name=messages.TAKEN_BACK)
    def taken_back(self, taken_back: TakenBack) -> None:
        """A reorg has taken the intent's end back. Of no interest to a run that was reopened by it."""
        self._taken_back = taken_back.view

    # -- what operators say -------------------------------------------------------------------------------------------

    @workflow.update(name=messages.RETRY_STEP)
    async def retry_step(self) -> str:
        """Starts the present wait anew, on whatever worker is free."""
        if self._follower is None:
            return "Waiting for the wallet: there is nothing to retry"
        self._background.run(self._follow(self._follower.tx_hash))
        return f"Following {self._follower.tx_hash} anew"

    @workflow.update(name=messages.EXTEND_DEADLINE)
    async def extend_deadline(self, seconds: int) -> datetime:
        """Moves the deadline by `seconds`."""
        until = self._deadline.extend(timedelta(seconds=seconds))
        self._tell()
        await self._row.extend(until)
        return until

    @extend_deadline.validator
    def _extension_is_sane(self, seconds: int) -> None:
        self._refuse_if_ended()
        if self._deadline.passed:
            raise ApplicationError("the deadline has just passed, and the intent expires", type="conflict")
        if not 0 < seconds <= MAX_EXTENSION.total_seconds():
            raise ApplicationError("seconds must lie between 1 and 30 days", type="invalid_input")

    @workflow.update(name=messages.REBIND_HASH)
    async def rebind_hash(self, request: TrackRequest) -> str:
        """Follows another hash from now on: the user's wallet, or support, knows better."""
        self._background.run(self._follow(request.tx_hash))
        return f"Following {request.tx_hash}"

    @rebind_hash.validator
    def _rebind_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_ended()

    @workflow.update(name=messages.CANCEL)
    async def cancel(self, reason: str) -> IntentView:
        """Ends the intent as failed, for `reason`."""
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
            workflow.upsert_search_attributes([COLLECTION.value_set(show_address(prepared.preview_address))])
        return prepared

    async def _follow(self, tx_hash: TxHash) -> IntentView:
        """Follows the hash in place of the one before, to the intent's end."""
        self._stop_following()
        before, follower = self._follower, Follower(self._order.intent_id, tx_hash)
        self._follower = follower
        self._tell(f"Following `{tx_hash}` until it is confirmed and settled.")
        if self.always_searchable_by_hash:
            self._make_searchable_by_hash()
        try:
            followed = await follower.outcome()
        except ActivityError as error:
            if not is_cancelled_exception(error):
                raise
            if self._end is None:
                raise to_failure(SupersededError()) from None
            return self._end  # stopped by no other hash but by the chain, the clock or an operator
        if followed.view is None:
            assert followed.refusal is not None
            self._go_back(follower, before, followed.refusal)
            raise ApplicationError(followed.refusal.detail, type=followed.refusal.code)
        self._end = followed.view
        return followed.view

    def _go_back(self, refused: Follower, before: Follower | None, refusal: Refusal) -> None:
        """A hash that was refused had taken the place of another, which is followed on."""
        superseded = self._follower is not refused
        if not superseded:
            self._follower = None
        self._tell(f"`{refused.tx_hash}` was refused: {as_code(refusal.detail)}.")
        if not superseded and before is not None and before.tx_hash != refused.tx_hash:
            self._background.run(self._follow(before.tx_hash))

    def _stop_following(self) -> None:
        if self._follower is not None:
            self._follower.stop()

    def _needs_attention(self, why: str) -> None:
        """What goes wrong beside the story is shown to operators, who may retry it or name another hash."""
        if self._end is None:
            self._make_searchable_by_hash()
            self._tell(f"Needs attention: {as_code(why)}.")

    def _make_searchable_by_hash(self) -> None:
        if self._follower is not None:
            workflow.upsert_search_attributes([TX_HASH.value_set(self._follower.tx_hash)])

    def _tell(self, headline: str | None = None) -> None:
        tx_hash = None if self._follower is None else self._follower.tx_hash
        self._details.show(headline, tx_hash, self._deadline.at, self._end)
