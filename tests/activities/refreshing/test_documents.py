"""A document that is read becomes a row of its token, the traits and a kept original, and nothing twice."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from aiohttp import web

from steadymint.catalog.ranking import Ranking
from steadymint.metadata import batch_writer, normalise
from steadymint.metadata.settle import SettledCounts, Settlement
from tests.support.refreshing import BLUE, RED, Reading, a_reading


async def test_a_document_becomes_a_row_its_traits_and_a_kept_original(reading: Reading) -> None:
    reading.publish(1, {"name": "One", "image": "ipfs://cid/1.png", "description": "d", **RED})
    await reading.ask_for(1)

    summary = await reading.batch()

    assert (summary.read, summary.failed, summary.due, summary.waiting) == (1, 0, 0, 0)
    assert summary.traits_changed
    token, doc = await reading.token(1), await reading.doc(1)
    assert doc is not None
    assert token["name"] == "One"
    assert token["metadata_url"] == f"{reading.server.origin}/1"
    assert token["metadata_doc"] == doc["_id"]
    assert (token["metadata_status"], token["metadata_error"]) == ("ok", None)
    assert await reading.drop.said() == {1: {("colour", "red")}}
    assert doc["tokenId"] == "1"
    assert doc["tokenURI"] == token["metadata_url"]
    assert '"Colour"' in doc["original_json"]
    assert doc["normalized_json"]["attributes"][0]["trait_type"] == "Colour"
    assert doc["normalize_status"] == "ok"
    assert doc["etag"]
    assert await reading.queued() == {}
    assert (await reading.progress())["status"] == "done"


async def test_pages_of_the_collection_are_read_anew_once_its_rows_are_committed(reading: Reading) -> None:
    shown: list[Any] = []

    class Pages:
        async def bump(self, collections: Iterable[Any]) -> bool:
            shown.append((list(collections), (await reading.token(1))["metadata_status"]))
            return True

        async def bump_chain(self, chain_id: Any) -> bool:
            raise AssertionError("only one collection has changed")

    reading.refresh.pages = Pages()
    reading.publish(1, RED)
    await reading.ask_for(1)
    await reading.batch()
    assert [status for _, status in shown] == ["ok"]
    ((chain_id, contract),) = shown[0][0]
    row = await reading.pool.fetchrow("select chain_id, contract_address from catalog_service.collections")
    assert (chain_id, contract) == tuple(row)


async def test_tokens_with_one_address_share_one_request_and_are_all_written(reading: Reading) -> None:
    for number in range(10):
        reading.publish(number, RED)
        reading.contracts.uris[number] = f"{reading.server.origin}/1"
    await reading.ask_for(*range(10))
    assert (await reading.batch()).read == 10
    assert reading.server.asked == {"/1": 1}
    assert len(await reading.drop.said()) == 10
    assert (await reading.doc(9) or {})["original_json"] == (await reading.doc(1) or {})["original_json"]


async def test_an_erc1155_address_is_each_tokens_own_and_so_are_those_in_a_shared_document(
    database: str, mongo: str
) -> None:
    async with a_reading(database, mongo, size=13, standard="erc1155") as reading:
        reading.contracts.uris = {10: f"{reading.server.origin}/{{id}}", 11: f"{reading.server.origin}/all"}
        reading.contracts.uris[12] = reading.contracts.uris[11]
        reading.server.documents["/" + "0" * 63 + "a"] = {"name": "Ten"}
        reading.server.documents["/all"] = {"name": "All", "image": "https://x.example/{id}.png"}
        await reading.ask_for(10, 11, 12)
        assert (await reading.batch()).failed == 0
        assert (await reading.token(10))["name"] == "Ten"
        assert (await reading.token(11))["image_url"] == f"https://x.example/{11:064x}.png"
        assert (await reading.token(12))["image_url"] == f"https://x.example/{12:064x}.png"
        assert reading.server.asked["/all"] == 1


async def test_a_document_that_erc1155_tokens_share_is_normalised_once_and_written_in_parts(
    database: str, mongo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's document is as large as he likes, and each batch has 500 tokens."""
    read, settle, normalised, written = normalise.attributes_of, Settlement.settle, list[int](), list[int]()

    def counted(document: Any) -> Any:
        normalised.append(len(document))
        return read(document)

    async def settled(self: Settlement, collection_id: Any, outcomes: Sequence[Any], at: Any) -> SettledCounts:
        written.append(len(outcomes))
        return await settle(self, collection_id, outcomes, at)

    monkeypatch.setattr(normalise, "attributes_of", counted)
    monkeypatch.setattr(Settlement, "settle", settled)
    monkeypatch.setattr(batch_writer, "WRITTEN_TOGETHER", 4)
    async with a_reading(database, mongo, standard="erc1155") as reading:
        reading.contracts.uris = dict.fromkeys(range(10), f"{reading.server.origin}/all")
        reading.server.documents["/all"] = {**RED, "image": "https://x.example/{id}.png"}
        await reading.ask_for(*range(10))
        assert (await reading.batch()).failed == 0
        assert [(await reading.token(n))["image_url"][-5:] for n in (1, 9)] == ["1.png", "9.png"]
        assert ((await reading.doc(9) or {})["media_json"]["image"] or "").endswith("9.png")
        assert len(await reading.drop.said()) == 10
    assert len(normalised) == 1
    assert written == [4, 4, 2]


