"""How intents go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from unittest.mock import AsyncMock, patch

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError

from steadymint.domain.errors import NotEligibleError, SteadymintError
from steadymint.domain.intents.kinds import KINDS, AnyOrder, IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow, NewIntent
from steadymint.domain.transactions import Pending, Reorged
from steadymint.domain.types import IntentId, Wei
from tests.replay.stage import Stage, case
from tests.support.intents import tx_hash
from tests.workflows.bench_market import approve_order
from tests.workflows.flow_bench import HOUR, block, call_of, deep, mined, mint_order, nonce_used

# -- every kind -----------------------------------------------------------------------------------------------------


async def happy(stage: Stage, order: AnyOrder) -> str:
    hash_ = tx_hash()
    await stage.bench.flows.prepare(order)
    stage.bench.chain.say(hash_, Pending(), mined(10))
    await stage.track(order, hash_)
    await stage.until(order, Step.CONFIRMING)
    await stage.fulfil(order, hash_)
    return await stage.ended(order, "ready")


async def expired(stage: Stage, order: AnyOrder) -> str:
    await stage.bench.flows.prepare(order)
    await stage.later(order, 7)
    return await stage.ended(order, "expired")


async def landed_without_track(stage: Stage, order: AnyOrder) -> str:
    await stage.bench.flows.prepare(order)
    await stage.bench.reopening.landed(await stage.settle(order, tx_hash()))
    return await stage.ended(order, "ready")


async def reopened_by_a_late_landing(stage: Stage, order: AnyOrder) -> str:
    await expired(stage, order)
    await stage.bench.reopening.landed(await stage.settle(order, tx_hash()))
    return await stage.ended(order, "ready")


async def reopened_by_a_deep_reorg(stage: Stage, order: AnyOrder) -> str:
    hash_ = tx_hash()
    await stage.bench.flows.prepare(order)
    stage.bench.chain.say(hash_, mined(10))
    await stage.track(order, hash_)
    await stage.until(order, Step.CONFIRMING)
    await stage.settle(order, hash_)
    await stage.ended(order, "ready")
    await stage.bench.reopening.reorged(await stage.orphan(order, hash_))
    stage.bench.chain.say(hash_, mined(12, fork=1))
    await stage.until(order, Step.CONFIRMING)
    await stage.settle(order, hash_, 12, fork=1)
    return await stage.ended(order, "ready")


async def refused(stage: Stage, order: AnyOrder) -> str:
    stage.bench.chain.refuses = NotEligibleError("The mint has ended.", reason="MintEnded", arguments={"endTime": "1"})
    with suppress(SteadymintError):
        await stage.bench.flows.prepare(order)
    assert (await stage.handle(order).result())["outcome"] == "refused"
    return stage.handle(order).id


async def written_by_a_preparation_that_failed(stage: Stage, order: AnyOrder) -> str:
    """The database commits, and is away for whoever asks then."""
    rows, create = stage.bench.repository, stage.bench.repository.create

    async def written_but_lost(new: NewIntent) -> IntentRow:
        await create(new)
        raise ConnectionError("the database's answer was lost")

    away = AsyncMock(side_effect=ConnectionError("the database is away"))
    with patch.object(rows, "create", written_but_lost), patch.object(rows, "get_owned", away):
        with suppress(SteadymintError):
            await stage.bench.flows.prepare(order)
        await stage.until(order, Step.PREPARED)
    await stage.later(order, 7)
    return await stage.ended(order, "expired")


async def not_prepared(stage: Stage, order: AnyOrder) -> str:
    away = AsyncMock(side_effect=ConnectionError("the database is away"))
    with patch.object(stage.bench.repository, "create", away), suppress(SteadymintError):
        await stage.bench.flows.prepare(order)
    with suppress(WorkflowFailureError):
        await stage.handle(order).result()
    return stage.handle(order).id


def _record(kind: IntentKind, name: str, act: Callable[[Stage, AnyOrder], Awaitable[str]]) -> None:
    """Acted with the sample order of `tests/kinds/test_<kind>.py`."""
    sample_order = import_module(f"tests.kinds.test_{kind}").sample_order
    case(KINDS[kind].workflow, name)(lambda stage: act(stage, sample_order()))


for _kind in KINDS:
    _record(_kind, "happy", happy)

# All kinds share the story; two of them go every way of it.
for _name, _act in (
    ("expired", expired),
    ("refused-prepare", refused),
    ("failed-prepare", not_prepared),
    ("written-by-a-failed-prepare", written_by_a_preparation_that_failed),
    ("landed-without-track", landed_without_track),
    ("reopened-by-a-late-landing", reopened_by_a_late_landing),
    ("reopened-by-a-deep-reorg", reopened_by_a_deep_reorg),
):
    _record(IntentKind.MINT, _name, _act)
    _record(IntentKind.COLLECTION, _name, _act)


# -- what the receipt settles --------------------------------------------------------------------------------------


@case("Approve", "reopened-by-a-late-report")
async def reopened_by_a_late_report(stage: Stage) -> str:
    order, hash_ = approve_order(), tx_hash()
    await expired(stage, order)
    row = await stage.bench.repository.get(IntentId(order.intent_id))
    stage.bench.chain.say(hash_, mined(10), deep(10))
    await stage.bench.flows.track_late(row, hash_, deadline=6 * HOUR)
    return await stage.ended(order, "ready")


# -- mints -----------------------------------------------------------------------------------------------------------


@case("Mint", "reorged")
async def reorged(stage: Stage) -> str:
    """Shallower than N: the follower sees it, the flow does not end."""
    order, hash_ = mint_order(), tx_hash()
    await stage.bench.flows.prepare(order)
    stage.bench.chain.say(hash_, mined(10), Reorged(10, block(10)), mined(11, fork=1))
    await stage.track(order, hash_)
    await stage.until(order, lambda row: row.seq == 5)
    await stage.settle(order, hash_, 11, fork=1)
    return await stage.ended(order, "ready")


@case("Mint", "replaced")
async def replaced(stage: Stage) -> str:
    order, hash_ = mint_order(), tx_hash()
    stage.bench.chain.known[hash_] = call_of(order, hash_)
    await stage.bench.flows.prepare(order)
    await stage.track(order, hash_)
    stage.bench.chain.say(hash_, nonce_used(12))
    return await stage.ended(order, "replaced")


@case("Mint", "refused-hash")
async def refused_hash(stage: Stage) -> str:
    """Another call's hash first, then the right one."""
    order, wrong, right = mint_order(), tx_hash(), tx_hash()
    await stage.bench.flows.prepare(order)
    stage.bench.chain.known[wrong] = call_of(order, wrong, value=Wei(1))
    tracking = await stage.bench.flows.begin_tracking(f"mint:{order.intent_id}", wrong)
    with suppress(WorkflowUpdateFailedError):
        await tracking.result()
    stage.bench.chain.say(right, mined(10))
    await stage.track(order, right)
    await stage.until(order, Step.CONFIRMING)
    await stage.settle(order, right)
    return await stage.ended(order, "ready")


