"""The main job over HTTP, as front ends and wallets do it, to its end, and every way to follow it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from steadymint.demo.main_job import MainJob
from steadymint.demo.run import DemoRun
from tests.support.full_stack import FullStack, until

TOLD = ["prepared", "tracked", "confirming", "indexed", "ready"]


async def test_the_story_of_the_demo_comes_true(full_stack: FullStack) -> None:
    async with (
        full_stack.blocks.ticking(0.5),
        asyncio.timeout(180),
        DemoRun(full_stack.described, lambda *_: None) as demo,
    ):
        job = MainJob(demo)
        await job.run()
    assert [one.steps for one in demo.done] == [TOLD] * 5
    assert job.tokens_compared == 11 + 3


async def test_every_step_arrives_by_stream_by_socket_and_by_get_as_the_same_words(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        intent = prepared["intentId"]

        async def streamed() -> list[tuple[int, dict[str, object]]]:
            return [(seq, json.loads(data)) async for seq, data in alice.client.stream(intent)]

        async def over_socket() -> list[tuple[int, dict[str, object]]]:
            return [event async for event in alice.client.socket(intent)]

        viewers = asyncio.gather(streamed(), over_socket())
        read = [await alice.until(intent, "prepared")]
        await alice.send_and_track(prepared)
        read.append(await alice.until(intent, "tracked"))
        await full_stack.blocks.mine()
        read.append(await alice.until(intent, "confirming"))
        await full_stack.blocks.mine(2)
        read.append(await alice.until(intent, "ready"))
        by_stream, by_socket = await viewers

    assert [event["step"] for _, event in by_stream] == TOLD
    assert [seq for seq, _ in by_stream] == [1, 2, 3, 4, 5]
    assert by_socket == by_stream
    assert read == [event for _, event in by_stream if event["step"] != "indexed"]


async def test_confirmations_are_counted_up_in_get_while_the_intent_is_confirming(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        await alice.send_and_track(prepared)
        await full_stack.blocks.mine()
        first = await alice.until(prepared["intentId"], "confirming")
        await full_stack.blocks.mine()

        async def second() -> bool:
            return (await alice.view(prepared["intentId"]))["confirmations"] == 2

        await until(second, "the second confirmation")
        await full_stack.blocks.mine()
        last = await alice.until(prepared["intentId"], "ready")
    assert (first["confirmations"], last["confirmations"], last["requiredConfirmations"]) == (1, 3, 3)


async def test_the_list_holds_ones_own_intents_and_filters_them_by_kind_and_status(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob:
        await bob.prepare_mint(open_collection)
        collection = await full_stack.made(alice)
        open_mint = await alice.prepare_mint(open_collection)
        done_mint = await alice.prepare_mint(collection)
        await alice.send_and_track(done_mint)
        async with full_stack.blocks.ticking():
            await alice.until_final(done_mint["intentId"])

        async def ids(**query: str) -> list[tuple[str, str, str]]:
            page = (await alice.client.ask("GET", "/v1/intents", **query)).body
            return [(one["kind"], one["status"], one["intentId"]) for one in page["items"]]

        everything = await ids()
        ready_mint = ("mint", "ready", done_mint["intentId"])
        pending_mint = ("mint", "pending", open_mint["intentId"])
        assert everything[:2] == [ready_mint, pending_mint]
        assert [(kind, status) for kind, status, _ in everything[2:]] == [("collection", "ready")]
        assert await ids(kind="mint") == [ready_mint, pending_mint]
        assert await ids(kind="mint", status="pending") == [pending_mint]
        assert await ids(status="ready") == [ready_mint, everything[2]]
        assert await ids(status="failed") == []
        assert (await alice.client.ask("GET", "/v1/intents", status="gone")).status == 422


async def test_one_idempotency_key_fifty_times_at_once_makes_one_intent_and_one_workflow(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        body = alice.mint_of(open_collection, quantity="2")
        answers = await asyncio.gather(
            *(alice.client.ask("POST", "/v1/mints/prepare", body, key="fifty") for _ in range(50))
        )
        other = await alice.client.ask("POST", "/v1/mints/prepare", body | {"quantity": "3"}, key="fifty")

    assert Counter(answer.status for answer in answers) == {201: 1, 200: 49}
    assert len({json.dumps(answer.body, sort_keys=True) for answer in answers}) == 1
    intent = answers[0].body["intentId"]
    assert {answer.location for answer in answers} == {f"/v1/intents/{intent}"}
    assert await _executions(full_stack, f"mint:{intent}") == 1
    rows = await full_stack.pool.fetchval(
        "select count(*) from orchestrator_service.tx_intents where created_by ="
        " (select created_by from orchestrator_service.tx_intents where intent_id = $1)",
        intent,
    )
    assert rows == 1
    assert (other.status, other.body["code"]) == (422, "idempotency_mismatch")


async def test_somebody_elses_intent_is_not_found_on_any_route(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as alice, full_stack.person() as mallory:
        prepared = await alice.prepare_mint(open_collection)
        path = f"/v1/intents/{prepared['intentId']}"
        before = await alice.view(prepared["intentId"])
        answers = [
            await mallory.client.ask("GET", path),
            await mallory.client.ask("GET", f"{path}/events"),
            await mallory.client.ask("GET", f"{path}/events", after="0"),
            await mallory.client.ask("POST", f"{path}/track", {"txHash": "0x" + "ab" * 32}),
            await mallory.client.ask("GET", "/v1/intents/00000000-0000-4000-8000-000000000000"),
        ]
        denied = await mallory.client.handshake(f"{path}/ws")

        assert [(answer.status, answer.body["code"]) for answer in answers] == [(404, "not_found")] * 5
        assert answers[0].body["detail"] == answers[4].body["detail"]
        assert denied == 404
        assert await alice.view(prepared["intentId"]) == before


async def _executions(full_stack: FullStack, workflow_id: str) -> int:
    """How many runs there are under an id, once the visibility store knows of one."""

    async def count() -> int:
        return (await full_stack.temporal.count_workflows(f"WorkflowId = '{workflow_id}'")).count

    return await until(count, "the workflow in the visibility store")
