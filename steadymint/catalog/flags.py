"""An operator's flags: spam, nsfw, frozen and flagged for tokens; hidden and verified for collections.

Each change is one transaction with a row in the audit log. After the commit the read cache is bumped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.catalog.cache import Freshness
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId, TokenId, show_address

TOKEN_FLAGS: Final = ("spam", "nsfw", "frozen", "flagged")
COLLECTION_FLAGS: Final = ("hidden", "verified")


@dataclass(frozen=True, slots=True)
class TokenFlags:
    """The flags of a token, with their reasons."""

    spam: bool
    nsfw: bool
    frozen: bool
    flagged: bool
    reason: Mapping[str, Any]
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class CollectionFlags:
    hidden: bool
    verified: bool


_SET_FLAGS: Final = """
INSERT INTO catalog_service.nft_flags AS f
    (chain_id, contract, token_id, is_spam, is_nsfw, is_frozen, is_flagged, reason_json)
SELECT $1::text, $2::text, $3::numeric,
    coalesce($4, false), coalesce($5, false), coalesce($6, false), coalesce($7, false), $8
WHERE EXISTS (SELECT FROM catalog_service.items t JOIN catalog_service.collections c
                  ON c.chain_no = t.chain AND c.no = t.collection
              WHERE c.chain_id = $1::text AND c.contract_address = $2::text AND t.token_number = $3::numeric)
ON CONFLICT (chain_id, contract, token_id) DO UPDATE SET
    is_spam = coalesce($4, f.is_spam), is_nsfw = coalesce($5, f.is_nsfw), is_frozen = coalesce($6, f.is_frozen),
    is_flagged = coalesce($7, f.is_flagged), reason_json = f.reason_json || $8, updated_at = now()
RETURNING is_spam, is_nsfw, is_frozen, is_flagged, reason_json, updated_at
"""
_CLEAR_FLAGS: Final = """
DELETE FROM catalog_service.nft_flags WHERE chain_id = $1 AND contract = $2 AND token_id = $3 RETURNING true
"""
_FLAGS: Final = """
SELECT is_spam, is_nsfw, is_frozen, is_flagged, reason_json, updated_at FROM catalog_service.nft_flags
WHERE chain_id = $1 AND contract = $2 AND token_id = $3
"""
_SET_COLLECTION: Final = """
UPDATE catalog_service.collections SET is_hidden = coalesce($3, is_hidden), is_verified = coalesce($4, is_verified)
WHERE chain_id = $1 AND contract_address = $2 RETURNING is_hidden, is_verified
"""


class Flags:
    """Sets and reads flags. For operators only: no route of the API uses it."""

    def __init__(self, pool: asyncpg.Pool, pages: Freshness) -> None:
        self._pool = pool
        self._pages = pages

    async def of_token(self, chain_id: ChainId, contract: Address, token_id: TokenId) -> TokenFlags | None:
        """The flags of a token; None if none was ever set."""
        row = await self._pool.fetchrow(_FLAGS, chain_id, contract, token_id)
        return None if row is None else _token_flags(row)

    async def set_token(
        self,
        chain_id: ChainId,
        contract: Address,
        token_id: TokenId,
        changes: Mapping[str, bool],
        *,
        reason: str,
        operator: str,
    ) -> TokenFlags:
        """Change the flags in `changes` (of `TOKEN_FLAGS`). Others stay.

        Raises:
            NotFoundError: the catalog has no such token.
        """
        reasons = {name: {"set": value, "reason": reason, "by": operator} for name, value in changes.items()}
        async with self._pool.acquire() as connection, connection.transaction():
            values = [changes.get(name) for name in TOKEN_FLAGS]
            row = await connection.fetchrow(_SET_FLAGS, chain_id, contract, token_id, *values, reasons)
            if row is None:
                raise NotFoundError(f"There is no token {token_id} of {show_address(contract)} on {chain_id}")
            what = {"chainId": chain_id, "contract": contract, "tokenId": str(token_id)}
            await _audit(connection, EventType.TOKEN_FLAGGED, what, changes, reason, operator)
        await self._pages.bump([(chain_id, contract)])
        return _token_flags(row)

    async def clear_token(
        self, chain_id: ChainId, contract: Address, token_id: TokenId, *, reason: str, operator: str
    ) -> bool:
        """Remove all flags of a token. Returns False if it had none."""
        async with self._pool.acquire() as connection, connection.transaction():
            cleared = bool(await connection.fetchval(_CLEAR_FLAGS, chain_id, contract, token_id))
            if cleared:
                what = {"chainId": chain_id, "contract": contract, "tokenId": str(token_id)}
                await _audit(
                    connection, EventType.TOKEN_FLAGGED, what, dict.fromkeys(TOKEN_FLAGS, False), reason, operator
                )
        if cleared:
            await self._pages.bump([(chain_id, contract)])
        return cleared

    async def set_collection(
        self, chain_id: ChainId, contract: Address, changes: Mapping[str, bool], *, reason: str, operator: str
    ) -> CollectionFlags:
        """Hide a collection with everything in it, show it again, or mark it as verified (`COLLECTION_FLAGS`).

        Raises:
            NotFoundError: the catalog has no such collection.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            values = [changes.get(name) for name in COLLECTION_FLAGS]
            row = await connection.fetchrow(_SET_COLLECTION, chain_id, contract, *values)
            if row is None:
                raise NotFoundError(f"There is no collection {show_address(contract)} on {chain_id}")
            what = {"chainId": chain_id, "contract": contract}
            await _audit(connection, EventType.COLLECTION_FLAGGED, what, changes, reason, operator)
        await self._pages.bump([(chain_id, contract)])
        return CollectionFlags(row["is_hidden"], row["is_verified"])


def _token_flags(row: Mapping[str, Any]) -> TokenFlags:
    return TokenFlags(
        spam=row["is_spam"],
        nsfw=row["is_nsfw"],
        frozen=row["is_frozen"],
        flagged=row["is_flagged"],
        reason=row["reason_json"],
        updated_at=row["updated_at"],
    )


async def _audit(
    connection: Any, event: EventType, what: Mapping[str, str], changes: Mapping[str, bool], reason: str, operator: str
) -> None:
    said = ", ".join(f"{name} {'on' if value else 'off'}" for name, value in changes.items())
    details = {**what, "changes": dict(changes), "reason": reason, "operator": operator}
    await record(connection, Entry(event, said, details=details))
