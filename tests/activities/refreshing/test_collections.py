"""A collection's own document fills what it says, and nothing else."""

from __future__ import annotations

from steadymint.metadata.uris import NO_URI, ContractWords
from tests.support.refreshing import Reading


async def test_a_collections_own_document_is_read_however_frozen_its_tokens_are(reading: Reading) -> None:
    """`freezeMetadata` leaves `contractURI` free, and each change of it is announced."""
    await reading.pool.execute("update catalog_service.collections set frozen = true")
    reading.contracts.words = ContractWords(f"{reading.server.origin}/contract", None)
    for said in ("First", "Second", "Third"):
        reading.server.documents["/contract"] = {"description": said}
        await reading.ask_for_contract()
        await reading.batch()
        shown = await reading.shown()
        assert (shown["description"], shown["metadata_status"]) == (said, "ok")


async def test_the_collections_own_document_fills_what_it_says_and_nothing_else(reading: Reading) -> None:
    await reading.pool.execute(
        "update catalog_service.collections set description = 'ours', website_url = 'https://a.b'"
    )
    reading.contracts.words = ContractWords(f"{reading.server.origin}/contract", "Name on chain")
    reading.server.documents["/contract"] = {
        "name": "Other",
        "image": "ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKZ13w/logo.png",
        "banner_image": "https://x.example/banner.png",
        "external_link": "https://project.example/",
    }
    await reading.ask_for_contract()
    assert (await reading.batch()).read == 1
    shown = await reading.shown()
    assert shown["contract_uri"] == f"{reading.server.origin}/contract"
    assert shown["image_url"].startswith("ipfs://")
    assert shown["banner_url"] == "https://x.example/banner.png"
    assert shown["website_url"] == "https://project.example/"
    assert shown["description"] == "ours"
    assert shown["name"] == "Collection 1", "ours has the name that our factory gave it"
    assert shown["metadata_status"] == "ok"
    assert (await reading.doc(None) or {})["_id"] == shown["metadata_doc"]


async def test_a_collection_without_a_document_is_no_failure(reading: Reading) -> None:
    reading.contracts.words = ContractWords(NO_URI, "Renamed")
    await reading.pool.execute("update catalog_service.collections set source = 'import'")
    await reading.ask_for_contract()
    summary = await reading.batch()
    assert (summary.read, summary.failed) == (1, 0)
    shown = await reading.shown()
    assert shown["metadata_status"] is None
    assert shown["name"] == "Renamed", "an imported one is called what its contract says"
