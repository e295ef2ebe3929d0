"""Raw logs: found by block, transaction and log; each once; gone with their blocks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from steadymint.documents import EVENTS_RAW, Document, collection_of
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.store import raw_slices
from steadymint.indexing.store.raw_slices import slices_of
from steadymint.indexing.store.raw_store import MongoRawStore
from tests.support.forged_logs import CATS, CHAIN, STRANGER
from tests.support.raw_logs import unpacked

Json = dict[str, Any]


def raw_log(block: int, index: int = 0, *, address: str = CATS, tx: int | None = None, data: str = "0x") -> Json:
    """With a member that the indexer does not read."""
    return {
        "address": address,
        "topics": ["0x" + "1" * 64],
        "data": data,
        "blockNumber": hex(block),
        "blockHash": f"0x{block:064x}",
        "transactionHash": f"0x{block << 16 | (index if tx is None else tx):064x}",
        "transactionIndex": hex(index if tx is None else tx),
        "logIndex": hex(index),
        "removed": False,
    }


def reply(*logs: Json) -> Reply:
    return Reply.of(json.dumps({"jsonrpc": "2.0", "id": 7, "result": logs}).encode())


def is_cats(address: str) -> bool:
    return address == CATS


def any_contract(_: str) -> bool:
    return True


@pytest.fixture
async def raw(mongo: str) -> AsyncIterator[AsyncCollection[Document]]:
    client: AsyncMongoClient[Document] = AsyncMongoClient(mongo)
    yield collection_of(client, EVENTS_RAW)
    await client.close()


@pytest.fixture
def store(raw: AsyncCollection[Document]) -> MongoRawStore:
    return MongoRawStore(raw, ChainId(CHAIN))


async def stored(raw: AsyncCollection[Document]) -> list[Json]:
    return [log async for document in raw.find().sort("_id") for log in unpacked(document)]


async def blocks(store: MongoRawStore, heights: Sequence[int]) -> list[int]:
    """Those that have logs."""
    return [height for height in heights if await store.logs(height)]


async def test_a_log_is_found_by_its_block_and_its_transaction_with_every_member_the_node_wrote(
    store: MongoRawStore,
) -> None:
    logs = [raw_log(5), *(raw_log(6, index, tx=index // 2) for index in range(4)), raw_log(9)]
    await store.write(4, [reply(*logs)], 9, is_cats)

    assert await store.logs(6) == logs[1:5]
    assert await store.logs_of(logs[3]["transactionHash"], 6) == logs[3:5]
    assert await store.logs_of(logs[3]["transactionHash"], 5) == []
    assert (await store.logs(9))[0]["transactionIndex"] == "0x0"
    assert await store.logs(7) == []


async def test_only_logs_of_ours_are_kept(store: MongoRawStore, raw: AsyncCollection[Document]) -> None:
    ours = [raw_log(1, 1), raw_log(3)]
    await store.write(0, [reply(raw_log(1, address=STRANGER), ours[0]), reply(ours[1])], 3, is_cats)
    await store.write(3, [reply(raw_log(4, address=STRANGER))], 4, is_cats)

    assert await stored(raw) == ours


async def test_logs_put_together_from_receipts_are_stored_too(store: MongoRawStore) -> None:
    taken = reply(raw_log(8))
    await store.write(7, [Reply(taken.logs)], 8, is_cats)

    (found,) = await store.logs_of(taken.logs[0].transaction_hash, 8)
    assert found["topics"] == taken.logs[0].topics
    assert found["blockHash"] == taken.logs[0].block_hash


async def test_what_a_dead_attempt_left_above_the_checkpoint_is_replaced(
    raw: AsyncCollection[Document],
) -> None:
    """It read other blocks at once, of a chain that has changed since; what was committed before stays."""
    committed, lost, again = [raw_log(1), raw_log(2)], [raw_log(3), raw_log(5), raw_log(6)], [raw_log(4), raw_log(5, 1)]
    died = MongoRawStore(raw, ChainId(CHAIN))
    await died.write(0, [reply(*committed)], 2, is_cats)
    await died.write(2, [reply(*lost)], 6, is_cats)

    following = MongoRawStore(raw, ChainId(CHAIN))
    await following.write(2, [reply(again[0])], 4, is_cats)
    await following.write(4, [reply(again[1])], 5, is_cats)

    assert await stored(raw) == [*committed, *again]


async def test_a_write_that_is_repeated_changes_nothing(store: MongoRawStore, raw: AsyncCollection[Document]) -> None:
    for _ in range(2):  # the transaction beside it failed, and the same object tries again
        await store.write(0, [reply(raw_log(1)), reply(raw_log(2))], 2, is_cats)

    assert await stored(raw) == [raw_log(1), raw_log(2)]


@pytest.mark.parametrize("above", [998, 999, 1000, 1001, 1003])
async def test_a_rollback_takes_the_logs_above_it_also_out_of_the_middle_of_a_slice(
    store: MongoRawStore, above: int
) -> None:
    heights = [990, 998, 999, 1000, 1001, 1002, 1004]
    await store.write(900, [reply(*map(raw_log, heights))], 1004, is_cats)
    drop = reply(raw_log(996, address=STRANGER), raw_log(1003, 1, address=STRANGER))
    await store.write(950, [drop], 1003, STRANGER.__eq__, STRANGER)

    for _ in range(2):  # killed behind it, it is done again
        await store.write(above, [], above, is_cats)

    assert await blocks(store, range(985, 1010)) == [one for one in sorted({*heights, 996, 1003}) if one <= above]
    await store.write(above, [reply(raw_log(above + 1, 7))], above + 1, is_cats)
    assert await store.logs(above + 1) == [raw_log(above + 1, 7)]


async def test_the_history_of_an_import_replaces_nothing_but_its_own(
    store: MongoRawStore, raw: AsyncCollection[Document]
) -> None:
    ours, theirs = [raw_log(1), raw_log(2), raw_log(3)], [raw_log(at, 1, address=STRANGER) for at in (1, 2)]
    await store.write(0, [reply(*ours)], 3, is_cats)
    await store.write(0, [reply(*theirs)], 2, STRANGER.__eq__, STRANGER)  # died before its cursor moved
    following = MongoRawStore(raw, ChainId(CHAIN))
    await following.write(0, [reply(theirs[0])], 1, STRANGER.__eq__, STRANGER)

    assert await store.logs(1) == [ours[0], theirs[0]]
    assert await store.logs(2) == [ours[1]]
    await following.write(1, [reply(theirs[1])], 2, STRANGER.__eq__, STRANGER)
    assert await store.logs(2) == [ours[1], theirs[1]]
    assert len(await stored(raw)) == 5


async def test_chains_do_not_meet(raw: AsyncCollection[Document]) -> None:
    first, tenth = MongoRawStore(raw, ChainId("eip155:1")), MongoRawStore(raw, ChainId("eip155:10"))
    await first.write(0, [reply(raw_log(5))], 5, is_cats)
    await tenth.write(0, [reply(raw_log(5, 3))], 5, is_cats)
    await first.write(0, [], 0, is_cats)

    assert await first.logs(5) == []
    assert await tenth.logs(5) == [raw_log(5, 3)]


def test_many_small_replies_are_one_slice_and_a_block_too_large_for_one_is_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = [reply(raw_log(block)) for block in range(1001, 1017)]
    (one,) = slices_of(small, any_contract)
    assert (one.first, one.last, len(one.logs())) == (1001, 1016, 16)

    size = len(json.dumps(raw_log(1001)))
    monkeypatch.setattr(raw_slices, "SLICE_TEXT", 3 * size)
    monkeypatch.setattr(raw_slices, "LONGEST_TEXT", 5 * size)
    large = [raw_log(7, index) for index in range(12)]
    slices = slices_of([reply(*large, raw_log(8))], any_contract)
    assert [(one.first, one.last, one.part) for one in slices] == [(7, 7, 0), (7, 7, 1), (7, 8, 2)]
    assert [log for one in slices for log in one.logs()] == [*large, raw_log(8)]


def test_logs_that_a_node_sends_in_disorder_are_all_within_the_blocks_of_their_slice() -> None:
    logs = [raw_log(1003), raw_log(998), raw_log(1001)]
    slices = slices_of([reply(*logs)], any_contract)

    assert [(one.first, one.last) for one in slices] == [(998, 998), (1001, 1003)]
