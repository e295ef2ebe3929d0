"""An operator can cancel an intent, extend its deadline, rebind its hash and retry its step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import TimeSkipper

from steadymint.cli.rebinding import rebind
from steadymint.domain.errors import (
    HashAlreadyTrackedError,
    IntentFinalError,
    NotOwnerError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents.machine import Step
from steadymint.domain.types import IntentId, TxHash
from tests.support.intents import BOB, tx_hash
from tests.workflows.flow_bench import HOUR, FlowBench, call_of, mined, mint_order
from tests.workflows.intent_moves import followed, settle, until_step


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
