"""Tables of the catalog service: collections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Numeric, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    EvmBytes32,
    EvmTxHash,
    Table,
    Time,
    Total,
    Uint256,
    UuidColumn,
    check,
    index,
    key,
    numbered,
    optional,
    required,
)


class ChainNumber(Table, table=True):
    """A chain's number within the catalog."""

    __tablename__ = "chain_numbers"
    __table_args__ = (
        UniqueConstraint("chain_id"),
        {"schema": "catalog_service"},
    )

    no: int = numbered(SmallInteger)
    chain_id: str = required(Caip2Chain)
    symbol: str | None = optional(Text)
    """Of its currency."""


class Collection(Table, table=True):
    """A collection: chain facts are a fold of `collection_events`, the rest is what its owner and we say about it."""

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("chain_id", "contract_address"),
        check("slug", "slug ~ '^[a-z0-9][a-z0-9-]{0,127}$'"),
        check("standard", "standard in ('erc721', 'erc1155')"),
        check("source", "source in ('factory', 'import')"),
        check("royalty_bps", "royalty_bps between 0 and 10000"),
        check("supplies", "total_supply >= 0 and total_minted >= 0"),
        check("mint_limit_per_wallet", "mint_limit_per_wallet > 0"),
        check("market", "floor_price >= 0 and volume_traded >= 0"),
        check("status", "status in ('active', 'disabled', 'removed')"),
        check("index_status", "index_status in ('pending', 'syncing', 'synced', 'failed', 'halted')"),
        check("incarnation", "incarnation > 0"),
        check("metadata_status", "metadata_status in ('ok', 'failed')"),
        index("collections_created_at_idx", "created_at desc", "id", where="not is_hidden"),
        index("collections_creator_idx", "creator", "created_at desc", "id"),
        index("collections_owner_idx", "owner", "created_at desc", "id"),
        index("collections_chain_idx", "chain_id", "created_at desc", "id", where="not is_hidden"),
        index("collections_standard_idx", "standard", "created_at desc", "id", where="not is_hidden"),
        index("collections_chain_standard_idx", "chain_id", "standard", "created_at desc", "id", where="not is_hidden"),
        index("collections_verified_idx", "created_at desc", "id", where="is_verified and not is_hidden"),
        index("collections_syncing_idx", "chain_id", "contract_address", where="index_status = 'syncing'"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    """Derived from chain and contract."""
    slug: str = required(Text)
    name: str = required(Text)
    symbol: str | None = optional(Text)
    description: str | None = optional(Text)
    category: str | None = optional(Text)
    image_url: str | None = optional(Text)
    banner_url: str | None = optional(Text)
    website_url: str | None = optional(Text)
    discord_url: str | None = optional(Text)
    twitter_url: str | None = optional(Text)
    instagram_url: str | None = optional(Text)
    telegram_url: str | None = optional(Text)
    medium_url: str | None = optional(Text)
    social_links_json: Any = required(JSONB, default="'{}'")
    chain_id: str = required(Caip2Chain)
    contract_address: str = required(EvmAddress)
    standard: str = required(Text)
    collection_type: str | None = optional(Text)
    metadata_standard: str | None = optional(Text)
    source: str = required(Text, default="'factory'")
    creator: str | None = optional(EvmAddress)
    owner: str | None = optional(EvmAddress)
    implementation: str | None = optional(EvmAddress)
    factory: str | None = optional(EvmAddress)
    reference: str | None = optional(EvmBytes32)
    """The salt it was created with."""
    paused: bool = required(Boolean, default="false")
    frozen: bool = required(Boolean, default="false")
    base_uri: str | None = optional(Text)
    contract_uri: str | None = optional(Text)
    royalty_bps: int | None = optional(Integer)
    royalty_receiver: str | None = optional(EvmAddress)
    payout_address: str | None = optional(EvmAddress)
    max_supply: int | None = optional(Uint256)
    """Null for no limit."""
    total_supply: int = required(Total, default="0")
    """A sum of uint256 may pass 2^256."""
    total_minted: int = required(Total, default="0")
    mint_price: int | None = optional(Uint256)
    """Wei."""
    mint_price_text: str | None = optional(Text)
    """The same in the native currency, exact."""
    mint_limit_per_wallet: int | None = optional(BigInteger)
    mint_start_time: datetime | None = optional(Time)
    mint_end_time: datetime | None = optional(Time)
    """Exclusive; the exact seconds are in `collection_mint_config`."""
    mint_allowlist_root: str | None = optional(EvmBytes32)
    floor_price: Decimal | None = optional(Numeric())
    floor_currency_symbol: str | None = optional(Text)
    volume_traded: Decimal = required(Numeric(), default="0")
    is_verified: bool = required(Boolean, default="false")
    is_hidden: bool = required(Boolean, default="false")
    status: str = required(Text, default="'active'")
    index_status: str = required(Text, default="'synced'")
    inconsistent_reason: str | None = optional(Text)
    """Why the contract's word and its events disagree."""
    incarnation: int = required(Integer, default="1")
    """Raised when the address is created anew."""
    tags_json: Any = required(JSONB, default="'[]'")
    settings_json: Any = required(JSONB, default="'{}'")
    deployed_block: int | None = optional(BigInteger)
    deployed_block_hash: str | None = optional(EvmBytes32)
    deployed_tx_hash: str | None = optional(EvmTxHash)
    deployed_at: datetime | None = optional(Time)
    last_event_block: int | None = optional(BigInteger)
    created_at: datetime = required(Time)
    updated_at: datetime = required(Time)
    metadata_doc: str | None = optional(Text)
    """_id of its own document in metadata.docs."""
    metadata_status: str | None = optional(Text)
    metadata_error: str | None = optional(Text)
    no: int = numbered(Integer, unique=True)
    """By which rows of the hot tables name it."""
    chain_no: int = required(SmallInteger)
    """Its chain's number in `chain_numbers`; filled by a trigger."""


class CollectionBinding(Table, table=True):
    """Every deployment of a collection, on any chain of any family."""

    __tablename__ = "collection_bindings"
    __table_args__ = (
        UniqueConstraint("chain_id", "contract_address"),
        check("family", "(family = 'evm') = (contract_address is not null) and family ~ '^[a-z0-9]{1,16}$'"),
        index("collection_bindings_collection_id_idx", "collection_id"),
        index("collection_bindings_primary_key", "collection_id", unique=True, where="is_primary"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    collection_id: UUID = required(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    chain_id: str = required(Caip2Chain)
    family: str = required(Text, default="'evm'")
    token_standard: str = required(Text)
    contract_address: str | None = optional(EvmAddress)
    mint_authority: str | None = optional(Text)
    inscription_id: str | None = optional(Text)
    is_primary: bool = required(Boolean, default="true")


class CollectionRole(Table, table=True):
    """Who holds which role on a contract now. A role we know goes by its name, any other by its hash."""

    __tablename__ = "collection_roles"
    __table_args__ = (
        check("role", "role ~ '^([A-Z][A-Z0-9_]{0,63}|0x[0-9a-f]{64})$'"),
        index("collection_roles_account_idx", "account", "chain_id"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(Caip2Chain)
    address: str = key(EvmAddress)
    """The collection's contract."""
    role: str = key(Text)
    account: str = key(EvmAddress)
    granted_at: datetime = required(Time)
    granted_by: str | None = optional(EvmAddress)


class CollectionMintConfig(Table, table=True):
    """The mint rules of a collection exactly as the contract holds them."""

    __tablename__ = "collection_mint_config"
    __table_args__ = (
        check("limit", "limit_per_wallet > 0"),
        index("collection_mint_config_allowlist_idx", "allowlist_root", where="allowlist_root is not null"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    price: int = required(Uint256, default="0")
    """Wei per unit."""
    mint_price_text: str | None = optional(Text)
    limit_per_wallet: int | None = optional(BigInteger)
    """Null for no limit."""
    start_seconds: int | None = optional(Uint256)
    """Unix seconds as emitted: a uint64 reaches beyond what a timestamptz can hold."""
    end_seconds: int | None = optional(Uint256)
    start_date: datetime | None = optional(Time)
    """Null for at once, and where the calendar ends."""
    end_date: datetime | None = optional(Time)
    """Exclusive."""
    allowlist_root: str | None = optional(EvmBytes32)
    block_number: int = required(BigInteger)
    updated_at: datetime = required(Time)


class Allowlist(Table, table=True):
    """An allowlist that was published, by its root. It names none of its addresses."""

    __tablename__ = "allowlists"
    __table_args__ = (
        check("nodes", "length(nodes) % 64 = 32"),
        index("allowlists_published_by_idx", "published_by", "created_at", where="published_by is not null"),
        index("allowlists_unnamed_idx", "published_at", where="not named"),
        {"schema": "catalog_service"},
    )

    root: str = key(EvmBytes32)
    nodes: bytes = required(LargeBinary)
    """The hashes of its tree, 32 bytes each, the root first."""
    published_by: UUID | None = optional(UuidColumn)
    """Who was the first; null once their account is erased."""
    created_at: datetime = required(Time, default="now()")
    published_at: datetime = required(Time, default="now()")
    """The last time."""
    named: bool = required(Boolean, default="false")
    """A collection names it, or has named it; a sweep says so."""


class CollectionEvent(Table, table=True):
    """What a collection's contract said about itself. State is a fold of these; a rollback deletes and folds again."""

    __tablename__ = "collection_events"
    __table_args__ = (
        check("position", "block_number >= 0 and log_index >= 0"),
        check("args", "jsonb_typeof(args) = 'object'"),
        index("collection_events_contract_idx", "chain_id", "contract", "block_number", "log_index"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(Caip2Chain)
    block_number: int = key(BigInteger)
    log_index: int = key(Integer)
    tx_hash: str = required(EvmTxHash)
    contract: str = key(EvmAddress)
    name: str = required(Text)
    args: Any = required(JSONB, default="'{}'")
    """Integers as decimal strings."""
    at: datetime = required(Time)
    """Time of the block."""


class CollectionStats(Table, table=True):
    """Counts and sums of a collection, kept by the projection and the market. Prices in the native currency."""

    __tablename__ = "collection_stats"
    __table_args__ = (
        check("counts", "items_count >= 0 and owners_count >= 0 and listed_count >= 0 and sales_count >= 0"),
        check("volumes", "volume_day >= 0 and volume_week >= 0 and volume_all >= 0"),
        index("collection_stats_volume_idx", "volume_all", "collection_id"),
        index(
            "collection_stats_floor_idx",
            "floor_price_native",
            "collection_id",
            where="floor_price_native is not null",
        ),
        index("collection_stats_items_idx", "items_count", "collection_id"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    items_count: int = required(BigInteger, default="0")
    owners_count: int = required(BigInteger, default="0")
    listed_count: int = required(BigInteger, default="0")
    sales_count: int = required(BigInteger, default="0")
    floor_price_native: Decimal | None = optional(Numeric())
    floor_currency_symbol: str | None = optional(Text)
    market_cap_est: Decimal | None = optional(Numeric())
    volume_day: Decimal = required(Numeric(), default="0")
    volume_week: Decimal = required(Numeric(), default="0")
    volume_all: Decimal = required(Numeric(), default="0")
    last_updated_at: datetime = required(Time)
