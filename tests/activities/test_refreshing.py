"""A batch of a refresh: what is written where, what stays, and that a crash at any line changes nothing of it."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

from steadymint.catalog.ranking import Ranking
from steadymint.domain.metadata import DocumentFailure
from steadymint.metadata import announced, batch_writer, docs, queue
from steadymint.metadata import reading as reading_module
from steadymint.metadata import refresh as refresh_module
from steadymint.metadata.docs import Docs, DocUpdate
from steadymint.metadata.refresh import Refresh
from steadymint.metadata.settle import EntryOutcome, EntryVerdict, SettledCounts, Settlement
from steadymint.metadata.uris import NO_URI, ContractWords
from tests.support.refreshing import Reading, a_reading

RED, BLUE = ({"name": "One", "attributes": [{"trait_type": "Colour", "value": value}]} for value in ("Red", "Blue"))


@pytest.fixture
async def reading(database: str, mongo: str) -> AsyncIterator[Reading]:
    async with a_reading(database, mongo) as found:
        yield found


def status(code: int, **headers: str) -> Any:
    return lambda _: web.Response(status=code, headers=headers)


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


async def test_what_a_server_does_not_give_now_is_asked_for_later_and_marked_in_the_end(reading: Reading) -> None:
    reading.publish(1, RED)
    reading.server.answers["/1"] = status(503)
    await reading.ask_for(1)
    waits = []
    for tries in range(1, 8):
        summary = await reading.batch()
        assert (summary.delayed, summary.waiting) == (1, 1)
        (entry,) = (await reading.queued()).values()
        assert entry["attempts"] == tries
        assert entry["last_error"].startswith("upstream_error")
        waits.append(summary.next_due_in)
        assert (await reading.token(1))["metadata_status"] is None
        await reading.due_now()
    assert all(later > 1.5 * earlier for earlier, later in itertools.pairwise(waits))

    summary = await reading.batch()

    assert (summary.read, summary.failed, summary.waiting) == (1, 1, 0)
    token = await reading.token(1)
    assert token["metadata_status"] == "failed"
    assert token["metadata_error"].startswith("upstream_error: ")
    assert "8 times" in token["metadata_error"]
    assert await reading.queued() == {}


async def test_a_token_that_was_read_well_keeps_what_it_shows_when_it_cannot_be_read(reading: Reading) -> None:
    reading.publish(1, {**RED, "name": "Kept", "image": "https://x.example/1.png"})
    await reading.ask_for(1)
    await reading.batch()
    reading.server.answers["/1"] = lambda _: web.Response(text="<html>gone</html>")
    await reading.ask_for(1, reason="event")

    summary = await reading.batch()

    assert summary.failed == 1
    token, doc = await reading.token(1), await reading.doc(1)
    assert token["metadata_status"] == "failed"
    assert token["metadata_error"].startswith("not_json")
    assert (token["name"], token["image_url"]) == ("Kept", "https://x.example/1.png")
    assert await reading.drop.said() == {1: {("colour", "red")}}
    assert doc is not None
    assert doc["normalize_status"] == "failed"
    assert "Kept" in doc["original_json"]


async def test_a_token_whose_contract_names_no_document_is_done_and_not_marked(reading: Reading) -> None:
    reading.contracts.uris[1] = ""
    await reading.ask_for(1)
    summary = await reading.batch()
    assert (summary.read, summary.failed, summary.due, summary.waiting) == (1, 0, 0, 0)
    token = await reading.token(1)
    assert (token["metadata_status"], token["metadata_error"]) == (None, None)
    assert await reading.doc(1) is None


async def test_a_contract_that_does_not_answer_is_marked_at_once(reading: Reading) -> None:
    reading.contracts.uris[2] = DocumentFailure("too_large", "more than a document may have", permanent=True)
    await reading.ask_for(1, 2)
    assert (await reading.batch()).failed == 2
    assert (await reading.token(1))["metadata_error"].startswith("no_uri")
    assert (await reading.token(2))["metadata_error"].startswith("too_large")


async def test_being_told_to_come_later_is_obeyed_and_costs_no_try(reading: Reading) -> None:
    reading.publish(1, RED)
    reading.server.answers["/1"] = status(429, **{"Retry-After": "600"})
    await reading.ask_for(1)
    summary = await reading.batch()
    assert summary.next_due_in is not None
    assert 500 < summary.next_due_in <= 600
    (entry,) = (await reading.queued()).values()
    assert entry["attempts"] == 0


async def test_tokens_with_one_address_share_one_request_and_are_all_written(reading: Reading) -> None:
    for number in range(10):
        reading.publish(number, RED)
        reading.contracts.uris[number] = f"{reading.server.origin}/1"
    await reading.ask_for(*range(10))
    assert (await reading.batch()).read == 10
    assert reading.server.asked == {"/1": 1}
    assert len(await reading.drop.said()) == 10
    assert (await reading.doc(9) or {})["original_json"] == (await reading.doc(1) or {})["original_json"]


async def test_x19_what_a_contract_announces_is_read_so_often_an_hour_and_then_waits(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announced, "LEAST", 1)
    await reading.pool.execute(
        "insert into catalog_service.collection_stats (collection_id, items_count, last_updated_at)"
        " values ($1, 10, now()) on conflict (collection_id) do update set items_count = 10",
        reading.collection_id,
    )
    for number in range(10):
        reading.publish(number, {**RED, "name": str(number)})

    async def announce() -> None:
        async with reading.pool.acquire() as leased:
            connection: Any = leased
            await queue.enqueue_ranges(connection, [queue.whole(reading.collection_id)], "event")
            await queue.enqueue_ranges(connection, [queue.TokenRange(reading.collection_id, 2, 4)], "event")

    await announce()
    summary = await reading.batch()
    for _ in range(11):
        await announce()
        summary = await reading.batch()
    assert reading.server.asked.total() == announced.PASSES * 10
    assert (summary.due, summary.read) == (0, 0)
    assert summary.waiting
    assert summary.next_due_in is not None
    assert 3000 < summary.next_due_in <= 3600

    await reading.ask_for(7, reason="mint")
    await reading.ask_for(8, reason="request")
    assert (await reading.batch()).read == 2  # of these nobody is made to wait

    await reading.pool.execute(
        "update catalog_service.sync_state set started_at = now() - interval '1 hour' where source = 'announced'"
    )
    await reading.due_now()
    assert (await reading.batch()).read == 10
    assert (await reading.progress())["status"] == "done"


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


async def test_a_request_that_comes_meanwhile_is_answered_after_this_one(reading: Reading) -> None:
    reading.publish(1, RED)
    asked = asyncio.Event()

    async def ask_again() -> None:
        await asked.wait()
        await reading.ask_for(1, reason="event")

    def answer(_: web.Request) -> web.Response:
        asked.set()
        return web.json_response(RED)

    reading.server.answers["/1"] = answer
    await reading.ask_for(1)
    taken = await reading.refresh.entries.take(reading.collection_id, 10)
    await reading.ask_for(1, reason="event")  # between taking and settling
    settled = await reading.refresh.settlement.settle(
        reading.collection_id, [EntryOutcome(taken[0], EntryVerdict.READ)], docs.now()
    )
    assert settled.read == 0
    assert (await reading.token(1))["metadata_status"] == "ok"
    (entry,) = (await reading.queued()).values()
    assert entry["generation"] == 2
    assert (await reading.batch()).read == 1


async def test_rows_that_the_indexer_holds_are_left_for_the_next_batch(reading: Reading) -> None:
    for number in (1, 2):
        reading.publish(number, RED)
    await reading.ask_for(1, 2)
    async with reading.pool.acquire() as indexer, indexer.transaction():
        await indexer.execute("update catalog_service.tokens set supply = 1 where id = $1", reading.drop.tokens[1])
        summary = await asyncio.wait_for(reading.batch(), 10)
        assert (summary.read, summary.due) == (1, 1)
    assert (await reading.batch()).read == 1
    assert (await reading.progress())["done"] == 2


@pytest.mark.parametrize("reason", ["event", "mint", "request"])
async def test_what_is_frozen_is_read_once_and_then_only_when_asked_for(reading: Reading, reason: Any) -> None:
    await reading.pool.execute("update catalog_service.collections set frozen = true")
    reading.publish(1, RED)
    await reading.ask_for(1)
    await reading.batch()
    assert reading.server.asked["/1"] == 1
    await reading.ask_for(1, reason=reason)
    assert (await reading.batch()).read == 1
    assert reading.server.asked["/1"] == (2 if reason == "request" else 1)
    assert await reading.queued() == {}


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


async def test_what_an_operator_took_out_of_refreshing_is_never_asked_for(reading: Reading) -> None:
    reading.publish(1, RED)
    row = reading.drop.row
    await reading.pool.execute(
        "insert into catalog_service.nft_flags (chain_id, contract, token_id, refreshable) values ($1, $2, 1, false)",
        row["chain_id"],
        row["contract_address"],
    )
    await reading.ask_for(1, reason="request")
    assert (await reading.batch()).read == 1
    assert reading.server.asked == {}
    assert (await reading.token(1))["metadata_status"] is None


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


@pytest.mark.parametrize("error", [RecursionError, ZeroDivisionError])
@pytest.mark.parametrize("step", ["parse_document", "normalise"])
async def test_whatever_a_documents_content_raises_is_a_verdict_on_it_and_stops_no_other(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, step: str, error: type[Exception]
) -> None:
    right = getattr(reading_module, step)

    def choke(content: Any, **more: Any) -> object:
        if "poison" in str(content):
            raise error
        return right(content, **more)

    monkeypatch.setattr(reading_module, step, choke)
    reading.publish(1, {"name": "poison"})
    reading.publish(2, RED)
    await reading.ask_for(1, 2)
    summary = await reading.batch()
    assert (summary.read, summary.failed, summary.delayed) == (2, 1, 0)
    assert (await reading.token(1))["metadata_error"].startswith("unprocessable: ")
    assert await reading.queued() == {}


async def test_an_error_of_ours_that_one_fetch_provokes_stops_no_other_and_is_tried_again(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = reading.refresh.fetcher.fetch

    async def choke(uri: str, **more: Any) -> Any:
        if uri.endswith("/1"):
            raise KeyError
        return await fetch(uri, **more)

    monkeypatch.setattr(reading.refresh.fetcher, "fetch", choke)
    reading.publish(1, RED)
    reading.publish(2, RED)
    await reading.ask_for(1, 2)
    summary = await reading.batch()
    assert (summary.read, summary.delayed) == (1, 1)
    (entry,) = (await reading.queued()).values()
    assert entry["last_error"].startswith("internal")


async def test_a_batch_that_is_told_to_stop_waits_for_no_place_with_a_host_that_is_busy(
    database: str, mongo: str
) -> None:
    stop = asyncio.Event()

    async def silence(_: web.Request) -> web.Response:
        stop.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with a_reading(database, mongo, per_host=1, timeout=1.0) as reading:
        for number in range(10):
            reading.publish(number, RED)
            reading.server.answers[f"/{number}"] = silence
        await reading.ask_for(*range(10))
        summary = await reading.refresh.batch(reading.collection, stop, lambda _through, _of: None)

    assert summary.delayed == summary.waiting > 0
    assert summary.due == 10 - summary.waiting > 0


async def test_a_batch_that_is_told_to_stop_begins_no_further_document(reading: Reading) -> None:
    stop = asyncio.Event()

    def answer(_: web.Request) -> web.Response:
        stop.set()
        return web.json_response(RED)

    for number in range(10):
        reading.publish(number, RED)
        reading.server.answers[f"/{number}"] = answer
    reading.refresh.settings = reading.refresh.settings.model_copy(update={"concurrency": 2})
    await reading.ask_for(*range(10))
    summary = await reading.refresh.batch(reading.collection, stop, lambda _through, _of: None)
    assert 1 <= summary.read <= 3
    assert summary.due == 10 - summary.read


async def test_what_is_held_for_writing_is_bounded(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_module, "MAX_LOCATED", 1)
    monkeypatch.setattr(batch_writer, "MAX_HELD", 1)
    written: list[int] = []
    settle = Settlement.settle

    async def counted(
        self: Settlement, collection_id: UUID, outcomes: Sequence[EntryOutcome], at: datetime
    ) -> SettledCounts:
        written.append(len(outcomes))
        return await settle(self, collection_id, outcomes, at)

    monkeypatch.setattr(Settlement, "settle", counted)
    reading.refresh.settings = reading.refresh.settings.model_copy(update={"concurrency": 1})
    for number in range(5):
        reading.publish(number, RED)
    await reading.ask_for(*range(5))
    assert (await reading.batch()).read == 5
    assert written == [1, 1, 1, 1, 1]


async def test_a_collection_that_a_reorg_took_back_has_nothing_to_read(reading: Reading) -> None:
    gone = reading.collection.model_copy(update={"contract": "0x" + "99" * 20})
    summary = await reading.refresh.batch(gone, asyncio.Event(), lambda _through, _of: None)
    assert (summary.read, summary.due, summary.waiting) == (0, 0, 0)


# -- killed at any line, and repeated ---------------------------------------------------------------------------------


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
