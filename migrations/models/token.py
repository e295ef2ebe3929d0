"""Tables of the token service, the fungible-token minter."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import Table, Tally, Time, UuidColumn, check, index, key, optional, required


class FungibleToken(Table, table=True):
    """A fungible token someone created. `supply` is in the smallest unit."""

    __tablename__ = "fungible_tokens"
    __table_args__ = (
        check("name", "char_length(name) between 1 and 128"),
        check("symbol", "char_length(symbol) between 1 and 32"),
        check("supply", "supply >= 0"),
        check("decimals", "decimals between 0 and 255"),
        check("status", "status in ('pending', 'confirmed', 'failed')"),
        index(
            "fungible_tokens_contract_key",
            "network_id",
            "contract_address",
            unique=True,
            where="contract_address is not null",
        ),
        index("fungible_tokens_creator_id_idx", "creator_id", "created_at desc", "id"),
        index("fungible_tokens_tx_hash_idx", "network_id", "tx_hash"),
        {"schema": "token_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    name: str = required(Text)
    symbol: str = required(Text)
    supply: int = required(Tally)
    decimals: int = required(SmallInteger, default="18")
    creator_id: UUID = required(UuidColumn)
    creator_address: str | None = optional(Text)
    description: str | None = optional(Text)
    icon_url: str | None = optional(Text)
    contract_address: str | None = optional(Text)
    network_id: str = required(Text)
    tx_hash: str | None = optional(Text)
    status: str = required(Text, default="'pending'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class Transaction(Table, table=True):
    """Transactions about fungible tokens."""

    __tablename__ = "transactions"
    __table_args__ = (
        UniqueConstraint("network_id", "tx_hash", "tx_type"),
        check("tx_type", "tx_type ~ '^[a-z][a-z0-9_]{0,31}$'"),
        check("status", "status in ('pending', 'confirmed', 'failed')"),
        check("amount", "amount >= 0"),
        index("transactions_user_id_idx", "user_id", "created_at desc", "id"),
        index("transactions_token_id_idx", "token_id", "created_at desc"),
        {"schema": "token_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    user_id: UUID = required(UuidColumn)
    token_id: UUID | None = optional(UuidColumn, references="token_service.fungible_tokens.id", on_delete="SET NULL")
    tx_hash: str = required(Text)
    tx_type: str = required(Text)
    status: str = required(Text, default="'pending'")
    amount: int | None = optional(Tally)
    network_id: str = required(Text)
    details: Any = required(JSONB, default="'{}'", name="metadata")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")
