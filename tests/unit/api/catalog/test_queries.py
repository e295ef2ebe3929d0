"""Filters of the catalog's lists, as they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from api.catalog.queries import TokensQuery
from steadymint.catalog.reads.token_filters import TokenFilter, TraitRange


def asked(*, trait: tuple[str, ...] = (), ranges: tuple[str, ...] = ()) -> TokenFilter:
    return TokensQuery.model_validate({"trait": list(trait), "traitRange": list(ranges)}).asked


@pytest.mark.parametrize("written", ["2023-11-15T22:13:20Z", "2023-11-15T23:13:20+01:00", "2023-11-15T22:13:20.000Z"])
def test_a_date_may_be_written_as_answers_show_it(written: str) -> None:
    assert ("lit", "1700086400") in asked(trait=(f"Lit:{written}",)).traits
    assert asked(ranges=(f"Lit:{written}..1700086401",)).ranges == (
        TraitRange("lit", Decimal(1_700_086_400), Decimal(1_700_086_401)),
    )


def test_a_text_that_reads_like_a_date_is_still_looked_for_as_it_is() -> None:
    assert ("lit", "2023-11-15t22:13:20z") in asked(trait=("Lit:2023-11-15T22:13:20Z",)).traits
    assert asked(trait=("Lit:2023-11-15",)).traits == (("lit", "2023-11-15"),)


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("trait", "Background"),
        ("trait", "\\Background:Red"),
        ("traitRange", "Power:10-20"),
        ("traitRange", "Power:20..10"),
        ("traitRange", "Lit:2023-13-45T00:00:00Z.."),
    ],
)
def test_what_is_written_wrongly_is_named_with_its_place(member: str, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TokensQuery.model_validate({member: [text]})
    assert [found["loc"] for found in refused.value.errors()] == [(member, 0)]
