"""One user has so many transactions followed that no node knows, and no more."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from steadymint.domain.errors import ConflictError
from steadymint.domain.intents.machine import Step
from steadymint.domain.types import UserId
from steadymint.intents import unknown_hashes
from steadymint.intents.repository import IntentRepository
from steadymint.intents.unknown_hashes import refuse_if_many
from tests.support.intents import Draft, block_hash, tx_hash


async def test_those_that_nodes_know_that_are_over_or_that_others_reported_are_not_counted(
    intents: IntentRepository, intents_pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_hashes, "MAX_UNKNOWN", 2)
    user = UserId(uuid4())

    async def report(user_id: UserId, *, nonce: int | None = None) -> Draft:
        draft = Draft(user_id=user_id)
        await intents.create(draft)
        await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash(), tx_nonce=nonce)
        return draft

    await intents.create(Draft(user_id=user))
    await report(user, nonce=7)
    await report(UserId(uuid4()))
    mined, ended, _ = [await report(user) for _ in range(3)]
    with pytest.raises(ConflictError):
        await refuse_if_many(intents_pool, user)
    block = {"block_number": 10, "block_hash": block_hash(10)}
    await intents.transition(mined.intent_id, Step.CONFIRMING, "c", **block)
    with pytest.raises(ConflictError):
        await refuse_if_many(intents_pool, user)
    await intents.transition(ended.intent_id, Step.EXPIRED, "e")
    await refuse_if_many(intents_pool, user)
