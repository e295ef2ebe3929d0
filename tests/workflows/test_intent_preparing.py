"""Preparing an intent answers with one intent for each order, and a refusal leaves none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.testing import ActivityEnvironment

from steadymint.domain.collections import Mintable
from steadymint.domain.errors import (
    IdempotencyMismatchError,
    NotEligibleError,
    SteadymintError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents.kinds import KINDS, IntentKind, Kind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.mint import MintOrder
from steadymint.domain.intents.rows import IntentRow, NewIntent
from steadymint.domain.types import IntentId, Standard
from steadymint.durable.intents import REFUSAL_REMEMBERED
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE
from tests.workflows.flow_bench import FlowBench, NoViewers, ScriptedChain, mint_order, preparing_needs
from workers.kinds import preparing_of


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

    async def test_what_was_written_stands_though_the_answer_was_lost_and_the_contract_refuses_by_then(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order, create, get_owned = mint_order(), bench.repository.create, bench.repository.get_owned

        async def written_but_lost(new: NewIntent) -> Any:
            await create(new)
            bench.chain.refuses = _SOLD_OUT
            raise ConnectionError("the database's answer was lost")

        async def lost_once(*asked: Any) -> IntentRow:
            monkeypatch.setattr(bench.repository, "get_owned", get_owned)
            raise ConnectionError("the database's answer was lost")

        monkeypatch.setattr(bench.repository, "create", written_but_lost)
        monkeypatch.setattr(bench.repository, "get_owned", lost_once)
        prepared, made_here = await bench.flows.prepare(order)
        assert made_here
        assert prepared.tx_request == (await bench.repository.get(IntentId(order.intent_id))).tx_request

    async def test_what_was_written_has_a_flow_though_every_attempt_lost_its_database(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without one, nothing would ever expire it."""
        order, create = mint_order(), bench.repository.create

        async def lost(*_: Any) -> Any:
            raise ConnectionError("the database is away")

        async def written_but_lost(new: NewIntent) -> Any:
            await create(new)
            await lost()

        with monkeypatch.context() as away:
            away.setattr(bench.repository, "create", written_but_lost)
            for question in ("get_owned", "get"):
                away.setattr(bench.repository, question, lost)
            with pytest.raises(UpstreamUnavailableError):
                await bench.flows.prepare(order)
        prepared, made_here = await _once_the_flow_has_looked(bench, order)
        assert not made_here
        assert prepared.tx_request == (await bench.repository.get(IntentId(order.intent_id))).tx_request
        assert await bench.flows.is_running(f"mint:{order.intent_id}")
        assert await bench.steps(order.intent_id) == ["prepared"]

    async def test_a_flow_that_could_not_write_its_intent_fails(
        self, bench: FlowBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def lost(_: Any) -> Any:
            raise ConnectionError("the database is away")

        order = mint_order()
        monkeypatch.setattr(bench.repository, "create", lost)
        with pytest.raises(UpstreamUnavailableError):
            await bench.flows.prepare(order)
        with pytest.raises(WorkflowFailureError):
            await bench.client.get_workflow_handle(f"mint:{order.intent_id}").result()


async def _once_the_flow_has_looked(bench: FlowBench, order: MintOrder) -> tuple[Prepared, bool]:
    while True:
        with suppress(UpstreamUnavailableError):
            return await bench.flows.prepare(order)
        await asyncio.sleep(REFUSAL_REMEMBERED)


class _EveryQuestion:
    """A chain that has the same answer to everything."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._answer = answer

    def __getattr__(self, _: str) -> Any:
        return self._answer


_SOLD_OUT = NotEligibleError("Sold out", reason="MaxSupplyReached", arguments={})


async def _refuse(*_: Any, **__: Any) -> Any:
    raise _SOLD_OUT


async def _never_answer(*_: Any, **__: Any) -> Any:
    await asyncio.Event().wait()


async def _attempt(intents: IntentRepository, chain: Any, kind: Kind, order: Any, number: int) -> Prepared:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=number)
    activity = preparing_of(kind.name)(preparing_needs(chain, intents, IntentRecorder(intents, NoViewers())))
    run = environment.run(activity.prepare, order, datetime.now(UTC) + timedelta(hours=1))
    return await asyncio.wait_for(run, 5)


class TestAttempts:
    """A killed worker's successor counts attempts from 1 again; a silent node is noticed by the next attempt only."""

    @pytest.mark.parametrize(("number", "says"), [(1, _refuse), (2, _never_answer)])
    @pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
    async def test_every_further_one_answers_with_what_was_written_whatever_the_chain_says(
        self, intents: IntentRepository, kind: Kind, number: int, says: Callable[..., Any]
    ) -> None:
        order = import_module(f"tests.kinds.test_{kind.name}").sample_order()
        first = await _attempt(intents, ScriptedChain(), kind, order, 1)
        assert (first.preview_address is not None) == kind.makes_contract
        assert await _attempt(intents, _EveryQuestion(says), kind, order, number) == first

    async def test_one_that_finds_another_price_hands_out_the_calldata_that_was_written(
        self, intents: IntentRepository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kind, order, chain = KINDS[IntentKind.MINT], mint_order(), ScriptedChain()
        first = await _attempt(intents, chain, kind, order, 1)

        async def dearer(*_: Any) -> Any:
            return Mintable(standard=Standard.ERC721, price=7)

        monkeypatch.setattr(chain, "mintable", dearer)
        assert await _attempt(intents, chain, kind, order, 1) == first
