"""Attempts that repeat and overlap write a line for each change, each once, and a failed one is tried again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from activities.following import follower
from steadymint.chain.nodes.errors import MethodUnsupportedError
from steadymint.domain.transactions import Pending, Reorged, SeenTransaction
from steadymint.domain.types import ChainId, TxHash, Wei
from tests.activities.following.scene import Scene
from tests.support.intents import ALICE, BOB, COLLECTION, tx_hash
from tests.workflows.flow_bench import block, mined, nonce_used


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


@pytest.mark.parametrize("takes_its_place", ["the same call", "another call"])
async def test_another_attempt_finds_what_took_the_place_of_a_transaction_that_no_node_knows_any_more(
    scene: Scene, takes_its_place: str
) -> None:
    """Nodes forget a transaction that was sped up or cancelled in the wallet. Its nonce leads on."""
    first, second = tx_hash(), tx_hash()
    sent = SeenTransaction(first, ALICE, COLLECTION, "0x", Wei(0), 7, None)
    scene.chain.known[first] = sent
    async with scene.following(first):
        await scene.until("prepared", "tracked")
    del scene.chain.known[first]
    is_sped_up = takes_its_place == "the same call"
    scene.chain.used_by = replace(sent, tx_hash=second, to=COLLECTION if is_sped_up else ALICE)
    scene.chain.say(first, nonce_used(11))
    async with scene.following(first):
        await scene.until("prepared", "tracked", "tracked" if is_sped_up else "replaced")
    row = await scene.intents.get(scene.draft.intent_id)
    assert row.tx_hash == (second if is_sped_up else first)


async def test_another_attempt_goes_on_with_the_hash_that_the_one_before_followed(scene: Scene) -> None:
    first, second = tx_hash(), tx_hash()
    async with scene.following(second):
        scene.chain.say(second, mined(10))
        await scene.until("prepared", "tracked", "confirming")
    async with scene.following(first, attempt=2, told=second):
        scene.chain.say(second, Reorged(10, block(10)))
        await scene.until("prepared", "tracked", "confirming", "reorged")


async def test_the_nonce_of_another_sender_is_not_taken_for_the_accounts(scene: Scene) -> None:
    """A bundler sends the calls of many accounts."""
    hash_, reference = tx_hash(), scene.draft.match_key
    scene.chain.known[hash_] = SeenTransaction(hash_, BOB, BOB, reference, Wei(0), 7, None)
    async with scene.following(hash_):
        await scene.until("prepared", "tracked")
    assert (await scene.intents.get(scene.draft.intent_id)).tx_nonce is None


async def test_a_hash_that_turns_out_to_be_anothers_leaves_the_intent_without_one(scene: Scene) -> None:
    """Its owner may report it, and the intent's user another one."""
    hash_ = tx_hash()
    async with scene.following(hash_) as attempt:
        await scene.until("prepared", "tracked")
        scene.chain.known[hash_] = SeenTransaction(hash_, BOB, COLLECTION, "0x", Wei(0), 7, None)
        scene.chain.say(hash_, mined(10))
        assert (await attempt).refusal is not None
    assert await scene.steps() == ["prepared", "tracked", "prepared"]
    row = await scene.intents.get(scene.draft.intent_id)
    assert (row.tx_hash, row.tx_nonce, row.view.tx_hash) == (None, None, None)


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
