"""Transfers of imported collections in the forms that their contracts were written with."""

from __future__ import annotations

import random

import pytest

from steadymint.indexing.batch import ERC721, Batch, Child, collection_id_of
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.movements.decode import RANGE_AT_ONCE
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER, TRANSFER
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    CHAIN,
    MAX,
    ZERO,
    changed_nothing,
    consecutive,
    folded,
    log,
    topic,
    transfer,
    words,
)
from tests.support.indexing import catalog_of, fetch
from tests.support.projected import Projected, creation, projected

FOREIGN = {CATS: Child(collection_id_of(CHAIN, CATS), ERC721, foreign=True)}


def imported(*logs: Log) -> Batch:
    return folded(logs, FOREIGN)


def in_data(sender: str, recipient: str, token: int, **place: int) -> Log:
    """As contracts of 2017 declare it: nothing is indexed."""
    return log(CATS, [TRANSFER], words(int(sender, 16), int(recipient, 16), token), **place)


@pytest.mark.parametrize("token", [0, 1, 2**255, MAX])
def test_a_transfer_without_indexed_arguments_says_the_same_as_one_with_them(token: int) -> None:
    old = imported(in_data(ZERO, ALICE, token), in_data(ALICE, BOB, token, index=1))
    new = imported(transfer(ZERO, ALICE, token), transfer(ALICE, BOB, token, index=1))

    assert old.movements == new.movements
    assert old.tokens[CATS, token].owner == BOB
    assert old.inconsistent == set()


@pytest.mark.parametrize(
    "malformed",
    [
        log(CATS, [TRANSFER], words(1, 2)),
        log(CATS, [TRANSFER], words(1, 2, 3, 4)),
        log(CATS, [TRANSFER], words(1, 2, 3)[:-2]),
        log(CATS, [TRANSFER], words(2**160, 2, 3)),
        log(CATS, [TRANSFER, topic(ALICE)], words(2, 3)),
        log(CATS, [TRANSFER, topic(ALICE), topic(BOB)], words(3)),
        log(CATS, [TRANSFER, topic(ALICE), topic(BOB), topic(3)], words(3)),
        log(CATS, [TRANSFER], "0x"),
        log(CATS, [CONSECUTIVE_TRANSFER, topic(5), topic(ZERO), topic(ALICE)], words(4)),
        log(CATS, [CONSECUTIVE_TRANSFER, topic(5), topic(ZERO), topic(ALICE)], "0x"),
        log(CATS, [CONSECUTIVE_TRANSFER, topic(5), topic(ZERO)], words(6)),
    ],
)
def test_what_has_no_known_form_is_counted_and_changes_nothing(malformed: Log) -> None:
    result = imported(malformed)

    assert changed_nothing(result)
    assert result.counts == {"decode_error": 1}


def test_our_own_contracts_are_not_believed_in_forms_that_they_do_not_have() -> None:
    result = folded([in_data(ZERO, ALICE, 1), consecutive(1, 5, index=1)])

    assert changed_nothing(result)


def test_a_range_is_a_token_for_each_of_its_numbers() -> None:
    result = imported(consecutive(1, 50), transfer(ALICE, BOB, 7, index=1))

    assert len(result.tokens) == 50
    assert result.minted[CATS] == 50
    assert {number for (_, number), token in result.tokens.items() if token.owner == BOB} == {7}
    assert result.inconsistent == set()


@pytest.mark.parametrize("last", [RANGE_AT_ONCE, 2**255, MAX])
def test_a_range_that_claims_more_than_any_contract_mints_at_once_costs_nothing_and_is_counted(last: int) -> None:
    result = imported(consecutive(0, last))

    assert changed_nothing(result)
    assert result.counts == {"range_too_wide": 1}


def test_many_ranges_of_one_block_count_together() -> None:
    half = RANGE_AT_ONCE // 2
    ranges = [consecutive(nth * half, (nth + 1) * half - 1, index=nth) for nth in range(5)]

    assert len(imported(*ranges).movements) == RANGE_AT_ONCE
    assert imported(*ranges).counts == {"range_too_wide": 3}
    later = [consecutive(half * 2, half * 3 - 1, block=11)]
    assert len(imported(*ranges[:2], *later).movements) == 3 * half


async def _import(index: Projected, dsn: str) -> None:
    """What the indexer makes of a collection once it is imported."""
    await index.take([creation(CATS, 0, block=1, index=0)], 1)
    await fetch(dsn, "update catalog_service.collections set source = 'import', index_status = 'synced'")


@pytest.mark.parametrize("size", [50, 300])
async def test_a_range_is_written_undone_and_written_again_like_single_mints(
    database: str, fresh_index: str, size: int
) -> None:
    moved = [transfer(ALICE, BOB, 7, block=3), transfer(BOB, ZERO, 8, block=3, index=1)]
    given = [consecutive(1, size, block=2), transfer(ALICE, BOB, 8, block=2, index=1)]
    async with projected(database) as index:
        await _import(index, database)
        await index.take(given, 2)
        await index.take(moved, 3)
        await index.back_to(2)
        await index.back_to(1)
        await index.take_all([[], given, moved], random.Random(1))
    async with projected(fresh_index) as fresh:
        await _import(fresh, fresh_index)
        await fresh.take([*given, *moved], 3)

    assert await catalog_of(database) == await catalog_of(fresh_index)
    owned = "select owner_address, count(*) as number from catalog_service.tokens group by 1"
    assert {tuple(row.values()) for row in await fetch(database, owned)} == {(None, 1), (BOB, 1), (ALICE, size - 2)}
    ids = await fetch(database, "select count(distinct id) as ids, count(*) as rows from catalog_service.activities")
    assert ids == [{"ids": size + 3, "rows": size + 3}]
