"""One-time nonces. The row in Postgres decides. A copy in Redis saves a query in the common case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from redis.asyncio import Redis

from steadymint.domain.errors import ExpiredNonceError, InvalidNonceError
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.copies import Copies

NONCE_BYTES: Final = 16
"""128 bits. At a billion guesses a second, a guesser hits one of a million live nonces after 10^16 years."""

_INSERT: Final = """
INSERT INTO auth_service.auth_nonces (nonce, account_id, chain_id, domain, expires_at, ip_address, user_agent, user_id)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6, $7, $8)
RETURNING issued_at, expires_at
"""

_SELECT: Final = """
SELECT account_id, chain_id, domain, user_id, expires_at, consumed_at IS NOT NULL AS used
FROM auth_service.auth_nonces WHERE nonce = $1
"""


@dataclass(frozen=True, slots=True)
class IssuedNonce:
    nonce: str
    issued_at: datetime
    expires_at: datetime


class Nonces:
    """Issues and checks nonces. A nonce is bound to a domain, and to the account and the chain if they were named.

    It is for a sign-in, or for linking a wallet to the user to whom it was issued; never for both.

    An account may have any number of live nonces. A new nonce does not end an older one, so an attacker cannot block a
    sign-in by asking for nonces.
    """

    def __init__(self, pool: asyncpg.Pool, redis: Redis, ttl: int) -> None:
        """`ttl` in seconds."""
        self._pool = pool
        self._copies = Copies(redis)
        self._ttl = ttl

    async def issue(
        self,
        account: Address | None,
        chain_id: ChainId | None,
        domain: str,
        *,
        ip: str | None,
        user_agent: str | None,
        linker: UserId | None = None,
    ) -> IssuedNonce:
        """A new nonce. It is issued even while Redis is down. `linker` is the user who is going to link a wallet."""
        nonce = secrets.token_hex(NONCE_BYTES)
        row = await self._pool.fetchrow(_INSERT, nonce, account, chain_id, domain, self._ttl, ip, user_agent, linker)
        issued = IssuedNonce(nonce, row["issued_at"], row["expires_at"])
        copy = {
            "account_id": account,
            "chain_id": chain_id,
            "domain": domain,
            "user_id": None if linker is None else str(linker),
            "expires_at": issued.expires_at,
        }
        await self._copies.ask(lambda redis: redis.set(_key(nonce), orjson.dumps(copy), ex=self._ttl))
        return issued

    async def check(
        self, nonce: str, account: Address, chain_id: ChainId, domain: str, linker: UserId | None = None
    ) -> None:
        """Check that the nonce is live and was issued for this sign-in, or for this user who links a wallet, before a
        flow is started.

        This neither uses the nonce nor grants anything. The statement that uses it also rejects a used nonce whose copy
        is still in Redis. Raises InvalidNonceError or ExpiredNonceError.
        """
        known = await self._copy(nonce) or await self._row(nonce)
        if known is None or known["used"] or not _is_for(known, account, chain_id, domain, linker):
            raise InvalidNonceError
        if known["expires_at"] <= datetime.now(UTC):
            raise ExpiredNonceError

    async def forget(self, nonce: str) -> None:
        """Delete the copy of a used nonce."""
        await self._copies.ask(lambda redis: redis.delete(_key(nonce)))

    async def _copy(self, nonce: str) -> dict[str, Any] | None:
        found = await self._copies.ask(lambda redis: redis.get(_key(nonce)))
        if found is None:
            return None
        copy = orjson.loads(found)
        linker = None if copy["user_id"] is None else UUID(copy["user_id"])
        return copy | {"user_id": linker, "expires_at": datetime.fromisoformat(copy["expires_at"]), "used": False}

    async def _row(self, nonce: str) -> dict[str, Any] | None:
        row = await self._pool.fetchrow(_SELECT, nonce)
        return None if row is None else dict(row)


def _is_for(known: dict[str, Any], account: Address, chain_id: ChainId, domain: str, linker: UserId | None) -> bool:
    """Whether what the nonce is bound to is this message's. An account or a chain that is None is bound to nothing; a
    user that is None is bound to a sign-in."""
    return (
        known["account_id"] in (None, account)
        and known["chain_id"] in (None, chain_id)
        and known["domain"] == domain
        and known["user_id"] == linker
    )


def _key(nonce: str) -> str:
    return f"siwe:nonce:{nonce}"
