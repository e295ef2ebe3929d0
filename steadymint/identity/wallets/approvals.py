"""Whom a user's wallets let move tokens and currencies, as the indexer has read it. Reads of `wallet_service`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from steadymint.domain.types import Address, ChainId, TxHash, UserId

AfterApproval = tuple[str, str, str, str]
"""Owner, chain, contract and operator of a row: its place in the list."""

# A key is the same account on every chain, a contract is one on its own chain. One walk along `approvals_standing_idx`
# for each account of a chain, which begins behind the last row of the page before: only that chain's standing approvals
# are read, whatever others have approved for the account elsewhere, and whatever was revoked.
STANDING: Final = """
WITH accounts AS (
    SELECT address, chain_id FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL
    UNION
    SELECT w.address, c.caip2 FROM wallet_service.wallet_links w CROSS JOIN chain_registry_service.chains c
    WHERE w.user_id = $1 AND w.unlinked_at IS NULL AND w.type = 'eoa'
), places AS (
    SELECT address, chain_id,
        CASE WHEN (address, chain_id) = ($2::text, $3::text) THEN $4::text ELSE '' END AS contract,
        CASE WHEN (address, chain_id) = ($2::text, $3::text) THEN $5::text ELSE '' END AS operator
    FROM accounts WHERE (address, chain_id) >= ($2::text, $3::text)
)
SELECT found.* FROM places CROSS JOIN LATERAL (
    SELECT a.owner, a.chain_id, a.contract, a.operator, a.standard, a.amount, a.approved_at AS since, a.tx_hash
    FROM wallet_service.approvals a
    WHERE a.owner = places.address AND a.chain_id = places.chain_id AND a.approved
      AND (a.contract, a.operator) > (places.contract, places.operator)
    ORDER BY a.contract, a.operator LIMIT $6
) found
ORDER BY found.owner, found.chain_id, found.contract, found.operator LIMIT $6
"""
FIRST: Final[AfterApproval] = ("", "", "", "")
"""Before every row."""


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
    return [StandingApproval(**row) for row in await pool.fetch(STANDING, user_id, *(after or FIRST), limit)]
