"""The list of workflows says how each flow of an intent ended, what is wrong with it and what it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.common import SearchAttributeKey

from activities.following import lookout
from steadymint.cli.views import VIEWS, View
from steadymint.domain.errors import IntentFinalError, NotEligibleError, UpstreamUnavailableError
from steadymint.domain.intents.mint import MintOrder
from steadymint.durable.intents import REFUSAL_REMEMBERED
from steadymint.durable.search_attributes import OUTCOME, PROBLEM, STEP, TX_HASH
from tests.support.intents import CHAIN
from tests.workflows.flow_bench import HOUR, SOON, FlowBench, deep, mined, mint_order, nonce_used
from tests.workflows.intent_moves import followed, settle


async def refused(bench: FlowBench, order: MintOrder) -> None:
    bench.chain.refuses = NotEligibleError("The mint has ended", reason="MintEnded", arguments={"endTime": "1"})
    with pytest.raises(NotEligibleError):
        await bench.flows.prepare(order)


async def reverted(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, mined(10, succeeded=False), deep(10, succeeded=False))


async def replaced(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, nonce_used(12), known=True)


async def mismatched(bench: FlowBench, order: MintOrder) -> None:
    await followed(bench, order, mined(10), deep(10))


async def ready(bench: FlowBench, order: MintOrder) -> None:
    await settle(bench, order, await followed(bench, order, mined(10)))


async def cancelled(bench: FlowBench, order: MintOrder) -> None:
    await bench.flows.prepare(order)
    await bench.flows.cancel(f"mint:{order.intent_id}", "asked by the user")


async def expired(bench: FlowBench, order: MintOrder) -> None:
    await bench.flows.prepare(order)


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
        order = mint_order(deadline=SOON if act is expired else 6 * HOUR)
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
