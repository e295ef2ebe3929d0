"""Tables of the wallet service."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import INET, JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
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


class WalletLink(Table, table=True):
    """The specification's `wallets` and `wallet_links` in one. An unlinked wallet keeps its row and its history."""

    __tablename__ = "wallet_links"
    __table_args__ = (
        UniqueConstraint("user_id", "chain_id", "address"),
        check("type", "type in ('eoa', 'contract', 'multisig', 'smart_account')"),
        check("primary", "not is_primary or unlinked_at is null"),
        index("wallet_links_primary_key", "user_id", unique=True, where="is_primary"),
        index("wallet_links_owner_key", "address", "chain_id", unique=True, where="unlinked_at is null"),
        index("wallet_links_address_idx", "address"),
        {"schema": "wallet_service"},
    )

    wallet_id: UUID = key(UuidColumn, default="gen_random_uuid()")
    user_id: UUID = required(UuidColumn)
    account_id: str = required(EvmAddress, generated="address")
    """The name the sign-in messages use."""
    address: str = required(EvmAddress)
    chain_id: str = required(Caip2Chain)
    is_primary: bool = required(Boolean, default="false")
    type: str = required(String(20), default="'eoa'")
    connector: str | None = optional(String(50))
    label: str | None = optional(String(100))
    verified_at: datetime | None = optional(Time)
    last_seen_at: datetime | None = optional(Time)
    unlinked_at: datetime | None = optional(Time)
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class WalletActivity(Table, table=True):
    """What was done with a wallet, for its owner and for support."""

    __tablename__ = "wallet_activity"
    __table_args__ = (
        check("action", "action in ('linked', 'unlinked', 'set_primary', 'verified', 'updated')"),
        index("wallet_activity_wallet_id_idx", "wallet_id", "created_at desc", "id desc"),
        index("wallet_activity_traced_idx", "created_at", where="ip_address is not null or user_agent is not null"),
        {"schema": "wallet_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    wallet_id: UUID = required(UuidColumn, references="wallet_service.wallet_links.wallet_id", on_delete="CASCADE")
    action: str = required(String(50))
    details: Any = required(JSONB, default="'{}'", name="metadata")
    ip_address: IPv4Address | IPv6Address | None = optional(INET)
    user_agent: str | None = optional(Text)
    created_at: datetime = required(Time, default="now()")


class WalletVerification(Table, table=True):
    """How the ownership of a wallet was shown."""

    __tablename__ = "wallet_verifications"
    __table_args__ = (
        check("type", "verification_type ~ '^[a-z0-9_]{1,50}$'"),
        check("status", "status in ('pending', 'verified', 'failed', 'expired')"),
        check("verified_at", "(status = 'verified') = (verified_at is not null)"),
        index("wallet_verifications_wallet_id_idx", "wallet_id", "created_at desc", "id desc"),
        {"schema": "wallet_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    wallet_id: UUID = required(UuidColumn, references="wallet_service.wallet_links.wallet_id", on_delete="CASCADE")
    verification_type: str = required(String(50))
    status: str = required(String(20), default="'pending'")
    verification_data: Any = required(JSONB, default="'{}'")
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")
    verified_at: datetime | None = optional(Time)
    expires_at: datetime | None = optional(Time)


class Approval(Table, table=True):
    """What an account lets an operator move, as events last said: the last line of `approvals_history` for the two.
    The indexer writes both tables, for every account, because a wallet may be linked later. `amount` is for ERC-20
    only, in its smallest unit, as it was approved: what was spent of it since is not in it. `token` is the decimal id
    of the one token of an ERC-721 that may be moved, and empty where all may be. `place` is that of the last line.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        check("standard", "standard in ('erc20', 'erc721', 'erc1155')"),
        check("amount", "(amount is not null) = (standard = 'erc20')"),
        check("token", "token = '' or standard = 'erc721' and token ~ '^[0-9]{1,78}$'"),
        check("approved_at", "approved = (approved_at is not null) and approved = (revoked_at is null)"),
        index("approvals_standing_idx", "owner", "chain_id", "contract", "operator", "token", where="approved"),
        index("approvals_token_idx", "chain_id", "contract", "token", where="token <> ''"),
        index("approvals_operator_idx", "operator", "chain_id", where="approved"),
        {"schema": "wallet_service"},
    )

    owner: str = key(EvmAddress)
    chain_id: str = key(Caip2Chain)
    contract: str = key(EvmAddress)
    operator: str = key(EvmAddress)
    token: str = key(Text, default="''")
    standard: str = required(String(20))
    approved: bool = required(Boolean)
    amount: int | None = optional(Uint256)
    approved_at: datetime | None = optional(Time)
    revoked_at: datetime | None = optional(Time)
    tx_hash: str = required(EvmTxHash)
    place: int = required(BigInteger)
    updated_at: datetime = required(Time)


class ApprovalChange(Table, table=True):
    """Every change of an approval. `place` is the block and the log of its event. That of a single token also ends
    without an event of its own: when the token moves, and when somebody else is approved for it. `cause` says which.
    """

    __tablename__ = "approvals_history"
    __table_args__ = (
        check("standard", "standard in ('erc20', 'erc721', 'erc1155')"),
        check("amount", "(amount is not null) = (standard = 'erc20')"),
        check("token", "token = '' or standard = 'erc721' and token ~ '^[0-9]{1,78}$'"),
        check("cause", "cause = 'event' or cause in ('transfer', 'replaced') and token <> '' and not approved"),
        index("approvals_history_owner_idx", "owner", "chain_id", "contract", "operator", "token", "place desc"),
        index(
            "approvals_history_at_idx",
            "owner",
            "chain_id",
            "at desc",
            "place desc",
            "operator desc",
            "token desc",
            "contract desc",
        ),
        index(
            "approvals_history_contract_idx",
            "owner",
            "chain_id",
            "contract",
            "at desc",
            "place desc",
            "operator desc",
            "token desc",
        ),
        index(
            "approvals_history_operator_idx",
            "owner",
            "chain_id",
            "operator",
            "at desc",
            "place desc",
            "token desc",
            "contract desc",
        ),
        index("approvals_history_given_idx", "owner", "chain_id", "contract", "place", where="approved"),
        index(
            "approvals_history_pair_idx",
            "owner",
            "chain_id",
            "contract",
            "operator",
            "at desc",
            "place desc",
            "token desc",
        ),
        {"schema": "wallet_service"},
    )

    chain_id: str = key(Caip2Chain)
    place: int = key(BigInteger)
    owner: str = key(EvmAddress)
    contract: str = key(EvmAddress)
    operator: str = key(EvmAddress)
    token: str = key(Text, default="''")
    standard: str = required(String(20))
    approved: bool = required(Boolean)
    amount: int | None = optional(Uint256)
    cause: str = required(String(20), default="'event'")
    tx_hash: str = required(EvmTxHash)
    at: datetime = required(Time)
