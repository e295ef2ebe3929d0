"""Tokens of a collection, one token, and what an account or everybody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from steadymint.catalog.reads.query import COLLECTION_ID, VISIBLE, Query
from steadymint.domain.types import Address, ChainId, TokenId


@dataclass(frozen=True, slots=True)
class Token:
    """A row of `tokens`. `owner_address` is None for ERC-1155, whose owners are in the balances, and once burned."""

    chain_id: ChainId
    contract_address: Address
    token_number: int
    token_standard: str
    owner_address: Address | None
    supply: int
    burned: bool
    name: str | None
    image_url: str | None
    metadata_url: str | None
    minted_block: int | None
    minted_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class HeldToken(Token):
    """A token and how much of it one account holds."""

    quantity: int
    collection_name: str
    collection_slug: str


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of one token one account holds."""

    token_id: int
    owner: Address
    quantity: int
    updated_at: datetime


class AfterToken(NamedTuple):
    """Where a list by token id stands; the id in decimal, as JSON cannot hold it otherwise."""

    token_id: str


class AfterHolding(NamedTuple):
    token_id: str
    owner: str


class AfterHeldToken(NamedTuple):
    chain_id: str
    contract: str
    token_id: str


_COLUMNS: Final = """t.chain_id, t.contract_address, t.token_number, t.token_standard, t.owner_address, t.supply,
       t.burned, t.name, t.image_url, t.metadata_url, t.minted_block, t.minted_at, t.updated_at"""

_TOKENS: Final = f"""
SELECT {_COLUMNS}
FROM catalog_service.tokens t
WHERE t.collection_id = {COLLECTION_ID} AND t.token_number > coalesce($3::numeric, -1)
ORDER BY t.token_number LIMIT $4
"""  # noqa: S608 - constants

_TOKEN: Final = f"""
SELECT {_COLUMNS} FROM catalog_service.tokens t WHERE t.collection_id = {COLLECTION_ID} AND t.token_number = $3
"""  # noqa: S608 - constants

_HOLDINGS: Final = f"""
SELECT b.token_id, b.owner, b.quantity, b.updated_at
FROM catalog_service.token_balances b
WHERE b.chain_id = $1 AND b.contract = $2 AND {COLLECTION_ID} IS NOT NULL
  AND (b.token_id, b.owner) > (coalesce($3::numeric, -1), coalesce($4::text, ''))
ORDER BY b.token_id, b.owner LIMIT $5
"""  # noqa: S608 - constants

_HOLDINGS_OF_TOKEN: Final = f"""
SELECT b.token_id, b.owner, b.quantity, b.updated_at
FROM catalog_service.token_balances b
WHERE b.chain_id = $1 AND b.contract = $2 AND {COLLECTION_ID} IS NOT NULL
  AND b.token_id = $3 AND b.owner > coalesce($4::text, '')
ORDER BY b.owner LIMIT $5
"""  # noqa: S608 - constants

# The page is cut before its tokens are looked up, so that each is found by its key, however the planner guesses.
# The comparison names the owner too, though it is given: Postgres estimates a row comparison by its first column, and
# would otherwise take "after the only chain there is" for "no rows" and walk the primary key, past everybody's tokens.
_HELD: Final = f"""
    SELECT b.chain_id, b.contract, b.token_id, b.quantity, c.id AS collection_id, c.name, c.slug
    FROM catalog_service.token_balances b
    JOIN catalog_service.collections c ON c.chain_id = b.chain_id AND c.contract_address = b.contract AND {VISIBLE}
    WHERE b.owner = $1 AND (b.owner, b.chain_id, b.contract, b.token_id)
        > ($1, coalesce($2::text, ''), coalesce($3::text, ''), coalesce($4::numeric, -1))"""  # noqa: S608 - constants
_HELD_TOKENS: Final = f"""
SELECT {_COLUMNS}, h.quantity, h.name AS collection_name, h.slug AS collection_slug
FROM (%s) h
CROSS JOIN LATERAL (
    SELECT * FROM catalog_service.tokens t
    WHERE t.collection_id = h.collection_id AND t.token_number = h.token_id LIMIT 1
) t
ORDER BY h.chain_id, h.contract, h.token_id
"""  # noqa: S608 - constants


def tokens(chain_id: ChainId, contract: Address, *, after: AfterToken | None, limit: int) -> Query[Token]:
    """By token id, burned ones included."""
    return Query(Token, _TOKENS, (chain_id, contract, int(after.token_id) if after else None, limit))


def token(chain_id: ChainId, contract: Address, token_id: TokenId) -> Query[Token]:
    return Query(Token, _TOKEN, (chain_id, contract, token_id))


def holdings(
    chain_id: ChainId, contract: Address, *, token_id: TokenId | None, after: AfterHolding | None, limit: int
) -> Query[Holding]:
    """Who holds how much, by token id and owner; of one token if `token_id` is given."""
    owner = after.owner if after else None
    if token_id is not None:
        return Query(Holding, _HOLDINGS_OF_TOKEN, (chain_id, contract, token_id, owner, limit))
    number = int(after.token_id) if after else None
    return Query(Holding, _HOLDINGS, (chain_id, contract, number, owner, limit))


def held_tokens(
    owner: Address,
    *,
    after: AfterHeldToken | None,
    limit: int,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
) -> Query[HeldToken]:
    """What an account holds of both standards, by chain, contract and token id."""
    position: list[Any] = [after.chain_id, after.contract, int(after.token_id)] if after else [None, None, None]
    args: list[Any] = [owner, *position, limit]
    clauses = [_HELD]
    for column, value in (("b.chain_id", chain_id), ("b.contract", contract)):
        if value is not None:
            args.append(value)
            clauses.append(f"{column} = ${len(args)}")
    page = "\n      AND ".join(clauses) + "\n    ORDER BY b.chain_id, b.contract, b.token_id LIMIT $5"
    return Query(HeldToken, _HELD_TOKENS % page, tuple(args))
