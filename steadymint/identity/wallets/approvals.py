"""Whom a user's wallets let move tokens and currencies, as the indexer has read it. Reads of `wallet_service`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from steadymint.domain.types import Address, ChainId, TxHash, UserId

AfterApproval = tuple[str, str, str, str]
"""Owner, chain, contract and operator of a row: its place in the list."""

# A key is the same account on every chain, a contract is one on its own chain. One walk along the key for each account.
_STANDING: Final = """
WITH accounts AS (
    SELECT DISTINCT address, CASE WHEN bool_or(type = 'eoa') OVER (PARTITION BY address) THEN NULL ELSE chain_id END
        AS chain_id
    FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL
)
SELECT found.* FROM accounts CROSS JOIN LATERAL (
    SELECT a.owner, a.chain_id, a.contract, a.operator, a.standard, a.amount, a.approved_at AS since, a.tx_hash
    FROM wallet_service.approvals a
    WHERE a.owner = accounts.address AND a.approved AND (accounts.chain_id IS NULL OR a.chain_id = accounts.chain_id)
      AND ($2::text IS NULL OR (a.owner, a.chain_id, a.contract, a.operator) > ($2, $3::text, $4::text, $5::text))
    ORDER BY a.owner, a.chain_id, a.contract, a.operator LIMIT $6
) found
ORDER BY found.owner, found.chain_id, found.contract, found.operator LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class StandingApproval:
    """An approval that the chain has told and not taken back."""

    owner: Address
    chain_id: ChainId
    contract: Address
    operator: Address
    standard: str
    amount: int | None
    """Of a currency, as it was approved. What was spent of it since is not in it."""
    since: datetime
    tx_hash: TxHash

    @property
    def place(self) -> AfterApproval:
        return self.owner, self.chain_id, self.contract, self.operator


async def approvals_of(
    pool: asyncpg.Pool, user_id: UserId, *, after: AfterApproval | None, limit: int
) -> list[StandingApproval]:
    """The standing approvals of the user's linked wallets, by wallet, chain, contract and operator."""
    place = after or (None, None, None, None)
    return [StandingApproval(**row) for row in await pool.fetch(_STANDING, user_id, *place, limit)]
