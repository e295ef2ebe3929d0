"""What the models of the Python client become as JSON, and what they take."""

from __future__ import annotations

import pytest

from steadymint_client import NotReadyError, Outcome, models


def test_none_leaves_out_a_member_that_may_not_be_null_and_takes_away_one_that_may() -> None:
    body = models.MeChange(username=None, bio=None, socials=None, preferences=models.PreferencesChange(theme=None))
    assert body.body() == {"bio": None, "preferences": {}}


def test_a_whole_number_stays_one() -> None:
    sent = [models.TraitWordsBody(trait_type="Height", value=value).body()["value"] for value in (5, 5.5, "5")]
    assert [(value, type(value)) for value in sent] == [(5, int), (5.5, float), ("5", str)]


def test_a_text_that_is_newer_than_the_client_is_taken_and_another_type_is_not() -> None:
    step = {"kind": "teleport", "intentId": "1", "status": "pending", "txRequest": TX}
    assert models.PreparedStep.model_validate(step).kind == "teleport"
    with pytest.raises(ValueError, match="kind"):
        models.PreparedStep.model_validate(step | {"kind": 5})


TX = {"chainId": "eip155:1", "from": "0x1", "to": "0x2", "data": "0x", "value": "0"}


def test_an_outcome_that_is_not_ready_raises_what_it_is_instead() -> None:
    with pytest.raises(NotReadyError, match="refused: not today") as raised:
        Outcome("refused", detail="not today").ready()
    assert raised.value.outcome.status == "refused"
