"""Following one transaction: what a follower writes, what it leaves to others, and what another attempt finds.

The rows are real. The chain is the bench's `ScriptedChain`, since no node can be told to lag or to change its mind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.following import admission, follower
from activities.following.activity import Following
from activities.following.admission import check_is_the_prepared_call
from activities.following.needs import FollowingNeeds
from steadymint.chain.nodes.errors import MethodUnsupportedError
from steadymint.domain.errors import NotOwnerError
from steadymint.domain.intents.kinds import KINDS, IntentKind, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Followed, FollowOrder
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentView
from steadymint.domain.transactions import Passage, Pending, Reorged, SeenTransaction
from steadymint.domain.types import Address, ChainId, IntentId, TxHash, Wei
from steadymint.indexing.passage import IndexProgress
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from tests.support.intents import BOB, CHAIN, Draft, block_hash, tx_hash
from tests.workflows.flow_bench import NoViewers, ScriptedChain, block, deep, mined, nonce_used


class DeafIndex:
    """A fake: it stands to every block as it is told, and never nudges anybody."""

    def __init__(self) -> None:
        self.stands = Passage.PASSED
        self.asked = 0

    async def passage(self, *_: object) -> Passage:
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
        self.draft = Draft()

    @asynccontextmanager
    async def following(self, hash_: TxHash, nudged: NudgedRows | None = None) -> AsyncIterator[asyncio.Task[Followed]]:
        """One attempt of the activity, which is killed at the end of the block."""
        recorder = IntentRecorder(self.intents, NoViewers())
        rows, nudges = nudged or self.intents, nudged or self.index
        activity = Following(FollowingNeeds(rows, recorder, self.chain, self.index, nudges))
        order = FollowOrder(intent_id=self.draft.intent_id, tx_hash=hash_)
        attempt = asyncio.ensure_future(ActivityEnvironment().run(activity.follow_transaction, order))
        try:
            yield attempt
        finally:
            attempt.cancel()
            await asyncio.gather(attempt, return_exceptions=True)

    async def steps(self) -> list[str]:
        return [line.step.value for line in await self.intents.steps_after(self.draft.intent_id, 0)]

    async def until(self, *steps: str) -> None:
        async with asyncio.timeout(30):
            while await self.steps() != list(steps):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def scene(intents: IntentRepository) -> Scene:
    scene = Scene(intents)
    await intents.create(scene.draft)
    return scene


async def test_a_transaction_that_returns_to_its_old_block_is_confirming_again(scene: Scene) -> None:
    hash_ = tx_hash()
    async with scene.following(hash_):
        scene.chain.say(hash_, mined(10), Reorged(10, block(10)), mined(10), Reorged(10, block(10)), mined(10))
        once = ("confirming", "reorged")
        await scene.until("prepared", "tracked", *once, *once, "confirming")


async def test_another_attempt_writes_no_line_again(scene: Scene) -> None:
    hash_ = tx_hash()
    for nth in range(3):
        async with scene.following(hash_):
            scene.chain.say(hash_, mined(10))
            await scene.until("prepared", "tracked", "confirming")
            await asyncio.sleep(0.05 * nth)
    async with scene.following(hash_):
        scene.chain.say(hash_, mined(10), Reorged(10, block(10)))
        await scene.until("prepared", "tracked", "confirming", "reorged")
    async with scene.following(hash_):
        scene.chain.say(hash_, Pending(), mined(10))
        await scene.until("prepared", "tracked", "confirming", "reorged", "confirming")


async def test_attempts_that_run_beside_each_other_write_each_line_once(scene: Scene) -> None:
    hash_ = tx_hash()
    async with scene.following(hash_), scene.following(hash_), scene.following(hash_):
        await scene.until("prepared", "tracked")
        scene.chain.say(hash_, mined(10), mined(10), mined(10))
        await scene.until("prepared", "tracked", "confirming")
        await asyncio.sleep(0.1)
        await scene.until("prepared", "tracked", "confirming")


async def test_a_block_that_left_the_chain_while_nobody_followed_is_noticed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "DOUBT", 0.3)
    hash_ = tx_hash()
    async with scene.following(hash_):
        scene.chain.say(hash_, mined(10))
        await scene.until("prepared", "tracked", "confirming")
    async with scene.following(hash_):
        scene.chain.say(hash_, Pending())
        await scene.until("prepared", "tracked", "confirming", "reorged")


async def test_a_node_that_lags_does_not_take_back_what_the_indexer_has_settled(scene: Scene) -> None:
    hash_ = tx_hash()
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, mined(10))
        await scene.until("prepared", "tracked", "confirming")
        assert await scene.intents.settle([scene.draft.sighting(10, tx_hash=hash_)])
        scene.chain.say(hash_, Reorged(10, block(10)), mined(10), deep(10))
        async with asyncio.timeout(30):
            followed = await attempt
    assert followed.view is not None
    assert followed.view.step is Step.READY
    assert await scene.steps() == ["prepared", "tracked", "confirming", "indexed", "ready"]


async def test_a_nudge_ends_the_follower_of_a_deep_transaction_without_a_query_of_its_own(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty mints of one block end at once: a hundred queries then would hold up those who are told of them."""
    monkeypatch.setattr(follower, "INDEXER_LAG", 30.0)
    hash_, nudged = tx_hash(), NudgedRows(scene.intents)
    async with scene.following(hash_, nudged) as attempt:
        scene.chain.say(hash_, mined(10), deep(10))
        await scene.until("prepared", "tracked", "confirming")
        before = nudged.reads
        assert await scene.intents.settle([scene.draft.sighting(10, tx_hash=hash_)])
        nudged.settled.set()
        async with asyncio.timeout(20):
            view = (await attempt).view
    assert view is not None
    assert view.step is Step.READY
    assert (nudged.reads - before, scene.index.asked) == (0, 0)


