"""The API's side of media: an application over real stores, with a decoder of its own and a Temporal that is away."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from migrations.mongo import migrate_mongo
from steadymint.database import create_pool
from steadymint.documents import MEDIA_ASSETS, MEDIA_VARIANTS, collection_of
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.live.publisher import StatusPublisher
from steadymint.media.service import Media, open_media
from steadymint.settings import (
    AuthSettings,
    MediaSettings,
    MongoSettings,
    PostgresSettings,
    RedisSettings,
    Settings,
    TemporalSettings,
)
from steadymint.stack.mongo import Mongo
from steadymint.stack.valkey import Valkey
from tests.support import postgres as databases
from tests.support.intents_api import NOBODY, FakeFlows, Front, User
from tests.support.pictures import encoded, scene

PUBLIC_URL = "https://media.example"
MAX_BYTES = 1024 * 1024


@dataclass
class Studio:
    """A running API for media, and where its files are."""

    front: Front
    home: Path
    mongo: AsyncMongoClient[dict[str, Any]]
    media: Media
    """What the application works with, over the same stores."""

    @property
    def url(self) -> str:
        return self.front.url

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    def stored(self) -> list[str]:
        """The keys of all objects."""
        root = self.home / "store"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def waiting(self) -> list[Path]:
        """What is in the spool."""
        return [path for path in self.spool.rglob("*") if path.is_file()]


@pytest.fixture(scope="session")
async def _studio(
    postgres: str, valkey_server: Valkey, mongo_server: Mongo, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Studio]:
    home = tmp_path_factory.mktemp("studio")
    async for dsn in databases.fresh_database(postgres):
        settings = Settings(
            environment="test",
            postgres=PostgresSettings(dsn=SecretStr(dsn), pool_min=1, pool_max=4),
            redis=RedisSettings(url=SecretStr(valkey_server.url)),
            mongo=MongoSettings(url=SecretStr(mongo_server.url)),
            temporal=TemporalSettings(address=NOBODY),
            auth=AuthSettings(signing_keys={"test": SecretStr(os.urandom(32).hex())}),
            media=MediaSettings(
                store=f"file:{home / 'store'}",
                spool=str(home / "spool"),
                public_url=PUBLIC_URL,
                max_bytes=MAX_BYTES,
                decoders=1,
                concurrent_uploads=2,
                upload_seconds=3,
                upload_rate=20,
            ),
        )
        redis: Redis = Redis.from_url(valkey_server.url)
        pool = await create_pool(dsn, min_size=1, max_size=4)
        intents = IntentRepository(pool)
        recorder = IntentRecorder(intents, StatusPublisher(redis, ttl=60))
        temporal = await connect(settings, lazy=True)
        async with (
            AsyncMongoClient[dict[str, Any]](mongo_server.url) as client,
            open_media(settings, client, temporal, Queues()) as media,
            Front(settings, pool, redis, intents, recorder, FakeFlows()).serving() as front,
        ):
            yield Studio(front, home, client, media)
        await pool.close()
        await redis.aclose()


@pytest.fixture
async def studio(_studio: Studio, mongo_server: Mongo, valkey_server: Valkey) -> Studio:
    """The running API, with nothing uploaded yet."""
    await asyncio.gather(valkey_server.start(), mongo_server.start())  # if the last test killed one
    await _empty(_studio.mongo, mongo_server.url)
    for path in (_studio.home / "store").rglob("*"):
        if path.is_file():
            path.unlink()
    return _studio


async def _empty(mongo: AsyncMongoClient[dict[str, Any]], url: str) -> None:
    """Without assets, but with indexes: another test of this worker may have dropped the database."""
    if "of_owner" not in await collection_of(mongo, MEDIA_ASSETS).index_information():
        await migrate_mongo(url)
    for name in (MEDIA_ASSETS, MEDIA_VARIANTS):
        await collection_of(mongo, name).delete_many({})


@pytest.fixture
async def painter(studio: Studio) -> AsyncIterator[User]:
    """Somebody who has signed in to upload."""
    async with studio.front.user() as user:
        yield user


def picture(turn: int = 0, size: tuple[int, int] = (96, 64)) -> bytes:
    """A PNG; another one for each `turn`."""
    return encoded(scene(size, turn=turn), "PNG")


async def upload(user: User, content: bytes, name: str = "a.png", kind: str = "image/png") -> httpx.Response:
    return await user.http.post("/v1/media", files={"file": (name, content, kind)})
