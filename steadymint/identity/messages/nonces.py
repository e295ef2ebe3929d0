"""One-time nonces. The row in Postgres decides. A copy in Redis saves a query in the common case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import ExpiredNonceError, InvalidNonceError
from steadymint.domain.types import Address, ChainId

NONCE_BYTES: Final = 16
"""128 bits. At a billion guesses a second, a guesser hits one of a million live nonces after 10^16 years."""

_log = structlog.get_logger(__name__)

_INSERT: Final = """
INSERT INTO auth_service.auth_nonces (nonce, account_id, chain_id, domain, expires_at, ip_address, user_agent)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6, $7)
RETURNING issued_at, expires_at
"""

_SELECT: Final = """
SELECT account_id, chain_id, domain, expires_at, consumed_at IS NOT NULL AS used
FROM auth_service.auth_nonces WHERE nonce = $1
"""


@dataclass(frozen=True, slots=True)
class IssuedNonce:
    nonce: str
    issued_at: datetime
    expires_at: datetime


class Nonces:
    """Issues and checks nonces. A nonce is bound to a domain, and to the account and the chain if they were named.

    An account may have any number of live nonces. A new nonce does not end an older one, so an attacker cannot block a
    sign-in by asking for nonces.
    """

    def __init__(self, pool: asyncpg.Pool, redis: Redis, ttl: int) -> None:
        """`ttl` in seconds."""
        self._pool = pool
        self._redis = redis
        self._ttl = ttl

    async def issue(
        self, account: Address | None, chain_id: ChainId | None, domain: str, *, ip: str | None, user_agent: str | None
    ) -> IssuedNonce:
        """A new nonce. It is issued even while Redis is down."""
        nonce = secrets.token_hex(NONCE_BYTES)
        row = await self._pool.fetchrow(_INSERT, nonce, account, chain_id, domain, self._ttl, ip, user_agent)
        issued = IssuedNonce(nonce, row["issued_at"], row["expires_at"])
        copy = {"account_id": account, "chain_id": chain_id, "domain": domain, "expires_at": issued.expires_at}
        try:
            await self._redis.set(_key(nonce), orjson.dumps(copy), ex=self._ttl)
        except (RedisError, OSError) as error:
            _log.warning("nonce_not_cached", error=type(error).__name__)
        return issued

    async def check(self, nonce: str, account: Address, chain_id: ChainId, domain: str) -> None:
        """Check that the nonce is live and was issued for this sign-in, before a flow is started.

        This neither uses the nonce nor grants anything. The statement that writes the session does both, and it also
        rejects a used nonce whose copy is still in Redis. Raises InvalidNonceError or ExpiredNonceError.
        """
        known = await self._copy(nonce) or await self._row(nonce)
        if known is None or known["used"] or not _is_for(known, account, chain_id, domain):
            raise InvalidNonceError
        if known["expires_at"] <= datetime.now(UTC):
            raise ExpiredNonceError

    async def forget(self, nonce: str) -> None:
        """Delete the copy of a used nonce."""
        try:
            await self._redis.delete(_key(nonce))
        except (RedisError, OSError) as error:
            _log.warning("nonce_not_forgotten", error=type(error).__name__)

    async def _copy(self, nonce: str) -> dict[str, Any] | None:
        try:
            found = await self._redis.get(_key(nonce))
        except (RedisError, OSError):
            return None
        if found is None:
            return None
        copy = orjson.loads(found)
        return copy | {"expires_at": datetime.fromisoformat(copy["expires_at"]), "used": False}

    async def _row(self, nonce: str) -> dict[str, Any] | None:
        row = await self._pool.fetchrow(_SELECT, nonce)
        return None if row is None else dict(row)


def _is_for(known: dict[str, Any], account: Address, chain_id: ChainId, domain: str) -> bool:
    """Whether what the nonce is bound to is this sign-in's; None is bound to nothing."""
    return (
        known["account_id"] in (None, account) and known["chain_id"] in (None, chain_id) and known["domain"] == domain
    )


def _key(nonce: str) -> str:
    return f"siwe:nonce:{nonce}"
