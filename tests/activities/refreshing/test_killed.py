"""A batch that is killed at any line and repeated leaves the same rows as one that was not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from steadymint.metadata.docs import Docs, DocUpdate
from steadymint.metadata.refresh import Refresh
from steadymint.metadata.settle import EntryOutcome, SettledCounts, Settlement
from tests.support.refreshing import BLUE, RED, Reading, status


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


class DyingDocs(Docs):
    """A fake of a process that dies after its documents were written."""

    async def write(self, updates: Sequence[DocUpdate], at: datetime) -> None:
        await super().write(updates, at)
        raise Killed


class DyingSettlement(Settlement):
    """A fake of a process that dies before, within, or after the transaction of its rows."""

    when = "after"

    async def settle(self, collection_id: UUID, outcomes: Sequence[EntryOutcome], at: datetime) -> SettledCounts:
        if self.when == "before":
            raise Killed
        await super().settle(collection_id, outcomes, at)
        raise Killed


class DyingTraits:
    """A fake of a process that dies in the middle of the transaction."""

    async def write(self, *_: Any) -> bool:
        raise Killed


def dying(reading: Reading, stage: str) -> Refresh:
    live = reading.refresh
    settlement: Settlement = DyingSettlement(reading.pool, live.settlement._traits)
    documents: Docs = live.docs
    if stage == "documents written":
        documents = DyingDocs(reading.mongo)
    elif stage == "transaction begun":
        settlement = Settlement(reading.pool, DyingTraits())
    else:
        settlement.when = "after" if stage == "transaction committed" else "before"  # type: ignore[attr-defined]
    return Refresh(live.entries, settlement, documents, live.contracts, live.fetcher, live.settings)


async def rows(reading: Reading) -> tuple[Any, ...]:
    """Everything that a refresh writes, without its times."""
    tokens = [dict(row) for row in await reading.pool.fetch("select * from catalog_service.tokens order by id")]
    for token in tokens:
        token.pop("last_refresh_at")
    docs = [await reading.doc(number) for number in range(10)]
    for doc in docs:
        (doc or {}).pop("fetchedAt", None)
    progress = await reading.progress()
    counts = {name: progress[name] for name in ("status", "total", "done", "failed")}
    return tokens, docs, await reading.drop.said(), await reading.queued(), counts


STAGES = ["documents written", "transaction begun", "transaction not begun", "transaction committed"]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("again", [False, True], ids=["first reading", "after a change"])
async def test_a_batch_that_was_killed_and_repeated_leaves_what_one_that_was_not_leaves(
    reading: Reading, stage: str, again: bool
) -> None:
    async def first() -> None:
        for number in range(5):
            reading.publish(number, {"name": str(number), **RED})
        reading.server.answers["/4"] = status(410)
        reading.contracts.uris.pop(3)
        await reading.ask_for(*range(5))

    async def second() -> None:
        reading.publish(1, BLUE)
        reading.server.answers["/2"] = status(410)
        await reading.drop.burn(0)
        await reading.ask_for(0, 1, 2, reason="event")

    async def whole(refresh: Refresh | None) -> None:
        """All of it, once killed if a dying refresh is given."""
        await first()
        if again:
            await reading.batch()
            await second()
        if refresh is not None:
            with pytest.raises(Killed):
                await reading.batch(refresh)
        await reading.batch()

    await whole(None)
    expected = await rows(reading)
    assert expected[3] == {}
    assert expected[4]["status"] == "done"
    for table in ("token_trait_links", "trait_values", "traits", "sync_state", "metadata_queue"):
        await reading.pool.execute(f"delete from catalog_service.{table}")
    await reading.pool.execute(
        "update catalog_service.tokens set name = null, image_url = null, animation_url = null, metadata_url = null,"
        " metadata_doc = null, metadata_status = null, metadata_error = null, last_refresh_at = null, burned = false,"
        " supply = 1, owner_address = $1",
        (await reading.token(1))["owner_address"],
    )
    await reading.mongo["metadata"]["docs"].delete_many({})
    reading.server.answers.clear()

    await whole(dying(reading, stage))

    found = await rows(reading)
    assert found[:4] == expected[:4]
    assert {**found[4], "total": 0, "done": 0} == {**expected[4], "total": 0, "done": 0}
