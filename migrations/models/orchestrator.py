"""Tables of the orchestrator service."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    EvmBytes32,
    EvmTxHash,
    Sha256Hex,
    Table,
    Time,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)

_UNKNOWN = "status = 'pending' and tx_hash is not null and tx_nonce is null and block_number is null"


class TxIntent(Table, table=True):
    """What a user means to do on chain: the one truth about where it stands. Its steps are in `intent_steps`."""

    __tablename__ = "tx_intents"
    __table_args__ = (
        UniqueConstraint("chain_id", "tx_hash", "kind"),
        UniqueConstraint("created_by", "kind", "idempotency_key"),
        check("status", "status in ('pending', 'ready', 'failed', 'expired')"),
        check(
            "step",
            (
                "step in ('prepared', 'tracked', 'confirming', 'indexed', 'ready', 'replaced', 'reorged', 'failed', "
                "'expired')"
            ),
        ),
        check(
            "status_of_step",
            (
                "status = case step when 'ready' then 'ready' when 'replaced' then 'failed' when 'failed' then 'failed'"
                " when 'expired' then 'expired' else 'pending' end"
            ),
        ),
        check("seq", "seq >= 0"),
        check("tx_nonce", "tx_nonce >= 0"),
        check("block_number", "block_number >= 0"),
        check("required_confirmations", "required_confirmations > 0"),
        check("kind", "kind ~ '^[a-z][a-z0-9_]{0,31}$'"),
        check("facts", "jsonb_typeof(facts) = 'object'"),
        check("foreseen", "jsonb_typeof(foreseen) = 'object'"),
        check("effects", "jsonb_typeof(effects) = 'object'"),
        check("error", "jsonb_typeof(error) = 'object'"),
        check("idempotency_key", "idempotency_key <> ''"),
        check("deadline_at", "deadline_at > created_at"),
        index("tx_intents_created_by_idx", "created_by", "created_at desc", "intent_id"),
        index("tx_intents_deadline_at_idx", "deadline_at", where="status = 'pending'"),
        index("tx_intents_account_idx", "chain_id", "account", "tx_nonce", where="tx_nonce is not null"),
        index("tx_intents_unknown_idx", "created_by", where=_UNKNOWN),
        index("tx_intents_match_key_idx", "match_key"),
        index("tx_intents_workflow_id_idx", "workflow_id"),
        {"schema": "orchestrator_service"},
    )

    intent_id: UUID = key(UuidColumn)
    kind: str = required(Text)
    """An entry of `steadymint/domain/intents/kinds.py`."""
    chain_id: str = required(Caip2Chain)
    account: str = required(EvmAddress)
    """The account that must send the transaction."""
    created_by: UUID = required(UuidColumn)
    auth_session_id: str | None = optional(String(255))
    status: str = required(Text, default="'pending'")
    step: str = required(Text, default="'prepared'")
    seq: int = required(Integer, default="0")
    """Number of the last step in the log."""
    contract: str | None = optional(EvmAddress)
    match_key: str = required(EvmBytes32)
    """The key under which the chain shows the intent, so that an untracked transaction is found."""
    facts: Any = required(JSONB)
    """What an event under the key must say."""
    foreseen: Any = required(JSONB, default="'{}'")
    """Effects that are known before the transaction is sent."""
    effects: Any = optional(JSONB)
    """What has come of it, as the chain shows it."""
    tx_hash: str | None = optional(EvmTxHash)
    tx_nonce: int | None = optional(BigInteger)
    """With `account`, finds the transaction that took its place."""
    block_number: int | None = optional(BigInteger)
    block_hash: str | None = optional(EvmBytes32)
    required_confirmations: int | None = optional(Integer)
    req_payload_json: Any = required(JSONB, default="'{}'")
    request_hash: str | None = optional(Sha256Hex)
    """The hash of the request, to refuse the same key with another body."""
    idempotency_key: str | None = optional(String(255))
    tx_request: Any = optional(JSONB)
    error: Any = optional(JSONB)
    workflow_id: str = required(Text)
    deadline_at: datetime = required(Time)
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class IntentStep(Table, table=True):
    """Every step an intent took, in order, with exactly what viewers were shown. Append-only."""

    __tablename__ = "intent_steps"
    __table_args__ = (
        UniqueConstraint("intent_id", "dedupe_key"),
        check("seq", "seq > 0"),
        check(
            "step",
            (
                "step in ('prepared', 'tracked', 'confirming', 'indexed', 'ready', 'replaced', 'reorged', 'failed', "
                "'expired')"
            ),
        ),
        check("view", "jsonb_typeof(view) = 'object'"),
        {"schema": "orchestrator_service"},
    )

    intent_id: UUID = key(UuidColumn, references="orchestrator_service.tx_intents.intent_id", on_delete="CASCADE")
    seq: int = key(Integer)
    """From 1; the id of the event in the status stream."""
    step: str = required(Text)
    dedupe_key: str = required(Text)
    """Says which happening this is, so that a retry adds no second line."""
    view: Any = required(JSONB)
    at: datetime = required(Time, default="now()")


class SessionIntentAudit(Table, table=True):
    """Which session asked for which intent."""

    __tablename__ = "session_intent_audit"
    __table_args__ = (
        index("session_intent_audit_session_id_idx", "session_id", "created_at"),
        index("session_intent_audit_intent_id_idx", "intent_id"),
        index("session_intent_audit_user_id_idx", "user_id", "created_at desc"),
        {"schema": "orchestrator_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    session_id: str = required(String(255))
    intent_id: UUID = required(UuidColumn, references="orchestrator_service.tx_intents.intent_id", on_delete="CASCADE")
    user_id: UUID = required(UuidColumn)
    audit_data: Any = required(JSONB, default="'{}'")
    created_at: datetime = required(Time, default="now()")
