"""By what an intent is known: its id, the id of its workflow, and the key under which the chain shows it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import orjson

from steadymint.domain.types import Bytes32, ChainId, IntentId, UserId

Facts = Mapping[str, Any]
"""What must be true of an event for it to fulfil an intent, as JSON. Each kind has one function that states its facts,
and both sides use it: `prepare` for what is expected, the reader of the event for what was seen. They agree if they
are equal, so addresses are lower case and amounts decimal strings."""

_REFERENCE_PREFIX: Final = b"steadymint:v1".ljust(16, b"\0")
_KEY_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:steadymint:idempotency-key")


def new_intent_id(user_id: UserId, kind: str, idempotency_key: str | None) -> IntentId:
    """The same user, kind and key always give the same id, so that a repeated request finds the live flow."""
    if idempotency_key is None:
        return IntentId(uuid4())
    return IntentId(uuid5(_KEY_NAMESPACE, f"{user_id}\n{kind}\n{idempotency_key}"))


def workflow_id_of(kind: str, intent_id: UUID) -> str:
    """The id that the front end, support and the Temporal UI all talk about. Computed where a flow is started; everyone
    else reads it from the intent's row."""
    return f"{kind}:{intent_id}"


def reference_of(intent_id: UUID) -> Bytes32:
    """The 32 bytes that tie a transaction to its intent: `steadymint:v1`, NUL-padded to 16 bytes, then the UUID."""
    return Bytes32("0x" + (_REFERENCE_PREFIX + intent_id.bytes).hex())


def intent_of(reference: Bytes32) -> IntentId | None:
    """The inverse of `reference_of`; None for bytes that are not ours."""
    raw = bytes.fromhex(reference[2:])
    return IntentId(UUID(bytes=raw[16:])) if raw[:16] == _REFERENCE_PREFIX else None


def key_of_facts(kind: str, chain_id: ChainId, facts: Facts) -> Bytes32:
    """The match key where the event carries no bytes of ours: SHA-256 of what identifies the happening. Two intents may
    have the same one; an event under it fulfils the one that waits for its transaction, else the oldest that waits."""
    text = orjson.dumps([kind, chain_id, dict(facts)], option=orjson.OPT_SORT_KEYS)
    return Bytes32("0x" + sha256(text).hexdigest())
