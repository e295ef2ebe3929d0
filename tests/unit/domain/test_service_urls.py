"""Addresses of nodes and explorers, as a file names them."""

from __future__ import annotations

import pytest

from steadymint.domain.service_urls import HTTP, WEBSOCKET, host_of, is_inner_name, parse_service_url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://node.example", "node.example"),
        ("https://node.example/v2/Key_with-signs?x=%20&y=@", "node.example"),
        ("http://anvil:8545", "anvil"),
        ("http://127.0.0.1:8545/", "127.0.0.1"),
        ("http://[::1]:8545", "::1"),
        ("https://xn--bcher-kva.example?key=1", "xn--bcher-kva.example"),
    ],
)
def test_an_absolute_address_is_taken_as_it_is(url: str, host: str) -> None:
    assert parse_service_url(url, HTTP) == url
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        "node.example",
        "//node.example",
        "ftp://node.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "HTTPS://node.example",
        "wss://node.example",
        "https://",
        "https:///path",
        "https://user@node.example",
        "https://user:word@node.example/",
        "https://node.example@evil.example/",
        "https://node.example\\@evil.example/",
        "https://node.example#@evil.example/",
        "https://node.example/#top",
        "https://node.example:0",
        "https://node.example:65536",
        "https://node.example:8a",
        "https://node.example/a b",
        "https://node.example/\n",
        " https://node.example",
        "https://node.example\0",
        "https://b\u00fccher.example",
        "https://node\u3002example",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://1.2.3.4.5/",
        "https://[::1",
        "https://[::1%25eth0]/",
        "https://[zz]/",
        "https://-a.example/",
        "https://a..example/",
        "https://node.example./",
        "https://" + "a." * 200 + "example",
        "https://node.example/" + "a" * 2048,
        "https://[::ffff:127.0.0.1]extra/",
    ],
)
def test_what_is_none_or_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|host"):
        parse_service_url(url, HTTP)


def test_each_member_has_schemes_of_its_own() -> None:
    assert parse_service_url("ws://node.example", WEBSOCKET)
    for url in ("https://node.example", "http://node.example"):
        with pytest.raises(ValueError, match="must begin with wss:// or ws://"):
            parse_service_url(url, WEBSOCKET)


@pytest.mark.parametrize(
    ("host", "inner"),
    [("localhost", True), ("anvil", True), ("a.LOCALHOST", True), ("printer.local", True), ("db.internal", True),
     ("x.home.arpa", True), ("node.example", False), ("a.b.c.org", False)],
)  # fmt: skip
def test_a_name_that_no_public_dns_has_is_inner(host: str, inner: bool) -> None:
    assert is_inner_name(host) is inner
