"""The flow that deletes an account: a grace period in which it can be taken back, then the erasure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.accounts import Erasing, Leaving
    from steadymint.domain import accounts
    from steadymint.domain.accounts import Deletion, DeletionOrder, DeletionResult, DueAnswer, DueOrder
    from steadymint.domain.counting import counted
    from steadymint.domain.outcome import Outcome
    from steadymint.durable import policies
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=accounts.DELETE_ACCOUNT)
class DeleteAccount:
    """`delete-account:{userId}`: close the account -> wait for its grace period -> end the links of its wallets ->
    forget its pictures and exports -> the histories of its sign-ins, links and intents -> its rows.

    The row in `user_service.deletions` says whether the deletion stands. The signal only spares the wait, also that of
    a flow whose update is lost.
    """

    @workflow.init
    def __init__(self, order: DeletionOrder) -> None:
        self._order = order
        self._due_at: datetime | None = None
        self._refused = False
        """Whether an ask could not be granted."""
        self._woken = False
        self._asks = 0
        """How often the account was closed."""
        self._seen = 0
        """Of these, those that the last look has seen."""

    @workflow.run
    async def run(self, order: DeletionOrder) -> DeletionResult:
        await workflow.wait_condition(lambda: self._due_at is not None or self._woken or self._is_refused())
        if self._due_at is None and not self._woken:
            workflow.set_current_details("Refused: the account is closed already.")
            show((OUTCOME, Outcome.REFUSED))
            return DeletionResult(outcome="refused")
        while (answer := await self._wait_and_look()).state != "due":
            if answer.state == "waiting":
                self._due_at = answer.due_at
                continue
            await workflow.wait_condition(workflow.all_handlers_finished)
            if self._asks != self._seen:  # asked again while the look was under way: what it has found is old
                continue
            workflow.set_current_details("Taken back: the account is open again.")
            show((OUTCOME, Outcome.CANCELLED))
            return DeletionResult(outcome="taken_back")
        result = await self._erase()
        workflow.set_current_details(
            f"Erased: {counted(result.histories, 'history', 'histories')},"
            f" {counted(result.media, 'picture or export', 'pictures and exports')}, {counted(result.rows, 'row')}."
        )
        show((OUTCOME, Outcome.READY))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return result

    @workflow.update(name=accounts.ASK, description="Closes the account; the time until which it can be taken back")
    async def ask(self) -> Deletion:
        """Asking again after it was taken back begins a new grace period."""
        try:
            asked = await workflow.execute_local_activity_method(
                Leaving.close_account,
                self._order,
                start_to_close_timeout=policies.STORE_TIMEOUT,
                retry_policy=policies.STORE_RETRY,
                summary="Close the account, end its sessions",
            )
        except FailureError:  # an operator has closed it, or it is erased
            self._refused = True
            raise
        self._due_at = asked.due_at
        self._asks += 1
        workflow.set_current_details(f"Closed; it is erased at {asked.due_at:%Y-%m-%d %H:%M} UTC.")
        return asked

    @workflow.signal(name=accounts.LOOK, description="Look at the row, which has changed or is late")
    def look(self) -> None:
        self._woken = True

    def _is_refused(self) -> bool:
        """Whether every ask so far was refused: then the flow has nothing to do."""
        return self._refused and workflow.all_handlers_finished()

    # -- steps --------------------------------------------------------------------------------------------------------

    async def _wait_and_look(self) -> DueAnswer:
        left = max(self._due_at - workflow.now(), timedelta()) if self._due_at is not None else timedelta()
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._woken, timeout=left, timeout_summary="The grace period")
        self._woken = False
        self._seen = self._asks
        return await workflow.execute_local_activity_method(
            Leaving.look_whether_due,
            DueOrder(user_id=self._order.user_id, at=workflow.now()),
            start_to_close_timeout=policies.STORE_TIMEOUT,
            retry_policy=policies.STORE_RETRY,
            summary="Whether it still stands",
        )

    async def _erase(self) -> DeletionResult:
        """Histories before rows: the rows name them. Media before both: a sign-in that was under way when the links
        ended has left its row by then."""
        here = workflow.info().task_queue
        media = await self._forget(Erasing.forget_media, "Delete pictures and exports", Queues.beside(here).media)
        histories = await self._forget(Leaving.forget_histories, "Delete the histories of sign-ins and intents", here)
        rows = await self._forget(Leaving.forget_rows, "Delete or empty the rows", here)
        return DeletionResult(outcome="erased", histories=histories, media=media, rows=rows)

    async def _forget(
        self, forget: Callable[[Any, DeletionOrder], Awaitable[int]], summary: str, task_queue: str
    ) -> int:
        return await workflow.execute_activity_method(
            forget,
            self._order,
            task_queue=task_queue,
            start_to_close_timeout=policies.ERASE_TIMEOUT,
            heartbeat_timeout=policies.ERASE_HEARTBEAT,
            retry_policy=policies.ERASE_RETRY,
            summary=summary,
        )
