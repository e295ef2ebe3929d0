"""Logs of fungible tokens: which count, and that none that is malformed changes anything."""

from __future__ import annotations

from uuid import UUID

import pytest

from steadymint.chain.nodes import chain
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import Batch
from steadymint.indexing.fold import Fold
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.fungibles.fold import TokenLogs
from steadymint.indexing.subjects.fungibles.topics import LAUNCHED, TRANSFER
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CHAIN,
    MAX,
    ROLES,
    STRANGER,
    TOKEN_FACTORY,
    abi,
    changed_nothing,
    folded,
    log,
    topic,
    words,
)
from tests.support.forged_tokens import COIN, launch, moved

REFERENCE = reference_of(UUID(int=5))


def of(batch: Batch) -> TokenLogs:
    return batch.of(TokenLogs)


def test_a_launch_is_followed_from_its_own_log_on() -> None:
    """Before it, the same contract is a stranger's: the log of a token that does not exist yet is none of ours."""
    logs = [
        moved(ZERO_ADDRESS, BOB, 7, index=0),
        launch(index=1),
        moved(ZERO_ADDRESS, ALICE, 100, index=2),
        moved(ALICE, BOB, 30, index=3),
        moved(BOB, ZERO_ADDRESS, 10, index=4),
    ]
    batch = folded(logs)
    assert batch.launched == {COIN}
    assert batch.counts == {"foreign": 1}
    found = of(batch)
    assert [(row.type, row.sender, row.recipient, row.amount) for row in found.transactions] == [
        ("create", None, None, 100),
        ("mint", None, ALICE, 100),
        ("transfer", ALICE, BOB, 30),
        ("burn", BOB, None, 10),
    ]
    changes = found.changes()
    assert changes.balances == {(COIN, ALICE): 70, (COIN, BOB): 20}
    assert changes.supplies == {COIN: 90}
    assert batch.logs == 4


def test_a_launch_proves_its_intent() -> None:
    (seen,) = folded([launch(salt=REFERENCE)]).sightings
    assert (seen.match_key, seen.kind, seen.facts["contract"], seen.facts["creator"]) == (
        *(REFERENCE, "launch"),
        *(COIN, ALICE),
    )
    assert folded([launch()]).sightings == []


def test_text_of_a_launch_is_made_fit_to_be_shown_and_stored() -> None:
    (row,) = of(folded([launch(name="a\0b\n" + "x" * 500, symbol="\u202egnp", uri="y" * 9000)])).launches
    assert (len(row.launch.name), "\0" in row.launch.name, "\n" in row.launch.name) == (256, False, False)
    assert "\u202e" not in row.launch.symbol
    assert len(row.launch.contract_uri) == 2048


MALFORMED = {
    "more decimals than the contract takes": launch(decimals=37),
    "no data": log(TOKEN_FACTORY, [LAUNCHED, topic(COIN), topic(ALICE), topic(1)]),
    "an offset without end": log(
        TOKEN_FACTORY, [LAUNCHED, topic(COIN), topic(ALICE), topic(1)], words(0, 64, *([2**255] * 12))
    ),
    "no salt": log(TOKEN_FACTORY, [LAUNCHED, topic(COIN), topic(ALICE)], launch().data),
    "a dirty address": log(TOKEN_FACTORY, [LAUNCHED, topic(MAX), topic(ALICE), topic(1)], launch().data),
}


@pytest.mark.parametrize("one", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_launch_changes_nothing(one: Log) -> None:
    batch = folded([one, moved(ZERO_ADDRESS, ALICE, 5, index=1)])
    assert changed_nothing(batch)
    assert not batch.launched
    assert batch.counts == {"decode_error": 1, "foreign": 1}


IGNORED = {
    "of an ERC-721": (log(COIN, [TRANSFER, topic(ALICE), topic(BOB), topic(1)], index=1), "decode_error"),
    "with more data": (
        log(COIN, [TRANSFER, topic(ALICE), topic(BOB)], abi(["uint256"] * 2, 1, 2), index=1),
        "decode_error",
    ),
    "of nothing": (moved(STRANGER, ALICE, 0, index=1), "moved_nothing"),
    "from nobody to nobody": (moved(ZERO_ADDRESS, ZERO_ADDRESS, 5, index=1), "moved_nothing"),
    "another event": (log(COIN, [topic(7)], index=1), "unknown_event"),
}


@pytest.mark.parametrize(("one", "why"), IGNORED.values(), ids=IGNORED.keys())
def test_a_transfer_that_moves_nothing_leaves_no_line(one: Log, why: str) -> None:
    batch = folded([launch(), one])
    assert [row.type for row in of(batch).transactions] == ["create"]
    assert batch.counts == {why: 1}


def test_only_a_registered_factory_launches_and_only_once() -> None:
    batch = folded([log(STRANGER, launch().topics, launch().data)])
    assert changed_nothing(batch)
    assert batch.counts == {"unregistered_token_factory": 1}
    again = folded([launch(), launch(supply=5, index=1)])
    assert (len(of(again).launches), again.counts) == (1, {"launched_again": 1})


def test_a_token_that_is_a_currency_of_the_market_too_is_read_as_both() -> None:
    fold = Fold(CHAIN, {**ROLES, COIN: chain.CURRENCY}, {}, {COIN})
    fold.add([moved(ALICE, BOB, 5)])
    assert [row.amount for row in of(fold.batch).transactions] == [5]
    assert len(fold.batch.parts) == 2, "what depends on the balance of a currency is noted, too"
