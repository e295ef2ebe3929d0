"""`data:` URIs, correct and sloppy."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.fetching.inline import decode, is_document_type, is_inline

BODY = b'{"name":"Ape \xc3\xbc 100%"}'
ENCODED = base64.b64encode(BODY).decode()


@pytest.mark.parametrize(
    "uri",
    [
        f"data:application/json;base64,{ENCODED}",
        f"DATA:application/JSON;charset=utf-8;BASE64,{ENCODED}",
        f"data:;base64,{ENCODED.rstrip('=')}",
        f"data:application/json;base64,{ENCODED.replace('=', '%3D')}",
        f"data:application/json;base64,{ENCODED[:10]}\n {ENCODED[10:]}",
        f"data:application/json;base64,{base64.urlsafe_b64encode(BODY).decode()}",
        'data:application/json;utf8,{"name":"Ape ü 100%"}',
        'data:application/json,{"name":"Ape ü 100%"}',
        "data:application/json;charset=UTF-8,%7B%22name%22:%22Ape%20%C3%BC%20100%25%22%7D",
        'data:,{"name":"Ape ü 100%"}',
    ],
    ids=range(10),
)
def test_every_way_to_write_it_is_read(uri: str) -> None:
    assert is_inline(uri)
    assert decode(uri, 1024).body == BODY


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("data:", "bad_uri"),
        ("data:application/json", "bad_uri"),
        ("data:" + "x" * 1000 + ",{}", "bad_uri"),
        ("data:application/json;base64,!!!!", "bad_uri"),
        ("data:application/json;base64,e30===e30", "bad_uri"),
        ("data:application/json;base64,ü", "bad_uri"),
        ("data:application/json;base64,eA=A", "bad_uri"),
        ("data:application/json;base64,e", "bad_uri"),
        ("data:application/json," + "x" * 1025, "too_large"),
        ("data:application/json;base64," + "A" * 1400, "too_large"),
        ("data:application/json," + "%20" * 1025, "too_large"),
        ("data:application/json," + "%20" * 5_000_000, "too_large"),
    ],
    ids=range(12),
)
def test_what_is_broken_or_too_large_is_refused(uri: str, code: str) -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        decode(uri, 1024)
    assert caught.value.failure.code == code


def test_a_document_may_take_just_the_room_there_is() -> None:
    assert len(decode("data:," + "x" * 1024, 1024).body) == 1024
    assert len(decode("data:," + "%20" * 1024, 1024).body) == 1024
    assert len(decode("data:;base64," + base64.b64encode(bytes(1024)).decode(), 1024).body) == 1024


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json", True),
        ("application/ld+json", True),
        ("text/plain", True),
        ("", True),
        ("text/html", False),
        ("image/svg+xml", False),
        ("application/javascript", False),
        ("application/xhtml+xml", False),
        ("application/jsonp", False),
    ],
)
def test_a_page_or_picture_is_no_document(kind: str, expected: bool) -> None:
    assert is_document_type(kind) is expected


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ("data:image/svg+xml;utf8,<svg fill='#fff' width='100%'/>", "%3Csvg%20fill='%23fff'%20width='100%25'/%3E"),
        ("data:image/svg+xml,%3Csvg%20fill=%27%23fff%27?x=1#y", "%3Csvg%20fill='%23fff'?x=1%23y"),
        ("data:image/svg+xml,50%25%41%zz", "50%25A%25zz"),
    ],
)
def test_content_is_written_so_that_a_browser_reads_what_we_read(uri: str, written: str) -> None:
    found = decode(uri, 1024)
    assert found.uri.partition(",")[2] == written
    assert "#" not in found.uri
    again = decode(found.uri, 1024)
    assert (again.body, again.content_type, again.uri) == (found.body, found.content_type, found.uri)


@given(st.text(max_size=100))
@pytest.mark.parametrize("head", ["data:", "data:image/svg+xml,", "data:image/png;base64,", "data:;utf8,"])
def test_no_data_uri_does_anything_but_be_read_or_refused(head: str, text: str) -> None:
    with suppress(DocumentUnreadableError):
        found = decode(head + text, 1024)
        assert decode(found.uri, 4096).body == found.body
