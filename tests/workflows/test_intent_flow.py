"""The story of an intent, from the wallet that answers tomorrow to the block that leaves the chain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.common import SearchAttributeKey
from temporalio.testing import TimeSkipper

from activities.following import lookout
from steadymint.chain.nodes.errors import MethodUnsupportedError, NodeRefusedError
from steadymint.cli.rebinding import rebind
from steadymint.cli.views import VIEWS, View
from steadymint.domain.errors import (
    ConflictError,
    HashAlreadyTrackedError,
    IdempotencyMismatchError,
    IntentFinalError,
    NotEligibleError,
    NotOwnerError,
    SteadymintError,
    TransactionMismatchError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents import messages
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.intents.mint import MintOrder
from steadymint.domain.intents.rows import Settled, Sighting
from steadymint.domain.transactions import Pending, Reorged
from steadymint.domain.types import BlockNumber, IntentId, TxHash
from steadymint.durable import policies
from steadymint.durable.failures import from_failure
from steadymint.durable.intents import REFUSAL_REMEMBERED
from steadymint.durable.search_attributes import OUTCOME, PROBLEM, STEP, TX_HASH
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, CHAIN, tx_hash
from tests.workflows.flow_bench import HOUR, FlowBench, block, call_of, deep, mined, mint_order, nonce_used
from workflows.parts.following import MAX_HASHES

SUFFIX = "62617365617070" + "07" + "00" + "8021" * 8
"""A builder code (ERC-8021): the codes, their length, the schema and the marker."""


@pytest.fixture
async def bench(time_skipping: TimeSkipper, intents: IntentRepository) -> AsyncIterator[FlowBench]:
    bench = FlowBench(time_skipping.client, intents)
    async with bench.workers():
        yield bench


def sighting(order: MintOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Sighting:
    facts = order.terms.facts(ALICE)
    return Sighting(
        match_key=reference_of(order.intent_id),
        kind=IntentKind.MINT,
        chain_id=CHAIN,
        block_number=BlockNumber(number),
        block_hash=block(number, fork),
        log_index=0,
        tx_hash=hash_,
        facts=facts,
        effects={"tokenIds": ["1"]},
    )


async def settle(bench: FlowBench, order: MintOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Settled:
    """What the indexer does when the mint is N confirmations deep."""
    (settled,) = await bench.repository.settle([sighting(order, hash_, number, fork)])
    return settled


async def until_made(bench: FlowBench, intent_id: UUID) -> None:
    for _ in range(500):
        if await bench.steps(intent_id):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never prepared")


async def until_hash(bench: FlowBench, intent_id: UUID, hash_: TxHash) -> None:
    for _ in range(500):
        if (await bench.repository.get(IntentId(intent_id))).tx_hash == hash_:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never bound to {hash_}")


async def until_step(bench: FlowBench, intent_id: UUID, step: Step) -> None:
    for _ in range(500):
        if (await bench.repository.get(IntentId(intent_id))).step is step:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never {step}: {await bench.steps(intent_id)}")


class TestPreparing:
    async def test_the_prepared_intent_comes_back_in_the_same_call(self, bench: FlowBench) -> None:
        order = mint_order(quantity=3)
        prepared, made_here = await bench.flows.prepare(order)
        assert made_here
        assert prepared.tx_request.value == 15
        assert prepared.tx_request.from_ == ALICE
        assert await bench.steps(order.intent_id) == ["prepared"]

    async def test_the_same_order_fifty_times_at_once_makes_one_intent(self, bench: FlowBench) -> None:
        order = mint_order(key=uuid4().hex)
        answers = await asyncio.gather(*(bench.flows.prepare(order) for _ in range(50)))
        assert sum(made_here for _, made_here in answers) == 1
        assert {prepared.view.intent_id for prepared, _ in answers} == {order.intent_id}
        assert await bench.steps(order.intent_id) == ["prepared"]

    async def test_another_body_under_the_same_id_is_refused(self, bench: FlowBench) -> None:
        order = mint_order(key=uuid4().hex)
        await bench.flows.prepare(order)
        other = mint_order(key=order.idempotency_key, quantity=2).model_copy(update={"intent_id": order.intent_id})
        with pytest.raises(IdempotencyMismatchError):
            await bench.flows.prepare(other)

    async def test_what_the_contract_refuses_is_told_with_its_reason_and_leaves_no_intent(
        self, bench: FlowBench
    ) -> None:
        order = mint_order(key=uuid4().hex)
        bench.chain.refuses = NotEligibleError("The mint has ended", reason="MintEnded", arguments={"endTime": "1"})
        with pytest.raises(NotEligibleError) as refused:
            await bench.flows.prepare(order)
        assert refused.value.extra["reason"] == "MintEnded"
        with pytest.raises(SteadymintError, match="no such intent"):
            await bench.repository.get(IntentId(order.intent_id))

    async def test_a_refused_key_may_be_used_again(self, bench: FlowBench) -> None:
        order = mint_order(key=uuid4().hex)
        bench.chain.refuses = NotEligibleError("Not yet", reason="MintNotStarted", arguments={})
        with pytest.raises(NotEligibleError):
            await bench.flows.prepare(order)
        await bench.client.get_workflow_handle(f"mint:{order.intent_id}").result()
        await asyncio.sleep(REFUSAL_REMEMBERED)
        bench.chain.refuses = None
        prepared, made_here = await bench.flows.prepare(order)
        assert made_here
        assert prepared.view.step is Step.PREPARED


class TestTheWallet:
    async def test_a_tracked_mint_ends_ready_within_twenty_events(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.say(hash_, Pending(), mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        await settle(bench, order, hash_)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
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

    async def test_a_wallet_that_answers_after_hours_is_followed_all_the_same(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        await time_skipping.fast_forward(handle, timedelta(hours=5))
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        await settle(bench, order, hash_)
        assert (await handle.result())["step"] == "ready"

    async def test_a_transaction_that_is_never_mined_expires(self, bench: FlowBench) -> None:
        # Real seconds: a server skips no time while an activity runs.
        order, hash_ = mint_order(deadline=2), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        assert (await handle.result())["step"] == "expired"
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "expired"]

    async def test_a_transaction_in_a_block_does_not_expire(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(deadline=2), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10))
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                break
        await settle(bench, order, hash_)
        assert (await handle.result())["step"] == "ready"

    async def test_a_transaction_that_lands_after_the_deadline_is_a_normal_transition(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        await time_skipping.fast_forward(handle, timedelta(hours=7))
        await handle.result()
        await bench.reopening.landed(await settle(bench, order, hash_))
        reopened = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
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
        order, hash_ = mint_order(deadline=2), tx_hash()
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

    async def test_a_mint_that_was_never_tracked_ends_when_the_chain_shows_it(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.reopening.landed(await settle(bench, order, hash_))
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        assert (await handle.result())["step"] == "ready"

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


class TestTheChain:
    async def test_another_users_transaction_is_refused_and_the_intent_stays_open(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_, sender=BOB)
        tracking = await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await tracking.result()
        assert isinstance(from_failure(refused.value), NotOwnerError)
        assert await bench.steps(order.intent_id) == ["prepared"]

    async def test_another_call_of_the_same_user_is_refused(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        bench.chain.known[hash_] = call_of(order, hash_, data="0xdead")
        tracking = await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
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

    async def test_t08_a_flood_of_hashes_ends_at_a_bound_and_the_intent_lives_on(self, bench: FlowBench) -> None:
        order = mint_order()
        await bench.flows.prepare(order)
        workflow_id = f"mint:{order.intent_id}"
        hashes = [tx_hash() for _ in range(MAX_HASHES)]
        for hash_ in hashes:
            await bench.flows.begin_tracking(workflow_id, hash_)
        for _ in range(3):
            one_more = await bench.flows.begin_tracking(workflow_id, tx_hash())
            with pytest.raises(WorkflowUpdateFailedError) as refusal:
                await one_more.result()
            assert isinstance(from_failure(refusal.value), ConflictError)
        await bench.flows.begin_tracking(workflow_id, hashes[-1])  # what is followed may be reported again
        await bench.flows.begin_rebinding(workflow_id, right := tx_hash())  # an operator may go on
        bench.chain.say(right, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        description = await bench.client.get_workflow_handle(workflow_id).describe()
        assert description.history_length < 20 * MAX_HASHES

    async def test_a_reverted_transaction_fails_the_intent_with_the_contracts_reason(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10, succeeded=False), deep(10, succeeded=False))
        await until_step(bench, order.intent_id, Step.FAILED)
        view = (await bench.repository.get(IntentId(order.intent_id))).view
        assert view.status is IntentStatus.FAILED
        assert view.error is not None
        assert view.error.reason == "MintEnded"

    async def test_a_block_that_leaves_the_chain_sends_it_back_and_the_next_one_counts(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10), Reorged(10, block(10)), mined(11, fork=1))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        for _ in range(200):
            if len(await bench.steps(order.intent_id)) == 5:
                break
            await asyncio.sleep(0.02)
        await settle(bench, order, hash_, 11)
        expected = ["prepared", "tracked", "confirming", "reorged", "confirming", "indexed", "ready"]
        assert await bench.steps(order.intent_id) == expected

    async def test_a_nonce_used_by_another_call_is_replaced(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.used_by = call_of(order, tx_hash(), data="0x" + "77" * 32, block_number=12)
        bench.chain.say(hash_, nonce_used(12))
        await until_step(bench, order.intent_id, Step.REPLACED)

    @pytest.mark.parametrize("suffix", ["", SUFFIX])
    async def test_the_same_call_with_a_higher_fee_or_another_suffix_is_a_speed_up(
        self, bench: FlowBench, suffix: str
    ) -> None:
        order, hash_, faster = mint_order(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.used_by = call_of(order, faster, data=reference_of(order.intent_id) + suffix, block_number=12)
        bench.chain.say(hash_, nonce_used(12))
        bench.chain.say(faster, mined(12))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert (await bench.repository.get(IntentId(order.intent_id))).tx_hash == faster

    async def test_success_without_the_prepared_event_is_a_failure(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10), deep(10))
        await until_step(bench, order.intent_id, Step.FAILED)
        view = (await bench.repository.get(IntentId(order.intent_id))).view
        assert view.error is not None
        assert view.error.code == "transaction_mismatch"

    async def test_a_node_that_is_down_for_hours_delays_the_intent_and_never_fails_it(
        self, bench: FlowBench, time_skipping: TimeSkipper
    ) -> None:
        order, hash_ = mint_order(deadline=48 * HOUR), tx_hash()
        bench.chain.outages = 8
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        for _ in range(60):
            if bench.chain.outages == 0:
                break
            await time_skipping.fast_forward(handle, timedelta(seconds=31))
        assert bench.chain.outages == 0
        bench.chain.say(hash_, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert (await bench.steps(order.intent_id)) == ["prepared", "tracked", "confirming"]

    async def test_a_hash_that_is_refused_leaves_the_one_before_it_followed(self, bench: FlowBench) -> None:
        order, right, wrong = mint_order(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", right)
        await until_step(bench, order.intent_id, Step.TRACKED)
        bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)
        tracking = await bench.flows.begin_tracking(f"mint:{order.intent_id}", wrong)
        with pytest.raises(WorkflowUpdateFailedError):
            await tracking.result()
        bench.chain.say(right, mined(10, succeeded=False), deep(10, succeeded=False))
        await until_step(bench, order.intent_id, Step.FAILED)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        assert (await handle.result())["txHash"] == right

    async def test_a_hash_that_turns_out_to_be_anothers_gives_way_to_the_one_before(self, bench: FlowBench) -> None:
        order, right, wrong = mint_order(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", right)
        await until_step(bench, order.intent_id, Step.TRACKED)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", wrong)
        await until_hash(bench, order.intent_id, wrong)
        bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)
        bench.chain.say(wrong, mined(10))
        await until_hash(bench, order.intent_id, right)
        bench.chain.say(right, mined(11))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "tracked", "tracked", "confirming"]

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

    async def test_an_end_that_a_reorg_takes_back_before_its_flow_has_closed_is_none(
        self, time_skipping: TimeSkipper, intents: IntentRepository
    ) -> None:
        """No worker serves the flows while both happen, as in a deploy. Real seconds: the new block is waited for."""
        bench = FlowBench(time_skipping.client, intents)
        order, hash_ = mint_order(deadline=4), tx_hash()
        async with bench.workers():
            await bench.flows.prepare(order)
        await bench.reopening.landed(await settle(bench, order, hash_))
        await asyncio.sleep(0.01)  # a block and its end do not share a millisecond
        (orphaned,) = await intents.orphan([sighting(order, hash_)])
        await bench.reopening.reorged(orphaned)
        async with bench.workers():
            handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
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


async def refused(bench: FlowBench, order: MintOrder) -> None:
    bench.chain.refuses = NotEligibleError("The mint has ended", reason="MintEnded", arguments={"endTime": "1"})
    with pytest.raises(NotEligibleError):
        await bench.flows.prepare(order)


async def reverted(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, mined(10, succeeded=False), deep(10, succeeded=False))


async def replaced(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, nonce_used(12))


async def mismatched(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, mined(10), deep(10))


async def ready(bench: FlowBench, order: MintOrder) -> None:
    await settle(bench, order, await followed(bench, order, mined(10)))


async def cancelled(bench: FlowBench, order: MintOrder) -> None:
    await bench.flows.prepare(order)
    await bench.flows.cancel(f"mint:{order.intent_id}", "asked by the user")


async def expired(bench: FlowBench, order: MintOrder) -> None:
    await bench.flows.prepare(order)


async def followed(bench: FlowBench, order: MintOrder, *states: Any) -> TxHash:
    hash_ = tx_hash()
    await bench.flows.prepare(order)
    bench.chain.say(hash_, *states)
    await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
    await until_hash(bench, order.intent_id, hash_)
    return hash_


def attribute(described: WorkflowExecutionDescription, key: SearchAttributeKey[str]) -> str | None:
    return described.typed_search_attributes.get(key)


class TestOutcomes:
    @pytest.mark.parametrize(
        ("act", "step", "reason"),
        [
            (ready, "ready", None),
            (refused, None, "The mint has ended"),
            (reverted, "failed", "The contract refused it"),
            (expired, "expired", "No transaction was mined before the deadline"),
            (replaced, "replaced", "The wallet sent another transaction with the same nonce; prepare again"),
            (cancelled, "failed", "asked by the user"),
            (mismatched, "failed", "The transaction succeeded, but the contract did not report what was prepared"),
        ],
        ids=lambda given: given.__name__ if callable(given) else "",
    )
    async def test_the_list_of_workflows_says_how_each_ended_and_its_result_why(
        self, bench: FlowBench, act: Callable[..., Awaitable[None]], step: str | None, reason: str | None
    ) -> None:
        """None of them is red: nobody has to do anything."""
        order = mint_order(deadline=1)
        await act(bench, order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        result = await handle.result()
        described = await handle.describe()
        assert described.status is WorkflowExecutionStatus.COMPLETED
        assert (attribute(described, OUTCOME), attribute(described, STEP)) == (act.__name__, step)
        assert (result["outcome"], result["reason"]) == (act.__name__, reason)
        assert attribute(described, TX_HASH) == result["txHash"]

    async def test_a_request_that_a_part_of_ours_could_not_answer_fails_and_says_which(self, bench: FlowBench) -> None:
        order = mint_order()
        bench.chain.refuses = UpstreamUnavailableError("endpoint 1 of eip155:31337 did not answer in time")
        with pytest.raises(UpstreamUnavailableError):
            await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
        assert "endpoint 1" in str(failed.value.cause)
        described = await handle.describe()
        assert (attribute(described, PROBLEM), attribute(described, STEP)) == ("step_failed", None)

    async def test_a_mint_that_waits_for_its_wallet_is_told_from_the_start(self, bench: FlowBench) -> None:
        order = mint_order()
        await bench.flows.prepare(order)
        described = await bench.client.get_workflow_handle(f"mint:{order.intent_id}").describe()
        assert (attribute(described, STEP), attribute(described, OUTCOME)) == ("prepared", None)

    async def test_a_hash_that_no_node_knows_is_said_at_the_top_of_its_page_and_in_the_list(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "FIRST_LOOK", 0.05)
        order = mint_order()
        hash_ = await followed(bench, order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        for _ in range(500):
            described = await handle.describe()
            if attribute(described, PROBLEM) is not None:
                break
            await asyncio.sleep(0.02)
        described = await handle.describe()
        assert (attribute(described, PROBLEM), attribute(described, STEP)) == ("hash_unknown", "tracked")
        assert attribute(described, TX_HASH) == hash_
        details = str((await handle.query("__temporal_workflow_metadata")).current_details)
        assert f"No node of {CHAIN} knows the transaction" in details
        assert f"steadymint intent rebind {order.intent_id}" in details
        await settle(bench, order, hash_)
        await handle.result()
        assert attribute(await handle.describe(), PROBLEM) is None

    async def test_each_saved_view_lists_the_flows_that_it_names(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "FIRST_LOOK", 0.05)
        waiting, unknown, done, failed = mint_order(), mint_order(), mint_order(), mint_order()
        await bench.flows.prepare(waiting)
        await followed(bench, unknown)
        await reverted(bench, done)
        bench.chain.refuses = UpstreamUnavailableError("endpoint 1 did not answer in time")
        with pytest.raises(UpstreamUnavailableError):
            await bench.flows.prepare(failed)

        async def listed(view: View) -> set[str]:
            return {found.id async for found in bench.client.list_workflows(view.query)}

        expected = {
            "needs attention": {unknown, failed},
            "waiting for wallet": {waiting},
            "behind": set[MintOrder](),
            "not granted": {done},
        }
        for view in VIEWS:
            ids = {f"mint:{order.intent_id}" for order in expected[view.name]}
            for _ in range(500):
                if await listed(view) == ids:
                    break
                await asyncio.sleep(0.02)
            assert await listed(view) == ids, view.name

    async def test_a_refused_flow_gives_its_id_to_the_next_request_and_an_ended_one_does_not(
        self, bench: FlowBench
    ) -> None:
        order = mint_order(key=uuid4().hex)
        await refused(bench, order)
        await asyncio.sleep(REFUSAL_REMEMBERED)
        bench.chain.refuses = None
        await cancelled(bench, order)
        await bench.client.get_workflow_handle(f"mint:{order.intent_id}").result()
        await asyncio.sleep(REFUSAL_REMEMBERED)
        with pytest.raises(IntentFinalError):
            await bench.flows.prepare(order)


class TestOperators:
    async def test_a_cancelled_intent_ends_and_says_why(self, bench: FlowBench) -> None:
        order = mint_order()
        await bench.flows.prepare(order)
        view = await bench.flows.cancel(f"mint:{order.intent_id}", "asked by the user")
        assert view.error is not None
        assert view.error.detail == "asked by the user"
        await bench.client.get_workflow_handle(f"mint:{order.intent_id}").result()
        with pytest.raises(IntentFinalError):
            await bench.flows.cancel(f"mint:{order.intent_id}", "again")

    async def test_an_extended_deadline_is_kept(self, bench: FlowBench, time_skipping: TimeSkipper) -> None:
        order = mint_order(deadline=HOUR)
        await bench.flows.prepare(order)
        handle = bench.client.get_workflow_handle(f"mint:{order.intent_id}")
        await bench.flows.extend_deadline(f"mint:{order.intent_id}", timedelta(hours=2))
        await time_skipping.fast_forward(handle, timedelta(hours=2))
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        row = await bench.repository.get(IntentId(order.intent_id))
        assert row.deadline_at - row.created_at > timedelta(hours=2, minutes=59)  # shown, not only kept
        await time_skipping.fast_forward(handle, timedelta(hours=2))
        assert (await handle.result())["step"] == "expired"

    async def test_a_rebound_hash_is_the_one_that_is_followed(self, bench: FlowBench) -> None:
        order, wrong, right = mint_order(), tx_hash(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", wrong)
        await until_step(bench, order.intent_id, Step.TRACKED)
        await bench.flows.begin_rebinding(f"mint:{order.intent_id}", right)
        bench.chain.say(right, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        assert (await bench.repository.get(IntentId(order.intent_id))).tx_hash == right

    async def test_rebinding_answers_with_the_verdict_on_the_hash(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.index.every = 5.0  # as in the product: no follower learns of the cancel before its own flow does
        order, another, wrong, right = mint_order(), mint_order(), tx_hash(), tx_hash()
        taken = await followed(bench, another)
        await bench.flows.prepare(order)
        bench.chain.known[wrong] = call_of(order, wrong, sender=BOB)

        async def rebound(hash_: TxHash, patience: float = 30.0) -> bool:
            intent_id = IntentId(order.intent_id)
            return await rebind(bench.flows, bench.repository, intent_id, f"mint:{intent_id}", hash_, patience)

        with pytest.raises(NotOwnerError):
            await rebound(wrong)
        with pytest.raises(HashAlreadyTrackedError):
            await rebound(taken)
        assert await bench.steps(order.intent_id) == ["prepared"]
        assert await rebound(right)
        assert (await bench.repository.get(IntentId(order.intent_id))).tx_hash == right

        async def silent(*_: Any) -> Any:
            raise UpstreamUnavailableError("endpoint 1 of eip155:31337 did not answer in time")

        monkeypatch.setattr(bench.chain, "inspect", silent)
        assert not await rebound(tx_hash(), patience=0.5)
        await bench.flows.cancel(f"mint:{order.intent_id}", "enough")
        with pytest.raises(IntentFinalError):
            await rebound(tx_hash())

    async def test_a_retried_step_doubles_nothing(self, bench: FlowBench) -> None:
        order, hash_ = mint_order(), tx_hash()
        await bench.flows.prepare(order)
        await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
        bench.chain.say(hash_, mined(10))
        await until_step(bench, order.intent_id, Step.CONFIRMING)
        await bench.flows.retry_step(f"mint:{order.intent_id}")
        await settle(bench, order, hash_)
        await bench.client.get_workflow_handle(f"mint:{order.intent_id}").result()
        assert await bench.steps(order.intent_id) == ["prepared", "tracked", "confirming", "indexed", "ready"]
