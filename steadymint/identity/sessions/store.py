"""The store of sessions: a sign-in opens one, refresh tokens extend it, and it ends once. SQL of `auth_service`.

A refresh token is stored as its SHA-256 only. Each use replaces the token by the next one. A token that is used twice
was copied. We cannot tell which holder is the thief, so the whole family of tokens ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.database import NEWEST
from steadymint.domain.errors import AttemptAbandonedError
from steadymint.domain.sign_in import SignatureKind, SignInAttempt, SignInGrant, WalletLink
from steadymint.domain.types import Address, ChainId, SessionId, UserId
from steadymint.events.event import AUTH
from steadymint.identity.events import LOGGED_IN, account_of, logged_in_id
from steadymint.identity.messages.using_nonces import why_not_live

# This statement decides the sign-in. The first to set `consumed_at` has signed in. The row in `login_events`, the
# session and the event in the outbox are written with it or not at all. $1 is the attempt's id, the key of the row in
# `login_events`. An attempt that is recorded as failed gets nothing.
_OPEN: Final = """
WITH nonce AS (
    UPDATE auth_service.auth_nonces SET consumed_at = now(), consumed_by = $1, account_id = $5, chain_id = $6
    WHERE nonce_hash = $4 AND coalesce(account_id, $5) = $5 AND coalesce(chain_id, $6) = $6 AND domain = $7
      AND user_id IS NULL AND consumed_at IS NULL AND expires_at > now()
      AND NOT EXISTS (SELECT FROM auth_service.login_events WHERE attempt_id = $1)
    RETURNING nonce_hash
), event AS (
    INSERT INTO auth_service.login_events
        (attempt_id, user_id, session_id, account_id, chain_id, domain, nonce_hash, ip, ua, result)
    SELECT $1, $3, $2, $5, $6, $7, nonce_hash, $10, $11, 'success' FROM nonce
    ON CONFLICT (attempt_id) DO NOTHING
    RETURNING session_id
), session AS (
    INSERT INTO auth_service.sessions
        (session_id, user_id, family_id, nonce_hash, address, chain_id, account_type, refresh_hash, ip_address,
         user_agent, expires_at, absolute_expires_at)
    SELECT $2, $3, $2, $4, $5, $6, $8, $9, $10, $11, now() + least($12::interval, $13::interval), now() + $13::interval
    FROM event
    RETURNING session_id, user_id, refresh_hash, created_at, expires_at, absolute_expires_at
), token AS (
    INSERT INTO auth_service.refresh_tokens (hash, session_id, generation, expires_at)
    SELECT refresh_hash, session_id, 0, expires_at FROM session
), told AS (
    INSERT INTO event_service.outbox (event_id, stream, type, occurred_at, payload)
    SELECT $14, $15, $16, created_at, $17::jsonb || jsonb_build_object('userId', user_id, 'sessionId', session_id)
    FROM session
)
SELECT session_id, user_id, created_at, expires_at, absolute_expires_at FROM session
"""

_GRANTED: Final = """
SELECT session_id, user_id, created_at, expires_at, absolute_expires_at
FROM auth_service.sessions WHERE session_id = $1
"""

_LIVE: Final = """
SELECT * FROM auth_service.sessions
WHERE session_id = $1 AND revoked_at IS NULL AND expires_at > now()
"""

_WHOSE: Final = """
SELECT s.session_id, s.user_id, s.address, s.chain_id
FROM auth_service.refresh_tokens t JOIN auth_service.sessions s USING (session_id)
WHERE t.hash = $1
"""

# Two refreshes with one token lock the same row. The second sees `used_at` and gets nothing.
_ROTATE: Final = """
WITH used AS (
    UPDATE auth_service.refresh_tokens t SET used_at = now(), replaced_by = $2
    FROM auth_service.sessions s
    WHERE t.hash = $1 AND t.used_at IS NULL AND t.expires_at > now()
      AND s.session_id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > now()
    RETURNING t.session_id, t.generation
), session AS (
    UPDATE auth_service.sessions s SET
        refresh_hash = $2, previous_refresh_hash = $1, generation = used.generation + 1, last_used_at = now(),
        expires_at = least(now() + $3::interval, s.absolute_expires_at)
    FROM used WHERE s.session_id = used.session_id
    RETURNING s.*
), token AS (
    INSERT INTO auth_service.refresh_tokens (hash, session_id, generation, expires_at)
    SELECT refresh_hash, session_id, generation, expires_at FROM session
)
SELECT * FROM session
"""

_REVOKE_FAMILY: Final = """
UPDATE auth_service.sessions SET revoked_at = now(), revoked_reason = $2
WHERE revoked_at IS NULL AND family_id = (
    SELECT s.family_id FROM auth_service.refresh_tokens t JOIN auth_service.sessions s USING (session_id)
    WHERE t.hash = $1 AND t.used_at IS NOT NULL
)
RETURNING session_id, user_id, address
"""

_REVOKE: Final = """
UPDATE auth_service.sessions SET revoked_at = coalesce(revoked_at, now()), revoked_reason = coalesce(revoked_reason, $3)
WHERE session_id = $1 AND user_id = $2
RETURNING session_id
"""

_REVOKE_ALL: Final = """
UPDATE auth_service.sessions SET revoked_at = now(), revoked_reason = $2
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
RETURNING session_id
"""

_REVOKE_WALLET: Final = """
UPDATE auth_service.sessions SET revoked_at = now(), revoked_reason = $4
WHERE user_id = $1 AND address = $2 AND chain_id = ANY ($3::text[]) AND revoked_at IS NULL AND expires_at > now()
RETURNING session_id
"""

_IS_RECENT: Final = """
SELECT created_at > now() - $2::interval FROM auth_service.sessions WHERE session_id = $1"""

_LIST: Final = """
SELECT * FROM auth_service.sessions
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now() AND (created_at, session_id) < ($2, $3)
ORDER BY created_at DESC, session_id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class StoredSession:
    session_id: SessionId
    user_id: UserId
    address: Address
    chain_id: ChainId
    account_type: str
    ip_address: str | None
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    """When its refresh token expires."""
    absolute_expires_at: datetime


