"""An intent waits for its wallet until its deadline, and takes a transaction that comes later all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper

from steadymint.domain.errors import IntentFinalError
from steadymint.domain.intents import messages
from steadymint.domain.intents.identity import workflow_id_of
from steadymint.domain.intents.kinds import AnyOrder
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.transactions import Pending, Reorged
from steadymint.domain.types import IntentId
from steadymint.durable import policies
from steadymint.durable.failures import from_failure
from tests.support.intents import tx_hash
from tests.workflows.bench_market import purchase_order
from tests.workflows.flow_bench import HOUR, SOON, FlowBench, block, call_of, mined, mint_order
from tests.workflows.intent_moves import settle, until_made, until_step

Ordered = Callable[..., AnyOrder]
by_both = pytest.mark.parametrize("ordered", [mint_order, purchase_order], ids=["by reference", "by facts"])
"""Two kinds that the indexer settles: it finds the one by its reference, the other by its facts."""


def flow_of(order: AnyOrder) -> str:
    return workflow_id_of(order.kind, order.intent_id)


class TestTheWallet:
    @by_both
    async def test_what_is_tracked_ends_ready_within_twenty_events(self, bench: FlowBench, ordered: Ordered) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_)
        await bench.flows.begin_tracking(flow_of(order), hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.say(hash_, Pending(), mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        await settle(bench, order, hash_)
        handle = bench.client.get_workflow_handle(flow_of(order))
        await handle.result()
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "confirming", "indexed", "ready"]
        assert len((await handle.fetch_history()).events) <= 20

    async def test_it_waits_hours_for_its_signature_and_expires_at_its_deadline(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        order = mint_order(deadline=6 * HOUR)
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        await time_skipping.fast_forward(handle, timedelta(hours=5, minutes=59))
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        await time_skipping.fast_forward(handle, timedelta(minutes=2))
        assert (await handle.result())["step"] == "expired"
        assert await bench.steps(order.intent_id) == ["prepared", "expired"]

    @by_both
    async def test_a_wallet_that_answers_after_hours_is_followed_all_the_same(
        self, bench: FlowBench, time_skipping: TimeSkipper, ordered: Ordered
    ) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(flow_of(order))
        await time_skipping.fast_forward(handle, timedelta(hours=5))
        await bench.flows.begin_tracking(flow_of(order), hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        await settle(bench, order, hash_)
        assert (await handle.result())["step"] == "ready"

    async def test_a_transaction_that_is_never_mined_expires(self, bench: FlowBench) -> None:
        # Real seconds: a server skips no time while an activity runs.
        order, hash_ = mint_order(deadline=SOON), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        assert (await handle.result())["step"] == "expired"
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "expired"]

    async def test_a_transaction_in_a_block_does_not_expire(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(deadline=SOON), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10))
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                break
        await settle(bench, order, hash_)
        assert (await handle.result())["step"] == "ready"

    @by_both
    async def test_a_transaction_that_lands_after_the_deadline_is_a_normal_transition(
        self, bench: FlowBench, time_skipping: TimeSkipper, ordered: Ordered
    ) -> None:
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(flow_of(order))
        await time_skipping.fast_forward(handle, timedelta(hours=7))
        await handle.result()
        await bench.reopening.landed(await settle(bench, order, hash_))
        reopened = bench.client.get_workflow_handle(flow_of(order))
        assert (await reopened.result())["step"] == "ready"
        assert await bench.steps(order.intent_id) == [
            "prepared",
            "expired",
            "tracked",
            "confirming",
            "indexed",
            "ready",
        ]

    async def test_an_intent_that_leaves_its_block_after_the_deadline_expires_all_the_same(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(policies, "EXPIRE_AGAIN", timedelta(seconds=1))
        order, hash_ = mint_order(deadline=SOON), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10))
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        rung = False
        async for event in handle.fetch_history_events(wait_new_event=True):
            rung |= event.event_type == EventType.EVENT_TYPE_TIMER_FIRED
            if rung and event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED:
                break  # the clock was looked at
        bench.chain.say(hash_, Reorged(10, block(10)))
        async with asyncio.timeout(30):
            assert (await handle.result())["step"] == "expired"
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "confirming", "reorged", "expired"]

    async def test_a_flow_that_was_never_told_that_its_intent_is_ready_ends_so_at_its_deadline(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        order = mint_order()
        await bench.flows.prepare(order)
        await settle(bench, order, tx_hash())
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        await time_skipping.fast_forward(handle, timedelta(hours=7))
        async with asyncio.timeout(30):
            assert (await handle.result())["step"] == "ready"

    async def test_a_flow_whose_request_was_lost_at_its_start_goes_on_by_itself(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        """What a server that dies between the start and the first workflow task leaves: a flow without its update."""
        order = mint_order(key=uuid4().hex)
        handle = await bench.client.start_workflow(
            "Mint", order, id=f"mint:{order.intent_id}", task_queue=bench.queues.flows
        )
        await until_made(bench, order.intent_id)
        prepared, made_here = await bench.flows.prepare(order)
        assert (prepared.view.step, made_here) == (Step.PREPARED, False)
        await time_skipping.fast_forward(handle, timedelta(hours=7))
        assert (await handle.result())["step"] == "expired"

    @by_both
    async def test_what_was_never_tracked_ends_when_the_chain_shows_it(
        self, bench: FlowBench, ordered: Ordered
    ) -> None:
        """One run of the flow, also if the indexer tells it once more: an answer was lost, or the flow was quicker."""
        order, hash_ = ordered(), tx_hash()
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(flow_of(order))
        run_id = (await handle.describe()).run_id
        settled = await settle(bench, order, hash_)
        for _ in range(2):
            await bench.reopening.landed(settled)
            assert (await handle.result())["step"] == "ready"
        assert (await handle.describe()).run_id == run_id

    async def test_a_hash_whose_mint_the_chain_shows_meanwhile_hears_that_the_flow_has_ended(
        self, bench: FlowBench
    ) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        tracking = await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        view = (await bench.repository.get(IntentId(order.intent_id))).view
        ready = view.model_copy(update={"step": Step.READY, "status": IntentStatus.READY})
        await bench.client.get_workflow_handle(f"mint:{order.intent_id}").signal(
            messages.LANDED, messages.Landed(view=ready)
        )
        with pytest.raises(WorkflowUpdateFailedError) as ended:
            await tracking.result()
        assert isinstance(from_failure(ended.value), IntentFinalError)
