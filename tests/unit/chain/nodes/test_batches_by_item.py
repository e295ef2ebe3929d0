"""Batches that are answered with HTTP 200 and refused item by item: the node takes each of these calls by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes.error_table import from_json_rpc
from steadymint.chain.nodes.errors import ExecutionRevertedError, NodeRefusedError, NodeThrottledError
from tests.support.fake_provider import Calls, FakeProvider, Refusal, made_up
from tests.support.made_chain import MadeChain
from tests.support.refusals import ERRORS
from tests.unit.chain.nodes.test_batches import HEADERS, NUMBERS, serving

Items = Callable[[Calls, Any], Iterator[dict[str, Any]]]


def every_item(calls: Calls, error: Any) -> Iterator[dict[str, Any]]:
    return ({"jsonrpc": "2.0", "id": call["id"], "error": error} for call in calls)


def one_item(calls: Calls, error: Any) -> Iterator[dict[str, Any]]:
    """One error for all, which happens to carry the number of a call."""
    yield {"jsonrpc": "2.0", "id": calls[0]["id"], "error": error}


def items_beyond_seven(calls: Calls, error: Any) -> Iterator[dict[str, Any]]:
    answer = MadeChain(200).answer
    for at, call in enumerate(calls):
        yield {"jsonrpc": "2.0", "id": call["id"]} | (answer(call) if at < 7 else {"error": error})


def refusing(name: str, items: Items, most: int) -> FakeProvider:
    def refuse(calls: Calls, batched: bool) -> Refusal | None:
        return web.json_response(list(items(calls, ERRORS[name]))) if batched and len(calls) > most else None

    return FakeProvider(made_up(MadeChain(200).answer), refuse=refuse)


@pytest.mark.parametrize(("items", "most"), [(every_item, 0), (every_item, 7), (one_item, 7), (items_beyond_seven, 7)])
async def test_a_batch_that_is_refused_item_by_item_in_any_words_is_halved_down_to_what_the_node_takes(
    items: Items, most: int
) -> None:
    for name in ERRORS:
        if items is items_beyond_seven and isinstance(from_json_rpc(ERRORS[name]), NodeThrottledError):
            continue  # a part that is throttled is in test_throttled_batches
        provider = refusing(name, items, most)
        async with serving(provider) as rpc:
            for _ in range(2):
                refused = provider.refused
                assert [block["number"] for block in await rpc.batch(HEADERS[:30])] == NUMBERS[:30], name
        assert provider.refused - refused <= 2, f"{name}: the size is remembered"


@pytest.mark.parametrize(
    ("error", "typed"),
    [
        ({"code": -32000, "message": "no such override"}, NodeRefusedError),
        ({"code": 3, "message": "execution reverted"}, ExecutionRevertedError),
    ],
)
async def test_calls_that_are_refused_by_themselves_too_are_no_reason_for_smaller_batches(
    error: Any, typed: type[Exception]
) -> None:
    chain = MadeChain(200)

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        return {"error": error} if call["method"] == "eth_call" else chain.answer(call)

    provider = FakeProvider(made_up(answer))
    async with serving(provider) as rpc:
        answers = await rpc.batch([("eth_call", ({}, hex(number))) for number in range(40)])
        assert [type(answer) for answer in answers] == [typed] * 40
        assert rpc.endpoints[0].batch.calls == 100
    assert len(provider.requests) <= 3


async def test_a_call_that_fails_in_a_batch_and_by_itself_does_not_cost_the_others_their_answers() -> None:
    def answer(call: dict[str, Any]) -> dict[str, Any]:
        if call["params"] and call["params"][0] == "0x5":
            return {"error": {"code": -32603, "message": "Internal error"}}
        return MadeChain(200).answer(call)

    async with serving(FakeProvider(made_up(answer))) as rpc:
        answers = await rpc.batch(HEADERS[:40])
    assert [index for index, answer in enumerate(answers) if not isinstance(answer, dict)] == [5]
