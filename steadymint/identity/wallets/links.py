"""Wallet links: they say which user a proven account belongs to. SQL of `wallet_service` for sign-in."""

from __future__ import annotations

from typing import Final
from uuid import uuid5

import asyncpg

from steadymint.domain.sign_in import SignatureKind, SignInAttempt, WalletLink
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.events.event import WALLETS
from steadymint.identity.events import LINKED, account_of, linked_id

# The owner of the wallet is found in this order: the user linked to this address and chain; for a key, the user linked
# to the same address on another chain; else a new user. The new user's id is derived from the account ($5), so a
# retried flow makes the same user. The number of earlier unlinkings is part of the id, so an unlinked account gets a
# new user.
#
# A retried attempt finds its own activity row and gives the first try's answer. The try that makes the link writes the
# event.
_LINK: Final = """
WITH owner AS (
    SELECT user_id FROM wallet_service.wallet_links
    WHERE address = $1 AND unlinked_at IS NULL AND (chain_id = $2 OR ($3::text = 'eoa' AND type = 'eoa'))
    ORDER BY (chain_id = $2) DESC, created_at LIMIT 1
), who AS (
    SELECT coalesce(
        (SELECT user_id FROM owner),
        encode(substr(sha256(convert_to($5::text || ':' || (
            SELECT count(*) FROM wallet_service.wallet_links WHERE address = $1 AND unlinked_at IS NOT NULL
        ), 'UTF8')), 1, 16), 'hex')::uuid
    ) AS user_id
), link AS (
    INSERT INTO wallet_service.wallet_links (user_id, address, chain_id, type, is_primary, verified_at, last_seen_at)
    SELECT who.user_id, $1, $2, $3::text, NOT EXISTS (
        SELECT FROM wallet_service.wallet_links other WHERE other.user_id = who.user_id AND other.is_primary
    ), now(), now()
    FROM who
    ON CONFLICT (user_id, chain_id, address) DO UPDATE SET verified_at = now(), last_seen_at = now(), unlinked_at = NULL
    RETURNING wallet_id, user_id, xmax = 0 AS made
), activity AS (
    INSERT INTO wallet_service.wallet_activity AS a (id, wallet_id, action, metadata, ip_address, user_agent)
    SELECT $6, wallet_id, CASE WHEN made THEN 'linked' ELSE 'verified' END,
        jsonb_build_object('attemptId', $4::uuid), $8::inet, $9
    FROM link
    ON CONFLICT (id) DO UPDATE SET action = a.action
), event AS (
    INSERT INTO event_service.outbox (event_id, stream, type, occurred_at, payload)
    SELECT $10, $11, $12, now(), $13::jsonb || jsonb_build_object('userId', user_id, 'walletId', wallet_id)
    FROM link WHERE made
), verification AS (
    INSERT INTO wallet_service.wallet_verifications
        (id, wallet_id, verification_type, status, verification_data, verified_at)
    SELECT $7, wallet_id, 'signature', 'verified',
        jsonb_build_object(
            'attemptId', $4::uuid, 'standard', CASE $3::text WHEN 'eoa' THEN 'eip191' ELSE 'eip1271' END
        ),
        now()
    FROM link
    ON CONFLICT (id) DO NOTHING
)
SELECT wallet_id, user_id FROM link
"""

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
        """Link the account that an attempt has proven to its user. A repeated call gives the same answer."""
        try:
            return await self._link(attempt)
        except asyncpg.UniqueViolationError:
            # Another first sign-in of the same user was faster. Its rows exist now.
            return await self._link(attempt)

    async def _link(self, attempt: SignInAttempt) -> WalletLink:
        row = await self._pool.fetchrow(
            _LINK,
            attempt.account,
            attempt.chain_id,
            attempt.proof.value,
            attempt.attempt_id,
            account_name(attempt.proof, attempt.chain_id, attempt.account),
            uuid5(attempt.attempt_id, "wallet_activity"),
            uuid5(attempt.attempt_id, "wallet_verification"),
            attempt.ip,
            attempt.user_agent,
            linked_id(attempt.attempt_id),
            WALLETS,
            LINKED,
            account_of(attempt),
        )
        return WalletLink(wallet_id=row["wallet_id"], user_id=row["user_id"])

    async def is_linked(self, user_id: UserId, address: Address, chain_id: ChainId) -> bool:
        return await self._pool.fetchval(_STILL_LINKED, user_id, address, chain_id)


def account_name(proof: SignatureKind, chain_id: ChainId, address: Address) -> str:
    """The name of an account. An account with a key is the same on all chains; a contract belongs to its own chain."""
    return f"eoa:{address}" if proof is SignatureKind.EOA else f"{chain_id}:{address}"
