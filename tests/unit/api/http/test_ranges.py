"""Ranges of bytes (RFC 9110, section 14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.etags import names_tag
from api.http.ranges import ByteRange, UnsatisfiableError, byte_range_of


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=0-499", ByteRange(0, 100)),
        ("bytes=90-", ByteRange(90, 100)),
        ("bytes=-10", ByteRange(90, 100)),
        ("bytes=-1000", ByteRange(0, 100)),
        ("BYTES=5-6", ByteRange(5, 7)),
    ],
)
def test_one_range_is_cut_to_the_file(header: str, span: ByteRange) -> None:
    assert byte_range_of(header, 100) == span


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=1-2-3",
     "bytes= 1-2", "bytes=1_0-2", "bytes=\u0661-", "bytes=" + "9" * 5000 + "-"],
)  # fmt: skip
def test_what_is_not_understood_is_ignored(header: str | None) -> None:
    assert byte_range_of(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_file_is_told(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        byte_range_of(header, 100)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1"])
def test_an_empty_file_has_no_range(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        byte_range_of(header, 0)


@given(st.text(alphabet="0123456789-=, bytes\u0661", max_size=24), st.integers(0, 10**6))
def test_whatever_is_asked_the_part_lies_within_the_file(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        try:
            span = byte_range_of(header, size)
        except UnsatisfiableError:
            continue
        assert span is None or 0 <= span.start < span.end <= size


def test_a_content_range_names_first_and_last_byte() -> None:
    assert ByteRange(0, 10).of(100) == "bytes 0-9/100"


@pytest.mark.parametrize(
    ("header", "named"),
    [(None, False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_a_tag_is_named_in_any_of_its_forms(header: str | None, named: bool) -> None:
    assert names_tag(header, '"a"') is named
