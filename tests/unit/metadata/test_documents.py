"""From a stranger's bytes to plain JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.documents import MAX_DEPTH, MAX_VALUES, parse_document


def code_of(body: bytes) -> str:
    with pytest.raises(DocumentUnreadableError) as caught:
        parse_document(body)
    assert caught.value.failure.permanent
    return caught.value.failure.code


def test_a_document_is_read_as_it_is() -> None:
    body = f'{{"a": [1, 1.10, true, null, "x"], "b": {{"c": {2**256 - 1}}}}}'.encode()
    assert parse_document(body) == {"a": [1, Decimal("1.10"), True, None, "x"], "b": {"c": 2**256 - 1}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'\xef\xbb\xbf {"a": 1}', {"a": 1}),
        (b'{"a": "line\nline\ttab"}', {"a": "line\nline\ttab"}),
        (b'{"a": "\xff\xfe"}', {"a": "\ufffd\ufffd"}),
        (b'{"a": "\xed\xa0\x80"}', {"a": "\ufffd\ufffd\ufffd"}),
        (b'{"a": "\\ud800x\\udc00"}', {"a": "\ufffdx\ufffd"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a\\u0000b": "c\\u0000d"}', {"ab": "cd"}),
        (b'["\\u0000", ["\\ud800"]]', ["", ["\ufffd"]]),
        (b'"\\u0000"', ""),
        (b'{"a": [[{"b": ["\\u0000"]}]]}', {"a": [[{"b": [""]}]]}),
    ],
    ids=range(10),
)
def test_text_comes_out_so_that_any_database_takes_it(body: bytes, expected: object) -> None:
    assert parse_document(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"}",
        b"nope",
        b"<html></html>",
        b"{} {}",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1, "a\\u0000": 2}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": 1e999999999}',
        b'{"a": 1e-999999999}',
        b'{"a": 1e9999999999999999999}',
        b'{"a": 0e-9999999999999999999}',
        b'{"a": 0.' + b"1" * 5000 + b"}",
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-16-le"),
        '{"a": 1}'.encode("utf-16-be"),
        '{"a": 1}'.encode("utf-32"),
    ],
    ids=range(24),
)
def test_what_could_be_read_in_two_ways_or_none_is_refused(body: bytes) -> None:
    assert code_of(body) == "not_json"


def test_depth_and_number_of_values_have_an_end_and_reach_it() -> None:
    assert parse_document(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert code_of(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)) == "too_deep"
    assert parse_document(b"[" + b"1," * (MAX_VALUES - 3) + b"1]")
    assert code_of(b"[" + b"1," * MAX_VALUES + b"1]") == "too_complex"
    assert parse_document(b'{"a": "' + b"[{" * 1000 + b'"}')  # brackets in text are text


@pytest.mark.parametrize("unit", [b"[", b"{", b'{"a":', b'"', b'\\"', b'"\\', b'"\\"', b"\\", b'["', b',"', b"\x00"])
def test_no_input_makes_the_scan_or_the_parser_more_than_linear(unit: bytes) -> None:
    """Were any of them quadratic, a million of them would not end within the test's limit."""
    with pytest.raises(DocumentUnreadableError):
        parse_document(unit * (1_000_000 // len(unit)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(body: bytes) -> None:
    with suppress(DocumentUnreadableError):
        parse_document(body)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**256), 2**256)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=5),
        max_leaves=20,
    )
)
def test_any_json_comes_back_as_it_was(value: object) -> None:
    assert parse_document(json.dumps(value).encode()) == value
