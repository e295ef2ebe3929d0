"""Traits in every form that documents give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from steadymint.domain.metadata import Attribute, normalised_name
from steadymint.metadata.attributes import MAX_ATTRIBUTES, attributes_of
from steadymint.metadata.documents import parse_document


def text(name: str, value: str) -> Attribute:
    return Attribute(name, value, "string")


@pytest.mark.parametrize(
    "document",
    [
        {"attributes": [{"trait_type": "Eyes", "value": "Blue"}]},
        {"attributes": {"trait_type": "Eyes", "value": "Blue"}},
        {"attributes": [{"traitType": "Eyes", "value": "Blue"}]},
        {"attributes": [{"name": "Eyes", "value": "Blue"}]},
        {"traits": [{"trait_type": "Eyes", "value": "Blue"}]},
        {"attributes": [], "traits": [{"trait_type": "Eyes", "value": "Blue"}]},
        {"attributes": {"Eyes": "Blue"}},
        {"attributes": {"Eyes": {"value": "Blue"}}},
        {"attributes": {"Eyes": ["Blue"]}},
        {"properties": {"Eyes": "Blue"}},
        {"properties": {"Eyes": {"name": "Eyes", "value": "Blue", "display_value": "B"}}},
        {"properties": {"Eyes": "Blue", "files": [{"uri": "x"}], "category": "image"}},
        {"properties": [{"trait_type": "Eyes", "value": "Blue"}]},
        {"attributes": [{"trait_type": " Eyes\x00 ", "value": "Blue\n"}]},
        {"attributes": [{"trait_type": "Eyes", "value": "Blue", "display_type": "unheard-of"}]},
    ],
    ids=range(15),
)
def test_every_form_of_one_trait_is_that_trait(document: dict[str, Any]) -> None:
    assert attributes_of(document) == (text("Eyes", "Blue"),)


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        "Blue",
        [],
        {},
        [None, [], {}, {"trait_type": "Eyes"}, {"trait_type": "Eyes", "value": None}, {"value": ""}, {"value": "  "}],
        [{"trait_type": "Eyes", "value": {"deep": {"er": 1}}}],
        {"Eyes": None, "Ears": [], "Nose": [[1]]},
        [{"trait_type": "Eyes", "value": float("nan")}],
    ],
    ids=range(9),
)
def test_what_is_no_trait_is_left_out(given: object) -> None:
    assert attributes_of({"attributes": given}) == ()


def test_a_value_without_a_name_is_a_property() -> None:
    found = attributes_of({"attributes": ["Blue", 3, {"value": "Red"}, {"trait_type": "", "value": "Green"}]})
    assert found == (
        text("Property", "Blue"),
        Attribute("Property", Decimal(3), "number"),
        text("Property", "Red"),
        text("Property", "Green"),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.1", "0.1"),
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("1e2", "100"),
        ("-0.0", "0"),
        ("-12", "-12"),
        ("1e-7", "0.0000001"),
        ("115792089237316195423570985008687907853269984665640564039457584007913129639935", str(2**256 - 1)),
        ("0.12345678901234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890123456789"),
    ],
)
def test_numbers_are_exact(value: str, expected: str) -> None:
    document = parse_document(f'{{"attributes": [{{"trait_type": "a", "value": {value}}}]}}'.encode())
    assert isinstance(document, dict)
    (attribute,) = attributes_of(document)
    assert attribute.value_type == "number"
    assert format(attribute.value, "f") == expected


def test_a_float_from_elsewhere_is_the_number_it_was_written_as() -> None:
    (attribute,) = attributes_of({"attributes": {"a": 0.1}})
    assert attribute.value == Decimal("0.1")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"value": 5, "max_value": 10}, Attribute("a", Decimal(5), "number", None, Decimal(10))),
        ({"value": 5, "display_type": "number"}, Attribute("a", Decimal(5), "number", "number")),
        ({"value": 5, "display_type": "boost_number"}, Attribute("a", Decimal(5), "number", "boost_number")),
        (
            {"value": "5.5%", "display_type": "boost_percentage"},
            Attribute("a", Decimal("5.5"), "number", "boost_percentage"),
        ),
        ({"value": "7", "display_type": "Number"}, Attribute("a", Decimal(7), "number", "number")),
        ({"value": "lots", "display_type": "number"}, text("a", "lots")),
        ({"value": "7"}, text("a", "7")),
        ({"value": "7", "max_value": 9}, text("a", "7")),
        ({"value": True}, text("a", "true")),
        ({"value": False, "max_value": True}, text("a", "false")),
        ({"value": 1546360800, "display_type": "date"}, Attribute("a", 1546360800, "date", "date")),
        ({"value": 1546360800000, "display_type": "date"}, Attribute("a", 1546360800, "date", "date")),
        ({"value": "1546360800", "display_type": "date"}, Attribute("a", 1546360800, "date", "date")),
        ({"value": "2019-01-01T16:40:00Z", "display_type": "date"}, Attribute("a", 1546360800, "date", "date")),
        ({"value": "2019-01-01", "display_type": "date"}, Attribute("a", 1546300800, "date", "date")),
        ({"value": 10**30, "display_type": "date"}, Attribute("a", Decimal(10**30), "number")),
        ({"value": "someday", "display_type": "date"}, text("a", "someday")),
        ({"value": 10**5000}, None),
    ],
    ids=range(18),
)
def test_the_display_type_says_what_a_value_is(entry: dict[str, Any], expected: Attribute | None) -> None:
    found = attributes_of({"attributes": [{"trait_type": "a", **entry}]})
    assert found == (() if expected is None else (expected,))


def test_a_trait_with_two_values_has_both_and_one_said_twice_is_one() -> None:
    found = attributes_of(
        {
            "attributes": [
                {"trait_type": "Eyes", "value": "Blue"},
                {"trait_type": "eyes ", "value": "BLUE"},
                {"trait_type": "Eyes", "value": "Green"},
                {"trait_type": "Level", "value": 5},
                {"trait_type": "Level", "value": 5.0},
                {"trait_type": "Level", "value": "5"},
            ]
        }
    )
    assert found == (
        text("Eyes", "Blue"),
        text("Eyes", "Green"),
        Attribute("Level", Decimal(5), "number"),
        text("Level", "5"),
    )


def test_there_are_only_so_many_and_none_is_longer_than_an_index_takes() -> None:
    many = attributes_of({"attributes": [{"trait_type": f"t{at}", "value": "v"} for at in range(10_000)]})
    assert len(many) == MAX_ATTRIBUTES
    assert many[0] == text("t0", "v")
    (long,) = attributes_of({"attributes": [{"trait_type": "\U0001f600" * 9999, "value": "\U0001f600" * 9999}]})
    assert len(normalised_name(long.trait_type).encode()) <= 2600
    assert len(normalised_name(str(long.value)).encode()) <= 2600


def test_names_are_compared_without_case_and_spacing() -> None:
    assert normalised_name("  Eye\u00a0 COLOR\n") == "eye color"
    assert normalised_name("STRASSE") == normalised_name("Straße")
    assert normalised_name("e\u0301") == normalised_name("\u00c9")
