"""The commands of operators to an intent's flow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from steadymint.domain.errors import IntentFinalError
    from steadymint.domain.intents import messages
    from steadymint.domain.intents.messages import TrackRequest
    from steadymint.domain.intents.view import IntentView
    from steadymint.durable.failures import to_failure
    from workflows.parts.state import FlowState

MAX_EXTENSION: Final = timedelta(days=30)
"""The longest extension of a deadline at once. A longer one is probably a typing error."""


class OperatorCommands(FlowState):
    """The updates by which operators change what a flow waits for, or end it."""

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
        """`track` for operators, who know the hash from the user's wallet or from support."""
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
