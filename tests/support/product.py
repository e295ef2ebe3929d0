"""What tests of more than one part share: settings that point to real parts, a pool."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from steadymint.database import create_pool
from steadymint.settings import (
    AuthSettings,
    CodecSettings,
    MongoSettings,
    PostgresSettings,
    RedisSettings,
    Settings,
    TemporalSettings,
)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool[Any]]:
    """The product's pool on a freshly migrated database."""
    opened = await create_pool(database, min_size=1, max_size=8)
    yield opened
    await opened.close()


@pytest.fixture
def settings(database: str, valkey: str, mongo: str, temporal: str, temporal_namespace: str) -> Settings:
    """Settings for a whole deployment of this test's own: migrated stores, namespace, keys of its own."""
    return Settings(
        environment="test",
        postgres=PostgresSettings(dsn=SecretStr(database), pool_min=1, pool_max=8),
        redis=RedisSettings(url=SecretStr(valkey)),
        mongo=MongoSettings(url=SecretStr(mongo)),
        temporal=TemporalSettings(address=temporal, namespace=temporal_namespace),
        auth=AuthSettings(signing_keys={"test": SecretStr(os.urandom(32).hex())}),
        codec=CodecSettings(keys={"test": SecretStr(base64.b64encode(os.urandom(32)).decode())}),
    )