async def test_a_follower_whose_hash_was_superseded_changes_nothing_any_more(scene: Scene) -> None:
    slow, fast = tx_hash(), tx_hash()
    async with scene.following(slow):
        await scene.until("prepared", "tracked")
        await scene.intents.transition(scene.draft.intent_id, Step.TRACKED, "sped up", tx_hash=fast)
        scene.chain.say(slow, mined(10, succeeded=False), deep(10, succeeded=False))
        await asyncio.sleep(0.3)
    row = await scene.intents.get(scene.draft.intent_id)
    assert (row.step, row.tx_hash) == (Step.TRACKED, fast)


async def test_success_in_a_block_that_the_indexer_does_not_know_yet_is_no_failure(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tracker has seen a deep reorg, the indexer has not: it has passed another block of that number."""
    monkeypatch.setattr(follower, "LOOK_AGAIN", 0.05)
    hash_ = tx_hash()
    scene.index.stands = Passage.ELSEWHERE
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, mined(10, fork=1), deep(10, fork=1))
        await scene.until("prepared", "tracked", "confirming")
        await asyncio.sleep(0.2)
        assert not attempt.done()
        scene.chain.say(hash_, mined(10, fork=1), deep(10, fork=1))  # looked at anew
        await asyncio.sleep(0.2)
        assert await scene.steps() == ["prepared", "tracked", "confirming"]
        scene.index.stands = Passage.PASSED
        scene.chain.say(hash_, mined(10, fork=1), deep(10, fork=1))
        await scene.until("prepared", "tracked", "confirming", "failed")


async def test_a_node_that_refuses_to_answer_is_asked_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The activity fails in a way that is retried: nothing but the deadline ends the wait."""
    hash_ = tx_hash()

    async def refuse(chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        raise MethodUnsupportedError

    monkeypatch.setattr(scene.chain, "inspect", refuse)
    async with scene.following(hash_) as attempt:
        with pytest.raises(Exception, match="does not serve this method") as failure:
            await attempt
    assert not getattr(failure.value, "non_retryable", True)


@pytest.fixture
def settled_by_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody indexed the contracts of mints."""
    by_receipt = replace(KINDS[IntentKind.MINT], settled_by=SettledBy.RECEIPT)
    for module in (follower, admission):
        monkeypatch.setattr(module, "KINDS", {IntentKind.MINT: by_receipt})


@pytest.mark.usefixtures("settled_by_receipt")
async def test_where_nobody_indexes_the_receipt_settles_the_intent_once_it_is_deep(scene: Scene) -> None:
    hash_ = tx_hash()
    scene.index.stands = Passage.AHEAD
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, mined(10), Reorged(10, block(10)), mined(11, fork=1), deep(11, fork=1))
        view = (await attempt).view
    assert view is not None
    assert view.step is Step.READY
    assert await scene.steps() == ["prepared", "tracked", "confirming", "reorged", "confirming", "ready"]
    async with scene.following(hash_) as again:
        assert (await again).view == view
    assert len(await scene.steps()) == 6


@pytest.mark.usefixtures("settled_by_receipt")
async def test_where_nobody_indexes_a_revert_and_another_use_of_the_nonce_are_told_without_the_indexer(
    scene: Scene,
) -> None:
    hash_ = tx_hash()
    scene.index.stands = Passage.AHEAD
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, nonce_used(12))
        view = (await attempt).view
    assert view is not None
    assert view.step is Step.REPLACED


async def test_a_relayed_call_carries_the_reference_or_where_there_is_none_the_prepared_calldata(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = replace(
        await scene.intents.get(scene.draft.intent_id),
        tx_request=scene.draft.tx_request.model_copy(update={"data": "0xa9059cbb01"}),
    )

    def relayed(data: str) -> SeenTransaction:
        return SeenTransaction(tx_hash(), BOB, Address("0x" + "66" * 20), data, Wei(0), 1, None)

    check_is_the_prepared_call(intent, relayed("0x1234" + intent.match_key[2:] + "00"))
    with pytest.raises(NotOwnerError):
        check_is_the_prepared_call(intent, relayed("0x1234a9059cbb0100"))
    natural = replace(KINDS[IntentKind.MINT], natural_key=("contract",))
    monkeypatch.setattr(admission, "KINDS", {IntentKind.MINT: natural})
    check_is_the_prepared_call(intent, relayed("0x1234a9059cbb0100"))
    with pytest.raises(NotOwnerError):
        check_is_the_prepared_call(intent, relayed("0x1234" + intent.match_key[2:] + "00"))


async def test_the_indexer_has_passed_a_block_only_if_it_is_the_same_block(pool: asyncpg.Pool) -> None:
    progress, draft = IndexProgress(pool), Draft()

    async def stands(number: int, hash_: str | None) -> Passage:
        return await progress.passage(CHAIN, number, hash_, draft.match_key)  # type: ignore[arg-type]

    assert await stands(10, block_hash(10)) is Passage.AHEAD
    await pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash) values ($1, 11, $2)",
        CHAIN,
        block_hash(11),
    )
    await pool.execute(
        """insert into indexer_service.recent_blocks (chain_id, number, hash, parent_hash, timestamp)
        values ($1, 10, $2, $3, now())""",
        CHAIN,
        block_hash(10),
        block_hash(9),
    )
    assert await stands(12, block_hash(12)) is Passage.AHEAD
    assert await stands(10, block_hash(10)) is Passage.PASSED
    assert await stands(10, block_hash(10, fork=1)) is Passage.ELSEWHERE
    assert await stands(10, None) is Passage.PASSED
    assert await stands(3, block_hash(3)) is Passage.PASSED  # long ago: remembered by its number
