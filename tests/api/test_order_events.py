"""The stream of orders: anybody may follow it, from any event on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import TypeAdapter

from api.market.bodies.order_events import OrderEventView
from tests.api.test_intents_viewers import until_taken, with_few_streams
from tests.support.catalog_rows import CHAIN, account
from tests.support.intents_api import Event, Front, events
from tests.support.order_changes import Orders
from tests.support.serving import plain_http

PATH = "/v1/orders/events"


@pytest.fixture
async def orders(api: Front) -> Orders:
    """Of a collection of this test's own: the database is shared."""
    return await Orders.of(api.pool, uuid4().int % 10**9)


@pytest.fixture
async def http(api: Front) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a session."""
    async with plain_http(api.url) as client:
        yield client


def of(orders: Orders, **given: Any) -> str:
    found = {"chainId": CHAIN, "contract": orders.contract} | given
    return PATH + "?" + "&".join(f"{name}={value}" for name, value in found.items())


async def following(http: httpx.AsyncClient, path: str, count: int) -> asyncio.Task[list[Event]]:
    """A reader whose stream has begun."""
    ready = asyncio.Event()
    task = asyncio.create_task(events(http, path, count=count, name="order", ready=ready))
    await asyncio.wait_for(ready.wait(), 20)
    return task


async def test_whoever_follows_a_collection_sees_each_change_without_a_session(
    http: httpx.AsyncClient, orders: Orders
) -> None:
    before = await orders.list()
    watching = await following(http, of(orders), 3)
    await orders.change(before)
    await orders.change(before, active=True)
    await orders.list(8)
    seen = await watching
    shown = [TypeAdapter(OrderEventView).validate_json(event.data) for event in seen]
    assert [one["status"] for one in shown] == ["inactive", "active", "active"]
    assert [one["seq"] for one in shown] == [event.id for event in seen] == sorted(event.id for event in seen)
    assert shown[-1]["maker"].lower() == account(8)


async def test_who_comes_back_begins_behind_the_event_that_it_names(http: httpx.AsyncClient, orders: Orders) -> None:
    watching = await following(http, of(orders), 4)
    order = await orders.list()
    for active in (False, True, False):
        await orders.change(order, active=active)
    whole = await watching
    for number, event in enumerate(whole[:-1], 1):
        assert await events(http, of(orders), after=event.id, count=len(whole) - number, name="order") == whole[number:]


async def test_who_is_cut_off_before_the_first_event_misses_nothing(http: httpx.AsyncClient, orders: Orders) -> None:
    async with http.stream("GET", of(orders)) as answer:
        opening = await anext(answer.aiter_lines())
    await orders.list(8)
    (event,) = await events(http, of(orders), after=opening.removeprefix("id: "), count=1, name="order")
    assert event.view["maker"].lower() == account(8)


async def test_only_the_maker_that_is_named_is_followed(http: httpx.AsyncClient, orders: Orders) -> None:
    watching = await following(http, of(orders, maker=account(8)), 1)
    await orders.list(1)
    await orders.list(8)
    (event,) = await watching
    assert event.view["maker"].lower() == account(8)


@pytest.mark.parametrize("forged", ["", "-1", "x", "1e3", "0x2", "9" * 400])
async def test_an_id_that_is_none_or_lies_ahead_begins_with_what_happens_next(
    http: httpx.AsyncClient, orders: Orders, forged: str
) -> None:
    await orders.list(1)
    ready = asyncio.Event()
    path = of(orders)
    watching = asyncio.create_task(events(http, path, after=forged, count=1, name="order", ready=ready))
    await asyncio.wait_for(ready.wait(), 20)
    await orders.list(8)
    (event,) = await watching
    assert event.view["maker"].lower() == account(8)


async def test_what_cannot_be_followed_is_a_problem_document(http: httpx.AsyncClient, orders: Orders) -> None:
    for path, status, code in (
        (f"{PATH}?contract={orders.contract}", 422, "invalid_input"),
        (f"{PATH}?chainId=1", 422, "invalid_input"),
        (f"{PATH}?maker=0x1", 422, "invalid_input"),
        (f"{PATH}?taker={account(1)}", 422, "invalid_input"),
        (f"{PATH}?chainId={CHAIN}&contract=no-such-thing", 404, "not_found"),
    ):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_one_address_may_follow_so_many_streams_at_once(api: Front, orders: Orders) -> None:
    async with (
        with_few_streams(api, streams_per_address=1) as few,
        plain_http(few.url) as http,
    ):
        watching = await following(http, of(orders), 1)
        refused = await http.get(of(orders))
        assert (refused.status_code, refused.json()["limit"]) == (429, "streams-of-address")
        await orders.list()
        await watching
        await until_taken(http, of(orders))  # who leaves gives the place back
