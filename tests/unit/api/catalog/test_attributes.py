"""Attributes read as they were written: the words from the document, the counts from the catalog's rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.catalog.views.attributes import attribute_bodies
from api.catalog.views.values import json_number
from api.media.bodies.metadata_sets import MAX_TRAIT_TYPE, TokenWordsBody
from steadymint.catalog.trait_rows import rows_of
from steadymint.metadata.docs import as_json
from steadymint.metadata.normalise import normalise
from steadymint.publishing.documents import token_document

COLLECTION, TOKEN, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
WRITTEN = ("traitType", "value", "displayType", "maxValue")

texts = st.text(st.characters(max_codepoint=0x2FF, categories=("L", "N", "P")), min_size=1, max_size=20)
names = st.text(st.characters(max_codepoint=0x2FF, categories=("L", "N")), min_size=1, max_size=MAX_TRAIT_TYPE)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.integers(-(10**9), 10**9).map(lambda number: number / 1000)
display_types = st.sampled_from(["number", "boost_number", "boost_percentage"])
ATTRIBUTES = st.one_of(
    st.fixed_dictionaries({"traitType": names, "value": texts}),
    st.fixed_dictionaries({"traitType": names, "value": numbers}, optional={"displayType": display_types}),
    st.fixed_dictionaries(
        {"traitType": names, "value": st.just(7), "displayType": display_types, "maxValue": st.just(30)}
    ),
    st.fixed_dictionaries(
        {"traitType": names, "value": st.integers(0, 10**10), "displayType": st.just("date")},
        optional={"maxValue": st.just(10**10)},
    ),
)


def stored(attributes: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Any]:
    """The rows and the document that the catalog keeps of a token published with these attributes."""
    words = TokenWordsBody.model_validate({"name": "One", "attributes": attributes}).words()
    document = normalise(orjson.loads(token_document(words, {})))
    rows = rows_of(COLLECTION, [(TOKEN, document.attributes)])
    read = [
        {
            "name": rows.traits[trait].name,
            "normalizedName": rows.traits[trait].normalized_name,
            "normalizedValue": rows.values[value].normalized_value,
            "displayType": rows.traits[trait].display_type,
            "valueType": rows.values[value].type,
            "string": rows.values[value].text,
            "number": rows.values[value].normalized_value if rows.values[value].type == "number" else None,
            "epoch": int(rows.values[value].normalized_value) if rows.values[value].type == "date" else None,
            "maxValue": None if rows.values[value].max_value is None else str(rows.values[value].max_value),
            "occurrences": 1,
            "frequency": 1.0,
            "floor": None,
        }
        for _, trait, value in rows.links
    ]
    return read, orjson.loads(orjson.dumps(as_json(document)["attributes"]))


@given(st.lists(ATTRIBUTES, min_size=1, max_size=5, unique_by=lambda one: one["traitType"].casefold()))
def test_attributes_are_read_as_they_were_published(attributes: list[dict[str, Any]]) -> None:
    rows, document = stored(attributes)
    rows.reverse()  # the rows have an order of their own
    shown = attribute_bodies(rows, document)  # pyright: ignore[reportArgumentType]
    assert [{name: one[name] for name in WRITTEN if name in one} for one in shown] == attributes


def test_a_token_keeps_its_own_spelling_of_what_another_token_spelled_first() -> None:
    rows, document = stored([{"traitType": "Colour", "value": "red"}])
    first = [row | {"name": "COLOUR", "string": "RED", "occurrences": 2} for row in rows]
    (shown,) = attribute_bodies(first, document)
    assert (shown["traitType"], shown["value"], shown["occurrences"]) == ("Colour", "red", 2)


@pytest.mark.parametrize("document", [None, 7, [], [{"trait_type": "Colour"}], ["Colour"]])
def test_without_a_document_the_rows_give_the_words(document: Any) -> None:
    told: list[dict[str, Any]] = [
        {"traitType": "Colour", "value": "red"},
        {"traitType": "Lit", "value": 1_700_000_000, "displayType": "date"},
    ]
    rows, _ = stored(told)
    shown = attribute_bodies(rows, document)
    assert [{name: one[name] for name in WRITTEN if name in one} for one in shown] == told


def test_a_number_that_json_would_round_is_a_text() -> None:
    assert json_number(2**53 - 1) == 2**53 - 1
    assert json_number(2**53 + 1) == str(2**53 + 1)
    rows, _ = stored([{"traitType": "Power", "value": 7}])
    (shown,) = attribute_bodies([rows[0] | {"number": "0.1234567890123456789"}], None)
    assert shown["value"] == "0.1234567890123456789"
