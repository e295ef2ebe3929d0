"""What is kept of a document, and under which key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import fields
from decimal import Decimal

import pytest
from pymongo import AsyncMongoClient

from steadymint.documents import METADATA_DOCS, Document, collection_of
from steadymint.domain.metadata import Attribute, ContractDocument, NormalisedDocument
from steadymint.metadata import docs
from steadymint.metadata.docs import Docs, DocUpdate
from steadymint.metadata.uris import MAX_PICTURE, MAX_SHOWN, cleaned, picture, shown

CHAIN, CONTRACT = "eip155:1", "0x" + "ab" * 20
HUGE = 2**256 - 1


@pytest.fixture
async def client(mongo: str) -> AsyncIterator[AsyncMongoClient[Document]]:
    client: AsyncMongoClient[Document] = AsyncMongoClient(mongo)
    yield client
    await client.close()


def test_every_member_of_a_normalised_document_is_kept() -> None:
    token = docs.as_json(NormalisedDocument(name="a", attributes=(Attribute("x", "y", "string"),)))
    assert set(token) == {field.name for field in fields(NormalisedDocument)}
    assert set(token["attributes"][0]) == {field.name for field in fields(Attribute)}
    assert set(docs.as_json(ContractDocument())) == {field.name for field in fields(ContractDocument)}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("7", "7"),
        (Decimal("7"), 7),
        (Decimal("1E+2"), 100),
        (Decimal("0.1"), "0.1"),
        (Decimal("1E+30"), "1" + "0" * 30),
        (1_700_000_000, 1_700_000_000),
        (2**60, str(2**60)),
    ],
    ids=["text", "integer", "exponent", "fraction", "huge", "date", "huge date"],
)
def test_no_number_is_bent(value: str | Decimal | int, kept: str | int) -> None:
    found = docs.as_json(NormalisedDocument(attributes=(Attribute("x", value, "number"),)))
    assert found["attributes"][0]["value"] == kept


async def test_a_document_is_written_once_under_its_key_whoever_believes_it_to_be_new(
    client: AsyncMongoClient[Document],
) -> None:
    written = Docs(client)
    key = docs.doc_key(CHAIN, CONTRACT, HUGE)
    good = docs.good("ipfs://x", b'{"name":"a"}', "hash", None, NormalisedDocument(name="a"))
    at = docs.now()
    await written.write([DocUpdate(key, good, new=True)], at)
    await written.write([DocUpdate(key, good, new=True), DocUpdate(docs.doc_key(CHAIN, CONTRACT, 1), good)], at)
    await written.write([DocUpdate(key, docs.bad("ipfs://y", "timeout: x"))], docs.now())
    collection = collection_of(client, METADATA_DOCS)
    assert await collection.count_documents({}) == 2
    found = await collection.find_one({"chainId": CHAIN, "contract": CONTRACT, "tokenId": str(HUGE)})
    assert found is not None
    assert found["_id"] == f"{CHAIN}:{CONTRACT}:{HUGE}"
    assert (found["normalize_status"], found["normalize_error"]) == ("failed", "timeout: x")
    assert found["original_json"] == '{"name":"a"}', "the last good original stays"
    assert (await written.known([found["_id"]]))[found["_id"]].body_hash == "hash"


async def test_the_moment_is_the_same_after_a_round_trip(client: AsyncMongoClient[Document]) -> None:
    at = docs.now()
    key = docs.doc_key(CHAIN, CONTRACT, None)
    await Docs(client).write([DocUpdate(key, docs.bad(None, "no_uri: x"), new=True)], at)
    assert (await Docs(client).known([key["_id"]]))[key["_id"]].fetched_at == at


async def test_copies_of_one_large_document_go_in_commands_that_a_server_takes(
    client: AsyncMongoClient[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "WRITTEN_AT_ONCE", 10_000)
    body = b'{"name":"' + b"a" * 3000 + b'"}'
    good = docs.good("ipfs://x", body, "hash", None, NormalisedDocument())
    updates = [DocUpdate(docs.doc_key(CHAIN, CONTRACT, number), good, new=True) for number in range(10)]
    await Docs(client).write(updates, docs.now())
    assert await collection_of(client, METADATA_DOCS).count_documents({}) == 10


def test_an_original_is_kept_up_to_a_length_and_as_text() -> None:
    kept = docs.good("ipfs://x", b'"\xff' + b"a" * 10**6, "hash", None, NormalisedDocument())["original_json"]
    assert len(kept) == docs.MAX_ORIGINAL
    assert kept.startswith('"\ufffd')


def test_what_is_a_document_itself_is_not_shown_as_an_address() -> None:
    assert shown("ipfs://x") == "ipfs://x"
    assert shown("data:," + "a" * MAX_SHOWN) is None
    assert picture("data:," + "a" * MAX_SHOWN) is not None
    assert picture("data:," + "a" * MAX_PICTURE) is None
    assert shown(None) is None
    assert cleaned(" ipfs://\0x\n") == "ipfs://x"
