"""Tables of the catalog service: tokens, balances, holders, transfers, activity."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    Holding,
    HotText,
    Table,
    Tally,
    Time,
    Uint256,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class Token(Table, table=True):
    """One token: an ERC-721, or an id of an ERC-1155."""

    __tablename__ = "tokens"
    __table_args__ = (
        UniqueConstraint("collection_id", "token_number"),
        index(
            "tokens_minted_at_idx",
            "collection_id",
            "coalesce(minted_at, '-infinity'::timestamptz)",
            "token_number",
        ),
        check("supply", "supply >= 0"),
        check("metadata_status", "metadata_status in ('ok', 'failed')"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    """Derived from chain, contract and token number."""
    collection_id: UUID = required(UuidColumn)
    chain_id: str = required(HotText)
    family: str = required(Text, default="'evm'")
    contract_address: str | None = optional(HotText)
    mint_address: str | None = optional(Text)
    inscription_id: str | None = optional(Text)
    token_number: int = required(Uint256)
    token_standard: str = required(Text)
    supply: int = required(Tally, default="1")
    burned: bool = required(Boolean, default="false")
    name: str | None = optional(Text)
    image_url: str | None = optional(Text)
    metadata_url: str | None = optional(Text)
    metadata_doc: str | None = optional(Text)
    """_id of its document in metadata.docs."""
    owner_address: str | None = optional(HotText)
    """ERC-721 only; null once burned."""
    minted_block: int | None = optional(BigInteger)
    minted_at: datetime | None = optional(Time)
    minted_tx_hash: str | None = optional(HotText)
    last_transfer_block: int | None = optional(BigInteger)
    last_refresh_at: datetime | None = optional(Time)
    updated_at: datetime = required(Time)
    """Time of the block that changed it last."""
    metadata_status: str | None = optional(Text)
    """Null until the document was read once."""
    metadata_error: str | None = optional(Text)
    animation_url: str | None = optional(Text)


class TokenBalance(Table, table=True):
    """Who holds how many of what, for both standards. A balance of zero has no row."""

    __tablename__ = "token_balances"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        index("token_balances_owner_idx", "owner", "chain_id", "contract", "token_id"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(HotText)
    contract: str = key(HotText)
    token_id: int = key(Uint256)
    owner: str = key(HotText)
    quantity: int = required(Tally)
    updated_at: datetime = required(Time)
    """Time of the block that changed it last."""


class CollectionOwner(Table, table=True):
    """Who holds how many of a collection, all its tokens together. A holder of nothing has no row."""

    __tablename__ = "collection_owners"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        index("collection_owners_quantity_idx", "collection_id", "quantity desc", "owner"),
        index("collection_owners_portfolio_idx", "owner", "quantity desc", "collection_id"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn)
    owner: str = key(HotText)
    quantity: int = required(Holding)
    updated_at: datetime = required(Time)
    """Time of the block that moved one of its tokens last."""


class OwnershipTransfer(Table, table=True):
    """Every movement of every token, as the chain ordered them. `batch_index` counts within one ERC-1155 batch."""

    __tablename__ = "ownership_transfers"
    __table_args__ = ({"schema": "catalog_service"},)

    chain_id: str = key(HotText)
    block_number: int = key(BigInteger)
    log_index: int = key(Integer)
    batch_index: int = key(Integer, default="0")
    contract: str = required(HotText)
    token_id: int = required(Uint256)
    from_addr: str = required(HotText)
    to_addr: str = required(HotText)
    operator: str | None = optional(HotText)
    """Who moved it; ERC-1155 only, ERC-721 does not say."""
    quantity: int = required(Uint256, default="1")
    standard: str = required(Text)
    tx_hash: str = required(HotText)
    at: datetime = required(Time)
    """Time of the block."""


class Activity(Table, table=True):
    """What happened, as people read it: on chain and off it, newest first by (timestamp, block, log, batch)."""

    __tablename__ = "activities"
    __table_args__ = (
        check("type", "type in ('listed', 'offer', 'sale', 'transfer', 'mint', 'burn')"),
        index("activities_collection_idx", "collection_id", "timestamp", "block_number", "log_index", "batch_index"),
        index(
            "activities_type_idx",
            "collection_id",
            "type",
            "timestamp",
            "block_number",
            "log_index",
            "batch_index",
            where="type <> 'transfer'",
        ),
        index("activities_token_idx", "token_id", "timestamp", "block_number", "log_index", "batch_index"),
        index("activities_to_idx", "to_address", "timestamp", "block_number", "log_index", "batch_index"),
        index(
            "activities_from_idx",
            "from_address",
            "timestamp",
            "block_number",
            "log_index",
            "batch_index",
            where="type <> 'mint'",
        ),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    """On chain: derived from chain, block, log and batch."""
    collection_id: UUID = required(UuidColumn)
    token_id: UUID | None = optional(UuidColumn)
    chain_id: str = required(HotText)
    contract: str | None = optional(HotText)
    token_number: int | None = optional(Uint256)
    type: str = required(Text)
    from_address: str | None = optional(HotText)
    to_address: str | None = optional(HotText)
    quantity: int = required(Uint256, default="1")
    price_native: Decimal | None = optional(Numeric(78, 18))
    price_native_text: str | None = optional(Text)
    currency_symbol: str | None = optional(Text)
    tx_hash: str | None = optional(HotText)
    block_number: int = required(BigInteger, default="0")
    """0 off chain."""
    log_index: int = required(Integer, default="0")
    batch_index: int = required(Integer, default="0")
    block_or_slot: str | None = optional(Text)
    """For families that do not count blocks."""
    marketplace: str | None = optional(Text)
    timestamp: datetime = required(Time)


class NftFlags(Table, table=True):
    """What an operator or a detector says of a token."""

    __tablename__ = "nft_flags"
    __table_args__ = ({"schema": "catalog_service"},)

    chain_id: str = key(Caip2Chain)
    contract: str = key(EvmAddress)
    token_id: int = key(Uint256)
    is_flagged: bool = required(Boolean, default="false")
    is_spam: bool = required(Boolean, default="false")
    is_frozen: bool = required(Boolean, default="false")
    is_nsfw: bool = required(Boolean, default="false")
    refreshable: bool = required(Boolean, default="true")
    reason_json: Any = required(JSONB, default="'{}'")
    updated_at: datetime = required(Time, default="now()")
