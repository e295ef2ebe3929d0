"""Where tests hand orders in: the routes in this process, with a worker on Temporal and Redis, and a chain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.worker import Worker

from activities.orders import OrderActivities
from api.http import middleware, problems
from api.market.bodies.orders import TakenAnswer
from api.market.bodies.wishes import BuiltAnswer
from api.market.routes import order_lists, orders
from api.market.views.orders import signed_view
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.durable.market import MarketOrders, ShortWay
from steadymint.durable.queues import Queues
from steadymint.live.order_requests import OrderRequests, answering
from steadymint.market.new_orders import shown_components
from steadymint.market.orders import Orders
from steadymint.settings import Settings
from tests.support.routes import routes_of
from tests.support.services import some_services
from tests.support.trading import CHAIN, Trading
from workers.orders import taking


@dataclass
class Counter:
    """Where orders are handed in, and what stands behind it."""

    http: httpx.AsyncClient
    trading: Trading
    redis: Redis

    async def post(self, path: str, body: Any, expect: int, shape: Any = None) -> dict[str, Any]:
        answer = await self.http.post(f"/v1/orders{path}", json=body)
        assert answer.status_code == expect, answer.text
        if shape is not None:
            TypeAdapter(shape).validate_json(answer.content)
        return answer.json()

    async def hand_in(self, order: SubmittedOrder, expect: int, **given: Any) -> dict[str, Any]:
        return await self.post("", body_of(order) | given, expect, TakenAnswer if expect < 400 else None)

    async def build(self, maker: str, *wishes: dict[str, Any], expect: int = 200) -> dict[str, Any]:
        body = {"chainId": CHAIN, "maker": maker, "orders": wishes}
        return await self.post("/build", body, expect, BuiltAnswer if expect < 400 else None)

    def wish(self, **given: Any) -> dict[str, Any]:
        usual = {"kind": "list", "contract": self.trading.stage.cats.address, "tokenId": "1", "price": "1.5"}
        return usual | given


def body_of(order: SubmittedOrder) -> dict[str, Any]:
    shown = signed_view(shown_components(order.components))
    return {"chainId": CHAIN, "order": shown, "signature": "0x" + order.signature.hex()}


@pytest.fixture
async def counter(trading: Trading, valkey: str, temporal_client: Client) -> AsyncIterator[Counter]:
    async for opened in counter_over(trading, valkey, temporal_client, Settings()):
        yield opened


async def counter_over(
    trading: Trading, valkey: str, temporal: Client, settings: Settings, short: ShortWay | None = None
) -> AsyncIterator[Counter]:
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=settings.api.max_body, read_rate=settings.api.read_rate)
    app.router.routes.extend(routes_of(orders, order_lists))
    activities = OrderActivities(trading.intake, trading.building)
    redis: Redis = Redis.from_url(valkey)
    served = [activities.take_orders, activities.build_orders]
    async with (
        redis,
        Worker(temporal, task_queue=Queues().chain, activities=served),
        answering(redis, taking(trading.intake)),
    ):
        app.state.services = some_services(
            settings,
            redis=redis,
            pool=trading.pool,
            orders=Orders(trading.pool),
            market_orders=MarketOrders(temporal, Queues(), short or OrderRequests(redis)),
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=30) as http:
            yield Counter(http, trading, redis)
