"""Attempts that repeat and overlap write a line for each change, each once, and a failed one is tried again."""

from __future__ import annotations

import asyncio

import pytest

from activities.following import follower
from steadymint.chain.nodes.errors import MethodUnsupportedError
from steadymint.domain.transactions import Pending, Reorged, SeenTransaction
from steadymint.domain.types import ChainId, TxHash
from tests.activities.following.scene import Scene
from tests.support.intents import tx_hash
from tests.workflows.flow_bench import block, mined


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
