"""Tables of the chain registry service."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    EvmBytes32,
    Sha256Hex,
    Table,
    Time,
    check,
    index,
    key,
    optional,
    required,
)


class Chain(Table, table=True):
    """A network. Adding one is data, not code."""

    __tablename__ = "chains"
    __table_args__ = (
        UniqueConstraint("chain_numeric"),
        UniqueConstraint("caip2"),
        check("chain_numeric", "chain_numeric > 0 and caip2 = 'eip155:' || chain_numeric"),
        check("evm", "caip2 not like 'eip155:%' or chain_numeric is not null"),
        check("explorer_url", "explorer_url ~ '^https?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'"),
        check("decimals", "decimals between 0 and 77"),
        check(
            "features_json",
            (
                "jsonb_typeof(features_json) = 'object' and coalesce(features_json ->> 'confirmations', '1') ~ "
                "'^[1-9][0-9]{0,5}$'"
            ),
        ),
        {"schema": "chain_registry_service"},
    )

    id: int = key(Integer)
    caip2: str = required(Caip2Chain)
    chain_numeric: int | None = optional(BigInteger)
    """Bigint: chains above 2^31 exist (Palm is 11297108109)."""
    name: str = required(Text)
    native_symbol: str = required(Text)
    decimals: int = required(Integer, default="18")
    explorer_url: str | None = optional(Text)
    enabled: bool = required(Boolean, default="true")
    genesis_hash: str | None = optional(EvmBytes32)
    """Pinned: an endpoint with another genesis is another chain."""
    features_json: Any = required(JSONB, default="'{}'")
    """Confirmations, block_time_seconds, gas_cap, ...."""
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class ChainEndpoint(Table, table=True):
    """Where a chain is reached. Lower `priority` is tried first; equal ones share by `weight`."""

    __tablename__ = "chain_endpoints"
    __table_args__ = (
        UniqueConstraint("chain_id", "url"),
        check("url", "url ~ '^https?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'"),
        check("ws_url", "ws_url ~ '^wss?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'"),
        check("priority", "priority >= 0"),
        check("weight", "weight > 0"),
        check("auth_type", "auth_type in ('none', 'bearer', 'basic', 'header')"),
        check("secret_ref", "(auth_type = 'none') = (secret_ref is null)"),
        check("secret_name", "secret_ref ~ '^RPC_[A-Z0-9_]{1,60}$'"),
        check("rate_limit", "rate_limit > 0"),
        {"schema": "chain_registry_service"},
    )

    id: int = key(Integer)
    chain_id: int = required(Integer, references="chain_registry_service.chains.id", on_delete="CASCADE")
    url: str = required(Text)
    ws_url: str | None = optional(Text)
    priority: int = required(Integer, default="100")
    weight: int = required(Integer, default="1")
    auth_type: str = required(Text, default="'none'")
    secret_ref: str | None = optional(Text)
    """Name of the environment variable that holds the credential, never the credential."""
    rate_limit: int | None = optional(Integer)
    """Requests per second; null for no limit."""
    active: bool = required(Boolean, default="true")
    local: bool = required(Boolean, default="false")
    """May be on our own network; else connections go to public addresses only."""
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class AbiBlob(Table, table=True):
    """ABIs by the SHA-256 of their canonical JSON (sorted keys, no white space)."""

    __tablename__ = "abi_blobs"
    __table_args__ = (
        check("standard", "standard in ('erc20', 'erc721', 'erc1155', 'custom', 'proxy')"),
        check("abi_json", "jsonb_typeof(abi_json) = 'array'"),
        check("stored", "abi_json is not null or s3_key is not null"),
        {"schema": "chain_registry_service"},
    )

    sha256: str = key(Sha256Hex)
    standard: str = required(Text)
    abi_json: Any = optional(JSONB)
    s3_key: str | None = optional(Text)
    created_at: datetime = required(Time, default="now()")


class ChainContract(Table, table=True):
    """Contracts we know by name. Only events of a registered `factory` make a collection."""

    __tablename__ = "chain_contracts"
    __table_args__ = (
        UniqueConstraint("chain_id", "address"),
        check("name", "name <> ''"),
        check("start_block", "start_block >= 0"),
        index("chain_contracts_name_idx", "chain_id", "name"),
        index("chain_contracts_abi_sha256_idx", "abi_sha256"),
        {"schema": "chain_registry_service"},
    )

    id: int = key(Integer)
    chain_id: int = required(Integer, references="chain_registry_service.chains.id", on_delete="CASCADE")
    name: str = required(Text)
    address: str = required(EvmAddress)
    start_block: int = required(BigInteger, default="0")
    """Nothing of it can be found in an earlier block."""
    abi_sha256: str | None = optional(Sha256Hex, references="chain_registry_service.abi_blobs.sha256")
    standard: str | None = optional(Text)
    verified_at: datetime | None = optional(Time)
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class ChainGasPolicy(Table, table=True):
    """What we suggest for fees, in gwei, exact to the wei."""

    __tablename__ = "chain_gas_policy"
    __table_args__ = (
        check("max_fee_gwei", "max_fee_gwei >= 0"),
        check(
            "priority_fee_gwei",
            ("priority_fee_gwei >= 0 and (max_fee_gwei is null or priority_fee_gwei <= max_fee_gwei)"),
        ),
        check("multiplier", "multiplier >= 1"),
        check("base_fee", "last_observed_base_fee_gwei >= 0"),
        {"schema": "chain_registry_service"},
    )

    chain_id: int = key(Integer, references="chain_registry_service.chains.id", on_delete="CASCADE")
    max_fee_gwei: Decimal | None = optional(Numeric(30, 9))
    priority_fee_gwei: Decimal | None = optional(Numeric(30, 9))
    multiplier: Decimal = required(Numeric(6, 3), default="1")
    last_observed_base_fee_gwei: Decimal | None = optional(Numeric(30, 9))
    updated_at: datetime = required(Time, default="now()")


class RegistryVersion(Table, table=True):
    """Raised by triggers on every table above. Caches are keyed by it, so that a change needs no invalidation. A
    chain that is removed keeps its row: its version must never be used twice.
    """

    __tablename__ = "registry_version"
    __table_args__ = (
        check("version", "version > 0"),
        {"schema": "chain_registry_service"},
    )

    caip2: str = key(Caip2Chain)
    version: int = required(BigInteger, default="1")
    updated_at: datetime = required(Time, default="now()")
