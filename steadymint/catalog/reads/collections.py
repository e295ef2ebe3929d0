"""One collection, and its counters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import OF_CONTRACT, VISIBLE, Query
from steadymint.domain.types import Address, Bytes32, ChainId, TxHash


@dataclass(frozen=True, slots=True)
class Collection:
    """A row of `collections` with its mint rules.

    `mint_price` is in wei, and None if no rules are known, as for an imported collection. `*_seconds` are Unix seconds
    as the contract holds them, up to 2^64-1.
    """

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
    items_count: int | None
    owners_count: int | None
    floor_price_native: Decimal | int | None
    floor_currency_symbol: str | None
    volume_all: Decimal | int | None


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """The counters of a collection. Prices and volumes are in the native currency."""

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
    sales_day: int
    sales_week: int
    updated_at: datetime


_INDEX_STATUS: Final = """case when c.index_status = 'synced' and exists (
           select from indexer_service.indexer_checkpoints k where k.chain_id = c.chain_id and k.state = 'history')
       then 'syncing' else c.index_status end as index_status"""
"""`syncing` while the chain is read for the first time, because tokens of its collections are not shown until then."""
COLUMNS: Final = f"""c.id, c.chain_id, c.contract_address, c.standard, c.slug, c.name, c.symbol, c.description,
       c.image_url, c.banner_url, c.website_url, c.discord_url, c.twitter_url, c.creator, c.owner, c.max_supply,
       c.total_supply, c.total_minted, c.royalty_bps, c.royalty_receiver, c.payout_address, c.base_uri, c.contract_uri,
       c.paused, c.frozen, c.is_verified, {_INDEX_STATUS}, c.deployed_block, c.deployed_tx_hash, c.created_at,
       c.updated_at,
       m.*, s.*"""
# With the limit of 1 the planner makes one look-up by key for each row shown, instead of a hash of all rules.
BESIDE: Final = """
LEFT JOIN LATERAL (
    SELECT m.price AS mint_price, m.limit_per_wallet AS mint_limit_per_wallet, m.start_seconds AS mint_start_seconds,
           m.end_seconds AS mint_end_seconds, m.allowlist_root AS mint_allowlist_root
    FROM catalog_service.collection_mint_config m WHERE m.collection_id = c.id LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    SELECT s.items_count, s.owners_count, s.floor_price_native, s.floor_currency_symbol, s.volume_all
    FROM catalog_service.collection_stats s WHERE s.collection_id = c.id LIMIT 1
) s ON true
"""
"""The mint rules and counters of a collection `c`."""
_COLLECTION: Final = f"SELECT {COLUMNS}\nFROM catalog_service.collections c{BESIDE}"

# The keys drive: each is one look-up in the index of contracts, however many there are.
_NAMED: Final = f"""SELECT {COLUMNS}
FROM unnest($1::text[], $2::text[]) AS k (chain, contract)
JOIN catalog_service.collections c ON c.chain_id = k.chain AND c.contract_address = k.contract AND {VISIBLE}{BESIDE}
"""  # noqa: S608 - constants

_STATS: Final = """
SELECT c.chain_id, c.contract_address, c.total_supply, c.total_minted,
       coalesce(s.items_count, 0) AS items_count, coalesce(s.owners_count, 0) AS owners_count,
       coalesce(s.listed_count, 0) AS listed_count, coalesce(s.sales_count, 0) AS sales_count,
       s.floor_price_native, s.floor_currency_symbol, s.market_cap_est, coalesce(v.volume_day, 0) AS volume_day,
       coalesce(v.volume_week, 0) AS volume_week, coalesce(s.volume_all, 0) AS volume_all,
       coalesce(v.sales_day, 0) AS sales_day, coalesce(v.sales_week, 0) AS sales_week,
       coalesce(s.last_updated_at, c.updated_at) AS updated_at
FROM catalog_service.collections c
LEFT JOIN catalog_service.collection_stats s ON s.collection_id = c.id
LEFT JOIN LATERAL (
    SELECT * FROM catalog_service.collection_volumes v WHERE v.collection_id = c.id
) v ON true
WHERE """

_EXISTS: Final = f"SELECT true FROM catalog_service.collections c WHERE {OF_CONTRACT}"  # noqa: S608 - constants


def collection(chain_id: ChainId, contract: Address) -> Query[Collection]:
    return Query(Collection, _COLLECTION + "WHERE " + OF_CONTRACT, (chain_id, contract))


def collections_named(keys: Sequence[tuple[ChainId, Address]]) -> Query[Collection]:
    """The collections of these contracts that are shown, in no order."""
    return Query(Collection, _NAMED, ([chain for chain, _ in keys], [contract for _, contract in keys]))


def collection_stats(chain_id: ChainId, contract: Address) -> Query[CollectionStats]:
    return Query(CollectionStats, _STATS + OF_CONTRACT, (chain_id, contract))


async def collection_exists(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> bool:
    """Whether the catalog has the collection. A list inside a collection asks this if its page is empty."""
    return bool(await pool.fetchval(_EXISTS, chain_id, contract))
