"""Preparing an intent answers with one intent for each order, and a refusal leaves none."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from steadymint.domain.errors import IdempotencyMismatchError, NotEligibleError, SteadymintError
from steadymint.domain.intents.machine import Step
from steadymint.domain.types import IntentId
from steadymint.durable.intents import REFUSAL_REMEMBERED
from tests.support.intents import ALICE
from tests.workflows.flow_bench import FlowBench, mint_order


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
