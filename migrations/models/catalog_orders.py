"""Tables of the catalog service: orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    EvmBytes32,
    Table,
    Time,
    Uint256,
    UuidColumn,
    check,
    index,
    key,
    numbered,
    optional,
    required,
)

OPEN: Final = "status in ('active', 'inactive')"
LISTED: Final = "side = 'listing' and status = 'active'"
OFFERED: Final = "side <> 'listing' and status = 'active'"
OPENED: Final = "opened_at is not null"
GIVES: Final = "case when side = 'listing' then contract else currency_address end"
STATUS: Final = """case when quantity_filled >= quantity then 'filled' when is_cancelled then 'cancelled'
    when is_expired then 'expired' when reasons <> '{}' then 'inactive' else 'active' end"""


class Marketplace(Table, table=True):
    """Where something is for sale."""

    __tablename__ = "marketplaces"
    __table_args__ = (
        UniqueConstraint("name"),
        UniqueConstraint("slug"),
        check("slug", "slug ~ '^[a-z][a-z0-9_]{0,31}$'"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    slug: str = required(Text)
    name: str = required(Text)
    url: str | None = optional(Text)
    created_at: datetime = required(Time, default="now()")


class TokenSet(Table, table=True):
    """The tokens that trait offers take, by the root of their Merkle tree."""

    __tablename__ = "token_sets"
    __table_args__ = (
        UniqueConstraint("chain_id", "contract", "root"),
        check("tokens_count", "tokens_count > 0"),
        check("traits", "jsonb_typeof(traits) = 'object'"),
        {"schema": "catalog_service"},
    )

    no: int = numbered(Integer)
    chain_id: str = required(Caip2Chain)
    contract: str = required(EvmAddress)
    root: str = required(EvmBytes32)
    traits: Any = optional(JSONB)
    tokens_count: int = required(Integer)
    created_at: datetime = required(Time, default="now()")
    wanted_at: datetime = required(Time, default="now()")


class TokenSetMember(Table, table=True):
    """A token of a set."""

    __tablename__ = "token_set_members"
    __table_args__ = (
        index("token_set_members_token_idx", "token_number", "set_no"),
        {"schema": "catalog_service"},
    )

    set_no: int = key(Integer, references="catalog_service.token_sets.no", on_delete="CASCADE")
    token_number: int = key(Uint256)


class Order(Table, table=True):
    """An order of Seaport: what its maker signed, and where it stands."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("chain_id", "order_hash"),
        check("side", "side in ('listing', 'item_offer', 'collection_offer', 'trait_offer')"),
        check(
            "terms",
            "(side in ('listing', 'item_offer')) = (token_number is not null)"
            " and (token_number is null) = (token_id is null) and (side = 'trait_offer') = (token_set is not null)"
            " and (side = 'listing' or currency_address is not null)",
        ),
        check("token_standard", "token_standard in ('erc721', 'erc1155')"),
        check("quantity", "quantity > 0 and quantity_filled <= quantity and fillable <= quantity"),
        check("price", "price_native >= 0"),
        check("fees", "fee_bps between 0 and 10000 and royalty_bps between 0 and 10000"),
        check("end_at", "end_at > start_at"),
        check("signature", "length(signature) <= 8192"),
        index("orders_chain_idx", "chain_id", "created_at", "id"),
        index("orders_collection_idx", "collection_id", "created_at", "id"),
        index("orders_item_idx", "token_id", "created_at", "id", where="token_id is not null"),
        index("orders_maker_idx", "maker", "created_at", "id"),
        index("orders_received_idx", "collection_id", "created_at", "id", where=OFFERED),
        index("orders_listed_idx", "collection_id", "is_native", "price_native", "id", where=LISTED),
        index("orders_listed_token_idx", "token_id", "is_native", "price_native", "id", where=LISTED),
        index("orders_offered_idx", "collection_id", "side", "is_native", "price_native", "id", where=OFFERED),
        index(
            "orders_offered_token_idx",
            "token_id",
            "is_native",
            "price_native",
            "id",
            where="side = 'item_offer' and status = 'active'",
        ),
        index("orders_opened_listing_idx", "collection_id", "opened_at", "id", where=f"{OPENED} and side = 'listing'"),
        index("orders_opened_offer_idx", "collection_id", "opened_at", "id", where=f"{OPENED} and side <> 'listing'"),
        index("orders_opened_token_idx", "token_id", "opened_at", "id", where=f"{OPENED} and token_id is not null"),
        index("orders_opened_maker_idx", "maker", "opened_at", "id", where=OPENED),
        index("orders_marketplace_idx", "marketplace_id"),
        index("orders_token_set_idx", "token_set", where="token_set is not null"),
        index("orders_given_idx", "chain_id", "gives", "maker", "token_number", where=OPEN),
        index("orders_without_collection_idx", "chain_id", "contract", where="collection_id is null"),
        index("orders_left_idx", "chain_id", "left_place", where="left_place is not null"),
        index("orders_due_idx", "chain_id", "due_at", where="due_at is not null"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn)
    chain_id: str = required(Caip2Chain)
    order_hash: str = required(EvmBytes32)
    side: str = required(Text)
    maker: str = required(EvmAddress)
    taker: str | None = optional(EvmAddress)
    contract: str = required(EvmAddress)
    collection_id: UUID | None = optional(UuidColumn, references="catalog_service.collections.id", on_delete="SET NULL")
    token_number: int | None = optional(Uint256)
    token_id: UUID | None = optional(UuidColumn)
    token_set: int | None = optional(Integer, references="catalog_service.token_sets.no")
    token_standard: str = required(Text)
    quantity: int = required(Uint256)
    in_parts: bool = required(Boolean)
    marketplace_id: UUID = required(UuidColumn, references="catalog_service.marketplaces.id")
    price_amount: int = required(Uint256)
    price_native: Decimal = required(Numeric())
    price_native_text: str = required(Text)
    price_end_amount: int | None = optional(Uint256)
    currency_address: str | None = optional(EvmAddress)
    currency_symbol: str = required(Text)
    is_native: bool = required(Boolean)
    gives: str | None = optional(EvmAddress, generated=GIVES)
    """The contract of what the maker gives."""
    fee_bps: int = required(Integer)
    royalty_bps: int = required(Integer)
    seaport: str = required(EvmAddress)
    zone: str | None = optional(EvmAddress)
    conduit: str | None = optional(EvmAddress)
    counter: int = required(Uint256)
    salt: int = required(Uint256)
    start_at: datetime = required(Time)
    end_at: datetime | None = optional(Time)
    components: Any = required(JSONB)
    signature: bytes = required(LargeBinary)
    quantity_filled: int = required(Uint256, default="0")
    fillable: int = required(Uint256, default="0")
    approved_alone: bool = required(Boolean, default="false")
    """An ERC-721 token that may be moved by an approval of its own."""
    is_cancelled: bool = required(Boolean, default="false")
    is_expired: bool = required(Boolean, default="false")
    reasons: list[str] = required(ARRAY(Text), default="'{}'")
    left_place: int | None = optional(BigInteger)
    status: str = required(
        Text,
        generated=STATUS,
    )
    opened_at: datetime | None = optional(Time)
    """When it was first active."""
    due_at: datetime | None = optional(Time)
    checked_block: int | None = optional(BigInteger)
    checked_at: datetime = required(Time, default="now()")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class OrderEvent(Table, table=True):
    """A change of an order, for those who follow."""

    __tablename__ = "order_events"
    __table_args__ = (
        UniqueConstraint("seq"),
        index("order_events_new_idx", "id", where="seq is null"),
        index("order_events_order_idx", "order_id", "id"),
        {"schema": "catalog_service"},
    )

    id: int = numbered(BigInteger)
    seq: int | None = optional(BigInteger)
    chain_id: str = required(Caip2Chain)
    order_id: UUID = required(UuidColumn, references="catalog_service.orders.id", on_delete="CASCADE")
    status: str = required(Text)
    reasons: list[str] = required(ARRAY(Text))
    quantity_filled: int = required(Uint256)
    fillable: int = required(Uint256)
    price_amount: int = required(Uint256)
    occurred_at: datetime = required(Time, default="now()")


class LastOrderEvent(Table, table=True):
    """The number that the last event was given."""

    __tablename__ = "last_order_event"
    __table_args__ = (
        check("only_row", "only_row"),
        {"schema": "catalog_service"},
    )

    only_row: bool = key(Boolean, default="true")
    seq: int = required(BigInteger, default="0")
