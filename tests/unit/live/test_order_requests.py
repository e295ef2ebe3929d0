"""The short way of orders: whatever fails on it is answered with nothing, and soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from steadymint.domain.errors import NotFoundError
from steadymint.domain.market.components import EMPTY_ORDER
from steadymint.domain.market.intake import HandedOrder, HandedOrders, TakenOrder, TakenOrders, Taking
from steadymint.live import short_way
from steadymint.live.order_requests import ASKED, MAX_WAITING, OrderRequests, answering
from steadymint.live.short_way import Answered
from steadymint.stack.valkey import Valkey

SOON = 0.2
"""Seconds after which these tests wait for nobody."""


def handed(*salts: int) -> HandedOrders:
    orders = tuple(HandedOrder(components=EMPTY_ORDER.model_copy(update={"salt": salt})) for salt in salts)
    return HandedOrders(chain_id="eip155:1", orders=orders)


def taken(*salts: int) -> TakenOrders:
    return TakenOrders(orders=tuple(TakenOrder(order_hash=f"0x{salt:064x}", outcome=Taking.CREATED) for salt in salts))


async def take(asked: HandedOrders) -> TakenOrders:
    """Answers with the salts, the largest of them last."""
    salts = [one.components.salt for one in asked.orders]
    await asyncio.sleep(0.01 * (salts[0] % 3))
    return taken(*salts)


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey, socket_timeout=2)
    await client.delete(ASKED)
    yield client
    await client.delete(ASKED)
    await client.aclose()


async def test_everybody_gets_the_answer_to_their_own_orders(redis: Redis) -> None:
    requests = OrderRequests(redis)
    async with answering(redis, take), answering(redis, take):
        answers = await asyncio.gather(*(requests.ask(handed(salt, salt + 1)) for salt in range(0, 100, 2)))
    assert answers == [taken(salt, salt + 1) for salt in range(0, 100, 2)]


async def test_nobody_who_listens_is_no_answer(redis: Redis) -> None:
    assert await OrderRequests(redis, SOON).ask(handed(1)) is None


async def test_a_check_that_fails_is_no_answer_and_the_next_one_is_made(redis: Redis) -> None:
    failures: list[Exception] = [NotFoundError(), RuntimeError("a bug")]

    async def fail(asked: HandedOrders) -> TakenOrders:
        if failures:
            raise failures.pop()
        return await take(asked)

    requests = OrderRequests(redis)
    async with answering(redis, fail):
        assert [await requests.ask(handed(salt)) for salt in (1, 2, 3)] == [None, None, taken(3)]


async def test_an_answer_to_other_orders_is_none(redis: Redis) -> None:
    async def fewer(asked: HandedOrders) -> TakenOrders:
        return taken(1)

    async with answering(redis, fewer):
        assert await OrderRequests(redis).ask(handed(1, 2)) is None


async def test_what_an_answer_makes_untrue_is_gone_when_it_comes(redis: Redis) -> None:
    async def outdate(asked: HandedOrders) -> Answered[TakenOrders]:
        return Answered(await take(asked), ["test:kept:1", "test:kept:2"])

    await redis.mset({f"test:kept:{number}": "a page" for number in (1, 2, 3)})
    async with answering(redis, outdate):
        assert await OrderRequests(redis).ask(handed(1)) == taken(1)
    assert await redis.exists("test:kept:1", "test:kept:2") == 0
    assert await redis.delete("test:kept:3") == 1


async def test_a_worker_stops_also_if_its_cancellation_is_taken_for_a_time_out(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A faked wait for a request: the moment at which both come together cannot be had otherwise."""
    waits = asyncio.Event()

    async def wait(*_: object) -> list[object]:
        waits.set()
        try:
            return await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            raise TimeoutError from None

    monkeypatch.setattr(short_way, "_together", wait)
    async with asyncio.timeout(30), answering(redis, take):
        await waits.wait()


async def test_a_list_that_nobody_reads_does_not_grow(redis: Redis) -> None:
    requests = OrderRequests(redis, SOON)
    answers = await asyncio.gather(*(requests.ask(handed(salt)) for salt in range(2 * MAX_WAITING)))
    assert set(answers) == {None}
    assert await redis.llen(ASKED) <= MAX_WAITING  # type: ignore[misc]


async def test_a_redis_that_is_away_is_no_answer_and_comes_back(redis: Redis, valkey_server: Valkey) -> None:
    requests = OrderRequests(redis)
    async with answering(redis, take):
        await valkey_server.stop()
        try:
            assert await requests.ask(handed(1)) is None
        finally:
            await valkey_server.start()
        answer = None
        async with asyncio.timeout(30):
            while answer is None:
                answer = await requests.ask(handed(2))
                await asyncio.sleep(0.05)
    assert answer == taken(2)
