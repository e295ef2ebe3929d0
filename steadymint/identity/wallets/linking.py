"""Linking a wallet that was proven to a user who has signed in with another one. SQL of `wallet_service`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from steadymint.domain.errors import ConflictError, WalletIsPrimaryError, WalletLinkedElsewhereError
from steadymint.domain.linking import FormerLink, LinkedWallet, LinkOrder
from steadymint.identity.wallets.changes import unlink_lost
from steadymint.identity.wallets.locks import lock_address, lock_users
from steadymint.identity.wallets.rows import (
    NOWHERE,
    ONE_ACCOUNT,
    Cause,
    Link,
    WrittenLink,
    unlink,
    write_link,
    written_before,
)

MAX_LINKS: Final = 100
"""Links of one user, a key's on each of its chains. Their rows are read with the user's profile."""

_LINKS: Final = f"""
SELECT wallet_id, user_id, address, chain_id, is_primary FROM wallet_service.wallet_links WHERE {ONE_ACCOUNT}
"""  # noqa: S608 - a constant of ours
_COUNT: Final = "SELECT count(*) FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL"

# What an earlier try of this proof has taken from others.
_TAKEN: Final = """
SELECT w.user_id, w.address AS account, w.chain_id
FROM wallet_service.wallet_links w JOIN wallet_service.wallet_activity a USING (wallet_id)
WHERE w.address = $1 AND a.action = 'unlinked' AND a.metadata ->> 'attemptId' = $2
"""


class WalletLinking:
    """Links proven wallets, and takes them from others."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def check(self, order: LinkOrder) -> None:
        """Raises what `link` would raise now. The nonce of an order that is refused here stays valid."""
        async with self._pool.acquire() as connection:
            if await written_before(connection, order.attempt_id) is None:
                await self._judge(connection, order, await _links_of(connection, order))

    async def link(self, order: LinkOrder) -> tuple[LinkedWallet, list[FormerLink]]:
        """The user's link, and the links of others that it has ended. A repeated call gives the same answer.

        Raises WalletIsPrimaryError, WalletLinkedElsewhereError; ConflictError if the user has too many links.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await lock_address(connection, order.account)
            written = await written_before(connection, order.attempt_id)
            if written is not None:
                return _answer(order, written), await self._taken(connection, order)
            # Nobody else can change owners now. Which link is the primary one may change until the owners are locked.
            owners = [link.user_id for link in await _links_of(connection, order)]
            await lock_users(connection, [order.user_id, *owners])
            taken = await self._judge(connection, order, await _links_of(connection, order))
            if taken:
                await unlink(connection, taken, Cause.MOVED, NOWHERE, attempt_id=order.attempt_id)
            cause = Cause.MOVED if taken else Cause.PROOF
            written = await write_link(connection, order, order.user_id, cause)
        former = [FormerLink(user_id=one.user_id, account=one.address, chain_id=one.chain_id) for one in taken]
        return _answer(order, written), former

    async def unlink_lost(self, wallet: LinkedWallet) -> bool:
        """End the link of a contract whose block has left the chain. False if it is the user's last wallet."""
        return await unlink_lost(self._pool, wallet)

    async def _judge(self, connection: Any, order: LinkOrder, links: Sequence[Link]) -> list[Link]:
        """The links of others that would have to end. Raises the reason why they must not, or why none can be made."""
        others = [link for link in links if link.user_id != order.user_id]
        if any(link.is_primary for link in others):
            raise WalletIsPrimaryError
        if others and not order.move:
            raise WalletLinkedElsewhereError
        if len(others) == len(links) and await connection.fetchval(_COUNT, order.user_id) >= MAX_LINKS:
            raise ConflictError(f"You have {MAX_LINKS} wallets; unlink one first")
        return others

    async def _taken(self, connection: Any, order: LinkOrder) -> list[FormerLink]:
        return [FormerLink(**row) for row in await connection.fetch(_TAKEN, order.account, str(order.attempt_id))]


async def _links_of(connection: Any, order: LinkOrder) -> list[Link]:
    """The live links of the proven account, whoever has them."""
    rows = await connection.fetch(_LINKS, order.account, order.chain_id, order.proof.value)
    return [Link(**row) for row in rows]


def _answer(order: LinkOrder, written: WrittenLink) -> LinkedWallet:
    return LinkedWallet(
        wallet_id=written.wallet_id,
        user_id=written.user_id,
        account=order.account,
        chain_id=order.chain_id,
        made=written.made,
        proven_at=written.proven_at,
    )
