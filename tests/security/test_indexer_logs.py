"""Attack cases X04, X05, X10 and X11: a log of another shape or told twice changes nothing and stops no batch."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.indexing.subjects.collections.topics import BASE_URI_SET, CREATED, MINT_CONFIG_SET
from steadymint.indexing.subjects.movements.topics import MINTED, TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE
from steadymint.indexing.subjects.table import FOLLOWED
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    EDITIONS,
    FACTORY,
    MAX,
    STRANGER,
    ZERO,
    batch,
    changed_nothing,
    folded,
    log,
    single,
    topic,
    transfer,
    words,
)

MALFORMED = {
    "four topics and data": log(CATS, [TRANSFER, topic(ZERO), topic(ALICE), topic(1)], words(1)),
    "an EIP-20 transfer": log(CATS, [TRANSFER, topic(ALICE), topic(BOB)], words(1)),
    "one topic": log(CATS, [TRANSFER], words(1, 2, 3)),
    "a dirty address": log(CATS, [TRANSFER, "0x" + "1" * 64, topic(BOB), topic(1)]),
    "a short topic": log(CATS, [TRANSFER, topic(ALICE), topic(BOB), "0x"]),
    "a topic that is no hex": log(CATS, [TRANSFER, topic(ALICE), topic(BOB), "0xzz"]),
    "an edition's event from an ERC-721": single(ZERO, ALICE, 1, 1, contract=CATS),
    "an ERC-721's event from an edition": transfer(ZERO, ALICE, 1, contract=EDITIONS),
    "single with one word": log(EDITIONS, [TRANSFER_SINGLE, topic(BOB), topic(ZERO), topic(ALICE)], words(1)),
    "single with odd data": log(EDITIONS, [TRANSFER_SINGLE, topic(BOB), topic(ZERO), topic(ALICE)], "0x123"),
    "batch without data": log(EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)]),
    "batch of different lengths": batch(ZERO, ALICE, [1, 2], [1]),
    "batch of length 2^255": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(64, 64, 1 << 255)
    ),
    "batch with an offset outside": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(64, 1 << 200, 1, 1)
    ),
    "batch with offsets that point at themselves": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(0, 32, 0, 0)
    ),
    "batch with an unaligned offset": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(65, 64, 1, 1)
    ),
    "mint of 2^255 ids": log(CATS, [MINTED, topic(1), topic(ALICE), topic(BOB)], words(1, 1 << 255, 0)),
    "mint past the last id": log(CATS, [MINTED, topic(1), topic(ALICE), topic(BOB)], words(MAX, 2, 0)),
    "creation without data": log(FACTORY, [CREATED, topic(STRANGER), topic(ALICE), topic(1)]),
    "creation with a string of 2^255 bytes": log(
        FACTORY, [CREATED, topic(STRANGER), topic(ALICE), topic(1)], words(0, 1, 96, *([64] * 14), 1 << 255)
    ),
    "rules of three words": log(CATS, [MINT_CONFIG_SET], words(1, 2, 3)),
    "rules beyond their types": log(CATS, [MINT_CONFIG_SET], words(MAX, MAX, MAX, MAX, MAX)),
    "a base URI with its offset outside": log(CATS, [BASE_URI_SET], words(1 << 255)),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_x04_x10_x11_a_log_of_another_shape_is_counted_and_the_batch_goes_on(name: str) -> None:
    result = folded([MALFORMED[name]])

    assert changed_nothing(result)
    assert result.counts["decode_error"] == 1
    after = folded([MALFORMED[name], transfer(ZERO, ALICE, 9, block=11)])
    assert [move.token_id for move in after.movements] == [9]


@pytest.mark.parametrize("topics", [[], ["0x" + "0" * 64]])
def test_x04_anonymous_events_are_set_aside(topics: list[str]) -> None:
    result = folded([log(CATS, topics, words(1))])

    assert changed_nothing(result)
    assert sum(result.counts.values()) == 1


@given(
    address=st.sampled_from([CATS, EDITIONS, FACTORY]),
    topic0=st.sampled_from(FOLLOWED),
    topics=st.lists(st.integers(0, MAX), max_size=3),
    data=st.binary(max_size=512),
)
def test_x04_x11_no_bytes_whatsoever_stop_a_batch(address: str, topic0: str, topics: list[int], data: bytes) -> None:
    forged = log(address, [topic0, *(topic(value) for value in topics)], "0x" + data.hex())

    result = folded([forged, transfer(ZERO, ALICE, 9, block=11)])

    assert result.tokens[CATS, 9].owner == ALICE


def test_x11_hostile_lengths_cost_next_to_nothing() -> None:
    tracemalloc.start()
    try:
        started = time.process_time()
        folded([MALFORMED["batch of length 2^255"], MALFORMED["creation with a string of 2^255 bytes"]])
        spent = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000
    assert spent < 1  # the case says 10 ms; a loop over 2^255 would not end


def test_x05_overlapping_pages_give_one_row() -> None:
    page = [transfer(ZERO, ALICE, number, index=number) for number in range(5)]

    result = folded([*page, *page[3:], transfer(ZERO, ALICE, 9, index=9)])

    assert [move.token_id for move in result.movements] == [0, 1, 2, 3, 4, 9]
