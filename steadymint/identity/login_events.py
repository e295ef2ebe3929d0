"""The log of sign-in attempts: one row per attempt, with its result. Of attempts beyond the limit of a peer, one a
minute.

The row also decides the attempt. Its key is the attempt's id, and the first writer wins. The grant writes `success` in
the statement that makes the session. The API writes every other result. So a request that gave up waiting and a flow
that ends late cannot both succeed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zlib import crc32

import asyncpg

from steadymint.audit.entries import Entry, EventType, Severity, record
from steadymint.domain.peers import bucket_of
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
RETURNING now()
"""

# A key signs in as the same user on every chain, whatever chain the refused message has named.
_OWNER: Final = """
SELECT user_id FROM wallet_service.wallet_links
WHERE address = $1 AND unlinked_at IS NULL AND (chain_id = $2 OR type = 'eoa' OR $2 IS NULL)
ORDER BY chain_id = $2 DESC NULLS LAST, created_at LIMIT 1
"""

FORGED: Final = frozenset({"invalid_signature", "invalid_nonce"})
"""Results that an honest wallet never has. The others happen to everybody."""

MOST_AN_HOUR: Final = 16
"""Security events an hour of one result and account of a user. Anybody may try an account, and whoever has a large
network comes as any number of peers."""
MOST_OF_NOBODY: Final = 1_000
"""The same of all accounts together that nobody has."""


@dataclass(slots=True)
class Attempt:
    """An attempt as far as it is known. A field is None until the attempt reaches it."""

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

    async def file_failure(self, attempt: Attempt, result: str, detail: str, *, is_event: bool = True) -> bool:
        """Record the failure of an attempt. False if the attempt is decided already.

        `detail` is one of our own sentences. It holds no message, signature, nonce or token. The security events get
        one entry an hour for each peer, result and account of a user: whoever tries a thousand times, or a thousand
        accounts that nobody has, is one event. Of one result and account they get `MOST_AN_HOUR`, however many peers
        try.
        `is_event` is False for what is recorded there already.
        """
        known = result if result in RESULTS else "failed"
        async with self._pool.acquire() as connection, connection.transaction():
            at: datetime | None = await connection.fetchval(
                _FILE,
                attempt.attempt_id,
                attempt.account,
                attempt.chain_id,
                attempt.domain,
                attempt.nonce_hash,
                attempt.ip,
                attempt.user_agent,
                known,
                detail,
            )
            if at is not None and is_event:
                owner: UUID | None = await connection.fetchval(_OWNER, attempt.account, attempt.chain_id)
                await record(connection, _entry(attempt, known, owner, at))
        return at is not None


def _entry(attempt: Attempt, result: str, owner: UUID | None, at: datetime) -> Entry:
    account = None if owner is None else attempt.account
    most = MOST_OF_NOBODY if owner is None else MOST_AN_HOUR
    # A number instead of the peer bounds the entries of all processes. Two peers with one number are one entry.
    peer = crc32(bucket_of(attempt.ip).encode()) % most
    severity: Severity = "warning" if result in FORGED else "info"
    return Entry(
        EventType.SIGN_IN_REFUSED,
        f"A sign-in was refused: {result}",
        severity,
        user_id=owner,
        wallet=account,
        ip=attempt.ip,
        details={"result": result},
        key=f"{result}:{account}:{peer}:{at:%Y-%m-%dT%H}",
    )
