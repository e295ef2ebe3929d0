"""Nodes that throttle whatever is a batch, and bear single calls: the batch is given up, and not the pace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes import pace
from tests.support.fake_provider import Calls, FakeProvider, Refusal, made_up
from tests.support.made_chain import MadeChain
from tests.unit.chain.nodes.test_batches import HEADERS, NUMBERS, serving

WAIT = "0.05"
"""Seconds, as the header has them."""


def by_status(status: int) -> Callable[[Calls], Refusal]:
    return lambda _calls: web.Response(status=status, headers={"Retry-After": WAIT})


def by_item(error: dict[str, Any], beyond: int = 0) -> Callable[[Calls], Refusal]:
    """The first calls are answered, those beyond are throttled."""
    answer = MadeChain(200).answer

    def items(calls: Calls) -> Refusal:
        return web.json_response(
            [{"id": call["id"]} | (answer(call) if at < beyond else {"error": error}) for at, call in enumerate(calls)]
        )

    return items


UNHEARD_OF = {"code": -32005, "message": "Batched requests are not supported"}
WITH_WAIT = UNHEARD_OF | {"data": {"rate": {"backoff_seconds": float(WAIT)}}}

THROTTLES: dict[str, tuple[int, Callable[[Calls], Refusal]]] = {
    "429": (1, by_status(429)),
    "503": (1, by_status(503)),
    "429 above five": (5, by_status(429)),
    "every call": (1, by_item(UNHEARD_OF)),
    "every call, with a wait": (1, by_item(WITH_WAIT)),
    "calls above five": (5, by_item(UNHEARD_OF, beyond=5)),
}
"""What may be in a batch, and what is said to more."""


@pytest.mark.parametrize("calls", [2, 30])
@pytest.mark.parametrize("name", THROTTLES)
async def test_a_node_that_throttles_only_batches_gets_smaller_ones_at_any_pace(
    name: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "WINDOW", float(WAIT))  # rates are calls in so short a time
    most, says = THROTTLES[name]

    def refuse(asked: Calls, batched: bool) -> Refusal | None:
        return says(asked) if batched and len(asked) > most else None

    provider = FakeProvider(made_up(MadeChain(200).answer), refuse=refuse)
    async with serving(provider) as rpc:
        assert [block["number"] for block in await rpc.batch(HEADERS[:calls])] == NUMBERS[:calls]
        refused = provider.refused
        assert [block["number"] for block in await rpc.batch(HEADERS[:50])] == NUMBERS[:50]
        rate = rpc.endpoints[0].rate
    assert provider.refused - refused <= (2 if calls > most else 6), "what it takes is remembered"
    assert rate is None or rate > 4, "nothing is known of its pace"
