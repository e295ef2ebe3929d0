"""The one rendering of an intent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.machine import STATUS_OF, Step
from steadymint.domain.intents.view import IntentView, confirmations_of, render, show_time, view_of
from tests.support.intents import CHAIN, COLLECTION

WORDS = st.text(max_size=40)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
OPTIONAL = {
    "txHash": st.integers(0, 2**256 - 1).map(lambda number: f"0x{number:064x}"),
    "contract": st.integers(0, 2**160 - 1).map(lambda number: f"0x{number:040x}"),
    "tokenIds": st.lists(st.integers(0, 2**256 - 1).map(str), max_size=3),
    "orderHashes": st.lists(st.integers(0, 2**256 - 1).map(lambda number: f"0x{number:064x}"), max_size=3),
    "confirmations": st.integers(1, 100),
    "requiredConfirmations": st.integers(1, 100),
    "error": st.fixed_dictionaries(
        {"code": st.sampled_from([code.value for code in IntentErrorCode]), "detail": WORDS},
        optional={"reason": WORDS, "arguments": st.dictionaries(WORDS, WORDS, max_size=2)},
    ),
}
SNAPSHOTS = st.fixed_dictionaries(
    {
        "intentId": st.uuids().map(str),
        "kind": st.sampled_from(["mint", "collection"]),
        "status": st.just("pending"),
        "step": st.sampled_from([step.value for step in Step]),
        "chainId": st.just(CHAIN),
        "deadlineAt": TIMES.map(datetime.isoformat),
        "createdAt": TIMES.map(datetime.isoformat),
        "updatedAt": TIMES.map(datetime.isoformat),
        "workflowId": WORDS,
    },
    optional=OPTIONAL,
)


@given(SNAPSHOTS)
def test_a_view_read_from_the_log_is_what_full_validation_makes_of_it(snapshot: dict[str, Any]) -> None:
    snapshot["status"] = STATUS_OF[Step(snapshot["step"])].value
    assert view_of(snapshot) == IntentView.model_validate(snapshot)


@given(SNAPSHOTS)
def test_what_is_shown_is_one_line_with_the_members_of_the_contract_and_none_absent_as_null(
    snapshot: dict[str, Any],
) -> None:
    shown = render(view_of(snapshot))
    assert b"\n" not in shown
    assert b"\r" not in shown
    assert set(orjson.loads(shown)) == set(snapshot)


@given(SNAPSHOTS)
def test_what_is_shown_can_be_read_back_as_the_same_view_to_the_millisecond(snapshot: dict[str, Any]) -> None:
    shown = render(view_of(snapshot))
    assert render(IntentView.model_validate_json(shown)) == shown


def view(step: Step, **members: Any) -> IntentView:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    given = {
        "intent_id": uuid4(), "kind": "mint", "status": STATUS_OF[step], "step": step, "chain_id": CHAIN,
        "contract": COLLECTION, "deadline_at": now, "created_at": now, "updated_at": now, "workflow_id": "w",
    }  # fmt: skip
    return IntentView.model_validate(given | members)


def test_addresses_are_shown_in_eip_55() -> None:
    assert orjson.loads(render(view(Step.PREPARED)))["contract"] == "0x5FbDB2315678afecb367f032d93F642f64180aa3"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 999_999, UTC), "2026-01-02T03:04:05.999Z"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00.000Z"),
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=5))), "2026-01-01T22:00:00.000Z"),
    ],
)
def test_times_are_shown_in_utc_with_milliseconds(moment: datetime, shown: str) -> None:
    assert show_time(moment) == shown


@pytest.mark.parametrize(
    ("block", "head", "required", "shown"),
    [(10, 10, 2, 1), (10, 11, 12, 2), (10, 9, 2, 1), (10, 10**9, 12, 12), (10, None, 2, None), (None, 10, 2, None)],
)
def test_confirmations_are_counted_from_the_block_itself(
    block: int | None, head: int | None, required: int, shown: int | None
) -> None:
    confirming = view(Step.CONFIRMING, required_confirmations=required)
    assert confirmations_of(confirming, block, head).confirmations == shown
    assert confirmations_of(view(Step.TRACKED), block, head).confirmations is None
