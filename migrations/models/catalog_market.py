"""Tables of the catalog service: the market."""

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
    EvmBytes32,
    EvmTxHash,
    Table,
    Time,
    Uint256,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class Marketplace(Table, table=True):
    """Where something is for sale."""

    __tablename__ = "marketplaces"
    __table_args__ = (
        UniqueConstraint("name"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    name: str = required(Text)
    url: str | None = optional(Text)
    created_at: datetime = required(Time, default="now()")


class Order(Table, table=True):
    """A signed order. `ask` sells, `bid` buys; without a token number it is about any token of the contract."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("chain_id", "order_hash"),
        check("side", "side in ('ask', 'bid')"),
        check("quantity", "quantity > 0 and quantity_filled <= quantity"),
        check("price_native", "price_native >= 0"),
        check("end_at", "end_at > start_at"),
        check("status", "status in ('open', 'filled', 'cancelled', 'expired', 'invalid')"),
        index("orders_token_id_idx", "token_id", "status"),
        index("orders_collection_id_idx", "collection_id"),
        index("orders_item_idx", "chain_id", "contract", "token_number"),
        index("orders_maker_idx", "maker", "created_at desc", "id"),
        index("orders_open_end_at_idx", "end_at", where="status = 'open'"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    order_hash: str | None = optional(EvmBytes32)
    token_id: UUID | None = optional(UuidColumn)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    chain_id: str = required(Caip2Chain)
    contract: str = required(EvmAddress)
    token_number: int | None = optional(Uint256)
    side: str = required(Text)
    maker: str = required(EvmAddress)
    taker: str | None = optional(EvmAddress)
    quantity: int = required(Uint256, default="1")
    quantity_filled: int = required(Uint256, default="0")
    price_amount: int | None = optional(Uint256)
    price_native: Decimal = required(Numeric())
    price_native_text: str | None = optional(Text)
    currency_symbol: str = required(Text)
    currency_address: str | None = optional(EvmAddress)
    """Null for the native currency."""
    protocol: str | None = optional(Text)
    protocol_data: Any = required(JSONB, default="'{}'")
    start_at: datetime = required(Time)
    end_at: datetime | None = optional(Time)
    signature: str | None = optional(Text)
    salt: int | None = optional(Uint256)
    counter: int | None = optional(Uint256)
    source_marketplace: str | None = optional(Text)
    status: str = required(Text, default="'open'")
    status_reason: str | None = optional(Text)
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class OrderFill(Table, table=True):
    """A part of an order that was carried out on chain."""

    __tablename__ = "order_fills"
    __table_args__ = (
        UniqueConstraint("chain_id", "tx_hash", "log_index", "order_id"),
        check("price_native", "price_native >= 0"),
        index("order_fills_order_id_idx", "order_id", "filled_at"),
        index("order_fills_block_number_idx", "chain_id", "block_number"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    order_id: UUID = required(UuidColumn, references="catalog_service.orders.id", on_delete="CASCADE")
    chain_id: str = required(Caip2Chain)
    tx_hash: str = required(EvmTxHash)
    block_number: int | None = optional(BigInteger)
    log_index: int | None = optional(Integer)
    taker: str | None = optional(EvmAddress)
    quantity: int = required(Uint256, default="1")
    price_amount: int | None = optional(Uint256)
    price_native: Decimal = required(Numeric())
    filled_at: datetime = required(Time)


class Listing(Table, table=True):
    """A token that is for sale at a price."""

    __tablename__ = "listings"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        check("price_native", "price_native >= 0"),
        check("expires_at", "expires_at > listed_at"),
        index("listings_token_id_idx", "token_id"),
        index("listings_collection_id_idx", "collection_id"),
        index("listings_active_token_idx", "token_id", "price_native", where="is_active"),
        index("listings_floor_idx", "collection_id", "price_native", "id", where="is_active"),
        index("listings_item_idx", "chain_id", "contract", "token_number"),
        index("listings_seller_idx", "seller_address", "listed_at desc", "id"),
        index("listings_expires_at_idx", "expires_at", where="is_active"),
        index("listings_order_id_idx", "order_id"),
        index("listings_marketplace_id_idx", "marketplace_id"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    token_id: UUID | None = optional(UuidColumn)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    order_id: UUID | None = optional(UuidColumn, references="catalog_service.orders.id", on_delete="SET NULL")
    marketplace_id: UUID = required(UuidColumn, references="catalog_service.marketplaces.id")
    chain_id: str = required(Caip2Chain)
    contract: str = required(EvmAddress)
    token_number: int = required(Uint256)
    quantity: int = required(Uint256, default="1")
    price_amount: int | None = optional(Uint256)
    price_native: Decimal = required(Numeric())
    price_native_text: str = required(Text)
    currency_symbol: str = required(Text)
    currency_address: str | None = optional(EvmAddress)
    is_active: bool = required(Boolean, default="true")
    seller_address: str = required(EvmAddress)
    url: str | None = optional(Text)
    tx_hash: str | None = optional(EvmTxHash)
    listed_at: datetime = required(Time)
    expires_at: datetime | None = optional(Time)
    updated_at: datetime = required(Time, default="now()")


class Offer(Table, table=True):
    """A bid on a token, or without a token number on any of a collection."""

    __tablename__ = "offers"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        check("price_native", "price_native >= 0"),
        check("expires_at", "expires_at > created_at"),
        index("offers_token_id_idx", "token_id"),
        index("offers_collection_id_idx", "collection_id"),
        index("offers_active_token_idx", "token_id", "price_native desc", where="is_active"),
        index("offers_active_collection_idx", "collection_id", "price_native desc", "id", where="is_active"),
        index("offers_item_idx", "chain_id", "contract", "token_number"),
        index("offers_from_idx", "from_address", "created_at desc", "id"),
        index("offers_expires_at_idx", "expires_at", where="is_active"),
        index("offers_order_id_idx", "order_id"),
        index("offers_marketplace_id_idx", "marketplace_id"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    token_id: UUID | None = optional(UuidColumn)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    order_id: UUID | None = optional(UuidColumn, references="catalog_service.orders.id", on_delete="SET NULL")
    marketplace_id: UUID = required(UuidColumn, references="catalog_service.marketplaces.id")
    chain_id: str = required(Caip2Chain)
    contract: str = required(EvmAddress)
    token_number: int | None = optional(Uint256)
    quantity: int = required(Uint256, default="1")
    price_amount: int | None = optional(Uint256)
    price_native: Decimal = required(Numeric())
    price_native_text: str = required(Text)
    currency_symbol: str = required(Text)
    currency_address: str | None = optional(EvmAddress)
    is_active: bool = required(Boolean, default="true")
    from_address: str = required(EvmAddress)
    tx_hash: str | None = optional(EvmTxHash)
    created_at: datetime = required(Time, default="now()")
    expires_at: datetime | None = optional(Time)
    updated_at: datetime = required(Time, default="now()")


class Sale(Table, table=True):
    """A sale that happened on chain."""

    __tablename__ = "sales"
    __table_args__ = (
        UniqueConstraint("chain_id", "tx_hash", "log_index", "batch_index"),
        check("quantity", "quantity > 0"),
        check("price_native", "price_native >= 0"),
        index("sales_token_id_idx", "token_id", "occurred_at desc"),
        index("sales_collection_id_idx", "collection_id", "occurred_at desc", "id"),
        index("sales_block_number_idx", "chain_id", "block_number"),
        index("sales_seller_idx", "seller_address", "occurred_at desc"),
        index("sales_buyer_idx", "buyer_address", "occurred_at desc"),
        index("sales_order_id_idx", "order_id"),
        index("sales_marketplace_id_idx", "marketplace_id"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    token_id: UUID | None = optional(UuidColumn)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    order_id: UUID | None = optional(UuidColumn, references="catalog_service.orders.id", on_delete="SET NULL")
    marketplace_id: UUID = required(UuidColumn, references="catalog_service.marketplaces.id")
    chain_id: str = required(Caip2Chain)
    contract: str = required(EvmAddress)
    token_number: int = required(Uint256)
    seller_address: str | None = optional(EvmAddress)
    buyer_address: str | None = optional(EvmAddress)
    quantity: int = required(Uint256, default="1")
    price_amount: int | None = optional(Uint256)
    price_native: Decimal = required(Numeric())
    price_native_text: str = required(Text)
    currency_symbol: str = required(Text)
    currency_address: str | None = optional(EvmAddress)
    tx_hash: str = required(EvmTxHash)
    block_number: int | None = optional(BigInteger)
    log_index: int | None = optional(Integer)
    batch_index: int = required(Integer, default="0")
    occurred_at: datetime = required(Time)
