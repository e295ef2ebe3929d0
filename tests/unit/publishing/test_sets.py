"""How much is read of the sets that requests name, on a real document store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pymongo import AsyncMongoClient

from steadymint.domain.media import Asset
from steadymint.domain.types import Standard, TokenId, UserId
from steadymint.media.assets import Assets
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.media.writing import DocumentWriter
from steadymint.publishing import sets as sets_module
from steadymint.publishing.documents import TokenWords
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import READ_AT_ONCE, MetadataSets, PublishedSet, SetOrder
from steadymint.settings import MediaSettings

OWNER = UserId(UUID(int=1))


class NoFlows:
    async def process(self, asset: Asset) -> bool:
        raise AssertionError("nothing is pinned without a service")


class CountingHeld(Held):
    """A look takes a moment. How many documents each has, and how many looks there are at once, is noted."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.looks: list[int] = []
        self.most = 0
        self._running = 0

    async def check_readable(self, assets: Iterable[Asset]) -> None:
        looked = list(assets)
        self.looks.append(len(looked))
        self._running += 1
        self.most = max(self.most, self._running)
        await asyncio.sleep(0.1)
        await super().check_readable(looked)
        self._running -= 1


class Stage:
    """Sets, and what is read of them."""

    def __init__(self, mongo: AsyncMongoClient[dict[str, Any]], root: Path) -> None:
        settings = MediaSettings(store=f"file:{root}")
        assets, store = Assets(mongo), open_object_store(settings)
        pins = Pins(MediaStates(mongo, assets), NoFlows(), settings)
        self.held = CountingHeld(store, assets, pins)
        self.sets = MetadataSets(self.held, DocumentWriter(store, assets), assets, pins)

    async def published(self, count: int) -> PublishedSet:
        tokens = [(TokenId(one), TokenWords(f"Light {one}")) for one in range(1, count + 1)]
        return await self.sets.publish(SetOrder(Standard.ERC721, tokens, frozenset()), OWNER)


@pytest.fixture
async def stage(mongo: str, tmp_path: Path) -> AsyncIterator[Stage]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    yield Stage(client, tmp_path)
    await client.close()


async def test_a_set_that_was_read_back_is_not_read_again_for_the_next_who_names_it(stage: Stage) -> None:
    made = await stage.published(3)
    for _ in range(2):
        await stage.sets.check_base_uri(made.base_uri, Standard.ERC721)
        assert await stage.sets.base_uri_of(made.asset.id, Standard.ERC721, OWNER) == made.base_uri
    assert stage.held.looks == [3]


async def test_only_some_sets_are_read_back_at_once(stage: Stage) -> None:
    made = [await stage.published(count) for count in range(1, 7)]
    await asyncio.gather(*(stage.sets.check_base_uri(one.base_uri, Standard.ERC721) for one in made))
    assert stage.held.most == READ_AT_ONCE


async def test_a_large_set_is_read_back_in_parts(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets_module, "READ_TOGETHER", 2)
    made = await stage.published(5)
    extended = await stage.sets.to_extend(made.asset.id, Standard.ERC721, OWNER)
    assert (sorted(extended.entries), extended.last) == (["1", "2", "3", "4", "5"], 5)
    assert stage.held.looks == [2, 2, 1]
