"""Collections: the public list, one of them, its counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import OF_CONTRACT, VISIBLE, Query
from steadymint.domain.flows import Standard
from steadymint.domain.types import Address, Bytes32, ChainId, TxHash


@dataclass(frozen=True, slots=True)
class Collection:
    """A row of `collections` with its mint rules. Amounts in wei, `*_seconds` in Unix seconds as the contract holds
    them (up to 2^64-1), counts exact. `mint_price` is None where no rules are known (an imported collection)."""

    id: UUID
    chain_id: ChainId
    contract_address: Address
    standard: str
    slug: str
    name: str
    symbol: str | None
    description: str | None
    image_url: str | None
    banner_url: str | None
    website_url: str | None
    discord_url: str | None
    twitter_url: str | None
    creator: Address | None
    owner: Address | None
    max_supply: int | None
    total_supply: int
    total_minted: int
    royalty_bps: int | None
    royalty_receiver: Address | None
    payout_address: Address | None
    base_uri: str | None
    contract_uri: str | None
    paused: bool
    frozen: bool
    is_verified: bool
    index_status: str
    deployed_block: int | None
    deployed_tx_hash: TxHash | None
    created_at: datetime
    updated_at: datetime
    mint_price: int | None
    mint_limit_per_wallet: int | None
    mint_start_seconds: int | None
    mint_end_seconds: int | None
    mint_allowlist_root: Bytes32 | None


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """Counters as the projection and the market keep them; prices and volumes in the native currency."""

    chain_id: ChainId
    contract_address: Address
    total_supply: int
    total_minted: int
    items_count: int
    owners_count: int
    listed_count: int
    sales_count: int
    floor_price_native: Decimal | None
    floor_currency_symbol: str | None
    market_cap_est: Decimal | None
    volume_day: Decimal
    volume_week: Decimal
    volume_all: Decimal
    updated_at: datetime


class Newest(NamedTuple):
    """Where a list sorted by newest stands."""

    at: datetime
    id: UUID


# The limit of 1 keeps the planner to one look-up by key for each row shown, instead of a hash of all rules.
_COLLECTION: Final = """
SELECT c.id, c.chain_id, c.contract_address, c.standard, c.slug, c.name, c.symbol, c.description, c.image_url,
       c.banner_url, c.website_url, c.discord_url, c.twitter_url, c.creator, c.owner, c.max_supply, c.total_supply,
       c.total_minted, c.royalty_bps, c.royalty_receiver, c.payout_address, c.base_uri, c.contract_uri, c.paused,
       c.frozen, c.is_verified, c.index_status, c.deployed_block, c.deployed_tx_hash, c.created_at, c.updated_at,
       m.*
FROM catalog_service.collections c
LEFT JOIN LATERAL (
    SELECT m.price AS mint_price, m.limit_per_wallet AS mint_limit_per_wallet, m.start_seconds AS mint_start_seconds,
           m.end_seconds AS mint_end_seconds, m.allowlist_root AS mint_allowlist_root
    FROM catalog_service.collection_mint_config m WHERE m.collection_id = c.id LIMIT 1
) m ON true
"""

_STATS: Final = """
SELECT c.chain_id, c.contract_address, c.total_supply, c.total_minted,
       coalesce(s.items_count, 0) AS items_count, coalesce(s.owners_count, 0) AS owners_count,
       coalesce(s.listed_count, 0) AS listed_count, coalesce(s.sales_count, 0) AS sales_count,
       s.floor_price_native, s.floor_currency_symbol, s.market_cap_est, coalesce(s.volume_day, 0) AS volume_day,
       coalesce(s.volume_week, 0) AS volume_week, coalesce(s.volume_all, 0) AS volume_all,
       coalesce(s.last_updated_at, c.updated_at) AS updated_at
FROM catalog_service.collections c
LEFT JOIN catalog_service.collection_stats s ON s.collection_id = c.id
WHERE """

_EXISTS: Final = f"SELECT true FROM catalog_service.collections c WHERE {OF_CONTRACT}"  # noqa: S608 - constants

_FILTERS: Final = {"chain_id": "c.chain_id", "creator": "c.creator", "owner": "c.owner", "standard": "c.standard"}


def collections(
    *,
    after: Newest | None,
    limit: int,
    chain_id: ChainId | None = None,
    creator: Address | None = None,
    owner: Address | None = None,
    standard: Standard | None = None,
) -> Query[Collection]:
    """Newest first. The index is (created_at desc, id), hence the two directions in the keyset."""
    given: dict[str, Any] = {"chain_id": chain_id, "creator": creator, "owner": owner, "standard": standard}
    args: list[Any] = [after.at if after else None, after.id if after else None, limit]
    clauses = [VISIBLE, "c.created_at <= coalesce($1::timestamptz, 'infinity')"]
    if after:
        clauses.append("(c.created_at < $1::timestamptz OR c.id > $2::uuid)")
    else:
        clauses.append("$2::uuid IS NULL")
    for name, column in _FILTERS.items():
        if given[name] is not None:
            args.append(given[name])
            clauses.append(f"{column} = ${len(args)}")
    sql = _COLLECTION + "WHERE " + "\n  AND ".join(clauses) + "\nORDER BY c.created_at DESC, c.id LIMIT $3"
    return Query(Collection, sql, tuple(args))


def collection(chain_id: ChainId, contract: Address) -> Query[Collection]:
    return Query(Collection, _COLLECTION + "WHERE " + OF_CONTRACT, (chain_id, contract))


def collection_stats(chain_id: ChainId, contract: Address) -> Query[CollectionStats]:
    return Query(CollectionStats, _STATS + OF_CONTRACT, (chain_id, contract))


async def collection_exists(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> bool:
    """What an empty page of a collection's list is asked for: is there nothing in it, or no collection?"""
    return bool(await pool.fetchval(_EXISTS, chain_id, contract))
