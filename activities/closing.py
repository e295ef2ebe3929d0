"""The small local activities by which a flow reads and ends its intent. One statement each."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from temporalio import activity

from steadymint.domain.intents import FINAL_STEPS, IntentError, IntentView, Step
from steadymint.durable.failures import activity_boundary


class IntentLog(Protocol):
    async def view(self, intent_id: UUID) -> IntentView:
        """Raises NotFoundError."""
        ...

    async def step(self, intent_id: UUID, to: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step once for `key`; None where the state machine has no such edge."""
        ...

    async def extend(self, intent_id: UUID, until: datetime) -> None:
        """What is shown as its deadline."""
        ...


class Closing:
    """The local activities `read_intent`, `expire_intent`, `extend_intent` and `cancel_intent`."""

    def __init__(self, intents: IntentLog) -> None:
        self._intents = intents

    @activity.defn
    @activity_boundary
    async def read_intent(self, intent_id: UUID) -> IntentView:
        return await self._intents.view(intent_id)

    @activity.defn
    @activity_boundary
    async def expire_intent(self, intent_id: UUID) -> IntentView | None:
        """The intent as it has ended: now, or before without its flow's knowing. None if its transaction is in a block,
        for then the chain decides, not the clock."""
        error = IntentError(code="deadline_passed", detail="No transaction was mined before the deadline")
        expired = await self._intents.step(intent_id, Step.EXPIRED, _key("expired"), error=error)
        if expired is not None:
            return expired
        view = await self._intents.view(intent_id)
        return view if view.step in FINAL_STEPS else None

    @activity.defn
    @activity_boundary
    async def extend_intent(self, intent_id: UUID, until: datetime) -> None:
        """The flow keeps the deadline; this is for those who look. Repeated, it says the same."""
        await self._intents.extend(intent_id, until)

    @activity.defn
    @activity_boundary
    async def cancel_intent(self, intent_id: UUID, reason: str) -> IntentView | None:
        """An operator ends the intent. A transaction that lands all the same is still a normal transition."""
        error = IntentError(code="cancelled", detail=reason)
        return await self._intents.step(intent_id, Step.FAILED, _key("cancelled"), error=error)


def _key(name: str) -> str:
    """Once for a run: a flow that is reopened may expire again."""
    return f"{name}:{activity.info().workflow_run_id}"
