"""The record of what an operator has done to an intent or a chain."""

from __future__ import annotations

from typing import Any

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.cli.arguments import operator_name
from steadymint.intents.search import FoundIntent


async def note_intent(pool: asyncpg.Pool, verb: str, found: FoundIntent, **details: Any) -> None:
    """Record that the verb was used, before it takes effect: a deed that fails half-way is on record too."""
    said = {"verb": verb, "intentId": str(found.intent_id), "operator": operator_name(), **details}
    entry = Entry(EventType.INTENT_OPERATED, f"intent {verb}", wallet=found.account, details=said)
    await record(pool, entry)


async def note_chain(pool: asyncpg.Pool, chain_id: str, version: int) -> None:
    """Record that a chain was registered or changed. Its endpoints are not named: their addresses hold keys."""
    said = {"chainId": chain_id, "version": version, "operator": operator_name()}
    await record(pool, Entry(EventType.CHAIN_REGISTERED, "a chain was registered or changed", "warning", details=said))
