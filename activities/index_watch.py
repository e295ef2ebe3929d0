"""Watches the reader of a chain, for operators: whether it keeps up, falls behind, or does not move."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

import structlog
from temporalio import activity

from activities.notices import Notices
from steadymint.domain.errors import SteadymintError
from steadymint.domain.index_standing import IndexStanding, Pace, Verdict
from steadymint.domain.indexing import READING, SpanOrder, SpanSummary, Told
from steadymint.domain.types import ChainId
from steadymint.domain.waiting import Problem, Waiting

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at what the reader says."""
SAY_AGAIN: Final = 60.0
"""Seconds after which a problem is told anew, with the numbers of that moment."""
LOOK_AT_NODES: Final = 60.0
"""Seconds between two looks at how far each endpoint is, for the metric. Each look costs an endpoint one call."""
FAILURES: Final = 8
"""Attempts that may fail before the flow is told: some fifteen seconds."""

_STEPS: Final = {"history": "first reading", "sealing": "sealing", "live": READING.step}
"""What the list of flows shows of each state."""

_log = structlog.get_logger(__name__)


class Chains(Protocol):
    async def pace(self, chain_id: ChainId) -> Pace: ...

    async def nodes(self, chain_id: ChainId) -> str:
        """Asks each endpoint how far it is, and sets the metric."""
        ...


class IndexWatch:
    """For one attempt of `index_span`. The flow is told when its state changes, and once a minute of a problem."""

    def __init__(self, chains: Chains, notices: Notices, order: SpanOrder) -> None:
        self._chains = chains
        self._notices = notices
        self._chain_id = order.chain_id
        # After so many failures the flow has been told of them, and has to hear that they are over.
        self._told = order.told if activity.info().attempt <= FAILURES else None
        self._seen: Told | None = None
        self._told_at = datetime.now(UTC)
        self._moved_at = self._told_at
        self._summary = SpanSummary(checkpoint=-1)
        self._begun = False
        self._nodes_at = float("-inf")

    def progress(self, summary: SpanSummary) -> None:
        """What the reader says of itself."""
        before = self._summary
        if not self._begun or (summary.checkpoint, summary.sealing) != (before.checkpoint, before.sealing):
            self._moved_at = datetime.now(UTC)
        self._summary, self._begun = summary, True

    def heartbeat(self) -> dict[str, Any]:
        """What the heartbeat holds: where the reader stands now."""
        found = self._summary
        return found.model_dump(mode="json", exclude_none=True) | ({} if found.lag is None else {"lag": found.lag})

    async def run(self) -> None:
        """Looks until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
                await self._look_at_nodes()
            except Exception as error:  # whatever it is, reading goes on, and the next look may succeed
                _log.info("index_watch_delayed", chain=self._chain_id, error=type(error).__name__)

    async def failed(self, error: SteadymintError) -> None:
        """The attempt fails, and is repeated after a pause. The flow is told once."""
        if activity.info().attempt == FAILURES:
            verdict = self._standing().judged(head=None, pace=_ANY_PACE, now=datetime.now(UTC), trouble=error.detail)
            text = f"stands still: {error.detail}. {verdict.advice}"
            await self._tell(Told(step=READING.step, problem=Problem.INDEX_STUCK), text)

    async def _look(self) -> None:
        now = datetime.now(UTC)
        if self._begun:
            pace = await self._chains.pace(self._chain_id)
            verdict = self._standing().judged(
                head=self._summary.head,
                pace=pace,
                now=now,
                trouble=self._summary.trouble,
                head_at=self._summary.head_at,
            )
        elif (now - self._moved_at).total_seconds() > SAY_AGAIN:
            verdict = self._standing().judged(head=None, pace=_ANY_PACE, now=now, trouble="the reader does not begin")
        else:
            return
        told = Told(
            step=_STEPS[self._state],
            problem=verdict.problem,
            renumbered=self._summary.renumbered > 0,
            differed=bool(self._summary.differed),
        )
        again = told.problem is not None and (now - self._told_at).total_seconds() >= SAY_AGAIN
        if told != self._told and told.problem is not None and told != self._seen:
            self._seen = told  # a block that has just come looks like this for a moment
        elif told != self._told or again:
            await self._tell(told, await self._text(verdict, now))

    async def _look_at_nodes(self) -> None:
        if asyncio.get_running_loop().time() - self._nodes_at >= LOOK_AT_NODES:
            await self._nodes()

    async def _nodes(self) -> str:
        self._nodes_at = asyncio.get_running_loop().time()
        return await self._chains.nodes(self._chain_id)

    async def _text(self, verdict: Verdict, now: datetime) -> str:
        if verdict.problem is None:
            now_at = "the heartbeat of the running activity says where it is now."
            remarks = self._summary.renumbered or self._summary.differed or self._summary.sealing
            return f"{verdict.whole}\n\n{now_at}" if remarks else f"follows the head; {now_at}"
        nodes = await self._nodes()
        as_of = f"As of {now:%Y-%m-%d %H:%M:%S} UTC; its nodes: {nodes}."
        return f"{verdict.whole}\n\n{as_of} The heartbeat of the running activity says where it is now."

    async def _tell(self, told: Told, text: str) -> None:
        workflow_id = activity.info().workflow_id
        assert workflow_id is not None, "only a flow indexes"
        await self._notices.tell(workflow_id, Waiting(**told.model_dump(), text=text))
        self._told, self._told_at = told, datetime.now(UTC)

    @property
    def _state(self) -> Literal["history", "sealing", "live"]:
        if self._summary.sealing:
            return "sealing"
        return "history" if self._summary.first_reading else "live"

    def _standing(self) -> IndexStanding:
        return IndexStanding(
            chain_id=self._chain_id,
            checkpoint=self._summary.checkpoint if self._begun else None,
            state=self._state,
            moved_at=self._moved_at,
            renumbered=self._summary.renumbered,
            differed=self._summary.differed,
        )


_ANY_PACE: Final = Pace(confirmations=1, block_time=1.0)
"""Where there is no head to compare with."""
