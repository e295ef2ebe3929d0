"""Following one transaction: what a follower writes, what it leaves to others, and what another attempt finds.

The rows are real. The chain is the bench's `ScriptedChain`, since no node can be told to lag or to change its mind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.following import admission, follower, lookout
from activities.following.activity import Following
from activities.following.admission import can_fulfil, check_can_fulfil
from activities.following.needs import FollowingNeeds
from steadymint.chain.nodes.errors import MethodUnsupportedError
from steadymint.domain.errors import (
    IntentErrorCode,
    NotOwnerError,
    TransactionMismatchError,
    UpstreamUnavailableError,
)
from steadymint.domain.index_standing import IndexStanding
from steadymint.domain.intents.kinds import KINDS, IntentKind, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Followed, FollowOrder
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentError, IntentView
from steadymint.domain.transactions import BlockState, Pending, Reorged, SeenTransaction
from steadymint.domain.types import Address, ChainId, IntentId, TxHash, Wei
from steadymint.domain.waiting import Problem, Waiting
from steadymint.indexing.index_progress import IndexProgress
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.intents.waits import Waits
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION, Draft, block_hash, tx_hash
from tests.workflows.flow_bench import NoViewers, ScriptedChain, block, deep, mined, nonce_used


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


class NoticeBoard:
    """A fake: what the flow was told."""

    def __init__(self) -> None:
        self.told: list[Waiting] = []

    async def tell(self, workflow_id: str, waiting: Waiting) -> None:
        self.told.append(waiting)


class Scene:
    def __init__(self, intents: IntentRepository) -> None:
        self.intents, self.chain, self.index = intents, ScriptedChain(), DeafIndex()
        self.notices = NoticeBoard()
        self.draft = Draft()

    @asynccontextmanager
    async def following(
        self, hash_: TxHash, nudged: NudgedRows | None = None, attempt: int = 1
    ) -> AsyncIterator[asyncio.Task[Followed]]:
        """One attempt of the activity, which is killed at the end of the block."""
        recorder = IntentRecorder(self.intents, NoViewers())
        rows, nudges = nudged or self.intents, nudged or self.index
        waits = Waits(self.chain, self.index)
        activity = Following(FollowingNeeds(rows, recorder, self.chain, self.index, nudges, waits, self.notices))
        order = FollowOrder(intent_id=self.draft.intent_id, tx_hash=hash_)
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
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


@pytest.fixture
async def scene(intents: IntentRepository) -> Scene:
    scene = Scene(intents)
    await intents.create(scene.draft)
    return scene


async def prepared_with(scene: Scene, data: str) -> IntentRow:
    """The scene's intent, as if `data` had been prepared."""
    tx_request = scene.draft.tx_request.model_copy(update={"data": data})
    return replace(await scene.intents.get(scene.draft.intent_id), tx_request=tx_request)


def seen_of(intent: IntentRow, **changes: Any) -> SeenTransaction:
    """The prepared transaction of the intent, as a node shows it."""
    asked = intent.tx_request
    return replace(SeenTransaction(tx_hash(), asked.from_, asked.to, asked.data, asked.value, 1, None), **changes)


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


async def test_a_follower_that_finds_the_block_late_does_not_open_an_intent_that_has_failed(scene: Scene) -> None:
    """Another follower of the same hash has ended it; this one was stopped, and does not know yet."""
    hash_ = tx_hash()
    error = IntentError(code=IntentErrorCode.CALL_REVERTED, detail="The contract refused it")
    async with scene.following(hash_):
        await scene.until("prepared", "tracked")
        await scene.intents.transition(scene.draft.intent_id, Step.FAILED, "by another", tx_hash=hash_, error=error)
        scene.chain.say(hash_, mined(10, succeeded=False))
        await asyncio.sleep(0.3)
    assert await scene.steps() == ["prepared", "tracked", "failed"]