@case("Mint", "refused-hash-after-another")
async def refused_hash_after_another(stage: Stage) -> str:
    """The right hash, then another call's: the right one is followed on."""
    order, right, wrong = mint_order(), tx_hash(), tx_hash()
    await stage.bench.flows.prepare(order)
    await stage.track(order, right)
    stage.bench.chain.known[wrong] = call_of(order, wrong, value=Wei(1))
    tracking = await stage.bench.flows.begin_tracking(f"mint:{order.intent_id}", wrong)
    with suppress(WorkflowUpdateFailedError):
        await tracking.result()
    stage.bench.chain.say(right, mined(10))
    await stage.until(order, Step.CONFIRMING)
    await stage.settle(order, right)
    return await stage.ended(order, "ready")


@case("Mint", "request-lost-at-its-start")
async def request_lost_at_its_start(stage: Stage) -> str:
    """Nothing but the start has reached the server."""
    order = mint_order()
    started = await stage.client.start_workflow(
        "Mint", order, id=f"mint:{order.intent_id}", task_queue=stage.bench.queues.flows
    )
    while not await stage.bench.steps(order.intent_id):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    await stage.later(order, 7)
    await stage.ended(order, "expired")
    return started.id


@case("Mint", "left-its-block-after-the-deadline")
async def left_its_block_after_the_deadline(stage: Stage) -> str:
    """The row is moved by hand, since no time is skipped while a follower runs."""
    order = mint_order()
    await stage.bench.flows.prepare(order)
    intent, hash_ = IntentId(order.intent_id), tx_hash()
    for step in (Step.TRACKED, Step.CONFIRMING):
        await stage.bench.repository.transition(intent, step, step, tx_hash=hash_)
    await stage.later(order, 6.5)
    await stage.bench.repository.transition(intent, Step.REORGED, "reorged")
    await stage.later(order, 1)
    return await stage.ended(order, "expired")


