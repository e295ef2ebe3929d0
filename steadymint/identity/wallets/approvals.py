"""Whom a user's wallets let move tokens and currencies, and did, as the indexer has read it. Reads of
`wallet_service`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from steadymint.domain.types import Address, ChainId, TokenId, TxHash, UserId

AfterApproval = tuple[str, str, str, str, str]
"""Owner, chain, contract, operator and token of a row: its place in the list."""
AfterChange = tuple[datetime, str, int, str, str, str, str]
"""Time, chain, place, owner, operator, token and contract of a line of the history: its place in the list."""

_ACCOUNTS: Final = """
    SELECT address, chain_id FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL
    UNION
    SELECT w.address, c.caip2 FROM wallet_service.wallet_links w CROSS JOIN chain_registry_service.chains c
    WHERE w.user_id = $1 AND w.unlinked_at IS NULL AND w.type = 'eoa'"""

# A key is the same account on every chain, a contract is one on its own chain. One walk along `approvals_standing_idx`
# for each account of a chain, which begins behind the last row of the page before: only that chain's standing approvals
# are read, whatever others have approved for the account elsewhere, and whatever was revoked.
STANDING: Final = f"""
WITH accounts AS ({_ACCOUNTS}
), places AS (
    SELECT address, chain_id,
        CASE WHEN (address, chain_id) = ($2::text, $3::text) THEN $4::text ELSE '' END AS contract,
        CASE WHEN (address, chain_id) = ($2::text, $3::text) THEN $5::text ELSE '' END AS operator,
        CASE WHEN (address, chain_id) = ($2::text, $3::text) THEN $6::text ELSE '' END AS token
    FROM accounts WHERE (address, chain_id) >= ($2::text, $3::text)
)
SELECT found.* FROM places CROSS JOIN LATERAL (
    SELECT a.owner, a.chain_id, a.contract, a.operator, a.token, a.standard, a.amount, a.approved_at AS since,
        a.tx_hash, a.place >> 24 AS block
    FROM wallet_service.approvals a
    WHERE a.owner = places.address AND a.chain_id = places.chain_id AND a.approved
      AND (a.contract, a.operator, a.token) > (places.contract, places.operator, places.token)
    ORDER BY a.contract, a.operator, a.token LIMIT $7
) found
ORDER BY found.owner, found.chain_id, found.contract, found.operator, found.token LIMIT $7
"""  # noqa: S608 - constants
FIRST: Final[AfterApproval] = ("", "", "", "", "")
"""Before every row."""

# The same walks backwards in time, along `approvals_history_at_idx`, or along the index for the contract, for the
# operator, or for both. Lines of others are not read.
_CHANGES: Final = """
SELECT found.* FROM accounts CROSS JOIN LATERAL (
    SELECT h.owner, h.chain_id, h.contract, h.operator, h.token, h.standard, h.approved, h.amount, h.cause, h.tx_hash,
        h.at, h.place
    FROM wallet_service.approvals_history h
    WHERE h.owner = accounts.address AND h.chain_id = accounts.chain_id AND h.at <= $2
      AND (h.at, h.chain_id::text, h.place, h.owner::text, h.operator::text, h.token, h.contract::text)
        < ($2, $3::text, $4::bigint, $5::text, $6::text, $7::text, $8::text){conditions}
    ORDER BY h.at DESC, h.place DESC, h.operator DESC, h.token DESC, h.contract DESC LIMIT $9
) found
ORDER BY found.at DESC, found.chain_id DESC, found.place DESC, found.owner DESC, found.operator DESC, found.token DESC,
    found.contract DESC
LIMIT $9
"""
NEWEST: Final[AfterChange] = (datetime(9999, 1, 1, tzinfo=UTC), "~", 0, "~", "~", "~", "~")
"""Before every line."""


@dataclass(frozen=True, slots=True)
class StandingApproval:
    """An approval that the chain has told and not taken back."""

    owner: Address
    chain_id: ChainId
    contract: Address
    operator: Address
    token: str
    """The decimal id of the one token that may be moved; empty for all of them."""
    standard: str
    amount: int | None
    """Of a currency, as it was approved. What was spent of it since is not in it."""
    since: datetime
    tx_hash: TxHash
    block: int
    """Of the transaction."""

    @property
    def place(self) -> AfterApproval:
        return self.owner, self.chain_id, self.contract, self.operator, self.token

    @property
    def token_id(self) -> TokenId | None:
        return TokenId(int(self.token)) if self.token else None


async def approvals_of(
    pool: asyncpg.Pool, user_id: UserId, *, after: AfterApproval | None, limit: int
) -> list[StandingApproval]:
    """The standing approvals of the user's linked wallets, by wallet, chain, contract, operator and token."""
    return [StandingApproval(**row) for row in await pool.fetch(STANDING, user_id, *(after or FIRST), limit)]


@dataclass(frozen=True, slots=True)
class ApprovalChange:
    """An approval that was given, or has ended."""

    owner: Address
    chain_id: ChainId
    contract: Address
    operator: Address
    token: str
    """As of `StandingApproval`."""
    standard: str
    approved: bool
    amount: int | None
    cause: str
    """`event`; or what has ended the approval of one token without an event of its own: a `transfer`, or that it was
    `replaced` by another approval."""
    tx_hash: TxHash
    at: datetime
    number: int
    """Where its log stands on the chain."""

    @property
    def place(self) -> AfterChange:
        return self.at, self.chain_id, self.number, self.owner, self.operator, self.token, self.contract


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes are wanted. None is any."""

    wallet: Address | None = None
    chain_id: ChainId | None = None
    contract: Address | None = None
    operator: Address | None = None


def changes_query(
    user_id: UserId, wanted: ChangeFilter, *, after: AfterChange | None, limit: int
) -> tuple[str, tuple[Any, ...]]:
    """The statement and its arguments."""
    arguments: list[Any] = [user_id, *(after or NEWEST), limit]

    def test(column: str, value: str | None) -> str:
        if value is None:
            return ""
        arguments.append(value)
        return f" AND {column} = ${len(arguments)}"

    accounts = test("address", wanted.wallet) + test("chain_id", wanted.chain_id)
    conditions = test("h.contract", wanted.contract) + test("h.operator", wanted.operator)
    every = f"SELECT * FROM ({_ACCOUNTS}) a WHERE true{accounts}"  # noqa: S608 - constants
    return f"WITH accounts AS ({every}) {_CHANGES.format(conditions=conditions)}", tuple(arguments)


async def approval_changes(
    pool: asyncpg.Pool, user_id: UserId, wanted: ChangeFilter, *, after: AfterChange | None, limit: int
) -> list[ApprovalChange]:
    """What the user's linked wallets have approved and taken back, the newest first."""
    statement, arguments = changes_query(user_id, wanted, after=after, limit=limit)
    return [_change(row) for row in await pool.fetch(statement, *arguments)]


def _change(row: asyncpg.Record) -> ApprovalChange:
    values = dict(row)
    return ApprovalChange(number=values.pop("place"), **values)
