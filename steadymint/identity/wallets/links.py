"""Wallet links at sign-in: they say which user a proven account belongs to. SQL of `wallet_service`."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

import asyncpg

from steadymint.domain.sign_in import SignInAttempt, WalletLink
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.wallets.locks import lock_address
from steadymint.identity.wallets.rows import ONE_ACCOUNT, Cause, write_link, written_before

# The owner of the wallet is found in this order: the user linked to this address and chain; for a key, the user linked
# to the same address on another chain; else a new user.
_OWNER: Final = f"""
SELECT user_id FROM wallet_service.wallet_links WHERE {ONE_ACCOUNT} ORDER BY (chain_id = $2) DESC, created_at LIMIT 1
"""  # noqa: S608 - a constant of ours

_STILL_LINKED: Final = """
SELECT EXISTS (
    SELECT FROM wallet_service.wallet_links
    WHERE user_id = $1 AND address = $2 AND chain_id = $3 AND unlinked_at IS NULL
)
"""


class Wallets:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def link(self, attempt: SignInAttempt) -> WalletLink:
        """Link the account that an attempt has proven to its user, in one transaction. A repeated call finds its own
        line in the log and gives the same answer, also if the wallet was unlinked meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            await lock_address(connection, attempt.account)
            link = await written_before(connection, attempt.attempt_id)
            if link is None:
                account = attempt.account, attempt.chain_id, attempt.proof.value
                owner = await connection.fetchval(_OWNER, *account)
                link = await write_link(connection, attempt, owner or uuid4(), Cause.SIGN_IN)
        return WalletLink(wallet_id=link.wallet_id, user_id=link.user_id)

    async def is_linked(self, user_id: UserId, address: Address, chain_id: ChainId) -> bool:
        return await self._pool.fetchval(_STILL_LINKED, user_id, address, chain_id)
