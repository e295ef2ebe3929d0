"""What users read about their own wallets: the links, what was done with them, and how they were proven.

A list of lines is one along an index for each of the wallet's links, of which there are as many as chains, at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.database import NEWEST
from steadymint.domain.types import Address, ChainId, UserId

AfterLine = tuple[datetime, UUID]
"""The place of a row in a list."""

_COLUMNS: Final = """
SELECT wallet_id, address, chain_id, type, is_primary, label, created_at AS linked_at, last_seen_at
FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL
"""
_LIST: Final = f"""{_COLUMNS}
AND ($2::timestamptz IS NULL OR (created_at, wallet_id) > ($2, $3::uuid))
ORDER BY created_at, wallet_id LIMIT $4
"""
_ALL: Final = f"{_COLUMNS} ORDER BY is_primary DESC, created_at, wallet_id LIMIT 100"
_ONE: Final = f"{_COLUMNS} AND wallet_id = $2"

_ACTIVITY: Final = """
SELECT found.*, w.chain_id FROM wallet_service.wallet_links w CROSS JOIN LATERAL (
    SELECT id, action, metadata ->> 'cause' AS cause, host(ip_address) AS ip_address, user_agent, created_at
    FROM wallet_service.wallet_activity a
    WHERE a.wallet_id = w.wallet_id AND (a.created_at, a.id) < ($3, $4)
    ORDER BY a.created_at DESC, a.id DESC LIMIT $5
) found
WHERE w.user_id = $1 AND w.address = $2
ORDER BY found.created_at DESC, found.id DESC LIMIT $5
"""
_VERIFICATIONS: Final = """
SELECT found.*, w.chain_id FROM wallet_service.wallet_links w CROSS JOIN LATERAL (
    SELECT id, verification_type AS kind, status, verification_data ->> 'standard' AS standard, created_at, verified_at
    FROM wallet_service.wallet_verifications v
    WHERE v.wallet_id = w.wallet_id AND (v.created_at, v.id) < ($3, $4)
    ORDER BY v.created_at DESC, v.id DESC LIMIT $5
) found
WHERE w.user_id = $1 AND w.address = $2
ORDER BY found.created_at DESC, found.id DESC LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A live link, as its owner sees it."""

    wallet_id: UUID
    address: Address
    chain_id: ChainId
    type: str
    is_primary: bool
    label: str | None
    linked_at: datetime
    last_seen_at: datetime | None

    @property
    def account(self) -> tuple[Address, ChainId | None]:
        """What is the owner's on chain: the address of a key on every chain (None), that of a contract on its own."""
        return self.address, None if self.type == "eoa" else self.chain_id


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One deed."""

    id: UUID
    chain_id: ChainId
    action: str
    cause: str | None
    ip_address: str | None
    user_agent: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """One proof that the wallet is its user's."""

    id: UUID
    chain_id: ChainId
    kind: str
    status: str
    standard: str | None
    created_at: datetime
    verified_at: datetime | None


async def wallets_of(pool: asyncpg.Pool, user_id: UserId) -> list[OwnLink]:
    """The user's live links, the primary one first."""
    return [OwnLink(**row) for row in await pool.fetch(_ALL, user_id)]


async def links_of(pool: asyncpg.Pool, user_id: UserId, *, after: AfterLine | None, limit: int) -> list[OwnLink]:
    """The user's live links, oldest first."""
    at, last = after or (None, None)
    return [OwnLink(**row) for row in await pool.fetch(_LIST, user_id, at, last, limit)]


async def link_by_id(pool: asyncpg.Pool, user_id: UserId, wallet_id: UUID) -> OwnLink | None:
    """One of the user's live links."""
    row = await pool.fetchrow(_ONE, user_id, wallet_id)
    return None if row is None else OwnLink(**row)


async def activity_of(
    pool: asyncpg.Pool, user_id: UserId, address: Address, *, after: AfterLine | None, limit: int
) -> list[ActivityLine]:
    """What was done with the user's wallet, newest first, also while it is no longer linked."""
    return [ActivityLine(**row) for row in await _lines(pool, _ACTIVITY, user_id, address, after, limit)]


async def verifications_of(
    pool: asyncpg.Pool, user_id: UserId, address: Address, *, after: AfterLine | None, limit: int
) -> list[Verification]:
    """How the user's wallet was proven, newest first."""
    return [Verification(**row) for row in await _lines(pool, _VERIFICATIONS, user_id, address, after, limit)]


async def _lines(
    pool: asyncpg.Pool, statement: str, user_id: UserId, address: Address, after: AfterLine | None, limit: int
) -> list[Any]:
    at, last = after or NEWEST
    return await pool.fetch(statement, user_id, address, at, last, limit)
