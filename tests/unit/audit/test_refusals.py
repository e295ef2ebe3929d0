"""What is recorded of refusals, and of documents that were refused: bounded, whatever is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from steadymint.audit import refusals
from steadymint.audit.entries import Entry, EventType
from steadymint.audit.reading import Filter, search
from steadymint.audit.refusals import HOUR, Refusals
from steadymint.metadata import hostile


async def test_many_peers_cannot_fill_the_table_and_a_new_hour_is_recorded_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST_AN_HOUR", 3)
    now = [10.0 * HOUR]
    first, second = Refusals(pool, lambda: now[0]), Refusals(pool, lambda: now[0])
    for _ in range(2):
        for peer in range(9):
            await first.note(Entry(EventType.RATE_LIMITED, "a limit was reached", "warning", key=f"nonce:{peer}"))
    await second.note(Entry(EventType.RATE_LIMITED, "a limit was reached", "warning", key="nonce:0"))
    found = await search(pool, Filter(), limit=99)
    assert sorted(one.severity for one in found) == ["error", "warning", "warning", "warning"]
    now[0] += HOUR
    await first.note(Entry(EventType.RATE_LIMITED, "a limit was reached", "warning", key="nonce:0"))
    assert len(await search(pool, Filter(), limit=99)) == 5


async def test_a_refusal_is_answered_although_it_cannot_be_recorded(pool: asyncpg.Pool) -> None:
    await pool.close()
    await Refusals(pool).note(Entry(EventType.RATE_LIMITED, "a limit was reached", key="nonce:0"))


async def test_a_collection_with_hostile_documents_is_one_event_a_day_for_each_reason(pool: asyncpg.Pool) -> None:
    collection, at = uuid4(), datetime(2026, 1, 31, 12, tzinfo=UTC)
    errors = ["forbidden_host: an inner address", "not_found: gone", "too_large: of 2 MiB", "forbidden_host: again"]
    for _ in range(2):
        await hostile.note(pool, collection, errors, at)
    found = await search(pool, Filter(type="documents.refused"), limit=99)
    assert sorted(one.details["code"] for one in found) == ["forbidden_host", "too_large"]
