"""Tables of the catalog service: fills and sales."""

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


class OrderFill(Table, table=True):
    """A part of an order, ours or not, that was carried out on chain."""

    __tablename__ = "order_fills"
    __table_args__ = (
        check("amounts", "quantity >= 0 and price_amount >= 0 and price_native >= 0"),
        index("order_fills_order_idx", "order_id", "place"),
        index("order_fills_place_idx", "chain_id", "place"),
        index("order_fills_taker_idx", "taker", "filled_at"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    chain_id: str = required(Caip2Chain)
    place: int = required(BigInteger)
    order_id: UUID = required(UuidColumn)
    order_hash: str = required(EvmBytes32)
    maker: str = required(EvmAddress)
    taker: str = required(EvmAddress)
    quantity: int = required(Total)
    price_amount: int | None = optional(Total)
    price_native: Decimal | None = optional(Numeric())
    currency_address: str | None = optional(EvmAddress)
    tx_hash: str = required(EvmTxHash)
    filled_at: datetime = required(Time)


class OrderCancel(Table, table=True):
    """An order, ours or not, that was cancelled on chain."""

    __tablename__ = "order_cancels"
    __table_args__ = (
        index("order_cancels_order_idx", "order_id"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(Caip2Chain)
    place: int = key(BigInteger)
    order_id: UUID = required(UuidColumn)
    order_hash: str = required(EvmBytes32)
    maker: str = required(EvmAddress)
    tx_hash: str = required(EvmTxHash)


class OrderValidation(Table, table=True):
    """An order that its maker validated on chain, which needs no signature."""

    __tablename__ = "order_validations"
    __table_args__ = (
        index("order_validations_order_idx", "order_id"),
        index("order_validations_contract_idx", "chain_id", "contract"),
        index("order_validations_new_idx", "chain_id", "place", where="taken_at is null"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(Caip2Chain)
    place: int = key(BigInteger)
    order_id: UUID = required(UuidColumn)
    order_hash: str = required(EvmBytes32)
    contract: str | None = optional(EvmAddress)
    """Of its tokens."""
    components: Any = required(JSONB)
    tx_hash: str = required(EvmTxHash)
    taken_at: datetime | None = optional(Time)


class CounterIncrement(Table, table=True):
    """A maker has cancelled all orders under the counter before."""

    __tablename__ = "counter_increments"
    __table_args__ = (
        index("counter_increments_maker_idx", "chain_id", "maker", "place"),
        {"schema": "catalog_service"},
    )

    chain_id: str = key(Caip2Chain)
    place: int = key(BigInteger)
    maker: str = required(EvmAddress)
    counter: int = required(Uint256)
    tx_hash: str = required(EvmTxHash)


class OrderCause(Table, table=True):
    """What has changed on the chain, so that orders must be checked again."""

    __tablename__ = "order_causes"
    __table_args__ = (
        check("cause", "cause in ( 'token', 'units', 'approval', 'funds', 'order')"),
        UniqueConstraint(
            "chain_id",
            "cause",
            "account",
            "contract",
            "token_number",
            "order_id",
            name="order_causes_key",
            postgresql_nulls_not_distinct=True,
        ),
        index("order_causes_waiting_idx", "chain_id", "id", where="settled_block is null"),
        index("order_causes_settled_idx", "chain_id", "settled_block", where="settled_block is not null"),
        {"schema": "catalog_service"},
    )

    id: int = numbered(BigInteger)
    chain_id: str = required(Caip2Chain)
    cause: str = required(Text)
    account: str | None = optional(EvmAddress)
    contract: str | None = optional(EvmAddress)
    token_number: int | None = optional(Uint256)
    order_id: UUID | None = optional(UuidColumn)
    block: int = required(BigInteger)
    settled_block: int | None = optional(BigInteger)
    checked_to: UUID | None = optional(UuidColumn)
    part_block: int | None = optional(BigInteger)
    created_at: datetime = required(Time, default="now()")


class OrderTurn(Table, table=True):
    """The newest round of checks of a chain."""

    __tablename__ = "order_turns"
    __table_args__ = ({"schema": "catalog_service"},)

    chain_id: str = key(Caip2Chain)
    turn: int = required(BigInteger)


class Sale(Table, table=True):
    """A sale that happened on chain: of one token, by one account to another, in one transaction."""

    __tablename__ = "sales"
    __table_args__ = (
        UniqueConstraint(
            "chain_id",
            "tx_hash",
            "contract",
            "token_number",
            "seller_address",
            "buyer_address",
            "order_hash",
            name="sales_key",
            postgresql_nulls_not_distinct=True,
        ),
        check("quantity", "quantity > 0"),
        check(
            "price_native",
            "price_native >= 0 and (price_native is null) = (price_native_text is null)"
            " and (price_native is not null or not is_native)",
        ),
        check(
            "parts",
            "proceeds_amount + fees_amount + royalty_amount = price_amount"
            " and least(proceeds_amount, fees_amount, royalty_amount) >= 0",
        ),
        check("exclusion", "exclusion in ('self_trade', 'same_funder', 'back_and_forth')"),
        index("sales_token_idx", "token_id", "occurred_at", "place", "id"),
        index("sales_pair_idx", "token_id", "hashtext(seller_address || buyer_address)", "place"),
        index("sales_collection_idx", "collection_id", "occurred_at", "place", "id"),
        index("sales_chain_idx", "chain_id", "occurred_at desc", "id"),
        index("sales_seller_idx", "seller_address", "occurred_at", "place", "id"),
        index("sales_buyer_idx", "buyer_address", "occurred_at", "place", "id"),
        index("sales_place_idx", "chain_id", "place"),
        index("sales_marketplace_idx", "marketplace_id"),
        index("sales_order_idx", "order_id", where="order_id is not null"),
        index("sales_without_collection_idx", "chain_id", "contract", where="collection_id is null"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    chain_id: str = required(Caip2Chain)
    tx_hash: str = required(EvmTxHash)
    contract: str = required(EvmAddress)
    token_number: int = required(Uint256)
    seller_address: str = required(EvmAddress)
    buyer_address: str = required(EvmAddress)
    order_hash: str | None = optional(EvmBytes32)
    token_id: UUID = required(UuidColumn)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    order_id: UUID | None = optional(UuidColumn)
    marketplace_id: UUID = required(UuidColumn, references="catalog_service.marketplaces.id")
    quantity: int = required(Total)
    price_amount: int = required(Total)
    proceeds_amount: int = required(Total)
    fees_amount: int = required(Total)
    royalty_amount: int = required(Total)
    price_native: Decimal | None = optional(Numeric())
    price_native_text: str | None = optional(Text)
    currency_symbol: str = required(Text)
    currency_address: str | None = optional(EvmAddress)
    is_native: bool = required(Boolean)
    bundle: int = required(Integer, default="1")
    exclusion: str | None = optional(Text)
    place: int = required(BigInteger)
    block_number: int = required(BigInteger, generated="place >> 24")
    occurred_at: datetime = required(Time)
