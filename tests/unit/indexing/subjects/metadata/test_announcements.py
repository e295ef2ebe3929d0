"""What contracts say of metadata becomes entries of its queue, in the transaction of the block that said it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from steadymint.indexing.batch import ERC721, Child, collection_id_of
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.topics import (
    BASE_URI_SET,
    CONTRACT_URI_UPDATED,
    METADATA_FROZEN,
    OWNERSHIP_TRANSFERRED,
    ROLE_GRANTED,
)
from steadymint.indexing.subjects.metadata.topics import (
    BATCH_METADATA_UPDATE,
    CONTRACT_URI_UPDATED_FROM,
    CONTRACT_URI_UPDATED_TO,
    METADATA_UPDATE,
    URI,
)
from steadymint.indexing.subjects.movements.topics import MINTED
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    CHAIN,
    EDITIONS,
    MAX,
    STRANGER,
    ZERO,
    abi,
    changed_nothing,
    folded,
    log,
    single,
    topic,
    transfer,
    words,
)
from tests.support.indexing import fetch
from tests.support.projected import creation, history, projected

QUEUE = """
select coalesce(t.token_number::text, 'contract') as what, q.kind, q.reason, q.generation
from catalog_service.metadata_queue q
join catalog_service.collections c on c.id = q.collection_id and c.contract_address = $1
left join catalog_service.tokens t on t.id = q.subject_id order by 1"""
SPANS = "select cursor, status from catalog_service.sync_state where source = 'metadata'"


def own(topic_: str, data: str = "0x", **place: int) -> Log:
    return log(CATS, [topic_], data, **place)


@pytest.mark.parametrize(
    ("announcement", "tokens"),
    [
        pytest.param(own(METADATA_UPDATE, words(7)), {7}, id="erc-4906, one token"),
        pytest.param(own(BATCH_METADATA_UPDATE, words(7, 9)), {7, 8, 9}, id="erc-4906, a few tokens"),
        pytest.param(own(BATCH_METADATA_UPDATE, words(MAX, MAX)), {MAX}, id="erc-4906, the last token"),
        pytest.param(log(CATS, [URI, topic(7)], abi(["string"], "ipfs://x")), {7}, id="eip-1155"),
    ],
)
def test_an_announcement_for_a_few_tokens_names_them(announcement: Log, tokens: set[int]) -> None:
    said = folded([announcement]).announcements

    assert (said.tokens, said.ranges, said.contracts) == ({CATS: tokens}, {}, set())


@pytest.mark.parametrize(
    "announcement",
    [
        pytest.param(own(CONTRACT_URI_UPDATED), id="erc-7572"),
        pytest.param(own(CONTRACT_URI_UPDATED_TO, abi(["string"], "ipfs://new")), id="with the new uri"),
        pytest.param(own(CONTRACT_URI_UPDATED_FROM, abi(["string", "string"], "", "ipfs://n")), id="with both"),
    ],
)
def test_each_form_of_contract_uri_updated_asks_for_the_contracts_own_document(announcement: Log) -> None:
    said = folded([announcement]).announcements

    assert (said.tokens, said.ranges, said.contracts) == ({}, {}, {CATS})


def test_wide_ranges_become_one_span_that_holds_them_all() -> None:
    wide = [own(BATCH_METADATA_UPDATE, words(*span), index=n) for n, span in enumerate([(500, 900), (10, 700)])]

    assert folded(wide).announcements.ranges == {CATS: (10, 900)}


@pytest.mark.parametrize(
    "announcement",
    [
        pytest.param(own(METADATA_UPDATE), id="no token"),
        pytest.param(own(METADATA_UPDATE, words(1, 2)), id="a word too many"),
        pytest.param(log(CATS, [METADATA_UPDATE, topic(1)]), id="an indexed token"),
        pytest.param(own(BATCH_METADATA_UPDATE, words(9, 7)), id="a range backwards"),
        pytest.param(own(BATCH_METADATA_UPDATE, words(9)), id="half a range"),
        pytest.param(log(CATS, [URI, topic(1)], words(MAX)), id="a text outside the data"),
        pytest.param(log(CATS, [URI, topic(1)], words(32, MAX)), id="a text without end"),
        pytest.param(own(URI, abi(["string"], "ipfs://x")), id="a uri of no token"),
        pytest.param(own(CONTRACT_URI_UPDATED, words(1)), id="data where none belongs"),
        pytest.param(own(CONTRACT_URI_UPDATED_FROM, abi(["string"], "x")), id="one text of two"),
    ],
)
def test_an_announcement_of_another_shape_is_counted_and_changes_nothing(announcement: Log) -> None:
    result = folded([announcement])

    assert changed_nothing(result)
    assert not result.announcements
    assert result.counts == {"decode_error": 1}


def test_a_stranger_announces_nothing() -> None:
    result = folded([log(STRANGER, [BATCH_METADATA_UPDATE], words(0, MAX))])

    assert not result.announcements
    assert result.counts == {"foreign": 1}


def test_an_imported_contract_is_believed_the_standards_and_nothing_that_only_ours_say() -> None:
    foreign = {CATS: Child(collection_id_of(CHAIN, CATS), ERC721, foreign=True)}
    logs = [
        transfer(ZERO, ALICE, 1, index=0),
        own(CONTRACT_URI_UPDATED, index=1),
        log(CATS, [OWNERSHIP_TRANSFERRED, topic(ZERO), topic(ALICE)], index=2),
        log(CATS, [OWNERSHIP_TRANSFERRED, topic(ALICE), topic(BOB)], index=3),
        own(BASE_URI_SET, abi(["string"], "ipfs://mine"), index=4),
        log(CATS, [MINTED, topic(7), topic(ALICE), topic(ALICE)], words(1, 1, 10**18), index=5),
        log(CATS, [ROLE_GRANTED, topic(0), topic(ALICE), topic(ALICE)], index=6),
    ]

    result = folded(logs, foreign)

    assert [(event.name, event.payload) for event in result.events] == [
        ("OwnershipTransferred", {"previousOwner": ZERO, "newOwner": BOB})
    ]
    assert result.announcements.contracts == {CATS}
    assert result.announcements.ranges == {}
    assert result.sightings == []
    assert result.counts == {"unknown_event": 3}


async def test_mints_burns_creations_and_announcements_are_queued_with_the_block_that_says_so(database: str) -> None:
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), creation(EDITIONS, 1, block=1, index=1)], 1)
        await index.take([transfer(ZERO, ALICE, n, block=2, index=n) for n in range(4)], 2)
        await index.take([single(ZERO, ALICE, 5, 2, block=3), single(ZERO, ALICE, 5, 2, block=3, index=1)], 3)
        await index.take([transfer(ALICE, ZERO, 0, block=4)], 4)
        await index.take([transfer(ALICE, BOB, 1, block=5), single(ZERO, BOB, 5, 1, block=5, index=1)], 5)
        await index.take([own(METADATA_UPDATE, words(n), block=6, index=n) for n in (2, 77)], 6)
        await index.take([own(CONTRACT_URI_UPDATED, block=7)], 7)

    assert [tuple(row.values()) for row in await fetch(database, QUEUE, CATS)] == [
        ("0", "token", "burn", 2),
        ("1", "token", "mint", 1),
        ("2", "token", "mint", 2),
        ("3", "token", "mint", 1),
        ("contract", "contract", "event", 2),
    ]
    assert [tuple(row.values()) for row in await fetch(database, QUEUE, EDITIONS)] == [
        ("5", "token", "mint", 1),  # more of an edition that is known need not be read again
        ("contract", "contract", "event", 1),
    ]


@pytest.mark.parametrize(
    ("numbers", "entries", "spans"),
    [
        pytest.param(range(1, 251), 0, ["mint:1:250"], id="a run"),
        pytest.param([*range(1, 250), MAX], 250, [], id="a gap"),
    ],
)
async def test_a_long_run_of_mints_is_queued_as_one_span_and_never_what_nobody_minted(
    database: str, numbers: Sequence[int], entries: int, spans: list[str]
) -> None:
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1)], 1)
        await index.take([transfer(ZERO, ALICE, number, block=2, index=at) for at, number in enumerate(numbers)], 2)

    queued = [row["what"] for row in await fetch(database, QUEUE, CATS) if row["kind"] == "token"]
    assert len(queued) == entries
    assert [row["cursor"] for row in await fetch(database, SPANS)] == spans


async def test_runs_that_follow_each_other_are_one_span(database: str) -> None:
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1)], 1)
        for block in (2, 3):
            first = 1 + 300 * (block - 2)
            await index.take([transfer(ZERO, ALICE, first + n, block=block, index=n) for n in range(300)], block)

    assert await fetch(database, SPANS) == [{"cursor": "mint:1:600", "status": "due"}]


@pytest.mark.parametrize("standard", ["erc721", "erc1155"])
async def test_what_is_minted_again_after_its_last_unit_was_burned_is_read_again(database: str, standard: str) -> None:
    """Burning took its traits, so nothing of it is known any more."""
    of_721 = standard == "erc721"

    def moved(sender: str, recipient: str, block: int) -> Log:
        return transfer(sender, recipient, 5, block=block) if of_721 else single(sender, recipient, 5, 2, block=block)

    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), creation(EDITIONS, 1, block=1, index=1)], 1)
        await index.take([moved(ZERO, ALICE, 2)], 2)
        await index.take([moved(ALICE, ZERO, 3)], 3)
        await fetch(database, "delete from catalog_service.metadata_queue")  # all of it was read
        await index.take([moved(ZERO, BOB, 4)], 4)

    queued = await fetch(database, QUEUE, CATS if of_721 else EDITIONS)
    assert [(row["what"], row["reason"]) for row in queued] == [("5", "mint")]


async def test_a_span_is_one_row_however_often_it_is_announced(database: str) -> None:
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), transfer(ZERO, ALICE, 1, block=1, index=1)], 1)
        for block in range(2, 6):
            await index.take([own(BATCH_METADATA_UPDATE, words(block, MAX), block=block)], block)

    assert await fetch(database, SPANS) == [{"cursor": f"event:2:{MAX}", "status": "due"}]


async def test_what_is_frozen_is_read_once_more_for_what_was_revealed_just_before(database: str) -> None:
    """From now on no event counts, and the last ones may not have been answered yet."""
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), transfer(ZERO, ALICE, 1, block=1, index=1)], 1)
        await index.take([own(BASE_URI_SET, abi(["string"], "ipfs://revealed/"), block=2)], 2)
        await index.take([own(METADATA_FROZEN, block=3)], 3)

    assert await fetch(database, SPANS) == [{"cursor": f"request:0:{MAX}", "status": "due"}]


async def test_what_a_rollback_takes_back_is_read_again_and_what_is_gone_is_forgotten(database: str) -> None:
    chance = random.Random("announced")
    async with projected(database) as index:
        await index.take_all(history(chance, 1), chance)
        await index.take([transfer(ZERO, ALICE, n, block=2, index=n) for n in range(3)], 2)
        await fetch(database, "delete from catalog_service.metadata_queue")  # all of it was read
        await index.take([transfer(ALICE, ZERO, 0, block=3), transfer(ZERO, BOB, 9, block=3, index=1)], 3)
        await index.take([own(METADATA_UPDATE, words(1), block=4)], 4)
        await index.back_to(2)

    queued = [(row["what"], row["reason"]) for row in await fetch(database, QUEUE, CATS)]
    assert queued == [("0", "event"), ("1", "event"), ("contract", "event")]
    assert await fetch(database, SPANS) == [{"cursor": f"event:0:{MAX}", "status": "due"}]
