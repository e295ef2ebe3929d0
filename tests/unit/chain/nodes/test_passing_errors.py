"""Errors of a small batch that have passed when its calls are asked singly: they say little of the size of batches."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from aiohttp import web

from steadymint.chain.nodes.batch_work import BatchWork
from steadymint.chain.nodes.endpoint import Endpoint, EndpointConfig
from tests.support.fake_provider import Calls, FakeProvider, Refusal, made_up
from tests.support.made_chain import MadeChain
from tests.unit.chain.nodes.test_batches import HEADERS, NUMBERS, serving

OUTAGE = {"code": -32603, "message": "Internal error"}
LAG = {"code": -32000, "message": "header not found"}
REFUSAL = {"code": -32000, "message": "sorry"}


def failing(times: int, of_calls: range, error: Any) -> FakeProvider:
    """A node that says this error to some calls of its first batches of more than one call."""
    left = [times]
    answer = MadeChain(200).answer

    def refuse(calls: Calls, batched: bool) -> Refusal | None:
        if not batched or len(calls) < 2 or not left[0]:
            return None
        left[0] -= 1
        said = [{"error": error} if at in of_calls else answer(call) for at, call in enumerate(calls)]
        return web.json_response([{"id": call["id"]} | item for call, item in zip(calls, said, strict=True)])

    return FakeProvider(made_up(answer), refuse=refuse)


@pytest.mark.parametrize(
    ("of_calls", "error"), [(range(1), OUTAGE), (range(2), OUTAGE), (range(2), LAG), (range(1), REFUSAL)]
)
async def test_one_error_in_a_batch_of_two_leaves_the_size_of_batches(of_calls: range, error: Any) -> None:
    provider = failing(1, of_calls, error)
    async with serving(provider) as rpc:
        assert [block["number"] for block in await rpc.batch(HEADERS[:2])] == NUMBERS[:2]
        assert rpc.endpoints[0].batch.calls == 100
    assert provider.refused == 1


async def test_errors_in_one_large_batch_after_another_make_them_smaller() -> None:
    async with serving(failing(4, range(50, 100), OUTAGE)) as rpc:
        for _ in range(2):
            await rpc.batch(HEADERS[:100])
        assert rpc.endpoints[0].batch.calls < 100


@pytest.mark.parametrize(("apart", "requests"), [(8, 1), (30, 30)])
async def test_a_batch_that_was_cut_before_fewer_calls_were_to_go_singly_is_sent_as_one(
    apart: int, requests: int
) -> None:
    endpoint = Endpoint(EndpointConfig(id=1, url="http://localhost"))
    bodies: list[Any] = []

    async def post(body: bytes) -> bytes:
        bodies.append(asked := orjson.loads(body))
        replies = [{"id": call["id"], "result": {}} for call in (asked if isinstance(asked, list) else [asked])]
        return orjson.dumps(replies if isinstance(asked, list) else replies[0])

    endpoint.batch.apart = apart  # by another task, while these waited
    await BatchWork(HEADERS[:30]).ask(endpoint, 30, post, 10.0)
    assert len(bodies) == requests
