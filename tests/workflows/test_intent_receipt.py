"""An intent that its receipt settles: its logs decide, and a report that comes late opens it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper

from steadymint.domain.errors import NotFoundError, NotOwnerError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.approve import ApproveOrder
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.market.facts import ALL
from steadymint.domain.transactions import Pending
from steadymint.domain.types import IntentId
from steadymint.durable.failures import from_failure
from tests.kinds.test_cancel import an_order, hash_of
from tests.kinds.test_cancel import sample_order as cancellation
from tests.support.intents import ALICE, BOB, COLLECTION, tx_hash
from tests.workflows.bench_market import approve_order
from tests.workflows.flow_bench import HOUR, SOON, FlowBench, call_of, deep, mined
from tests.workflows.intent_moves import until_hash, until_step


def flow_of(order: ApproveOrder) -> str:
    return f"approve:{order.intent_id}"


async def row_of(bench: FlowBench, order: ApproveOrder) -> IntentRow:
    return await bench.repository.get(IntentId(order.intent_id))


async def expire(bench: FlowBench, skipper: TimeSkipper, order: ApproveOrder) -> IntentRow:
    """The intent as it is once nobody has reported anything before its deadline."""
    await bench.flows.prepare(order)
    handle = bench.client.get_workflow_handle(flow_of(order))
    await skipper.fast_forward(handle, timedelta(hours=7))
    assert (await handle.result())["step"] == "expired"
    return await row_of(bench, order)


@pytest.mark.parametrize(("shows", "end"), [({}, "ready"), ({"amount": "7"}, "ready"), (None, "failed")])
async def test_at_n_confirmations_the_logs_say_whether_it_is_fulfilled(bench: FlowBench, shows: Any, end: str) -> None:
    order, hash_ = approve_order(), tx_hash()
    bench.chain.shows = shows
    await bench.flows.prepare(order)
    bench.chain.say(hash_, Pending(), mined(10), deep(10))
    await bench.flows.begin_tracking(flow_of(order), hash_)
    result = await bench.client.get_workflow_handle(flow_of(order)).result()
    assert (result["step"], result["error"]) == (end, None if end == "ready" else "transaction_mismatch")
    assert await bench.steps(order.intent_id) == ["prepared", "tracked", "confirming", end]
    effects = await bench.repository._pool.fetchval(
        "select effects from orchestrator_service.tx_intents where intent_id = $1", order.intent_id
    )
    assert effects == shows


async def test_a_hash_that_is_reported_after_the_deadline_is_followed_to_the_end(
    bench: FlowBench, time_skipping: TimeSkipper
) -> None:
    order, hash_ = approve_order(), tx_hash()
    row = await expire(bench, time_skipping, order)
    bench.chain.known[hash_] = call_of(order, hash_)
    bench.chain.say(hash_, mined(10), deep(10))
    await bench.flows.track_late(row, hash_, deadline=HOUR)
    assert (await bench.client.get_workflow_handle(flow_of(order)).result())["step"] == "ready"
    assert await bench.steps(order.intent_id) == ["prepared", "expired", "tracked", "confirming", "ready"]


async def test_a_transaction_that_lands_after_the_deadline_counts_once_it_is_reported_again(bench: FlowBench) -> None:
    """Real seconds: no time is skipped while a transaction is followed."""
    order, hash_ = approve_order(deadline=SOON), tx_hash()
    await bench.flows.prepare(order)
    await bench.flows.begin_tracking(flow_of(order), hash_)
    assert await bench.flows.is_running(flow_of(order))
    assert (await bench.client.get_workflow_handle(flow_of(order)).result())["step"] == "expired"
    assert not await bench.flows.is_running(flow_of(order))
    await bench.flows.track_late(await row_of(bench, order), hash_, deadline=HOUR)
    await until_step(bench, order.intent_id, Step.TRACKED)
    bench.chain.say(hash_, mined(10), deep(10))
    assert (await bench.client.get_workflow_handle(flow_of(order)).result())["step"] == "ready"
    steps = ["prepared", "tracked", "expired", "tracked", "confirming", "ready"]
    assert await bench.steps(order.intent_id) == steps


async def test_a_hash_that_was_superseded_is_followed_once_it_is_reported_again(
    bench: FlowBench,
) -> None:
    order, right, wrong = approve_order(), tx_hash(), tx_hash()
    await bench.flows.prepare(order)
    for hash_ in (right, wrong, right):
        await bench.flows.begin_tracking(flow_of(order), hash_, (await row_of(bench, order)).seq)
        await until_hash(bench, order.intent_id, hash_)
    bench.chain.say(right, mined(10), deep(10))
    assert (await bench.client.get_workflow_handle(flow_of(order)).result())["step"] == "ready"
    assert await bench.steps(order.intent_id) == ["prepared", "tracked", "tracked", "tracked", "confirming", "ready"]


async def test_a_late_report_of_anothers_transaction_is_refused_and_leaves_it_expired(
    bench: FlowBench, time_skipping: TimeSkipper
) -> None:
    order, wrong, right = approve_order(), tx_hash(), tx_hash()
    row = await expire(bench, time_skipping, order)
    bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)
    tracking = await bench.flows.track_late(row, wrong, deadline=HOUR)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await tracking.result()
    assert isinstance(from_failure(refused.value), NotOwnerError)
    assert await bench.steps(order.intent_id) == ["prepared", "expired"]
    bench.chain.say(right, mined(10))
    await bench.flows.track_late(row, right, deadline=HOUR)
    await until_step(bench, order.intent_id, Step.CONFIRMING)


async def test_what_stands_already_is_told_without_an_intent(bench: FlowBench) -> None:
    bench.chain.allowed_now = ALL
    order = approve_order()
    with pytest.raises(AlreadySatisfiedError, match="is already approved for"):
        await bench.flows.prepare(order)
    assert await bench.steps(order.intent_id) == []
    await bench.flows.prepare(approve_order(approved=False))


async def test_a_cancellation_shows_the_orders_that_it_is_about_and_then_those_that_were_cancelled(
    bench: FlowBench,
) -> None:
    order, hash_ = cancellation(), tx_hash()
    asked, done = sorted(order.terms.hashes()), sorted(order.terms.hashes())[:1]
    bench.chain.shows = {"orderHashes": done}
    await bench.flows.prepare(order)
    assert (await bench.repository.get(IntentId(order.intent_id))).view.order_hashes == tuple(asked)
    bench.chain.say(hash_, mined(10), deep(10))
    await bench.flows.begin_tracking(f"cancel:{order.intent_id}", hash_)
    await until_step(bench, order.intent_id, Step.READY)
    lines = await bench.repository.steps_after(IntentId(order.intent_id), 0)
    assert [line.view.order_hashes for line in lines] == [tuple(asked)] * 3 + [tuple(done)]


async def test_orders_of_somebody_else_and_orders_that_are_cancelled_make_no_intent(bench: FlowBench) -> None:
    bobs = cancellation(orders=(an_order(1), an_order(2, BOB)))
    with pytest.raises(NotFoundError, match=hash_of(an_order(2, BOB))):
        await bench.flows.prepare(bobs)
    bench.chain.cancelled = True
    with pytest.raises(AlreadySatisfiedError):
        await bench.flows.prepare(cancellation())
    await bench.flows.prepare(cancellation(all_orders=True))


async def test_orders_of_the_catalog_are_cancelled_by_their_hashes(bench: FlowBench) -> None:
    mine, bobs = an_order(1), an_order(2, BOB)
    bench.chain.known_orders = {hash_of(one): one for one in (mine, bobs)}
    order = cancellation(order_hashes=(hash_of(mine),))
    prepared, _ = await bench.flows.prepare(order)
    assert prepared.view.order_hashes == (hash_of(mine),)
    row = await bench.repository.get(IntentId(order.intent_id))
    assert row.facts == order.terms.model_copy(update={"orders": (mine,)}).facts(COLLECTION, ALICE)
    for unknown in (hash_of(bobs), hash_of(an_order(3))):
        with pytest.raises(NotFoundError, match=unknown):
            await bench.flows.prepare(cancellation(order_hashes=(hash_of(mine), unknown)))