async def test_success_in_a_block_that_the_indexer_does_not_know_yet_is_no_failure(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tracker has seen a deep reorg, the indexer has not: it has passed another block of that number."""
    monkeypatch.setattr(follower, "LOOK_AGAIN", 0.05)
    hash_ = tx_hash()
    scene.index.stands = BlockState.FORKED
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, mined(10, fork=1), deep(10, fork=1))
        await scene.until("prepared", "tracked", "confirming")
        await asyncio.sleep(0.2)
        assert not attempt.done()
        scene.chain.say(hash_, mined(10, fork=1), deep(10, fork=1))  # looked at anew
        await asyncio.sleep(0.2)
        assert await scene.steps() == ["prepared", "tracked", "confirming"]
        scene.index.stands = BlockState.INDEXED
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


class Silent:
    """A fake of a node that hangs."""

    async def inspect(self, *_: object) -> None:
        raise UpstreamUnavailableError("endpoint 1 of eip155:31337 did not answer in time")

    head = inspect


@pytest.fixture
def looks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "FIRST_LOOK", 0.05)
    monkeypatch.setattr(lookout, "LOOK_AGAIN", 0.05)


async def told(scene: Scene, problem: Problem | None) -> Waiting:
    async with asyncio.timeout(30):
        while not scene.notices.told or scene.notices.told[-1].problem is not problem:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return scene.notices.told[-1]


@pytest.mark.usefixtures("looks_soon")
async def test_a_hash_that_no_node_knows_is_told_with_the_nodes_and_what_to_do_and_taken_back_once_one_does(
    scene: Scene,
) -> None:
    hash_ = tx_hash()
    async with scene.following(hash_):
        unknown = await told(scene, Problem.HASH_UNKNOWN)
        assert (unknown.step, unknown.order) == ("tracked", hash_)
        for word in (hash_, CHAIN, "endpoint 1 at http://127.0.0.1:8545", f"intent rebind {scene.draft.intent_id}"):
            assert word in unknown.text
        scene.chain.known[hash_] = SeenTransaction(hash_, ALICE, COLLECTION, "0x", Wei(0), 7, None)
        assert "its nonce is 7" in (await told(scene, None)).text
    assert len(scene.notices.told) == 2


@pytest.mark.usefixtures("looks_soon")
async def test_a_node_that_hangs_while_a_transaction_is_followed_is_told_with_its_address(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_ = tx_hash()
    scene.chain.known[hash_] = SeenTransaction(hash_, ALICE, COLLECTION, "0x", Wei(0), 7, None)
    async with scene.following(hash_):
        await scene.until("prepared", "tracked")
        monkeypatch.setattr(scene.chain, "inspect", Silent().inspect)
        text = (await told(scene, Problem.NODE_UNAVAILABLE)).text
    for word in ("did not answer in time", "endpoint 1 at http://127.0.0.1:8545", "`steadymint doctor`", CHAIN):
        assert word in text


@pytest.mark.parametrize(
    ("at", "problem", "words"),
    [
        ({"halted": "another genesis"}, Problem.INDEX_HALTED, ("another genesis", "--name resume")),
        ({"moved_at": datetime(2026, 1, 1, tzinfo=UTC)}, Problem.INDEX_STUCK, ("stands still", "`steadymint doctor`")),
        ({"state": "history"}, Problem.INDEX_BEHIND, ("at block 10 of 900", "for the first time")),
    ],
    ids=["halted", "stuck", "behind"],
)
@pytest.mark.usefixtures("looks_soon")
async def test_a_mint_that_is_deep_enough_and_not_indexed_says_what_is_wrong_with_the_index(
    scene: Scene, at: dict[str, Any], problem: Problem, words: tuple[str, ...]
) -> None:
    hash_ = tx_hash()
    scene.index.stands, scene.chain.newest = BlockState.PENDING, 900
    scene.index.at = IndexStanding(**({"chain_id": CHAIN, "checkpoint": 10, "moved_at": datetime.now(UTC)} | at))
    async with scene.following(hash_):
        scene.chain.say(hash_, mined(850), deep(850))
        waiting = await told(scene, problem)
    assert waiting.step == "confirming"
    for word in (f"index-chain:{CHAIN}", *words):
        assert word in waiting.text


@pytest.mark.usefixtures("looks_soon")
async def test_attempts_that_keep_failing_tell_the_flow_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene.chain, "inspect", Silent().inspect)
    for attempt in range(1, lookout.FAILURES + 3):
        async with scene.following(tx_hash(), attempt=attempt) as failing:
            with pytest.raises(Exception, match="did not answer in time"):
                await failing
    (waiting,) = scene.notices.told
    assert waiting.problem is Problem.NODE_UNAVAILABLE


@pytest.fixture
def settled_by_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody indexed the contracts of mints."""
    by_receipt = replace(KINDS[IntentKind.MINT], settled_by=SettledBy.RECEIPT)
    for module in (follower, admission):
        monkeypatch.setattr(module, "KINDS", {IntentKind.MINT: by_receipt})


@pytest.mark.usefixtures("settled_by_receipt")
async def test_where_nobody_indexes_the_receipt_settles_the_intent_once_it_is_deep(scene: Scene) -> None:
    hash_ = tx_hash()
    scene.index.stands = BlockState.PENDING
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
    scene.index.stands = BlockState.PENDING
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, nonce_used(12))
        view = (await attempt).view
    assert view is not None
    assert view.step is Step.REPLACED


