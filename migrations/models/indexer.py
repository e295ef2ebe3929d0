"""Tables of the indexer service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmBytes32,
    EvmTxHash,
    Table,
    Time,
    check,
    index,
    key,
    optional,
    required,
)


class IndexerCheckpoint(Table, table=True):
    """How far a chain is read. Moved by compare-and-set in the transaction that writes the projection."""

    __tablename__ = "indexer_checkpoints"
    __table_args__ = (
        check("last_block", "last_block >= -1"),
        check("published_block", "published_block >= -1"),
        check("head_block", "head_block >= -1"),
        check("counters", "jsonb_typeof(counters) = 'object'"),
        check("state", "state in ('history', 'live')"),
        {"schema": "indexer_service"},
    )

    chain_id: str = key(Caip2Chain)
    last_block: int = required(BigInteger)
    """-1 before the first block."""
    last_block_hash: str | None = optional(EvmBytes32)
    """Null only where nothing is read yet."""
    published_block: int | None = optional(BigInteger)
    """Up to here flows were told."""
    head_block: int | None = optional(BigInteger)
    """The chain's head when last asked."""
    halted_reason: str | None = optional(Text)
    """Why a person must look: deeper reorg than we keep blocks for, another genesis."""
    counters: Any = required(JSONB, default="'{}'")
    """What was ignored and why."""
    updated_at: datetime = required(Time, default="now()")
    state: str = required(Text, default="'live'")
    """`history` until the first reading is sealed: the chain's rows stand aside."""


class RecentBlock(Table, table=True):
    """The last blocks that were indexed, linked by parent hash: where a reorg's common ancestor is found."""

    __tablename__ = "recent_blocks"
    __table_args__ = (
        check("number", "number >= 0"),
        {"schema": "indexer_service"},
    )

    chain_id: str = key(Caip2Chain)
    number: int = key(BigInteger)
    hash: str = required(EvmBytes32)
    parent_hash: str = required(EvmBytes32)
    timestamp: datetime = required(Time)


class IntentSighting(Table, table=True):
    """An event on chain under a key of ours. Settled once the intent was told."""

    __tablename__ = "intent_sightings"
    __table_args__ = (
        check("block_number", "block_number >= 0"),
        check("log_index", "log_index >= 0"),
        check("status", "status in ('landed', 'orphaned')"),
        check("facts", "jsonb_typeof(facts) = 'object' and jsonb_typeof(effects) = 'object'"),
        index("intent_sightings_block_number_idx", "chain_id", "block_number"),
        index("intent_sightings_unsettled_idx", "chain_id", "block_number", "log_index", where="settled_at is null"),
        index("intent_sightings_match_key_idx", "match_key"),
        {"schema": "indexer_service"},
    )

    chain_id: str = key(Caip2Chain)
    block_number: int = required(BigInteger)
    block_hash: str = key(EvmBytes32)
    log_index: int = key(Integer)
    tx_hash: str = required(EvmTxHash)
    match_key: str = required(EvmBytes32)
    kind: str = required(Text)
    facts: Any = required(JSONB)
    """Compared with those of the intent."""
    effects: Any = required(JSONB, default="'{}'")
    """What has come of the intent, if they agree."""
    status: str = required(Text, default="'landed'")
    settled_at: datetime | None = optional(Time)
