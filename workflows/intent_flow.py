"""What every flow that ends in a transaction has in common: wallet, chain, deadline, and operators.

`CreateCollection` and `Mint` differ in what they prepare. From there on they are the same story:

    prepared -> the wallet answers, or the chain shows the transaction anyway, or the deadline passes
             -> the transaction is followed until the intent's row is final

State is a handful of fields; everything else is in the intent's row. On the happy path a mint is 20 events: one local
activity to prepare, one timer for the deadline, one update from the wallet, one activity that follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, ClassVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.closing import Closing
    from activities.following import Following
    from steadymint.domain import flows
    from steadymint.domain.errors import IdempotencyMismatchError, IntentFinalError, SupersededError
    from steadymint.domain.flows import (
        FlowResult,
        Followed,
        FollowOrder,
        IntentOrder,
        Landed,
        Prepared,
        PrepareRequest,
        TakenBack,
        TrackRequest,
    )
    from steadymint.domain.intents import IntentView, Step
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import TxHash, show_address
    from steadymint.durable import policies
    from steadymint.durable.failures import to_failure
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import TX_HASH


class IntentFlow:
    """Base of the flows. A subclass says how its intent is prepared."""

    always_searchable_by_hash: ClassVar[bool]
    """Whether a healthy flow spends an event on the `TxHash` search attribute. A troubled one always does."""

    def __init__(self, order: IntentOrder) -> None:
        self._order = order
        self._prepared: Prepared | None = None
        self._refused: FailureError | None = None
        self._preparing = False
        self._deadline: datetime = workflow.now() + timedelta(seconds=order.deadline_seconds)
        self._deadline_passed = False
        self._tx_hash: TxHash | None = None
        self._following: workflow.ActivityHandle[Followed] | None = None
        self._final: IntentView | None = None
        self._taken_back: IntentView | None = None
        self._told = ""
        self._background: set[asyncio.Task[None]] = set()
        self._queues = Queues.beside(workflow.info().task_queue)

    # -- the story ---------------------------------------------------------------------------------------------------

    async def _run(self) -> FlowResult:
        if self._order.reopened is not None:
            self._spawn(self._resume(self._order.reopened))
        else:
            await self._until_prepared()
        self._spawn(self._watch_the_clock())
        await self._until_final()
        return self._result()

    async def _until_prepared(self) -> None:
        if not self._preparing and workflow.patched("prepares-by-itself"):
            # A server remembers that a flow was started, and an update only once a worker has taken it. If it lost the
            # one that came with the start, the caller repeats it or does not; the intent goes on to its deadline.
            await self._prepare_once()
        await workflow.wait_condition(lambda: self._prepared is not None or self._refused is not None)
        if self._refused is not None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise self._refused
        self._tell("Waiting for the wallet to sign and send the transaction.")

    async def _until_final(self) -> None:
        while self._final is None:
            await workflow.wait_condition(lambda: self._final is not None or self._deadline_passed)
            if self._final is None:
                await self._expire()
            if self._final is not None:
                self._stop_following()
                await workflow.wait_condition(workflow.all_handlers_finished)
                self._go_on_if_taken_back()
        if self._final.step is not Step.READY:
            self._make_searchable_by_hash()
        self._tell(f"Ended: {self._final.step}.")

    async def _expire(self) -> None:
        """Past the deadline an intent expires, unless its transaction is in a block. It may leave that again and never
        come back, so the clock is looked at again."""
        ended = await self._local(Closing.expire_intent, self._order.intent_id)
        self._final = self._final or ended
        if self._final is None:
            self._tell("Past its deadline, but in a block: the chain decides.")
            if not workflow.patched("expires-later"):
                await workflow.wait_condition(lambda: self._final is not None)
                return
            self._deadline_passed = False
            self._spawn(self._watch_the_clock(policies.EXPIRE_AGAIN))

    def _go_on_if_taken_back(self) -> None:
        """The chain may have changed its mind before the flow had time to close: then this run is the reopened one."""
        assert self._final is not None
        if self._taken_back is None or self._taken_back.updated_at <= self._final.updated_at:
            return
        self._final = None
        self._deadline = workflow.now() + timedelta(seconds=self._order.deadline_seconds)
        if self._deadline_passed:
            self._deadline_passed = False
            self._spawn(self._watch_the_clock())
        assert self._taken_back.tx_hash is not None
        self._spawn(self._follow(self._taken_back.tx_hash))

    async def _resume(self, reopened: flows.Reopened) -> None:
        """A closed flow runs again because the chain changed its mind; the row already knows."""
        view = await self._local(Closing.read_intent, self._order.intent_id)
        if reopened.reason == "landed" and view.step is Step.READY:
            self._final = view
        else:
            await self._follow(reopened.tx_hash)

    # -- what callers say -------------------------------------------------------------------------------------------

    async def _prepare(self, deadline_at: datetime) -> Prepared:
        raise NotImplementedError

    @workflow.update(name=flows.PREPARE)
    async def prepare(self, request: PrepareRequest) -> Prepared:
        """The prepared intent, made once however often it is asked for. A refusal ends the flow."""
        if self._preparing:
            await workflow.wait_condition(lambda: self._prepared is not None or self._refused is not None)
        else:
            await self._prepare_once(request.request_id)
        if self._prepared is None:
            assert self._refused is not None
            raise self._refused
        return self._prepared

    @prepare.validator
    def _same_request(self, request: PrepareRequest) -> None:
        if request.request_hash != self._order.request_hash:
            raise to_failure(IdempotencyMismatchError())

    @workflow.update(name=flows.TRACK)
    async def track(self, request: TrackRequest) -> IntentView:
        """Follows a hash to the intent's end. Fails at once if the hash cannot be the intent's.

        The caller need not wait for the answer: `tracked` in the intent's log says that the hash was taken.
        """
        try:
            return await self._follow(request.tx_hash)
        except ActivityError as error:
            self._tell(f"Needs attention: {error}.")
            raise

    @workflow.signal(name=flows.LANDED)
    def landed(self, landed: Landed) -> None:
        """The indexer has seen the intent's transaction, whoever sent it, whether or not it was tracked."""
        self._final = landed.view

    @workflow.signal(name=flows.TAKEN_BACK)
    def taken_back(self, taken_back: TakenBack) -> None:
        """A reorg has taken the intent's end back. Of no interest to a run that was reopened by it."""
        self._taken_back = taken_back.view

    # -- what operators say -----------------------------------------------------------------------------------------

    @workflow.update(name=flows.RETRY_STEP)
    async def retry_step(self) -> str:
        """Starts the present wait anew, on whatever worker is free."""
        if self._tx_hash is None:
            return "Waiting for the wallet: there is nothing to retry"
        self._spawn(self._follow(self._tx_hash))
        return f"Following {self._tx_hash} anew"

    @workflow.update(name=flows.EXTEND_DEADLINE)
    async def extend_deadline(self, seconds: int) -> datetime:
        self._deadline = until = self._deadline + timedelta(seconds=seconds)
        self._tell()
        if workflow.patched("deadline-is-shown"):
            await self._local(Closing.extend_intent, self._order.intent_id, until)
        return until

    @workflow.update(name=flows.REBIND_HASH)
    async def rebind_hash(self, request: TrackRequest) -> str:
        """Follows another hash from now on: the user's wallet, or support, knows better."""
        self._spawn(self._follow(request.tx_hash))
        return f"Following {request.tx_hash}"

    @workflow.update(name=flows.CANCEL)
    async def cancel(self, reason: str) -> IntentView:
        view = await self._local(Closing.cancel_intent, self._order.intent_id, reason)
        if view is None:
            raise to_failure(IntentFinalError())
        self._final = view
        return view

    @track.validator
    def _track_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_final()

    @rebind_hash.validator
    def _rebind_is_open(self, request: TrackRequest) -> None:
        self._refuse_if_final()

    @extend_deadline.validator
    def _extension_is_sane(self, seconds: int) -> None:
        self._refuse_if_final()
        if self._deadline_passed:
            raise ApplicationError("the deadline has just passed, and the intent expires", type="conflict")
        if not 0 < seconds <= 30 * 86_400:
            raise ApplicationError("seconds must lie between 1 and 30 days", type="invalid_input")

    @cancel.validator
    def _cancel_is_open(self, reason: str) -> None:
        self._refuse_if_final()

    def _refuse_if_final(self) -> None:
        if self._final is not None:
            raise to_failure(IntentFinalError())

    # -- one level down ---------------------------------------------------------------------------------------------

    async def _prepare_once(self, request_id: str = "") -> None:
        self._preparing = True
        try:
            prepared = await self._prepare(self._deadline)
        except FailureError as refused:  # a local activity's refusal is an ApplicationError, no ActivityError
            self._refused = refused
        else:
            self._prepared = prepared.model_copy(update={"request_id": request_id})

    async def _follow(self, tx_hash: TxHash) -> IntentView:
        """One hash at a time: a newer one takes the place of the one before."""
        self._stop_following()
        before, self._tx_hash = self._tx_hash, tx_hash
        self._tell(f"Following `{tx_hash}` until it is confirmed and in the catalog.")
        if self.always_searchable_by_hash:
            self._make_searchable_by_hash()
        following = workflow.start_activity_method(
            Following.follow_transaction,
            FollowOrder(
                intent_id=self._order.intent_id,
                chain_id=self._order.chain_id,
                account=self._order.caller.account,
                tx_hash=tx_hash,
            ),
            task_queue=self._queues.chain_wait,
            start_to_close_timeout=policies.FOLLOW_TIMEOUT,
            heartbeat_timeout=policies.FOLLOW_HEARTBEAT,
            retry_policy=policies.FOLLOW_RETRY,
            summary=f"Follow {tx_hash}",
        )
        self._following = following
        try:
            followed = await following
        except ActivityError as error:
            if is_cancelled_exception(error):
                if self._final is not None:  # not another hash but the end: the chain, the clock or an operator
                    return self._final
                raise to_failure(SupersededError()) from None
            raise
        if followed.view is None:
            assert followed.refusal is not None
            before = before if before != tx_hash else None
            if self._tx_hash == tx_hash:
                self._tx_hash = before
            self._tell(f"`{tx_hash}` was refused: {as_code(followed.refusal.detail)}.")
            if before is not None and self._tx_hash == before and workflow.patched("follows-on"):
                self._spawn(self._follow(before))  # the refused one had taken its place
            raise ApplicationError(followed.refusal.detail, type=followed.refusal.code)
        self._final = followed.view
        return followed.view

    def _stop_following(self) -> None:
        if self._following is not None and not self._following.done():
            self._following.cancel()
        self._following = None

    async def _watch_the_clock(self, pause: timedelta = timedelta()) -> None:
        """One timer for the whole flow. It is never cancelled, so it costs one event; extensions are seen when it
        rings."""
        if pause:
            await workflow.sleep(pause, summary="Deadline, once more")
        while (left := self._deadline - workflow.now()) > timedelta():
            await workflow.sleep(left, summary="Deadline")
        self._deadline_passed = True

    async def _local(self, method: Any, *args: Any) -> Any:
        return await workflow.execute_local_activity_method(
            method, args=args, start_to_close_timeout=policies.STORE_TIMEOUT, retry_policy=policies.STORE_RETRY
        )

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs beside the story. What goes wrong is shown to operators, who may retry it or name another hash."""

        async def shown() -> None:
            try:
                await work
            except (ActivityError, ApplicationError) as error:
                if self._final is None:
                    self._make_searchable_by_hash()
                    self._tell(f"Needs attention: {as_code(str(error))}.")

        task = asyncio.create_task(shown())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _make_searchable_by_hash(self) -> None:
        if self._tx_hash is not None:
            workflow.upsert_search_attributes([TX_HASH.value_set(self._tx_hash)])

    def _tell(self, what: str | None = None) -> None:
        """Current details: what an operator reads at the top of the page in the Temporal UI. No history event. Without
        `what` the last words stand, beside what has changed."""
        self._told = what or self._told
        lines = [self._told, "", f"- intent `{self._order.intent_id}` on `{self._order.chain_id}`"]
        lines.append(f"- account `{show_address(self._order.caller.account)}`")
        if self._tx_hash is not None:
            lines.append(f"- transaction `{self._tx_hash}`")
        if self._final is None:
            lines.append(f"- deadline {self._deadline:%Y-%m-%d %H:%M:%S} UTC")
        elif self._final.error is not None:
            lines.append(f"- error `{self._final.error.code}`: {as_code(self._final.error.detail)}")
        workflow.set_current_details("\n".join(lines))

    def _result(self) -> FlowResult:
        view = self._final
        assert view is not None
        return FlowResult(
            intent_id=view.intent_id,
            step=view.step,
            tx_hash=view.tx_hash,
            contract=view.contract,
            token_ids=view.token_ids or (),
            error=view.error.code if view.error else None,
        )
