"""The recorder that flows use: it writes a step and tells viewers.

The indexer uses `IntentRepository.settle` and a nudge of its own, for a whole block at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow, NewIntent
from steadymint.domain.intents.view import IntentView, LoggedStep
from steadymint.domain.types import IntentId
from steadymint.intents.repository import IntentRepository


class Announcer(Protocol):
    async def announce(self, steps: Sequence[LoggedStep]) -> bool:
        """Tell viewers of committed steps; never raises."""
        ...


class IntentRecorder:
    """Writes steps and tells viewers. Each method commits first. If telling fails, viewers see the step later."""

    def __init__(self, repository: IntentRepository, announcer: Announcer) -> None:
        self._repository = repository
        self._announcer = announcer

    async def create(self, new: NewIntent) -> IntentRow:
        """Write the intent at its first step; an existing intent is returned as it is.

        Raises IdempotencyMismatchError.
        """
        row, created = await self._repository.create(new)
        if created:
            await self._announcer.announce((LoggedStep(row.intent_id, row.seq, row.view),))
        return row

    async def step(self, intent_id: IntentId, to: Step, key: str, **changes: Any) -> IntentView | None:
        """Take a step once for `key`; None where the state machine has no such edge. See `IntentRepository.transition`.

        A retry tells again: the attempt before it may have died between the commit and the telling.

        Raises HashAlreadyTrackedError.
        """
        taken = await self._repository.transition(intent_id, to, key, **changes)
        if taken is None:
            return None
        await self._announcer.announce((taken,))
        return taken.view
