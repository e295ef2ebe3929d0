"""The handoff of a signature from the API to the worker that asks the contract. Redis keeps it for a minute; it never
enters workflow history.

While Redis is down, contract wallets cannot sign in. Wallets with a key can.
"""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream

LIFE: Final = 60
"""Seconds. The flow reads the signature within three seconds or not at all."""


class SignatureHandoff:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, attempt_id: UUID, signature: bytes) -> None:
        """Raises UpstreamUnavailableError."""
        try:
            await self._redis.set(_key(attempt_id), signature, ex=LIFE)
        except (RedisError, OSError):
            raise UpstreamUnavailableError(
                "Contract wallets cannot sign in at the moment; try again", upstream=Upstream.REDIS
            ) from None

    async def take(self, attempt_id: UUID) -> bytes:
        """The signature. It stays in Redis for a second try. Raises UpstreamUnavailableError."""
        try:
            found = await self._redis.get(_key(attempt_id))
        except (RedisError, OSError):
            found = None
        if found is None:
            raise UpstreamUnavailableError(
                "The signature to be checked is gone; sign in again", upstream=Upstream.REDIS
            )
        return cast(bytes, found)


def _key(attempt_id: UUID) -> str:
    return f"siwe:signature:{attempt_id}"