@case("Mint", "extended")
async def extended(stage: Stage) -> str:
    order = mint_order(deadline=HOUR)
    await stage.bench.flows.prepare(order)
    await stage.bench.flows.extend_deadline(f"mint:{order.intent_id}", timedelta(hours=2))
    await stage.later(order, 4)
    return await stage.ended(order, "expired")


@case("Mint", "node-outage")
async def node_outage(stage: Stage) -> str:
    """The follower is retried for an hour."""
    order, hash_ = mint_order(deadline=48 * HOUR), tx_hash()
    stage.bench.chain.outages = 6
    await stage.bench.flows.prepare(order)
    await stage.bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
    for _ in range(60):
        if stage.bench.chain.outages == 0:
            break
        await stage.later(order, 31 / 3600)
    stage.bench.chain.say(hash_, mined(10))
    await stage.until(order, Step.CONFIRMING)
    await stage.settle(order, hash_)
    return await stage.ended(order, "ready")


@case("Mint", "deadline-while-confirming")
async def deadline_while_confirming(stage: Stage) -> str:
    """In a block the chain decides, not the clock. Real seconds: no time is skipped while an activity runs."""
    order, hash_ = mint_order(deadline=2), tx_hash()
    await stage.bench.flows.prepare(order)
    stage.bench.chain.say(hash_, mined(10))
    await stage.track(order, hash_)
    async for event in stage.handle(order).fetch_history_events(wait_new_event=True):
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            break
    await stage.settle(order, hash_)
    return await stage.ended(order, "ready")


@case("Mint", "cancelled")
async def cancelled(stage: Stage) -> str:
    order = mint_order()
    stage.bench.index.every = 5.0  # a follower that ends in the very task of the cancel would have it repeated
    await stage.bench.flows.prepare(order)
    await stage.track(order, tx_hash())
    await stage.bench.flows.cancel(f"mint:{order.intent_id}", "asked by the user")
    return await stage.ended(order, "failed")


@case("Mint", "operated")
async def operated(stage: Stage) -> str:
    """Every verb of an operator but `cancel`: a later deadline, another hash, another attempt."""
    order, wrong, right = mint_order(deadline=HOUR), tx_hash(), tx_hash()
    operators, flow = stage.bench.flows, f"mint:{order.intent_id}"
    await operators.prepare(order)
    await operators.extend_deadline(flow, timedelta(hours=2))
    await stage.later(order, 2)
    await stage.track(order, wrong)
    await operators.begin_rebinding(flow, right)
    stage.bench.chain.say(right, mined(10))
    await stage.until(order, Step.CONFIRMING)
    await operators.retry_step(flow)
    await stage.settle(order, right)
    return await stage.ended(order, "ready")
