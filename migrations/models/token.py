"""Tables of the token service, the fungible-token minter."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    EvmBytes32,
    HotText,
    Sha256Hex,
    Table,
    Tally,
    Time,
    Total,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)

CONFIRMED: Final = "status = 'confirmed'"
PARENT: Final = "token_service.fungible_tokens.id"


class FungibleToken(Table, table=True):
    """A fungible token that was launched here. Amounts are in its smallest unit."""

    __tablename__ = "fungible_tokens"
    __table_args__ = (
        check("name", "char_length(name) <= 256"),
        check("symbol", "char_length(symbol) <= 256"),
        check("decimals", "decimals between 0 and 36"),
        check("cap", "cap > 0"),
        check("status", "status in ('pending', 'prepared', 'confirmed', 'failed')"),
        check(
            "confirmed",
            "status <> 'confirmed' or (contract_address is not null and tx_hash is not null and place is not null)",
        ),
        index(
            "fungible_tokens_contract_key",
            "network_id",
            "contract_address",
            unique=True,
            where="contract_address is not null",
        ),
        index("fungible_tokens_recent_idx", "created_at desc", "id desc", where=CONFIRMED),
        index("fungible_tokens_network_idx", "network_id", "created_at desc", "id desc", where=CONFIRMED),
        index("fungible_tokens_creator_idx", "creator_address", "created_at desc", "id desc", where=CONFIRMED),
        index("fungible_tokens_creator_id_idx", "creator_id", "created_at desc", "id"),
        index("fungible_tokens_place_idx", "network_id", "place"),
        {"schema": "token_service"},
    )

    id: UUID = key(UuidColumn)
    network_id: str = required(HotText)
    contract_address: str | None = optional(HotText)
    name: str = required(Text)
    symbol: str = required(Text)
    decimals: int = required(SmallInteger)
    supply: int = required(Total, default="0")
    cap: int | None = optional(Tally)
    mint_once: bool = required(Boolean, default="true")
    burnable: bool = required(Boolean, default="false")
    permit: bool = required(Boolean, default="false")
    contract_uri: str = required(Text, default="''")
    creator_id: UUID | None = optional(UuidColumn)
    creator_address: str = required(HotText)
    description: str | None = optional(Text)
    icon_media_id: str | None = optional(Sha256Hex)
    tx_hash: str | None = optional(HotText)
    place: int | None = optional(BigInteger)
    holders_count: int = required(BigInteger, default="0")
    transactions_count: int = required(BigInteger, default="0")
    status: str = required(Text, default="'pending'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class Transaction(Table, table=True):
    """What happened to a token on chain."""

    __tablename__ = "transactions"
    __table_args__ = (
        check("tx_type", "tx_type in ('create', 'mint', 'transfer', 'burn')"),
        check(
            "accounts",
            "(from_address is null) = (tx_type in ('create', 'mint'))"
            " and (to_address is null) = (tx_type in ('create', 'burn'))",
        ),
        check("amount", "amount >= 0"),
        index("transactions_token_id_idx", "token_id", "place desc"),
        index("transactions_tx_type_idx", "token_id", "tx_type", "place desc"),
        index("transactions_from_idx", "token_id", "from_address", "place desc", where="from_address is not null"),
        index("transactions_to_idx", "token_id", "to_address", "place desc", where="to_address is not null"),
        {"schema": "token_service"},
    )

    network_id: str = key(HotText)
    place: int = key(BigInteger, plain=True)
    token_id: UUID = required(UuidColumn, references=PARENT, on_delete="CASCADE")
    tx_hash: str = required(HotText)
    tx_type: str = required(Text)
    from_address: str | None = optional(HotText)
    to_address: str | None = optional(HotText)
    amount: int = required(Tally)
    occurred_at: datetime = required(Time)


class FungibleHolder(Table, table=True):
    """Who holds how much of a token."""

    __tablename__ = "fungible_holders"
    __table_args__ = (
        index("fungible_holders_balance_idx", "token_id", "balance desc", "address"),
        {"schema": "token_service"},
    )

    token_id: UUID = key(UuidColumn, references=PARENT, on_delete="CASCADE")
    address: str = key(HotText)
    balance: int = required(Total)


class IssuancePair(Table, table=True):
    """The unsigned transactions by which a token is issued on an RGB++ network."""

    __tablename__ = "issuance_pairs"
    __table_args__ = (
        check("psbt", "psbt like 'cHNid%'"),
        {"schema": "token_service"},
    )

    token_id: UUID = key(UuidColumn, references=PARENT, on_delete="CASCADE")
    commitment: str = required(Sha256Hex)
    btc_txid: str = required(Sha256Hex)
    psbt: str = required(Text)
    ckb_tx_hash: str = required(EvmBytes32)
    ckb_transaction: Any = required(JSONB)
    created_at: datetime = required(Time, default="now()")
