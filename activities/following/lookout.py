"""Tells operators why a transaction takes long, and what to do."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Protocol

import structlog
from temporalio import activity

from activities.notices import Notices
from steadymint.domain.errors import SteadymintError
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.types import IntentId, TxHash
from steadymint.domain.waiting import Waiting

FIRST_LOOK: Final = 30.0
"""Seconds before the first look. An intent that is ready by then costs nothing more."""
FAILURES: Final = 4
"""Attempts that may fail before the flow is told: two seconds if nodes refuse, half a minute if they hang."""
LOOK_AGAIN: Final = 60.0
"""Seconds between two looks at an intent that has a problem."""
LONGEST_PAUSE: Final = 600.0
"""Seconds: the longest pause between two looks at an intent that only takes long. A look costs a call to a node."""
_TRANSACTION: Final = "transaction"
"""What a heartbeat calls the hash that is followed."""

_log = structlog.get_logger(__name__)


class Rows(Protocol):
    async def get(self, intent_id: IntentId) -> IntentRow: ...


class Waits(Protocol):
    async def of(self, row: IntentRow, tx_hash: TxHash | None, failure: SteadymintError | None = None) -> Waiting:
        """What the intent waits for now. `failure` is the last failure of a node, if there is one."""
        ...


class Lookout:
    """The lookout of one attempt of `follow_transaction`. It tells the flow when the step or the problem changes."""

    def __init__(self, rows: Rows, waits: Waits, notices: Notices, intent_id: IntentId, order: TxHash) -> None:
        told = activity.info().heartbeat_details
        self.tx_hash = TxHash(told[0][_TRANSACTION]) if told else order
        """The hash that is followed now, at first the one that the attempt before followed. It changes with a
        speed-up."""
        self._rows = rows
        self._waits = waits
        self._notices = notices
        self._intent_id = intent_id
        self._order = order
        self._found: Waiting | None = None
        self._again = asyncio.Event()

    def heartbeat(self) -> dict[str, Any]:
        """The details of a heartbeat: the transaction, and what it waits for once that takes long."""
        found = {_TRANSACTION: self.tx_hash}
        if self._found is not None:
            found |= {"step": self._found.step, "waits": self._found.text}
            found |= {"problem": self._found.problem.value} if self._found.problem else {}
        return found

    def moved(self) -> None:
        """Notes that the intent has taken a step, so that the flow is told anew."""
        if self._found is not None:
            self._again.set()

    async def watch(self) -> None:
        """Looks until cancelled."""
        pause = FIRST_LOOK if activity.info().attempt <= FAILURES else 0.0  # what was told of the failures is over
        while True:
            await self._pause(pause)
            try:
                found = await self._look()
            except Exception as error:  # any failure: following goes on, and the next look may succeed
                _log.info("lookout_delayed", error=type(error).__name__)
                pause = LOOK_AGAIN
                continue
            pause = LOOK_AGAIN if found.problem else min(max(pause, FIRST_LOOK) * 2, LONGEST_PAUSE)

    async def failed(self, failure: SteadymintError) -> None:
        """Notes that the attempt fails and will be repeated after a pause. The flow is told once."""
        if activity.info().attempt == FAILURES:
            await self._look(failure)

    async def _look(self, failure: SteadymintError | None = None) -> Waiting:
        row = await self._rows.get(self._intent_id)
        found = (await self._waits.of(row, self.tx_hash, failure)).model_copy(update={"order": self._order})
        told, self._found = self._found, found
        if told is None or (told.step, told.problem) != (found.step, found.problem):
            workflow_id = activity.info().workflow_id
            assert workflow_id is not None, "only a flow follows"
            await self._notices.tell(workflow_id, found)
        return found

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            pass
        self._again.clear()
