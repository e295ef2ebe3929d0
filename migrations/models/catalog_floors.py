"""Tables of the catalog service: the cheapest listing of each token."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, Text

from migrations.models.columns import (
    Table,
    Tally,
    Time,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class TokenFloor(Table, table=True):
    """The cheapest active listing of a token in the chain's own currency. Kept by the triggers of `orders`."""

    __tablename__ = "token_floors"
    __table_args__ = (
        check("price_native", "price_native >= 0"),
        index("token_floors_price_idx", "collection_id", "price_native", "token_id"),
        index("token_floors_number_idx", "collection_id", "token_number", "token_id"),
        {"schema": "catalog_service"},
    )

    token_id: UUID = key(UuidColumn)
    collection_id: UUID = required(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    price_native: Decimal = required(Numeric())
    currency_symbol: str = required(Text)
    listing_id: UUID = required(UuidColumn)
    """Of equal prices the lowest id."""
    listed_at: datetime = required(Time)
    expires_at: datetime | None = optional(Time)
    token_number: int = required(Tally)
    """The token's, for lists in its order. Filled by a trigger."""
