"""One token with all that is known about it, and the addresses that browsers are sent to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from pymongo import AsyncMongoClient

from api.catalog.bodies.tokens import TokenDetailBody
from api.catalog.views.browser_urls import BrowserUrls
from steadymint.documents import METADATA_DOCS, collection_of
from tests.support.catalog_rows import CHAIN, at, collection_row, contract, insert, token_row
from tests.support.reads import Reads, serving_reads

PATH = f"/v1/collections/{CHAIN}/{contract(1)}/tokens/1"
ART = collection_row(1)
CID = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
TOKEN = token_row(
    ART,
    1,
    name="Lighthouse",
    image_url=f"ipfs://{CID}/a b.png",
    animation_url="data:text/html;base64," + "A" * 4000,
    metadata_url=f"ipfs://{CID}/1",
    metadata_doc="doc-1",
    metadata_status="ok",
)


@pytest.fixture
async def documents(mongo: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo, serverSelectionTimeoutMS=500)
    yield client
    await client.close()


@pytest.fixture
async def reads(database: str, documents: AsyncMongoClient[dict[str, Any]]) -> AsyncIterator[Reads]:
    async with serving_reads(database, mongo=documents) as found:
        await insert(found.pool, "catalog_service.collections", [ART])
        await insert(found.pool, "catalog_service.tokens", [TOKEN])
        await _describe(found)
        normalised = {"description": "The first.", "external_url": "https://light.example", "background_color": 7}
        document = {"_id": "doc-1", "chainId": CHAIN, "contract": contract(1), "tokenId": "1"}
        await collection_of(documents, METADATA_DOCS).insert_one(document | {"normalized_json": normalised})
        yield found


async def _describe(reads: Reads) -> None:
    """Two traits, two ranks, a listing's floor."""
    for name, kind, column, value in (
        ("Background", "string", "value_string", "Sunset"),
        ("Born", "date", "value_epoch_seconds", 86_400),
    ):
        await reads.pool.execute(
            f"""
            WITH trait AS (
                INSERT INTO catalog_service.traits (collection_id, name, normalized_name, value_type)
                VALUES ($1, $2, lower($2), $3) RETURNING id
            ), value AS (
                INSERT INTO catalog_service.trait_values (trait_id, value_type, {column}, normalized_value, frequency)
                SELECT id, $3, $4, lower($4::text), 0.25 FROM trait RETURNING id, trait_id
            )
            SELECT set_config('test.value', id::text, false), set_config('test.trait', trait_id::text, false) FROM value
            """.replace("$4::text", "$5"),
            ART["id"],
            name,
            kind,
            value,
            str(value),
        )
    await reads.pool.execute(
        "INSERT INTO catalog_service.token_trait_links (token_id, trait_id, trait_value_id, token_number)"
        " SELECT $1, v.trait_id, v.id, 1 FROM catalog_service.trait_values v",
        TOKEN["id"],
    )
    await reads.pool.execute(
        "INSERT INTO catalog_service.rarity_scores (token_id, collection_id, method, score, rank, token_number)"
        " VALUES ($1, $2, 'openrarity', 1.5, 3, 1), ($1, $2, 'average', 0.5, 4, 1)",
        TOKEN["id"],
        ART["id"],
    )
    await reads.pool.execute(
        "INSERT INTO catalog_service.token_floors (token_id, collection_id, price_native, currency_symbol, listing_id,"
        " listed_at, token_number) VALUES ($1, $2, 0.08, 'ETH', $1, $3, 1)",
        TOKEN["id"],
        ART["id"],
        at(5),
    )


async def test_a_token_is_shown_with_description_attributes_ranks_and_listing(reads: Reads) -> None:
    answer = await reads.http.get(PATH)
    assert answer.status_code == 200, answer.text
    TypeAdapter(TokenDetailBody).validate_json(answer.content, strict=True)
    token = answer.json()
    assert token["description"] == "The first."
    assert token["externalUrl"] == "https://light.example"
    assert "backgroundColor" not in token, "what is no text is left out"
    assert [(item["traitType"], item["value"], item["occurrences"]) for item in token["attributes"]] == [
        ("Background", "Sunset", 1),
        ("Born", 86_400, 1),
    ]
    assert [(item["method"], item["rank"]) for item in token["rarity"]] == [("average", 4), ("openrarity", 3)]
    assert token["rank"] == 3
    assert (token["listing"]["price"], token["listing"]["listedAt"]) == ("0.08", "2026-01-31T12:05:00Z")
    assert token["imageUrl"] == f"/ipfs/{CID}/a%20b.png"
    assert token["imageUri"] == f"ipfs://{CID}/a b.png"
    assert "animationUrl" not in token, "a whole file is not repeated"


async def test_a_token_whose_document_is_not_there_is_shown_with_what_its_row_says(reads: Reads) -> None:
    await collection_of(reads.app.state.services.mongo, METADATA_DOCS).delete_many({})
    token = (await reads.http.get(PATH)).json()
    assert "description" not in token
    assert token["name"] == "Lighthouse"


SHOWN = {
    f"ipfs://{CID}/1.png": f"https://cdn.example/ipfs/{CID}/1.png",
    f"ipfs://ipfs/{CID}": f"https://cdn.example/ipfs/{CID}",
    f"ipfs://{CID}/%23?x=<b>": f"https://cdn.example/ipfs/{CID}/%23?x=%3Cb%3E",
    f"ipfs://{CID}/Ape #7.png": f"https://cdn.example/ipfs/{CID}/Ape%20%237.png",
    f"ipfs://{CID}/100%.png": f"https://cdn.example/ipfs/{CID}/100%25.png",
    f"IPFS://{CID}/?seed=#1&x=%23": f"https://cdn.example/ipfs/{CID}/?seed=%231&x=%23",
    f"ipfs://{CID}/../x": None,
    "ar://" + "a" * 43 + "/Ape #7.png": "https://arweave.example/" + "a" * 43 + "/Ape%20%237.png",
    "ar://" + "a" * 43: "https://arweave.example/" + "a" * 43,
    "https://art.example/1.png": "https://art.example/1.png",
    "/media/abc": "https://cdn.example/media/abc",
    "http://art.example/1.png": None,
    "javascript:alert(1)": None,
    "data:image/png;base64,AAAA": None,
    "ipfs://../../etc/passwd": None,
    "//evil.example/x": None,
    "": None,
    None: None,
    "https://" + "a" * 3000: None,
}


@pytest.mark.parametrize(("uri", "shown"), SHOWN.items(), ids=[f"{n}" for n in range(len(SHOWN))])
def test_browsers_are_sent_to_https_or_to_our_gateway_and_nowhere_else(uri: str | None, shown: str | None) -> None:
    assert BrowserUrls("https://cdn.example", "https://arweave.example").url_for(uri) == shown
