"""The log of sign-in attempts: one line for each, whatever came of it.

The line is also what decides an attempt. It is filed under the attempt's id, and whoever files it first is right: the
grant files `success` in the statement that makes the session, the API files anything else. So a request that has given
up waiting and a flow that ends late cannot both have their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId

RESULTS: Final = frozenset(
    {"failed", "invalid_signature", "invalid_nonce", "expired_nonce", "invalid_message", "rate_limited"}
)
"""`success` is written by the grant only (`steadymint.identity.sessions.store`)."""

_FILE: Final = """
INSERT INTO auth_service.login_events
    (attempt_id, account_id, chain_id, domain, nonce_hash, ip, ua, result, error_message)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (attempt_id) DO NOTHING
RETURNING true
"""


@dataclass(slots=True)
class Attempt:
    """What is known of an attempt so far; None is what it has not come to say."""

    attempt_id: UUID
    ip: str | None
    user_agent: str | None
    account: Address | None = None
    chain_id: ChainId | None = None
    domain: str | None = None
    nonce_hash: str | None = None


class LoginEvents:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def file_failure(self, attempt: Attempt, result: str, detail: str) -> bool:
        """Files that the attempt has failed; False if it is on file as decided already.

        `detail` is one of our own sentences: no message, signature, nonce or token is in it.
        """
        filed = await self._pool.fetchval(
            _FILE,
            attempt.attempt_id,
            attempt.account,
            attempt.chain_id,
            attempt.domain,
            attempt.nonce_hash,
            attempt.ip,
            attempt.user_agent,
            result if result in RESULTS else "failed",
            detail,
        )
        return filed is True
