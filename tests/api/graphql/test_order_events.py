"""`onOrderEvent`: the market's stream, by anybody, resumed behind a number."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.api.graphql.test_subscriptions import opened
from tests.support.catalog_rows import CHAIN, account
from tests.support.intents_api import Front
from tests.support.order_changes import Orders

EVENTS = """subscription($chain: ChainId, $contract: String, $maker: Address, $after: WholeNumber) {
  onOrderEvent(chainId: $chain, contract: $contract, maker: $maker, after: $after) {
    seq event { seq status maker orderHash }
  }
}"""


@pytest.fixture
async def orders(api: Front) -> Orders:
    """Of a collection of this test's own: the database is shared."""
    return await Orders.of(api.pool, uuid4().int % 10**9)


async def test_anybody_follows_the_market_and_resumes_behind_the_last_number_that_was_seen(
    api: Front, orders: Orders
) -> None:
    order = await orders.list()
    of_it = {"chain": CHAIN, "contract": orders.contract}
    socket = await opened(api)
    await socket.subscribe("1", EVENTS, **of_it, after=0)

    async def seen(count: int) -> list[dict[str, Any]]:
        return [(await socket.hear())["payload"]["data"]["onOrderEvent"] for _ in range(count)]

    first = await seen(1)
    await orders.change(order)
    await orders.change(order, active=True)
    await orders.list(8)
    whole = first + await seen(3)
    assert [one["event"]["status"] for one in whole] == ["active", "inactive", "active", "active"]
    assert (
        [one["seq"] for one in whole] == [one["event"]["seq"] for one in whole] == sorted(one["seq"] for one in whole)
    )
    await socket.say(id="1", type="complete")
    await socket.connection.close()

    socket = await opened(api)
    await socket.subscribe("2", EVENTS, **of_it, after=whole[1]["seq"])
    assert await seen(2) == whole[2:]
    await orders.change(order)
    (live,) = await seen(1)
    assert live["seq"] > whole[-1]["seq"]
    await socket.subscribe("3", EVENTS, chain=CHAIN, contract=orders.contract, maker=account(8), after=0)
    while (message := await socket.hear())["id"] != "3":
        pass
    assert message["payload"]["data"]["onOrderEvent"] == whole[3]
    await socket.connection.close()


async def test_a_number_beyond_what_32_bits_hold_is_taken(api: Front, orders: Orders) -> None:
    socket = await opened(api)
    await socket.subscribe("1", EVENTS, chain=CHAIN, contract=orders.contract, after=2**31)
    await socket.say(id="1", type="complete")
    await socket.subscribe("2", EVENTS, chain=CHAIN, contract=orders.contract, after=0.5)
    refused = await socket.hear()
    assert (refused["id"], refused["type"]) == ("2", "error")
    assert refused["payload"][0]["extensions"]["field"] == "after"
    await socket.connection.close()
