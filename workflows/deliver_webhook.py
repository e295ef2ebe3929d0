"""The flow that delivers events to one webhook. Which events, and how far it is, is in Postgres."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.delivering import Delivering
    from steadymint.domain.counting import counted
    from steadymint.domain.outcome import Outcome
    from steadymint.domain.webhooks import (
        COUNTED,
        DELIVER_WEBHOOK,
        WAKE,
        DeliverOrder,
        Standing,
        StretchOrder,
        StretchSummary,
    )
    from steadymint.durable import policies
    from steadymint.durable.search_attributes import OUTCOME, STEP
    from workflows.parts.attributes import show

PAUSE: Final = timedelta(seconds=1)
"""The shortest wait: somebody else may hold the webhook for a moment."""


@workflow.defn(name=DELIVER_WEBHOOK)
class DeliverWebhook:
    """`webhook:{id}`: deliver what is due -> wait for the next event, or the next try -> deliver. One for each webhook,
    from its first event until it is deleted.

    Whoever adds an event wakes it (`steadymint.webhooks.waking`).
    """

    @workflow.init
    def __init__(self, order: DeliverOrder) -> None:
        self._order = order
        self._woken = False
        self._delivered = 0

    @workflow.run
    async def run(self, order: DeliverOrder) -> None:
        while True:
            last = await self._stretch()
            self._tell(last)
            if last.standing is Standing.DELETED:
                show((STEP, last.standing), (OUTCOME, Outcome.READY))
                return
            if not last.due or not (last.delivered or last.failed):
                await self._rest(last)
            if self._is_long():
                workflow.continue_as_new(order)

    @workflow.signal(name=WAKE)
    def wake(self) -> None:
        """There is a new event, or the webhook has changed."""
        self._woken = True

    async def _stretch(self) -> StretchSummary:
        """Ends with a look at what is left, so an event that came before that look is never missed; one that comes
        later wakes us."""
        self._woken = False
        return await workflow.execute_activity_method(
            Delivering.deliver_stretch,
            StretchOrder(webhook_id=self._order.webhook_id, at=workflow.now()),
            start_to_close_timeout=policies.WEBHOOK_TIMEOUT,
            heartbeat_timeout=policies.WEBHOOK_HEARTBEAT,
            retry_policy=policies.WEBHOOK_RETRY,
            summary="Deliver what is due",
        )

    async def _rest(self, last: StretchSummary) -> None:
        """Until the next try is due, or somebody wakes us."""
        next_at = workflow.now() if last.due else last.next_at
        seconds = None if next_at is None else max(next_at - workflow.now(), PAUSE)
        try:
            await workflow.wait_condition(
                lambda: self._woken, timeout=seconds, timeout_summary="Until the next try is due"
            )
        except TimeoutError:
            return

    def _is_long(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() >= policies.WEBHOOK_EVENTS

    def _tell(self, last: StretchSummary) -> None:
        """The lines that the Temporal UI shows above the history."""
        show((STEP, last.standing))
        self._delivered += last.delivered
        waiting = f"more than {COUNTED}" if last.waiting > COUNTED else str(last.waiting)
        text = (
            f"**{last.standing.capitalize()}**: the last event is number {last.last_seq}, {waiting} not delivered yet. "
            f"In this run: {counted(self._delivered, 'event')} delivered."
        )
        if last.next_at is not None:
            text += f" Next try {last.next_at:%Y-%m-%d %H:%M:%S} UTC."
        workflow.set_current_details(text)
