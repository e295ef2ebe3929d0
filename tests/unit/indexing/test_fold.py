"""The fold of logs into rows: what each log means, whatever surrounds it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.indexing.fold import InconsistentReplyError
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.decode import creation_of
from steadymint.indexing.subjects.collections.topics import CREATED, INIT_TYPE
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    FACTORY,
    ZERO,
    abi,
    batch,
    folded,
    log,
    single,
    topic,
    transfer,
)


def creation(
    collection: str, salt: str = "0x" + "01" * 32, kind: int = 0, name: str = "Name", symbol: str = "SYM", **place: int
) -> Log:
    init = (ALICE, name, symbol, "ipfs://b/", "ipfs://c", 0, 100, ALICE, ALICE, (5, 0, 0, 0, b"\0" * 32))
    data = abi(["uint8", "address", INIT_TYPE], kind, BOB, init)
    return log(FACTORY, [CREATED, topic(collection), topic(ALICE), salt], data, **place)


def test_the_last_owner_of_a_token_wins_and_each_movement_is_kept() -> None:
    result = folded([transfer(ZERO, ALICE, 1), transfer(ALICE, BOB, 1, index=1), transfer(BOB, CAROL, 1, block=11)])

    assert result.tokens[CATS, 1].owner == CAROL
    assert [(move.sender, move.recipient) for move in result.movements] == [(ZERO, ALICE), (ALICE, BOB), (BOB, CAROL)]
    assert result.tokens[CATS, 1].first_mint == (10, 0, 1_700_000_120)


def test_a_collection_created_in_the_batch_is_followed_from_its_creation_on_and_not_before() -> None:
    created = "0x" + "99" * 20
    result = folded(
        [
            transfer(ZERO, ALICE, 1, contract=created, index=0),
            creation(created, index=1),
            transfer(ZERO, ALICE, 2, contract=created, index=2),
        ]
    )

    assert [move.token_id for move in result.movements] == [2]
    assert list(result.created) == [created]
    assert result.counts == {"foreign": 1}


def test_x22_a_second_creation_at_one_address_is_flagged_and_takes_nothing_over() -> None:
    created = "0x" + "99" * 20
    again = folded([creation(created, index=0), creation(created, index=1)])
    known = folded([creation(CATS)])

    assert (list(again.created), len(again.events), again.inconsistent) == ([created], 1, {created})
    assert (known.created, known.events, known.sightings, known.inconsistent) == ({}, [], [], {CATS})
    assert again.counts == known.counts == {"created_again": 1}


def test_a_name_turns_no_page_and_clears_no_screen_whoever_calls_the_factory() -> None:
    found = creation_of(creation("0x" + "99" * 20, name="\u202eelohw\x1b[2J\n\0a"))

    assert found.name == "elohw [2J a"


def test_padding_around_a_name_is_cut_whoever_calls_the_factory() -> None:
    found = creation_of(creation("0x" + "99" * 20, name="\ufeff Cats\u200b\0\0", symbol="\0CAT \u2060"))

    assert (found.name, found.symbol) == ("Cats", "CAT")


def test_a_log_given_twice_counts_once() -> None:
    once = transfer(ZERO, ALICE, 1)
    result = folded([once, transfer(ZERO, ALICE, 2, index=1), once])

    assert [move.token_id for move in result.movements] == [1, 2]
    assert result.counts["duplicate"] == 1


def test_logs_out_of_order_are_put_in_order() -> None:
    result = folded([transfer(ALICE, BOB, 1, block=11), transfer(ZERO, ALICE, 1, block=10)])

    assert result.tokens[CATS, 1].owner == BOB


def test_a_reply_that_mixes_two_forks_is_refused_as_a_whole() -> None:
    with pytest.raises(InconsistentReplyError):
        folded([transfer(ZERO, ALICE, 1), transfer(ZERO, ALICE, 2, index=1, block_hash="0x" + "ff" * 32)])


def test_removed_logs_are_left_out() -> None:
    assert folded([transfer(ZERO, ALICE, 1, removed=True)]).movements == []


movements = st.lists(
    st.tuples(
        st.sampled_from([ZERO, ALICE, BOB, CAROL]),
        st.sampled_from([ZERO, ALICE, BOB, CAROL]),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    max_size=40,
)


@given(movements)
def test_net_changes_are_the_sum_of_the_movements_however_they_are_cut_into_batches(
    moves: list[tuple[str, str, int, int]],
) -> None:
    logs = [single(sender, to, token, quantity, index=at) for at, (sender, to, token, quantity) in enumerate(moves)]
    expected: Counter[tuple[int, str]] = Counter()
    for sender, to, token, quantity in moves:
        if (sender, to) == (ZERO, ZERO):
            continue
        expected[token, sender] -= quantity if sender != ZERO else 0
        expected[token, to] += quantity if to != ZERO else 0

    cut = len(logs) // 2
    found: Counter[tuple[int, str]] = Counter()
    for part in (folded(logs[:cut]), folded(logs[cut:])):
        for (_, token, owner), change in part.balances.items():
            found[token, owner] += change.delta

    assert {key: value for key, value in found.items() if value} == {k: v for k, v in expected.items() if v}


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=1, max_size=8))
def test_a_batch_is_the_same_as_its_entries_one_by_one(entries: list[tuple[int, int]]) -> None:
    at_once = folded([batch(ALICE, BOB, [token for token, _ in entries], [quantity for _, quantity in entries])])
    one_by_one = folded([single(ALICE, BOB, token, quantity, index=at) for at, (token, quantity) in enumerate(entries)])

    def sums(result: object) -> dict[object, int]:
        return {key: change.delta for key, change in result.balances.items()}  # type: ignore[attr-defined]

    assert sums(at_once) == sums(one_by_one)
