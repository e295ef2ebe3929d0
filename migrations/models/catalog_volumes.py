"""Tables of the catalog service: what collections and accounts trade."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Numeric

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    Table,
    Time,
    UuidColumn,
    check,
    key,
    required,
)


class CollectionVolumeHour(Table, table=True):
    """What a collection traded in an hour; `collection_volumes` sums them. Kept by the triggers of `sales`."""

    __tablename__ = "collection_volume_hours"
    __table_args__ = (
        check("hour", "extract(epoch from hour) % 3600 = 0"),
        check("sums", "volume_native >= 0 and sales_count >= 0"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    hour: datetime = key(Time)
    """Its start."""
    volume_native: Decimal = required(Numeric(), default="0")
    sales_count: int = required(BigInteger, default="0")


class AccountStats(Table, table=True):
    """What an account does on the market of a chain; without a row, nothing. Kept by triggers of listings and sales."""

    __tablename__ = "account_stats"
    __table_args__ = (
        check("counts", "listings_count >= 0 and sales_count >= 0 and purchases_count >= 0"),
        check("volumes", "volume_sold >= 0 and volume_purchased >= 0"),
        {"schema": "catalog_service"},
    )

    account: str = key(EvmAddress)
    chain_id: str = key(Caip2Chain)
    listings_count: int = required(BigInteger, default="0")
    """Active ones, in any currency."""
    sales_count: int = required(BigInteger, default="0")
    purchases_count: int = required(BigInteger, default="0")
    volume_sold: Decimal = required(Numeric(), default="0")
    volume_purchased: Decimal = required(Numeric(), default="0")
    updated_at: datetime = required(Time, default="now()")