async def test_an_unchanged_document_is_not_sent_and_no_trait_is_written(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading.publish(1, RED)
    reading.publish(2, BLUE)
    await reading.ask_for(1, 2)
    await reading.batch()
    await Ranking(reading.pool).rank(reading.drop.id)
    reading.server.answers["/2"] = lambda _: web.json_response(BLUE)  # the same again, from a server without tags
    before = await reading.token(1)
    await reading.ask_for(1, 2, reason="request")

    summary = await reading.batch()

    after = await reading.token(1)
    assert summary.read == 2
    assert not summary.traits_changed
    assert after["last_refresh_at"] > before["last_refresh_at"]
    assert {**after, "last_refresh_at": None} == {**before, "last_refresh_at": None}
    assert (await reading.doc(1) or {})["etag"] is not None


async def test_a_changed_document_replaces_traits(reading: Reading) -> None:
    reading.publish(1, RED)
    await reading.ask_for(1)
    await reading.batch()
    reading.publish(1, BLUE)
    await reading.ask_for(1, reason="event")
    assert (await reading.batch()).traits_changed
    assert await reading.drop.said() == {1: {("colour", "blue")}}


async def test_ranks_are_asked_for_until_they_are_computed(reading: Reading) -> None:
    reading.publish(1, RED)
    await reading.ask_for(1)
    assert (await reading.batch()).traits_changed
    assert (await reading.batch()).traits_changed, "the answer before may never have arrived"
    await Ranking(reading.pool).rank(reading.drop.id)
    assert not (await reading.batch()).traits_changed


async def test_a_burned_token_loses_its_traits_unasked_and_gets_them_back_with_its_life(reading: Reading) -> None:
    reading.publish(1, RED)
    await reading.ask_for(1)
    await reading.batch()
    await reading.drop.burn(1)
    await reading.ask_for(1, reason="burn")
    assert (await reading.batch()).traits_changed
    assert await reading.drop.said() == {}
    assert reading.server.asked["/1"] == 1

    await reading.pool.execute("update catalog_service.tokens set burned = false, supply = 1")  # a reorg took it back
    await reading.ask_for(1)
    assert (await reading.batch()).traits_changed
    assert await reading.drop.said() == {1: {("colour", "red")}}


async def test_a_document_on_the_chain_itself_is_kept_without_its_address(reading: Reading) -> None:
    picture = "data:image/svg+xml;base64," + base64.b64encode(b"<svg " + b" " * 3000 + b"/>").decode()
    body = f'{{"name": "On chain", "image": "{picture}"}}'
    reading.contracts.uris[1] = "data:application/json;base64," + base64.b64encode(body.encode()).decode()
    await reading.ask_for(1)
    assert (await reading.batch()).failed == 0
    token = await reading.token(1)
    assert token["name"] == "On chain"
    assert token["metadata_url"] is None
    assert token["image_url"].startswith("data:image/svg+xml")
