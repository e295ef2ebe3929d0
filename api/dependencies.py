"""What routes are given: the services of this process and the caller's session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import asyncpg
from fastapi import Depends
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection
from temporalio.client import Client

from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.intents.repository import IntentRepository
from steadymint.live.events import DomainEvents
from steadymint.live.feed import IntentFeed
from steadymint.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the API's process holds open, made once in `api.main.lifespan`."""

    settings: Settings
    pool: asyncpg.Pool
    engine: AsyncEngine
    redis: Redis
    mongo: AsyncMongoClient[dict[str, Any]]
    temporal: Client
    queues: Queues
    intents: IntentRepository
    flows: IntentFlows
    feed: IntentFeed
    events: DomainEvents
    extras: dict[str, object] = field(default_factory=dict[str, object])
    """Services of one router (sign-in, for example), by name."""


async def services(connection: HTTPConnection) -> Services:
    # async, like every dependency here: FastAPI runs the others in threads, which costs more than most of them do
    return cast(Services, connection.app.state.services)


ServicesDep = Annotated[Services, Depends(services)]
