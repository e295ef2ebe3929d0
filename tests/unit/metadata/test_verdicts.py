"""When a document is tried again, for how long, and when it is given up."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from steadymint.domain.metadata import DocumentFailure
from steadymint.metadata.entries import Entry
from steadymint.metadata.settle import EntryVerdict
from steadymint.metadata.verdicts import LONGEST_WAIT, PATIENCE, unread, without_reading
from steadymint.settings import MetadataSettings

SETTINGS = MetadataSettings()
ENTRY = Entry(
    subject_id=UUID(int=1),
    kind="token",
    reason="mint",
    generation=1,
    attempts=0,
    token_number=7,
    burned=False,
    status=None,
    read_at=None,
    refreshable=True,
    frozen=False,
    age=0.0,
)
DOWN = DocumentFailure("unreachable", "The host does not answer", permanent=False)
NONE = DocumentFailure("not_json", "The document is not JSON", permanent=True)
THROTTLED = DocumentFailure("throttled", "The host has asked us to wait", permanent=False)


def test_waits_double_from_half_a_minute() -> None:
    waits = [unread(replace(ENTRY, attempts=tries), DOWN, SETTINGS).wait for tries in range(7)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920]


def test_no_wait_is_longer_than_a_day() -> None:
    patient = SETTINGS.model_copy(update={"max_attempts": 100})
    assert unread(replace(ENTRY, attempts=40), DOWN, patient).wait == LONGEST_WAIT
    assert unread(ENTRY, THROTTLED, SETTINGS, retry_after=1e9).wait == LONGEST_WAIT


def test_the_last_try_is_the_last() -> None:
    last = unread(replace(ENTRY, attempts=SETTINGS.max_attempts - 1), DOWN, SETTINGS)
    assert last.verdict is EntryVerdict.FAILED
    assert last.error == "unreachable: The host does not answer (tried 8 times)"


def test_what_would_be_the_same_again_is_not_tried_again() -> None:
    found = unread(ENTRY, NONE, SETTINGS, uri="https://x.example/7")
    assert (found.verdict, found.error) == (EntryVerdict.FAILED, "not_json: The document is not JSON")
    assert found.uri == "https://x.example/7"


def test_a_server_that_names_its_time_is_given_it() -> None:
    assert unread(ENTRY, DOWN, SETTINGS, retry_after=300).wait == 300
    assert unread(replace(ENTRY, attempts=5), DOWN, SETTINGS, retry_after=300).wait == 960


def test_being_turned_away_is_no_try_but_not_for_ever() -> None:
    turned_away = unread(replace(ENTRY, attempts=7), THROTTLED, SETTINGS, retry_after=60)
    assert (turned_away.verdict, turned_away.counts) == (EntryVerdict.DELAYED, False)
    assert unread(replace(ENTRY, age=PATIENCE + 1), THROTTLED, SETTINGS).verdict is EntryVerdict.FAILED


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        (ENTRY, None),
        (replace(ENTRY, burned=True), EntryVerdict.GONE),
        (replace(ENTRY, token_number=None), EntryVerdict.LEFT),
        (replace(ENTRY, refreshable=False), EntryVerdict.LEFT),
        (replace(ENTRY, refreshable=False, reason="request"), EntryVerdict.LEFT),
        (replace(ENTRY, frozen=True), None),
        (replace(ENTRY, frozen=True, status="failed", reason="event"), None),
        (replace(ENTRY, frozen=True, status="ok", reason="event"), EntryVerdict.LEFT),
        (replace(ENTRY, frozen=True, status="ok", reason="request"), None),
        (replace(ENTRY, burned=True, refreshable=False), EntryVerdict.GONE),
        (replace(ENTRY, kind="contract", token_number=None), None),
        (
            replace(ENTRY, kind="contract", token_number=None, frozen=True, status="ok", reason="event"),
            EntryVerdict.LEFT,
        ),
    ],
    ids=[
        "fresh",
        "burned",
        "rolled back",
        "not refreshable",
        "not even on request",
        "frozen, never read",
        "frozen, failed before",
        "frozen, an event",
        "frozen, on request",
        "burned, not refreshable",
        "contract",
        "contract, frozen",
    ],
)
def test_what_is_not_to_be_asked_for(entry: Entry, verdict: EntryVerdict | None) -> None:
    found = without_reading(entry)
    assert (None if found is None else found.verdict) == verdict
