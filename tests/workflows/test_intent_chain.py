"""An intent follows the transaction that is its own, through reverts, reorgs, replacements and silent nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper

from steadymint.chain.nodes.errors import MethodUnsupportedError, NodeRefusedError
from steadymint.domain.errors import ConflictError, NotOwnerError, TransactionMismatchError
from steadymint.domain.intents.identity import reference_of, workflow_id_of
from steadymint.domain.intents.kinds import AnyOrder
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.transactions import Reorged
from steadymint.domain.types import IntentId
from steadymint.durable.failures import from_failure
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, tx_hash
from tests.workflows.bench_market import approve_order, purchase_order
from tests.workflows.flow_bench import (
    HOUR,
    SOON,
    FlowBench,
    block,
    call_of,
    data_of,
    deep,
    mined,
    mint_order,
    nonce_used,
)
from tests.workflows.intent_moves import fulfil, settle, sighting, until_hash, until_step
from workflows.parts.following import MAX_FOLLOWS

SUFFIX = "62617365617070" + "07" + "00" + "8021" * 8
"""A builder code (ERC-8021): the codes, their length, the schema and the marker."""
Ordered = Callable[..., AnyOrder]
by_either = pytest.mark.parametrize("ordered", [mint_order, approve_order], ids=["by index", "by receipt"])
"""A kind that the indexer settles, and one that its receipt does."""
by_each = pytest.mark.parametrize(
    "ordered", [mint_order, approve_order, purchase_order], ids=["by reference", "by receipt", "by facts"]
)
"""The same, and one that the indexer finds without a reference."""


def flow_of(order: AnyOrder) -> str:
    return workflow_id_of(order.kind, order.intent_id)


class TestTheChain:
    @by_either
    async def test_another_users_transaction_is_refused_and_the_intent_stays_open(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_, sender=BOB)
        tracking = await bench.flows.begin_tracking(flow_of(order), hash_)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await tracking.result()
        assert isinstance(from_failure(refused.value), NotOwnerError)
        assert await bench.steps(order.intent_id) == ["prepared"]

    @by_either
    async def test_another_call_of_the_same_user_is_refused(self, bench: FlowBench, ordered: Ordered) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_, data="0xdead")
        tracking = await bench.flows.begin_tracking(flow_of(order), hash_)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await tracking.result()
        assert isinstance(from_failure(refused.value), TransactionMismatchError)

    async def test_a_bundler_may_send_it_if_the_intents_reference_is_inside(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        inside = "0xabcd" + reference_of(IntentId(order.intent_id))[2:] + "00"
        bench.chain.known[hash_] = call_of(order, hash_, sender=BOB, to=BOB, data=inside)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)

    async def test_a_bundle_of_a_purchase_is_followed_and_what_the_index_sees_of_the_buyer_makes_it_ready(
        self, bench: FlowBench
    ) -> None:
        order, hash_ = purchase_order(), tx_hash()
        await bench.flows.prepare(order)
        inside = "0xabcd" + ALICE[2:] + data_of(order)[2:] + "00"
        bench.chain.known[hash_] = call_of(order, hash_, sender=BOB, to=BOB, data=inside)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        bench.chain.say(hash_, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        await fulfil(bench, order, hash_)
        assert (await bench.client.get_workflow_handle(flow_of(order)).result())["step"] == "ready"

    async def test_t08_a_flood_of_hashes_ends_at_a_bound_and_the_intent_lives_on(self, bench: FlowBench) -> None:
        """A hash counts each time that it is reported."""
        order = mint_order()
        await bench.flows.prepare(order)
        workflow_id = f"mint:{order.intent_id}"
        hashes = [tx_hash() for _ in range(MAX_FOLLOWS // 2)]
        reports = list(enumerate(hashes + hashes, start=1))
        for seq, hash_ in reports:
            await bench.flows.begin_tracking(workflow_id, hash_, seq)
        for _ in range(3):
            one_more = await bench.flows.begin_tracking(workflow_id, tx_hash())
            with pytest.raises(WorkflowUpdateFailedError) as refusal:
                await one_more.result()
            assert isinstance(from_failure(refusal.value), ConflictError)
        last, followed = reports[-1]
        await bench.flows.begin_tracking(workflow_id, followed, last)  # what is followed may be reported again
        await bench.flows.begin_rebinding(workflow_id, right := tx_hash())  # an operator may go on
        bench.chain.say(right, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        description = await bench.client.get_workflow_handle(workflow_id).describe()
        assert description.history_length < 20 * MAX_FOLLOWS

    @by_each
    async def test_a_reverted_transaction_fails_the_intent_with_the_contracts_reason(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        bench.chain.say(hash_, mined(10, succeeded=False), deep(10, succeeded=False))
        await until_step(bench, order.intent_id, Step.FAILED)
        view = (await bench.repository.get(IntentId(order.intent_id))).view
        assert view.status is IntentStatus.FAILED
        assert view.error is not None
        assert view.error.reason == "MintEnded"

    @by_each
    async def test_a_block_that_leaves_the_chain_sends_it_back_and_the_next_one_counts(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        bench.chain.say(hash_, mined(10), Reorged(10, block(10)), mined(11, fork=1))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        for _ in range(200):
            if len(await bench.steps(order.intent_id)) == 5:
                break
            await asyncio.sleep(0.02)
        end = await fulfil(bench, order, hash_, 11, fork=1)
        expected = ["prepared", "tracked", "confirming", "reorged", "confirming", *end]
        assert await bench.steps(order.intent_id) == expected

    @by_each
    async def test_a_nonce_used_by_another_call_is_replaced(self, bench: FlowBench, ordered: Ordered) -> None:
        order, hash_ = ordered(), tx_hash()
        bench.chain.known[hash_] = call_of(order, hash_)
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        bench.chain.used_by = call_of(order, tx_hash(), data="0x" + "77" * 32, block_number=12)
        bench.chain.say(hash_, nonce_used(12))
        await until_step(bench, order.intent_id, Step.REPLACED)

    @pytest.mark.parametrize("suffix", ["", SUFFIX])
    @by_each
    async def test_the_same_call_with_a_higher_fee_or_another_suffix_is_a_speed_up(
        self, bench: FlowBench, ordered: Ordered, suffix: str
    ) -> None:
        order, hash_, faster = ordered(), tx_hash(), tx_hash()
        bench.chain.known[hash_] = call_of(order, hash_)
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.used_by = call_of(order, faster, data=data_of(order) + suffix, block_number=12)
        bench.chain.say(hash_, nonce_used(12))
        bench.chain.say(faster, mined(12))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert (await bench.repository.get(IntentId(order.intent_id))).tx_hash == faster

    @pytest.mark.parametrize("ordered", [mint_order, purchase_order])
    async def test_success_without_the_prepared_event_is_a_failure(self, bench: FlowBench, ordered: Ordered) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        bench.chain.say(hash_, mined(10), deep(10))
        await until_step(bench, order.intent_id, Step.FAILED)
        view = (await bench.repository.get(IntentId(order.intent_id))).view
        assert view.error is not None
        assert view.error.code == "transaction_mismatch"

    @by_either
    async def test_a_node_that_is_down_for_hours_delays_the_intent_and_never_fails_it(
        self, bench: FlowBench, ordered: Ordered, time_skipping: TimeSkipper
    ) -> None:
        order, hash_ = ordered(deadline=48 * HOUR), tx_hash()
        bench.chain.outages = 8
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        handle = bench.client.get_workflow_handle(flow_of(order))
        for _ in range(60):
            if bench.chain.outages == 0:
                break
            await time_skipping.fast_forward(handle, timedelta(seconds=31))
        assert bench.chain.outages == 0
        bench.chain.say(hash_, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert (await bench.steps(order.intent_id)) == ["prepared", "tracked", "confirming"]

    @by_either
    async def test_a_hash_that_is_refused_leaves_the_one_before_it_followed(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        order, right, wrong = ordered(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), right)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)
        tracking = await bench.flows.begin_tracking(flow_of(order), wrong)
        with pytest.raises(WorkflowUpdateFailedError):
            await tracking.result()
        bench.chain.say(right, mined(10, succeeded=False), deep(10, succeeded=False))
        await until_step(bench, order.intent_id, Step.FAILED)
        handle = bench.client.get_workflow_handle(flow_of(order))
        assert (await handle.result())["txHash"] == right

    @by_either
    async def test_a_hash_that_turns_out_to_be_anothers_gives_way_to_the_one_before(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        order, right, wrong = ordered(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(flow_of(order), right)
        await until_step(bench, order.intent_id, Step.TRACKED)
        await bench.flows.begin_tracking(flow_of(order), wrong)
        await until_hash(bench, order.intent_id, wrong)
        bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)
        bench.chain.say(wrong, mined(10))
        await until_hash(bench, order.intent_id, right)
        bench.chain.say(right, mined(11))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        expected = ["prepared", "tracked", "tracked", "prepared", "tracked", "confirming"]
        assert await bench.steps(order.intent_id) == expected

    async def test_a_node_that_refuses_to_answer_delays_the_intent_and_never_fails_it(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order, hash_, answers = mint_order(), tx_hash(), bench.chain.inspect
        refusals = [MethodUnsupportedError(), NodeRefusedError("quota of another kind")]

        async def inspect(*which: Any) -> Any:
            if refusals:
                raise refusals.pop()
            return await answers(*which)

        monkeypatch.setattr(bench.chain, "inspect", inspect)
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)

    @pytest.mark.parametrize("ordered", [mint_order, purchase_order])
    async def test_an_end_that_a_reorg_takes_back_before_its_flow_has_closed_is_none(
        self, time_skipping: TimeSkipper, intents: IntentRepository, ordered: Ordered
    ) -> None:
        """No worker serves the flows while both happen, as in a deploy. Real seconds: the new block is waited for."""
        bench = FlowBench(time_skipping.client, intents)
        order, hash_ = ordered(deadline=SOON), tx_hash()
        async with bench.workers():
            await bench.flows.prepare(order)
        await bench.reopening.landed(await settle(bench, order, hash_))
        await asyncio.sleep(0.01)  # a block and its end do not share a millisecond
        (orphaned,) = await intents.orphan([sighting(order, hash_)])
        await bench.reopening.reorged(orphaned)
        async with bench.workers():
            handle = bench.client.get_workflow_handle(flow_of(order))
            bench.chain.say(hash_, mined(11, fork=1))
            await until_step(bench, order.intent_id, Step.CONFIRMING)
            await settle(bench, order, hash_, 11, fork=1)
            assert (await handle.result())["step"] == "ready"
        expected = [
            "prepared",
            "tracked",
            "confirming",
            "indexed",
            "ready",
            "reorged",
            "confirming",
            "indexed",
            "ready",
        ]
        assert await bench.steps(order.intent_id) == expected
