"""A follower ends with its intent, and takes back nothing that the indexer or another follower has settled."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from activities.following import activity, admission, follower
from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.kinds import KINDS, IntentKind, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentError
from steadymint.domain.transactions import BlockState, Reorged, SeenTransaction
from steadymint.domain.types import Wei
from tests.activities.following.scene import NudgedRows, Scene
from tests.support.intents import ALICE, COLLECTION, tx_hash
from tests.workflows.flow_bench import block, deep, mined, nonce_used


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


@pytest.fixture
def settled_by_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody indexed the contracts of mints."""
    by_receipt = replace(KINDS[IntentKind.MINT], settled_by=SettledBy.RECEIPT)
    for module in (activity, follower, admission):
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
    scene.chain.known[hash_] = SeenTransaction(hash_, ALICE, COLLECTION, "0x", Wei(0), 7, None)
    async with scene.following(hash_) as attempt:
        scene.chain.say(hash_, nonce_used(12))
        view = (await attempt).view
    assert view is not None
    assert view.step is Step.REPLACED


@pytest.mark.usefixtures("settled_by_receipt")
async def test_where_nobody_indexes_a_follower_that_does_not_know_of_the_deadline_opens_nothing(scene: Scene) -> None:
    """The flow has ended, so nobody would bring the intent to an end again."""
    hash_ = tx_hash()
    async with scene.following(hash_):
        await scene.until("prepared", "tracked")
        await scene.intents.transition(scene.draft.intent_id, Step.EXPIRED, "deadline")
        scene.chain.say(hash_, mined(10))
        await asyncio.sleep(0.3)
        assert await scene.steps() == ["prepared", "tracked", "expired"]
