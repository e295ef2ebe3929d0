"""Which mints are refused for want of metadata, on a real document store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pymongo import AsyncMongoClient

from steadymint.domain.errors import MissingMetadataError
from steadymint.domain.intents.mint import MintItem, MintTerms
from steadymint.domain.media import Asset
from steadymint.domain.types import Address, Quantity, Standard, TokenId, UserId
from steadymint.media.assets import Assets
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.media.writing import DocumentWriter
from steadymint.publishing.documents import TokenWords
from steadymint.publishing.held import Held
from steadymint.publishing.minting import MintedMetadata
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets, SetOrder
from steadymint.settings import MediaSettings
from steadymint.stack.mongo import Mongo

OWNER = UserId(UUID(int=1))
WALLET = Address("0x" + "ab" * 20)


class NoFlows:
    async def process(self, asset: Asset) -> bool:
        raise AssertionError("nothing is pinned without a service")


class Stage:
    """Sets to mint from."""

    def __init__(self, mongo: AsyncMongoClient[dict[str, Any]], root: Path) -> None:
        settings = MediaSettings(store=f"file:{root}")
        assets, store = Assets(mongo), open_object_store(settings)
        pins = Pins(MediaStates(mongo, assets), NoFlows(), settings)
        self._sets = MetadataSets(Held(store, assets, pins), DocumentWriter(store, assets), assets, pins)
        self.minted = MintedMetadata(assets)

    async def base_uri(self, standard: Standard, *ids: int) -> str:
        tokens = [(TokenId(one), TokenWords(f"Token {one}")) for one in ids]
        return (await self._sets.publish(SetOrder(standard, tokens, frozenset()), OWNER)).base_uri

    async def refuses(self, base_uri: str, next_id: int, terms: MintTerms) -> dict[str, Any] | None:
        """What the refusal says; None if there is none."""
        try:
            if terms.items:
                await self.minted.check_ids(base_uri, terms.ids())
            else:
                await self.minted.check_next(base_uri, next_id, terms.total())
        except MissingMetadataError as error:
            return error.extra
        return None


@pytest.fixture
async def stage(mongo: str, tmp_path: Path) -> AsyncIterator[Stage]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    yield Stage(client, tmp_path)
    await client.close()


def quantity(count: int) -> MintTerms:
    return MintTerms(contract=WALLET, standard=Standard.ERC721, to=WALLET, quantity=count)


def items(*ids: int) -> MintTerms:
    minted = tuple(MintItem(token_id=TokenId(one), quantity=Quantity(1)) for one in ids)
    return MintTerms(contract=WALLET, standard=Standard.ERC1155, to=WALLET, items=minted)


async def test_an_erc721_mint_is_taken_up_to_the_last_document(stage: Stage) -> None:
    base = await stage.base_uri(Standard.ERC721, *range(1, 11))
    assert await stage.refuses(base, 1, quantity(10)) is None
    assert await stage.refuses(base, 10, quantity(1)) is None
    assert await stage.refuses(base, 1, quantity(11)) == {"left": "10", "wanted": "11"}
    assert await stage.refuses(base, 10, quantity(2)) == {"left": "1", "wanted": "2"}
    assert await stage.refuses(base, 11, quantity(1)) == {"left": "0", "wanted": "1"}


async def test_a_mint_that_may_still_fall_on_documents_is_taken_for_the_catalog_lags_behind(stage: Stage) -> None:
    base = await stage.base_uri(Standard.ERC721, 1, 2, 11, 12, 13)
    assert await stage.refuses(base, 2, quantity(3)) is None  # others may have minted up to 10 by now
    assert await stage.refuses(base, 2, quantity(4)) == {"left": "3", "wanted": "4"}
    assert await stage.refuses(base, 12, quantity(3)) == {"left": "2", "wanted": "3"}


async def test_an_erc1155_mint_names_its_ids_and_each_must_have_a_document(stage: Stage) -> None:
    largest = 2**256 - 1
    base = await stage.base_uri(Standard.ERC1155, 0, 7, 255, largest)
    assert await stage.refuses(base, 1, items(7, 255, 0, largest)) is None
    assert await stage.refuses(base, 1, items(7, 8, 256)) == {"tokenIds": ["8", "256"]}


async def test_a_base_uri_that_leads_past_our_documents_leads_to_none(stage: Stage) -> None:
    base = await stage.base_uri(Standard.ERC721, 1, 2, 3)
    assert await stage.refuses(base + "tokens/", 1, quantity(1)) == {"left": "0", "wanted": "1"}
    coins = await stage.base_uri(Standard.ERC1155, 1, 2, 3)
    assert await stage.refuses(coins + ".json", 1, items(1)) == {"tokenIds": ["1"]}
    assert await stage.refuses(coins, 1, items(1)) is None


@pytest.mark.parametrize(
    "base",
    [
        "",
        "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/",
        "ipfs://QmNotACid/",
        "https://market.example/",
        "ar://x/",
        "data:,",
        "\0",
    ],
)
async def test_what_is_not_ours_is_not_ours_to_judge(stage: Stage, base: str) -> None:
    assert await stage.refuses(base, 1, quantity(500)) is None
    assert await stage.refuses(base, 1, items(1)) is None


async def test_what_is_remembered_needs_no_store_for_it_never_changes(stage: Stage, mongo_server: Mongo) -> None:
    base = await stage.base_uri(Standard.ERC721, 1, 2, 3)
    assert await stage.refuses(base, 1, quantity(3)) is None
    await mongo_server.stop()
    assert await stage.refuses(base, 1, quantity(3)) is None
    assert await stage.refuses(base, 2, quantity(3)) == {"left": "2", "wanted": "3"}
    await mongo_server.start()  # a client that closes says goodbye to its server