class Sessions:
    """Opens, extends, ends and lists sessions. All times are the database's, because the clocks of servers may
    differ."""

    def __init__(self, pool: asyncpg.Pool, refresh_ttl: int, max_age: int, contract_max_age: int) -> None:
        """All in seconds: the life of a refresh token, and the lives of a session that is refreshed on and on, of a key
        and of a contract wallet."""
        self._pool = pool
        self._contract_max_age = timedelta(seconds=contract_max_age)
        self._refresh_ttl = timedelta(seconds=refresh_ttl)
        self._max_age = timedelta(seconds=max_age)

    # -- sign-in ------------------------------------------------------------------------------------------------------

    async def open(self, attempt: SignInAttempt, wallet: WalletLink) -> SignInGrant:
        """Use the nonce, record the success and open the session, in one statement. A repeated call returns the same
        session.

        Raises InvalidNonceError, ExpiredNonceError, or AttemptAbandonedError.
        """
        session_id = session_id_of(attempt.attempt_id)
        contract = attempt.proof is SignatureKind.CONTRACT
        max_age = min(self._max_age, self._contract_max_age) if contract else self._max_age
        row = await self._pool.fetchrow(
            _OPEN,
            attempt.attempt_id,
            session_id,
            wallet.user_id,
            attempt.nonce_hash,
            attempt.account,
            attempt.chain_id,
            attempt.domain,
            attempt.proof.value,
            attempt.refresh_hash,
            attempt.ip,
            attempt.user_agent,
            self._refresh_ttl,
            max_age,
            logged_in_id(session_id),
            AUTH,
            LOGGED_IN,
            account_of(attempt),
        )
        if row is None:
            row = await self._pool.fetchrow(_GRANTED, session_id)
        if row is None:
            raise await why_not_live(self._pool, attempt, None) or AttemptAbandonedError()
        return SignInGrant(
            session_id=row["session_id"],
            user_id=row["user_id"],
            wallet_id=wallet.wallet_id,
            account=attempt.account,
            chain_id=attempt.chain_id,
            granted_at=row["created_at"],
            expires_at=row["expires_at"],
            absolute_expires_at=row["absolute_expires_at"],
        )

    async def granted_to(self, attempt_id: UUID) -> StoredSession | None:
        """The session of an attempt whose answer was lost."""
        return await self.live(session_id_of(attempt_id))

    # -- the life of a session ----------------------------------------------------------------------------------------

    async def live(self, session_id: SessionId) -> StoredSession | None:
        row = await self._pool.fetchrow(_LIVE, session_id)
        return None if row is None else _session(row)

    async def of_token(self, refresh_hash: str) -> tuple[SessionId, UserId, Address, ChainId] | None:
        """The session, user, address and chain of a token, valid or not; None for an unknown token."""
        row = await self._pool.fetchrow(_WHOSE, refresh_hash)
        return None if row is None else (row["session_id"], row["user_id"], row["address"], row["chain_id"])

    async def rotate(self, old_hash: str, new_hash: str) -> StoredSession | None:
        """Replace the token by the next one. None if the old token is no longer valid."""
        row = await self._pool.fetchrow(_ROTATE, old_hash, new_hash, self._refresh_ttl)
        return None if row is None else _session(row)

    async def revoke_family_of_used(self, refresh_hash: str, ip: str | None = None) -> list[SessionId]:
        """If the token was used before, end every session of its sign-in. Returns the sessions that ended now. `ip` is
        the address that the token came from, for the record."""
        async with self._pool.acquire() as connection, connection.transaction():
            ended = await connection.fetch(_REVOKE_FAMILY, refresh_hash, "refresh_reused")
            for row in ended[:1]:
                entry = Entry(
                    EventType.REFRESH_TOKEN_REUSED,
                    "A used refresh token came again, so its session was ended: somebody may have copied it",
                    "error",
                    user_id=row["user_id"],
                    wallet=row["address"],
                    ip=ip,
                )
                await record(connection, entry)
        return [row["session_id"] for row in ended]

    async def is_recent(self, session_id: SessionId, within: timedelta) -> bool:
        """Whether the wallet has signed in so short a time ago. Refreshing the session does not count."""
        return bool(await self._pool.fetchval(_IS_RECENT, session_id, within))

    async def revoke(self, session_id: SessionId, user_id: UserId, reason: str) -> bool:
        """End a session of this user. False if there is none. Ending it twice is no error."""
        return await self._pool.fetchval(_REVOKE, session_id, user_id, reason) is not None

    async def revoke_all(self, user_id: UserId, reason: str) -> list[SessionId]:
        """End every live session of this user. Returns them."""
        return [row["session_id"] for row in await self._pool.fetch(_REVOKE_ALL, user_id, reason)]

    async def revoke_wallet(
        self, user_id: UserId, address: Address, chains: Sequence[ChainId], reason: str
    ) -> list[SessionId]:
        """End every live session that this wallet of the user has opened on these chains. Returns them."""
        rows = await self._pool.fetch(_REVOKE_WALLET, user_id, address, chains, reason)
        return [row["session_id"] for row in rows]

    async def of_user(
        self, user_id: UserId, *, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> list[StoredSession]:
        """The live sessions of a user, newest first. `after` is the last one of the previous page."""
        before, last = after or NEWEST
        return [_session(row) for row in await self._pool.fetch(_LIST, user_id, before, last, limit)]


def session_id_of(attempt_id: UUID) -> SessionId:
    """The session id of an attempt. A retried grant makes the same session."""
    return SessionId(uuid5(attempt_id, "session"))


def _session(row: asyncpg.Record) -> StoredSession:
    return StoredSession(
        session_id=row["session_id"],
        user_id=row["user_id"],
        address=row["address"],
        chain_id=row["chain_id"],
        account_type=row["account_type"],
        ip_address=None if row["ip_address"] is None else str(row["ip_address"]),
        user_agent=row["user_agent"],
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        expires_at=row["expires_at"],
        absolute_expires_at=row["absolute_expires_at"],
    )
