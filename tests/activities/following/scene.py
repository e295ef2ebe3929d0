"""One intent and those who follow its transaction.

The rows are real. The chain is the bench's `ScriptedChain`, since no node can be told to lag or to change its mind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import UUID

from temporalio.testing import ActivityEnvironment

from activities.following.activity import Following
from activities.following.needs import FollowingNeeds
from steadymint.domain.index_standing import IndexStanding
from steadymint.domain.intents.messages import Followed, FollowOrder
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentView
from steadymint.domain.transactions import BlockState
from steadymint.domain.types import ChainId, IntentId, TxHash
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.intents.waits import Waits
from tests.support.intents import CHAIN, Draft
from tests.support.notice_board import NoticeBoard
from tests.workflows.flow_bench import NoViewers, ScriptedChain


class DeafIndex:
    """A fake: it stands to every block as it is told, and never nudges anybody."""

    def __init__(self) -> None:
        self.stands = BlockState.INDEXED
        self.asked = 0
        self.at = IndexStanding(chain_id=CHAIN, checkpoint=1_000_000)

    async def standing(self, chain_id: ChainId) -> IndexStanding:
        return self.at

    async def block_state(self, *_: object) -> BlockState:
        self.asked += 1
        return self.stands

    async def wait(self, intent_id: UUID, timeout: float) -> None:
        await asyncio.sleep(timeout)


class NudgedRows:
    """A fake: the nudge that hands out what `rows` says once `settled` is set, and how often they were asked else."""

    def __init__(self, rows: IntentRepository) -> None:
        self._rows = rows
        self.settled = asyncio.Event()
        self.reads = 0

    async def get(self, intent_id: IntentId) -> IntentRow:
        self.reads += 1
        return await self._rows.get(intent_id)

    async def wait(self, intent_id: UUID, timeout: float) -> IntentView | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self.settled.wait()
                return (await self._rows.get(IntentId(intent_id))).view
        return None


class Scene:
    def __init__(self, intents: IntentRepository) -> None:
        self.intents, self.chain, self.index = intents, ScriptedChain(), DeafIndex()
        self.notices = NoticeBoard()
        self.draft = Draft()

    @asynccontextmanager
    async def following(
        self, hash_: TxHash, nudged: NudgedRows | None = None, attempt: int = 1, told: TxHash | None = None
    ) -> AsyncIterator[asyncio.Task[Followed]]:
        """One attempt of the activity, which is killed at the end of the block. `told`: the hash in the last heartbeat
        of the attempt before."""
        recorder = IntentRecorder(self.intents, NoViewers())
        rows, nudges = nudged or self.intents, nudged or self.index
        waits = Waits(self.chain, self.index)
        activity = Following(FollowingNeeds(rows, recorder, self.chain, self.index, nudges, waits, self.notices))
        order = FollowOrder(intent_id=self.draft.intent_id, tx_hash=hash_)
        environment = ActivityEnvironment()
        details = [{"transaction": told}] if told else []
        environment.info = replace(environment.info, attempt=attempt, heartbeat_details=details)
        running = asyncio.ensure_future(environment.run(activity.follow_transaction, order))
        try:
            yield running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def steps(self) -> list[str]:
        return [line.step.value for line in await self.intents.steps_after(self.draft.intent_id, 0)]

    async def until(self, *steps: str) -> None:
        async with asyncio.timeout(30):
            while await self.steps() != list(steps):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
