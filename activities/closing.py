"""The local activities with which a flow reads and ends its intent. Each is one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from temporalio import activity

from steadymint.domain.errors import IntentErrorCode, NotFoundError
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentError, IntentView
from steadymint.domain.types import IntentId
from steadymint.durable.failures import activity_boundary


class Rows(Protocol):
    async def get(self, intent_id: IntentId) -> IntentRow:
        """Raises NotFoundError."""
        ...

    async def extend(self, intent_id: IntentId, until: datetime) -> None:
        """Changes the deadline that is shown."""
        ...


class Recorder(Protocol):
    async def step(self, intent_id: IntentId, to: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step once for `key`; None where the state machine has no such edge."""
        ...


class Closing:
    """The local activities `find_prepared`, `read_intent`, `expire_intent`, `extend_intent` and `cancel_intent`."""

    def __init__(self, rows: Rows, recorder: Recorder) -> None:
        self._rows = rows
        self._recorder = recorder

    @activity.defn
    @activity_boundary
    async def find_prepared(self, intent_id: IntentId, request_hash: str) -> Prepared | None:
        """What an attempt to prepare has written for this request before it failed."""
        try:
            row = await self._rows.get(intent_id)
        except NotFoundError:
            return None
        return Prepared.of(row) if row.request_hash == request_hash else None

    @activity.defn
    @activity_boundary
    async def read_intent(self, intent_id: IntentId) -> IntentView:
        return (await self._rows.get(intent_id)).view

    @activity.defn
    @activity_boundary
    async def expire_intent(self, intent_id: IntentId) -> IntentView | None:
        """Expires the intent. Returns it also if it had ended before, which its flow may not know. None if its
        transaction is in a block, because then the chain decides."""
        error = IntentError(code=IntentErrorCode.DEADLINE_PASSED, detail="No transaction was mined before the deadline")
        expired = await self._recorder.step(intent_id, Step.EXPIRED, _key("expired"), error=error)
        if expired is not None:
            return expired
        row = await self._rows.get(intent_id)
        return row.view if row.final else None

    @activity.defn
    @activity_boundary
    async def extend_intent(self, intent_id: IntentId, until: datetime) -> None:
        """Writes the deadline that is shown. The flow has its own. A repeated call writes the same."""
        await self._rows.extend(intent_id, until)

    @activity.defn
    @activity_boundary
    async def cancel_intent(self, intent_id: IntentId, reason: str) -> IntentView | None:
        """Ends the intent for an operator. A transaction that lands later still makes it `ready`."""
        error = IntentError(code=IntentErrorCode.CANCELLED, detail=reason)
        return await self._recorder.step(intent_id, Step.FAILED, _key("cancelled"), error=error)


def _key(name: str) -> str:
    """The key of a step that is taken once for each time that its flow asks for it, however often that is attempted.

    A run may ask again: a reorg may take an end back before the flow has closed.
    """
    info = activity.info()
    return f"{name}:{info.workflow_run_id}:{info.activity_id}"
