"""A flow is told once what its transaction waits for, with the node, the index and what to do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from activities.following import lookout
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.index_standing import IndexStanding
from steadymint.domain.transactions import BlockState, SeenTransaction
from steadymint.domain.types import Wei
from steadymint.domain.waiting import Problem, Waiting
from tests.activities.following.scene import Scene
from tests.support.intents import ALICE, CHAIN, COLLECTION, tx_hash
from tests.workflows.flow_bench import deep, mined


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
