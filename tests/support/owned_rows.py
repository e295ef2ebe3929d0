"""Rows of somebody who owns one of everything that a row makes: a wallet, a webhook, an issuance."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, UserId

WEBHOOK: Final = UUID("00000000-0000-4000-8000-00000000beef")
ISSUANCE: Final = UUID("00000000-0000-4000-8000-00000000cafe")

_WALLET: Final = """
INSERT INTO wallet_service.wallet_links (user_id, address, chain_id, is_primary, verified_at)
VALUES ($1, $2, 'eip155:31337', true, now())
ON CONFLICT (user_id, chain_id, address) DO UPDATE SET is_primary = true, unlinked_at = NULL
"""
_VERIFICATION: Final = """
INSERT INTO wallet_service.wallet_verifications (wallet_id, verification_type, status, verified_at)
SELECT wallet_id, 'signature', 'verified', now() FROM wallet_service.wallet_links w
WHERE user_id = $1 AND NOT EXISTS (SELECT FROM wallet_service.wallet_verifications v WHERE v.wallet_id = w.wallet_id)
"""
_WEBHOOK: Final = r"""
INSERT INTO event_service.webhooks (webhook_id, user_id, url, secret)
VALUES ($1, $2, 'https://receiver.example/', '\x00'::bytea || 'whsec_b3duZWQ='::bytea)
ON CONFLICT (webhook_id) DO UPDATE
    SET status = 'active', url = excluded.url, secret = excluded.secret, paused_because = NULL
"""
_ISSUANCE: Final = """
WITH token AS (
    INSERT INTO token_service.fungible_tokens
        (id, network_id, name, symbol, decimals, supply, creator_id, creator_address, status)
    VALUES ($1, 'rgbpp:testnet', 'Owned', 'OWN', 8, 1, $2, $3, 'prepared') ON CONFLICT (id) DO NOTHING RETURNING id
)
INSERT INTO token_service.issuance_pairs (token_id, commitment, btc_txid, psbt, ckb_tx_hash, ckb_transaction)
SELECT id, repeat('ab', 32), repeat('cd', 32), 'cHNidA==', '0x' || repeat('ef', 32), '{}' FROM token
"""


async def restore(pool: asyncpg.Pool, owner: UserId, wallet: Address) -> None:
    """Make the rows, or make them again as they were."""
    await pool.execute(_WALLET, owner, wallet)
    await pool.execute(_VERIFICATION, owner)
    await pool.execute(_WEBHOOK, WEBHOOK, owner)
    await pool.execute(_ISSUANCE, ISSUANCE, owner, wallet)
