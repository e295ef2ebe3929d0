"""With a pinning service in the settings nothing goes on chain before it has it. Real records; the flow is scripted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pymongo import AsyncMongoClient

from steadymint.domain.errors import NotPinnedError
from steadymint.domain.media import Asset, MediaId
from steadymint.domain.types import Standard, TokenId, UserId
from steadymint.media.assets import Assets
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.media.writing import DocumentWriter, document
from steadymint.publishing.collections import CollectionDocuments
from steadymint.publishing.documents import CollectionWords, TokenWords
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets, SetOrder
from steadymint.settings import MediaSettings

OWNER = UserId(UUID(int=1))
WORDS = CollectionWords("Lights", "LIT", "Lamps")
ORDER = SetOrder(Standard.ERC721, [(TokenId(1), TokenWords("Light 1"))], frozenset())


class ScriptedFlows:
    """In place of Temporal: a flow that pins at some of the services after a moment, or at none."""

    def __init__(self, states: MediaStates) -> None:
        self._states = states
        self._running: set[asyncio.Task[None]] = set()
        self.has: Collection[str] = ()
        self.asked: list[MediaId] = []

    async def process(self, asset: Asset) -> bool:
        self.asked.append(asset.id)
        flow = asyncio.create_task(self._run(asset.id, tuple(self.has)))
        self._running.add(flow)
        flow.add_done_callback(self._running.discard)
        return True

    async def _run(self, media_id: MediaId, services: Collection[str]) -> None:
        await asyncio.sleep(0.05)
        for service in services:
            await self._states.mark_pinned(media_id, service)

    async def done(self) -> None:
        await asyncio.gather(*self._running)


class Pinned:
    """Publishing beside a Kubo node and a pinning service."""

    def __init__(self, mongo: AsyncMongoClient[dict[str, Any]], root: Path) -> None:
        settings = MediaSettings(store=f"file:{root}", kubo_url="http://kubo:5001", pinning_url="https://pins.example")
        assets, store = Assets(mongo), open_object_store(settings)
        states = MediaStates(mongo, assets)
        self.flows = ScriptedFlows(states)
        pins = Pins(states, self.flows, settings, patience=0.6)
        held, writer = Held(store, assets, pins), DocumentWriter(store, assets)
        self.sets = MetadataSets(held, writer, assets, pins)
        self.collections = CollectionDocuments(held, writer, pins)


@pytest.fixture
async def pinned(mongo: str, tmp_path: Path) -> AsyncIterator[Pinned]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    made = Pinned(client, tmp_path)
    yield made
    await made.flows.done()
    await client.close()


async def test_a_document_is_named_once_every_service_has_it(pinned: Pinned) -> None:
    pinned.flows.has = ("kubo", "pinning-service")
    uri = await pinned.collections.contract_uri(WORDS, OWNER)
    assert uri.startswith("ipfs://")
    assert len(pinned.flows.asked) == 1
    assert await pinned.collections.contract_uri(WORDS, OWNER) == uri
    assert len(pinned.flows.asked) == 1  # what is pinned is not asked for again


async def test_until_then_the_caller_is_told_to_come_back_and_the_flow_goes_on(pinned: Pinned) -> None:
    pinned.flows.has = ("kubo",)
    with pytest.raises(NotPinnedError) as refusal:
        await pinned.collections.contract_uri(WORDS, OWNER)
    assert refusal.value.retry_after is not None
    assert refusal.value.extra == {"mediaIds": pinned.flows.asked, "upstream": "pinning"}
    pinned.flows.has = ("pinning-service",)
    assert await pinned.collections.contract_uri(WORDS, OWNER)


async def test_a_set_is_published_at_once_and_named_once_its_directory_is_pinned(pinned: Pinned) -> None:
    made = await pinned.sets.publish(ORDER, OWNER)
    assert pinned.flows.asked == [made.asset.id]  # the directory; its documents go with it
    with pytest.raises(NotPinnedError):
        await pinned.sets.base_uri_of(made.asset.id, Standard.ERC721, OWNER)
    with pytest.raises(NotPinnedError):
        await pinned.sets.check_base_uri(made.base_uri, Standard.ERC721)
    pinned.flows.has = ("kubo", "pinning-service")
    assert await pinned.sets.base_uri_of(made.asset.id, Standard.ERC721, OWNER) == made.base_uri
    await pinned.sets.check_base_uri(made.base_uri, Standard.ERC721)


class FakeDeafFlows:
    """Temporal that takes a call and never answers."""

    async def process(self, asset: Asset) -> bool:
        await asyncio.Event().wait()
        return False


async def test_however_many_flows_are_to_be_started_the_caller_is_told_within_its_patience(
    mongo: str, tmp_path: Path
) -> None:
    settings = MediaSettings(store=f"file:{tmp_path}", kubo_url="http://kubo:5001")
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    async with client:
        assets = Assets(client)
        written = await DocumentWriter(open_object_store(settings), assets).write(
            [document(b'{"name": "%d"}' % number) for number in range(40)], OWNER
        )
        pins = Pins(MediaStates(client, assets), FakeDeafFlows(), settings, patience=0.1)
        async with asyncio.timeout(30):
            with pytest.raises(NotPinnedError):
                await pins.check(written)
