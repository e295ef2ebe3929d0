"""A signature on its way from the API to the worker that asks a contract about it: a minute in Redis, never in history.

With Redis down, contract wallets cannot sign in; keys can.
"""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import UpstreamUnavailableError

LIFE: Final = 60
"""Seconds; the flow asks within three, or not at all."""


class SignatureHandoff:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, attempt_id: UUID, signature: bytes) -> None:
        """Raises UpstreamUnavailableError."""
        try:
            await self._redis.set(_key(attempt_id), signature, ex=LIFE)
        except (RedisError, OSError):
            raise UpstreamUnavailableError("Contract wallets cannot sign in at the moment; try again") from None

    async def take(self, attempt_id: UUID) -> bytes:
        """The signature, which stays for a second try. Raises UpstreamUnavailableError."""
        try:
            found = await self._redis.get(_key(attempt_id))
        except (RedisError, OSError):
            found = None
        if found is None:
            raise UpstreamUnavailableError("The signature to be checked is gone; sign in again")
        return cast(bytes, found)

    async def drop(self, attempt_id: UUID) -> None:
        """Once the answer is known. If Redis does not hear it, the key's life ends it."""
        try:
            await self._redis.delete(_key(attempt_id))
        except (RedisError, OSError):
            return


def _key(attempt_id: UUID) -> str:
    return f"siwe:signature:{attempt_id}"
