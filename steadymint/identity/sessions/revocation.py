"""The check whether a session has ended. An access token cannot be taken back, so every request makes this check.

`session:blacklist:{sessionId}` in Redis says that a session has ended. It is kept for the lifetime of an access token.
A missing key proves nothing: the key may be lost by a flush, by a failover, or by an outage during the logout. So the
row in Postgres is read at the same time, one primary-key lookup of 0.2 ms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from redis.asyncio import Redis

from steadymint.domain.types import Address, ChainId, SessionId, UserId
from steadymint.identity.copies import Copies
from steadymint.identity.sessions.store import Sessions, StoredSession

_REVOKED: Final = b"1"


class Revocation:
    def __init__(self, sessions: Sessions, redis: Redis, access_ttl: int) -> None:
        """`access_ttl` in seconds: how long an access token lives at most."""
        self._sessions = sessions
        self._copies = Copies(redis)
        self._access_ttl = access_ttl

    async def live(self, session_id: SessionId) -> StoredSession | None:
        """The session if it has not ended. Raises what the database raises when it is away."""
        session, blacklisted = await asyncio.gather(
            self._sessions.live(session_id), self._copies.ask(lambda redis: redis.exists(_key(session_id)))
        )
        return None if blacklisted else session

    async def end(self, session_id: SessionId, user_id: UserId, reason: str) -> bool:
        """End a session of this user. False if the user has no session with this id. Ending it twice is no error."""
        ended = await self._sessions.revoke(session_id, user_id, reason)
        if ended:
            await self.announce([session_id])
        return ended

    async def end_all(self, user_id: UserId, reason: str) -> int:
        """End every live session of this user. Returns how many that were."""
        ended = await self._sessions.revoke_all(user_id, reason)
        await self.announce(ended)
        return len(ended)

    async def end_of_wallet(self, user_id: UserId, address: Address, chains: Sequence[ChainId], reason: str) -> int:
        """End every live session that this wallet of the user has opened on these chains. Returns how many that
        were."""
        ended = await self._sessions.revoke_wallet(user_id, address, chains, reason)
        await self.announce(ended)
        return len(ended)

    async def announce(self, ended: Iterable[SessionId]) -> None:
        """Tell Redis about sessions that have ended in Postgres. If Redis is down, `live` reads the row."""

        async def tell(redis: Redis) -> None:
            async with redis.pipeline(transaction=False) as pipe:
                for session_id in ended:
                    pipe.set(_key(session_id), _REVOKED, ex=self._access_ttl)
                await pipe.execute()

        await self._copies.ask(tell)


def _key(session_id: SessionId) -> str:
    return f"session:blacklist:{session_id}"
