"""URLs by their text, hosts by their addresses."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import Gate, SystemResolver, parse_url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://a.example/", "bad_scheme"),
        ("ftp://a.example/", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("gopher://a.example:6379/_FLUSHALL", "bad_scheme"),
        ("//a.example/", "bad_scheme"),
        ("", "bad_scheme"),
        ("https:///x", "bad_uri"),
        ("https://", "bad_uri"),
        ("https://user@a.example/", "bad_uri"),
        ("https://user:word@a.example/", "bad_uri"),
        ("https://:@a.example/", "bad_uri"),
        ("https://a.example\\@b.example/", "bad_uri"),
        ("https://a.exa\tmple/", "bad_uri"),
        ("https://a.example/\r\nHost: b", "bad_uri"),
        ("https://a.example/\x00", "bad_uri"),
        ("https://a.example:99999/", "bad_uri"),
        ("https://[::1/", "bad_uri"),
        ("https://a.example/" + "a" * 5000, "bad_uri"),
        ("https://a.example/" + "é" * 1500, "bad_uri"),
        ("https://a.example:80/", "bad_port"),
        ("https://a.example:8443/", "bad_port"),
        ("https://a.example:0/", "bad_port"),
        ("https://localhost/", "forbidden_host"),
        ("https://metadata/", "forbidden_host"),
        ("https://127.0.0.1/", "forbidden_host"),
        ("https://127.1/", "forbidden_host"),
        ("https://2130706433/", "forbidden_host"),
        ("https://0x7f000001/", "forbidden_host"),
        ("https://0x7f.0.0.1/", "forbidden_host"),
        ("https://0177.0.0.1/", "forbidden_host"),
        ("https://127.0.0.1./", "forbidden_host"),
        ("https://１２７.0.0.1/", "forbidden_host"),
        ("https://127。0。0。1/", "forbidden_host"),
        ("https://%31%32%37.0.0.1/", "forbidden_host"),
        ("https://a b.example/", "forbidden_host"),
        ("https://a..example/", "forbidden_host"),
        ("https://-a.example/", "forbidden_host"),
        ("https://" + "a" * 64 + ".example/", "forbidden_host"),
        ("https://" + "a." * 130 + "example/", "forbidden_host"),
        ("https://[::1]/", "forbidden_host"),
        ("https://[::ffff:127.0.0.1]/", "forbidden_host"),
        ("https://[fe80::1%25eth0]/", "forbidden_host"),
        ("https://a.1/", "forbidden_host"),
    ],
    ids=range(44),
)
def test_a_url_that_leads_elsewhere_is_refused_by_its_text(text: str, code: str) -> None:
    with pytest.raises(OutboundError) as caught:
        parse_url(text)
    assert caught.value.failure.code == code
    assert caught.value.failure.permanent


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "https://a.example:443/x?y=1#z",
        "HTTPS://A.EXAMPLE/",
        "https://a_b.c-d.example./",
        "https://1.1.1.1/",
        "https://[2606:4700:4700::1111]/",
        "https://bücher.example/",
        "https://a.example/with space",
        "https://xn--bcher-kva.xn--p1ai/",
    ],
    ids=range(9),
)
def test_a_public_url_passes(text: str) -> None:
    assert parse_url(text).scheme == "https"


def resolving(*answers: Sequence[str]) -> Gate:
    left = list(answers)

    async def resolve(_: str) -> list[IpAddress]:
        return [ip_address(address) for address in left.pop(0)]

    return Gate(resolve, fresh=0.0)


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["1.1.1.1", "fd00:ec2::254"], ["::1", "1.1.1.1"], ["64:ff9b::a00:1"]],
    ids=["inner", "both", "inner-aaaa", "inner-first", "nat64"],
)
async def test_one_forbidden_answer_forbids_the_host(answer: list[str]) -> None:
    with pytest.raises(OutboundError) as caught:
        await resolving(answer).addresses("a.example")
    assert caught.value.failure.code == "forbidden_host"


async def test_a_host_without_an_address_may_have_one_later() -> None:
    with pytest.raises(OutboundError) as caught:
        await resolving([]).addresses("a.example")
    assert (caught.value.failure.code, caught.value.failure.permanent) == ("unreachable", False)


async def test_every_new_answer_is_checked_anew() -> None:
    gate = resolving(["1.1.1.1"], ["127.0.0.1"], ["1.1.1.1"])
    assert [str(address) for address in await gate.addresses("a.example")] == ["1.1.1.1"]
    with pytest.raises(OutboundError):
        await gate.addresses("a.example")
    assert await gate.addresses("a.example")


async def test_a_checked_answer_is_used_for_a_while_and_a_refused_one_is_not_remembered() -> None:
    now = 0.0
    answers = [["1.1.1.1"], ["2.2.2.2"], ["127.0.0.1"], ["3.3.3.3"]]

    async def resolve(_: str) -> list[IpAddress]:
        return [ip_address(address) for address in answers.pop(0)]

    gate = Gate(resolve, fresh=30.0, clock=lambda: now)
    assert [str(address) for address in await gate.addresses("a.example")] == ["1.1.1.1"]
    now = 29.0
    assert [str(address) for address in await gate.addresses("a.example")] == ["1.1.1.1"]
    now = 31.0
    assert [str(address) for address in await gate.addresses("a.example")] == ["2.2.2.2"]
    now = 62.0
    with pytest.raises(OutboundError):
        await gate.addresses("a.example")
    assert [str(address) for address in await gate.addresses("a.example")] == ["3.3.3.3"]


async def test_hosts_that_strangers_invent_do_not_pile_up() -> None:
    async def resolve(_: str) -> list[IpAddress]:
        return [ip_address("1.1.1.1")]

    gate = Gate(resolve)
    for at in range(Gate.REMEMBERED + 10):
        await gate.addresses(f"a{at}.example")
    assert len(gate._known) == Gate.REMEMBERED


async def test_the_machines_resolver_is_asked_for_the_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its dot, so that the search list of this machine makes no other name of it."""
    asked: list[str] = []

    def answer(name: str, *_: object, **__: object) -> list[object]:
        asked.append(name)
        return [(0, 0, 0, "", ("1.1.1.1", 0)), (0, 0, 0, "", ("2606:4700::1", 0, 0, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    resolver = SystemResolver()
    try:
        assert [str(address) for address in await resolver("a.example")] == ["1.1.1.1", "2606:4700::1"]
        await resolver("b.example.")
    finally:
        resolver.close()
    assert asked == ["a.example.", "b.example."]


@pytest.mark.parametrize("suffix", ["example", "co.uk", "com.br"])
async def test_a_name_server_that_never_answers_keeps_the_names_of_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Although its look-ups are given up, and more of them are begun than there are threads."""
    answered = threading.Event()

    def answer(name: str, *_: object, **__: object) -> list[object]:
        if name.endswith(f".tarpit.{suffix}."):
            answered.wait(30)
        return [(0, 0, 0, "", ("1.1.1.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    resolver = SystemResolver()
    try:
        hanging = [asyncio.create_task(resolver(f"a{at}.tarpit.{suffix}")) for at in range(2 * SystemResolver.THREADS)]
        await asyncio.sleep(0.05)
        for task in hanging[::2]:
            task.cancel()
        assert [str(address) for address in await resolver(f"a.honest.{suffix}")] == ["1.1.1.1"]
    finally:
        answered.set()
        await asyncio.gather(*hanging, return_exceptions=True)
        resolver.close()
    assert [task.cancelled() for task in hanging] == [True, False] * SystemResolver.THREADS
