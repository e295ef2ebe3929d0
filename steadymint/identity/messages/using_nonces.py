"""Using up a nonce: for a wallet that is linked, and why a nonce cannot be used. A sign-in uses its nonce in the
statement that opens the session (`sessions/store.py`). SQL of `auth_service`."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.errors import ExpiredNonceError, InvalidNonceError
from steadymint.domain.linking import LinkOrder
from steadymint.domain.sign_in import ProvenMessage

_USE: Final = """
UPDATE auth_service.auth_nonces
SET consumed_at = coalesce(consumed_at, now()), consumed_by = $1, account_id = $3, chain_id = $4
WHERE nonce_hash = $2 AND coalesce(account_id, $3) = $3 AND coalesce(chain_id, $4) = $4 AND domain = $5
  AND user_id = $6 AND (consumed_by = $1 OR (consumed_at IS NULL AND expires_at > now()))
RETURNING true
"""

_NONCE: Final = """
SELECT coalesce(account_id, $2) = $2 AND coalesce(chain_id, $3) = $3 AND domain = $4
    AND user_id IS NOT DISTINCT FROM $5 AS bound,
    consumed_at IS NOT NULL AS used, expires_at <= now() AS expired
FROM auth_service.auth_nonces WHERE nonce_hash = $1
"""


class LinkNonces:
    """Uses up the nonces of wallets that are linked."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def use(self, order: LinkOrder) -> None:
        """Use up the nonce of this order. A repeated call of the same attempt is no second use.

        Raises InvalidNonceError or ExpiredNonceError.
        """
        used = await self._pool.fetchval(
            _USE, order.attempt_id, order.nonce_hash, order.account, order.chain_id, order.domain, order.user_id
        )
        if not used:
            raise await why_not_live(self._pool, order, order.user_id) or InvalidNonceError()


async def why_not_live(
    pool: asyncpg.Pool, message: ProvenMessage, linker: UUID | None
) -> InvalidNonceError | ExpiredNonceError | None:
    """Why the nonce of the message cannot be used; None if it could be. `linker` is the user who links a wallet."""
    row = await pool.fetchrow(_NONCE, message.nonce_hash, message.account, message.chain_id, message.domain, linker)
    if row is None or not row["bound"] or row["used"]:
        return InvalidNonceError()
    return ExpiredNonceError() if row["expired"] else None
