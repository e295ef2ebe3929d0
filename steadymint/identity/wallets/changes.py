"""What users do with their own wallets: make one the primary, label it, unlink it. SQL of `wallet_service`.

A wallet is named by its address: all of the user's links of an address, on whatever chains, are one wallet here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from steadymint.domain.errors import LastWalletError, NotFoundError
from steadymint.domain.linking import LinkedWallet
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.wallets import rows
from steadymint.identity.wallets.locks import lock_address, lock_users
from steadymint.identity.wallets.rows import NOWHERE, Cause, Link, Origin

_OWN: Final = """
SELECT wallet_id, user_id, address, chain_id, is_primary FROM wallet_service.wallet_links
WHERE user_id = $1 AND address = $2 AND unlinked_at IS NULL
ORDER BY is_primary DESC, created_at, wallet_id
"""
_OTHERS: Final = """
SELECT wallet_id, user_id, address, chain_id, is_primary FROM wallet_service.wallet_links
WHERE user_id = $1 AND unlinked_at IS NULL AND wallet_id <> ALL ($2::uuid[])
ORDER BY is_primary DESC, created_at, wallet_id LIMIT 1
"""
_FORMER: Final = "SELECT chain_id FROM wallet_service.wallet_links WHERE user_id = $1 AND address = $2"
_LABEL: Final = """
WITH link AS (
    UPDATE wallet_service.wallet_links SET label = $3
    WHERE user_id = $1 AND address = $2 AND unlinked_at IS NULL
    RETURNING wallet_id
), activity AS (
    INSERT INTO wallet_service.wallet_activity (id, wallet_id, action, metadata, ip_address, user_agent)
    SELECT $4, min(wallet_id::text)::uuid, 'updated', $5::jsonb, $6::inet, $7 FROM link HAVING count(*) > 0
)
SELECT count(*) FROM link
"""


async def make_primary(pool: asyncpg.Pool, user_id: UserId, address: Address, origin: Origin) -> None:
    """Make this wallet the user's primary one. Raises NotFoundError. Doing it twice is no error."""
    async with pool.acquire() as connection, connection.transaction():
        await lock_users(connection, [user_id])
        links = await _own(connection, user_id, address)
        if not links:
            raise NotFoundError
        if not links[0].is_primary:
            await rows.make_primary(connection, links[0], Cause.REQUEST, origin)


async def relabel(pool: asyncpg.Pool, user_id: UserId, address: Address, label: str | None, origin: Origin) -> None:
    """Label this wallet; None removes the label. Raises NotFoundError."""
    details = {"cause": Cause.REQUEST.value}
    changed = await pool.fetchval(_LABEL, user_id, address, label, uuid4(), details, origin.ip, origin.user_agent)
    if not changed:
        raise NotFoundError


async def unlink(pool: asyncpg.Pool, user_id: UserId, address: Address, origin: Origin) -> list[ChainId]:
    """Unlink this wallet. Returns the chains on which its sessions have to end; those of a wallet that was unlinked
    before are returned too, because the request that did it may have been cut off.

    Raises NotFoundError for a wallet that the user never had; LastWalletError.
    """
    async with pool.acquire() as connection, connection.transaction():
        await lock_address(connection, address)
        await lock_users(connection, [user_id])
        links = await _own(connection, user_id, address)
        if links:
            await _end(connection, user_id, links, Cause.REQUEST, origin)
        chains = [row["chain_id"] for row in await connection.fetch(_FORMER, user_id, address)]
    if not chains:
        raise NotFoundError
    return chains


async def unlink_lost(pool: asyncpg.Pool, wallet: LinkedWallet) -> bool:
    """Unlink a contract whose block has left the chain. False if it is the user's last wallet, or unlinked already."""
    async with pool.acquire() as connection, connection.transaction():
        await lock_address(connection, wallet.account)
        await lock_users(connection, [wallet.user_id])
        own = await _own(connection, wallet.user_id, wallet.account)
        links = [link for link in own if link.wallet_id == wallet.wallet_id]
        if not links:
            return False
        try:
            await _end(connection, wallet.user_id, links, Cause.REORGED_AWAY, NOWHERE)
        except LastWalletError:
            return False
    return True


async def _own(connection: Any, user_id: UUID, address: Address) -> list[Link]:
    """The user's live links of an address, the primary or oldest one first."""
    return [Link(**row) for row in await connection.fetch(_OWN, user_id, address)]


async def _end(connection: Any, user_id: UUID, links: Sequence[Link], cause: Cause, origin: Origin) -> None:
    """End the links. If the primary one is among them, another one takes its place. Raises LastWalletError, before it
    has changed anything."""
    other = await connection.fetchrow(_OTHERS, user_id, [link.wallet_id for link in links])
    if other is None:
        raise LastWalletError
    await rows.unlink(connection, links, cause, origin)
    if any(link.is_primary for link in links):
        await rows.make_primary(connection, Link(**other), Cause.OTHER_UNLINKED, origin)
