"""A block's logs are in order, each once and each with its own index, whatever the node counted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.types import ChainId
from steadymint.indexing import metrics
from steadymint.indexing.reading.log_order import RENUMBERED, in_order
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.topics import OWNERSHIP_TRANSFERRED
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    CHAIN,
    EDITIONS,
    ZERO,
    folded,
    log,
    topic,
    transfer,
    words,
)
from tests.support.forged_trades import approved_for_all
from tests.support.imported_pair import imported
from tests.support.indexing import fetch


def of_tx(transaction: int, index: int, log: Log | None = None, **place: Any) -> Log:
    """A log as a node gives it that counts through each transaction."""
    given = {"transaction_hash": f"0x{transaction:064x}", "transaction_index": hex(transaction), "index": index} | place
    if log is not None:
        return transfer("0x" + log.topics[1][26:], "0x" + log.topics[2][26:], int(log.topics[3], 16), **given)
    return transfer(ZERO, ALICE, transaction << 16 | index, **given)


def places(logs: Sequence[Log]) -> list[int]:
    return [int(log.log_index, 16) for log in logs]


def test_logs_of_two_transactions_with_one_index_are_both_kept() -> None:
    result = folded([of_tx(0, 0), of_tx(0, 1), of_tx(1, 0), of_tx(1, 1), of_tx(2, 1)])

    assert [move.token_id for move in result.movements] == [0, 1, 1 << 16, 1 << 16 | 1, 2 << 16 | 1]
    assert len({(move.block, move.log_index) for move in result.movements}) == 5
    assert result.counts == {RENUMBERED: 5}


def test_a_token_moves_in_the_order_of_the_transactions_where_indexes_begin_anew() -> None:
    """No two logs have one index here; still the second transaction is not before the first."""
    minted, moved = transfer(ZERO, ALICE, 7), transfer(ALICE, BOB, 7)
    on = transfer(BOB, CAROL, 7)
    logs = [of_tx(0, 3, minted), of_tx(1, 1, moved), of_tx(2, 0, on)]

    for shuffled in (logs, logs[::-1], [logs[1], logs[0], logs[2]]):
        result = folded(shuffled)
        assert result.tokens[CATS, 7].owner == CAROL
        assert result.inconsistent == set()


def test_the_same_log_twice_is_one_log_also_in_such_a_block() -> None:
    logs = [of_tx(0, 0), of_tx(1, 0), of_tx(0, 0), of_tx(1, 0)]
    result = folded(logs)

    assert len(result.movements) == 2
    assert result.counts == {"duplicate": 2, RENUMBERED: 2}


def test_two_logs_of_one_transaction_and_one_index_that_differ_are_two() -> None:
    logs = [transfer(ZERO, ALICE, token, transaction_hash="0x" + "01" * 32, index=0) for token in (3, 1, 2)]
    result = folded(logs)

    assert [(move.token_id, move.log_index) for move in result.movements] == [(3, 0), (1, 1), (2, 2)]


def test_a_node_that_does_not_say_the_transaction_has_its_order_kept() -> None:
    logs = [
        of_tx(5, 0, transaction_index=None),
        of_tx(5, 1, transaction_index=None),
        of_tx(2, 0, transaction_index=None),
    ]

    assert places(in_order(logs, {})) == [0, 1, 1 << 12]


@pytest.mark.parametrize("wide", [(0, 1 << 12), (1 << 12, 0), (1 << 13, 1 << 20)])
def test_a_block_too_large_for_such_indexes_is_counted_through(wide: tuple[int, int]) -> None:
    logs = [of_tx(0, 0), of_tx(1, 0), of_tx(*wide)]
    found = in_order(logs, {})

    assert len(found) == 3
    assert places(found) == [0, 1, 2]


blocks = st.dictionaries(st.integers(0, 5), st.integers(1, 5), min_size=1)


@given(blocks, st.randoms(use_true_random=False), st.booleans())
def test_nothing_is_lost_and_the_order_of_arrival_does_not_matter(
    counts: dict[int, int], chance: random.Random, anew: bool
) -> None:
    logs, through = list[Log](), 0
    for transaction in sorted(counts):
        for index in range(counts[transaction]):
            logs.append(of_tx(transaction, index if anew else through))
            through += 1
    shuffled = [*logs, *chance.choices(logs, k=3)]
    chance.shuffle(shuffled)
    found = in_order(shuffled, {})

    assert [(log.transaction_hash, log.topics) for log in found] == [(log.transaction_hash, log.topics) for log in logs]
    assert len(set(places(found))) == len(logs)
    assert places(found) == places(in_order(logs, {}))
    if not anew:
        assert found == logs


@given(blocks, st.randoms(use_true_random=False))
def test_an_index_that_is_given_does_not_depend_on_which_other_logs_were_asked_for(
    counts: dict[int, int], chance: random.Random
) -> None:
    logs = [of_tx(transaction, index) for transaction in counts for index in range(counts[transaction])]
    some = [log for log in logs if chance.random() < 0.7]
    told: dict[str, int] = {}
    part = {(log.transaction_hash, *log.topics): log.log_index for log in in_order(some, told)}
    whole = {(log.transaction_hash, *log.topics): log.log_index for log in in_order(logs, {})}

    if told.get(RENUMBERED):
        assert part.items() <= whole.items()


def test_the_operator_is_told(caplog: pytest.LogCaptureFixture) -> None:
    metrics.count(ChainId(CHAIN), folded([of_tx(0, 0), of_tx(1, 0)]))

    assert "2 logs got other indexes than the node gave" in caplog.text


async def test_logs_of_two_contracts_with_one_index_are_both_kept_where_each_is_read_alone(database: str) -> None:
    """As imports read them: none of the two replies shows that indexes begin anew."""
    for_all = approved_for_all(ALICE).topics[0]

    def approval(contract: str, approved: int, **place: Any) -> Log:
        return log(contract, [for_all, topic(ALICE), topic(BOB)], words(approved), **place)

    async with imported(database, ChainId(CHAIN)) as index:
        await index.take([], 3)
        for contract in (CATS, EDITIONS):
            owned = log(contract, [OWNERSHIP_TRANSFERRED, topic(ZERO), topic(ALICE)], block=3, index=0)
            await index.take_beside([owned, approval(contract, 1, block=3, index=1)])
        await index.take([approval(contract, 0, block=4, index=n) for n, contract in enumerate((CATS, EDITIONS))], 4)
        await index.back_to(3)

    owners = await fetch(database, "select owner from catalog_service.collections")
    assert owners == [{"owner": ALICE}] * 2
    standing = await fetch(database, "select contract from wallet_service.approvals where approved order by contract")
    assert [row["contract"] for row in standing] == sorted((CATS, EDITIONS))