@pytest.mark.parametrize(
    "suffix",
    [
        pytest.param("", id="none"),
        pytest.param("00", id="a byte"),
        pytest.param("62617365617070" + "07" + "00" + "8021" * 8, id="ERC-8021"),
        pytest.param("ab" * 5000, id="long"),
    ],
)
async def test_bytes_behind_the_prepared_calldata_do_not_make_it_another_call(scene: Scene, suffix: str) -> None:
    """Builder codes (ERC-8021) and referral tags; the contract does not read them."""
    intent = await prepared_with(scene, "0xa9059cbb01")
    assert can_fulfil(intent, seen_of(intent, data="0xa9059cbb01" + suffix))
    for change in ({"data": "0xa9059cbb02" + suffix}, {"data": "0xa9059cbb"}, {"value": Wei(1)}, {"to": None}):
        with pytest.raises(TransactionMismatchError):
            check_can_fulfil(intent, seen_of(intent, **({"data": "0xa9059cbb01" + suffix} | change)))
    with pytest.raises(NotOwnerError):
        check_can_fulfil(intent, seen_of(intent, data="0xa9059cbb01" + suffix, sender=BOB))


async def test_calldata_that_calls_no_function_must_be_equal(scene: Scene) -> None:
    intent = await prepared_with(scene, "0x")
    assert can_fulfil(intent, seen_of(intent, data="0x"))
    assert not can_fulfil(intent, seen_of(intent, data="0xa9059cbb01"))


async def test_a_relayed_call_carries_the_reference_or_where_there_is_none_the_prepared_calldata(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = await prepared_with(scene, "0xa9059cbb01")

    def relayed(data: str) -> SeenTransaction:
        return seen_of(intent, sender=BOB, to=Address("0x" + "66" * 20), data=data)

    check_can_fulfil(intent, relayed("0x1234" + intent.match_key[2:] + "00"))
    with pytest.raises(NotOwnerError):
        check_can_fulfil(intent, relayed("0x1234a9059cbb0100"))
    natural = replace(KINDS[IntentKind.MINT], natural_key=("contract",))
    monkeypatch.setattr(admission, "KINDS", {IntentKind.MINT: natural})
    check_can_fulfil(intent, relayed("0x1234a9059cbb0100"))
    with pytest.raises(NotOwnerError):
        check_can_fulfil(intent, relayed("0x1234" + intent.match_key[2:] + "00"))


async def test_the_indexer_has_passed_a_block_only_if_it_is_the_same_block(pool: asyncpg.Pool) -> None:
    progress, draft = IndexProgress(pool), Draft()

    async def stands(number: int, hash_: str | None) -> BlockState:
        return await progress.block_state(CHAIN, number, hash_, draft.match_key)  # type: ignore[arg-type]

    assert await stands(10, block_hash(10)) is BlockState.PENDING
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
    assert await stands(12, block_hash(12)) is BlockState.PENDING
    assert await stands(10, block_hash(10)) is BlockState.INDEXED
    assert await stands(10, block_hash(10, fork=1)) is BlockState.FORKED
    assert await stands(10, None) is BlockState.INDEXED
    assert await stands(3, block_hash(3)) is BlockState.INDEXED  # long ago: remembered by its number
