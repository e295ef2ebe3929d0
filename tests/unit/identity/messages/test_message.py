"""The grammar of sign-in messages, held against the parser that the EIP's authors maintain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siwe.parsed import ABNFParsedMessage

from steadymint.domain.errors import InvalidMessageError
from steadymint.identity.messages.message import SignInMessage, moment, parse

ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
PLAIN = SignInMessage(
    domain="market.example",
    address=ADDRESS,
    uri="https://market.example/login",
    chain_number=1,
    nonce="a1b2c3d4e5f60718",
    issued_at="2026-01-31T12:00:00.000Z",
    statement="Sign in.",
)

UNRESERVED = "ABCxyz019-._~"
SUB_DELIMS = "!$&'()*+,;="
PCHARS = st.text(st.sampled_from(UNRESERVED + SUB_DELIMS + ":@"), max_size=8)
ESCAPED = st.builds(lambda a, b: f"{a}%4e{b}", PCHARS, PCHARS)
SEGMENT = st.one_of(PCHARS, ESCAPED)
PATH = st.lists(SEGMENT, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts))
HOST = st.one_of(
    st.sampled_from(["market.example", "localhost", "127.0.0.1", "[::1]", "[2001:db8::7]", "[v1.a:b]", "", "a%20b"])
)
AUTHORITY = st.builds(
    lambda user, host, port: user + host + port,
    st.sampled_from(["", "user@", "user:pass@", "@"]),
    HOST,
    st.sampled_from(["", ":", ":1", ":65536"]),
)
TAIL = st.builds(
    lambda query, fragment: (f"?{query}/?" if query else "") + (f"#{fragment}?" if fragment else ""), SEGMENT, SEGMENT
)
URI = st.builds(
    lambda scheme, rest, tail: f"{scheme}:{rest}{tail}",
    st.sampled_from(["https", "ipfs", "a+b-c.1"]),
    st.one_of(
        st.builds(lambda authority, path: f"//{authority}{path}", AUTHORITY, PATH),
        st.sampled_from(["", "/", "/a", "a/b"]),
    ),
    TAIL,
)
TIME = st.builds(
    lambda date, clock, fraction, zone: f"{date}T{clock}{fraction}{zone}",
    st.sampled_from(["2026-01-31", "1999-12-01", "0001-01-01", "9999-12-31"]),
    st.sampled_from(["00:00:00", "23:59:59"]),
    st.sampled_from(["", ".1", ".123456789"]),
    st.sampled_from(["Z", "+00:00", "-23:59", "+05:30"]),
)
TEXT = st.text(st.sampled_from(UNRESERVED + SUB_DELIMS + ":/?#[]@ "), max_size=40)
MESSAGE = st.builds(
    SignInMessage,
    scheme=st.sampled_from([None, "https", "a+b"]),
    domain=AUTHORITY,
    address=st.just(ADDRESS),
    statement=st.none() | TEXT,
    uri=URI,
    chain_number=st.integers(0, 2**53 - 1),
    nonce=st.text(st.sampled_from("aZ09"), min_size=8, max_size=64),
    issued_at=TIME,
    expiration_time=st.none() | TIME,
    not_before=st.none() | TIME,
    request_id=st.none() | SEGMENT,
    resources=st.none() | st.lists(URI, max_size=4).map(tuple),
)


FIELDS = ("scheme", "domain", "address", "statement", "uri", "nonce", "issued_at")
OPTIONAL_FIELDS = ("expiration_time", "not_before", "request_id")


def library_takes(text: str) -> bool:
    try:
        ABNFParsedMessage(text)
    except ValueError:
        return False
    return True


def we_take(text: str) -> bool:
    try:
        parse(text)
    except InvalidMessageError:
        return False
    return True


@given(MESSAGE)
def test_every_legal_message_comes_back_byte_for_byte(message: SignInMessage) -> None:
    assert parse(message.text()) == message
    assert parse(message.text()).text() == message.text()


@settings(max_examples=60, deadline=None)
@given(MESSAGE)
def test_what_we_take_the_grammar_of_the_eip_takes(message: SignInMessage) -> None:
    assert library_takes(message.text())


@settings(max_examples=60, deadline=None)
@given(MESSAGE)
def test_each_field_is_what_the_grammar_of_the_eip_reads(message: SignInMessage) -> None:
    """An interpreter that captures other characters than were signed would let one site sign in for another."""
    ours, theirs = parse(message.text()), ABNFParsedMessage(message.text())
    for field in (*FIELDS, *OPTIONAL_FIELDS):
        assert getattr(ours, field) == getattr(theirs, field, None), field
    assert str(ours.chain_number) == theirs.chain_id
    assert ours.resources == (tuple(theirs.resources) if hasattr(theirs, "resources") else None)


@pytest.mark.parametrize("host", ["localhost:3000", "a", "user@a.example:1", "[::1]:8545"])
def test_the_first_character_of_the_domain_is_the_first_that_was_signed(host: str) -> None:
    """CPython 3.11.2 read `ocalhost:3000` with the possessive repetitions that stood in the grammar once."""
    assert parse(replace(PLAIN, domain=host).text()).domain == host


@settings(max_examples=150, deadline=None)
@given(MESSAGE, st.data())
def test_one_changed_character_divides_us_from_the_library_never(message: SignInMessage, data: st.DataObject) -> None:
    """We are narrower where it is documented: leading zeros, 2^53, field caps. Never wider."""
    text = message.text()
    index = data.draw(st.integers(0, len(text)))
    width = data.draw(st.integers(0, 2))
    inserted = data.draw(
        st.sampled_from(["", "\n", "\r", "\0", " ", "0", "a", "%", "[", "@", "#", ":", "/", "\u00e9", "\t"])
    )
    changed = text[:index] + inserted + text[index + width :]
    if we_take(changed):
        assert library_takes(changed)
        assert parse(changed).text() == changed


@pytest.mark.parametrize(
    "message",
    [
        PLAIN,
        replace(PLAIN, statement=""),
        replace(PLAIN, statement=None),
        replace(PLAIN, request_id=""),
        replace(PLAIN, resources=()),
        replace(PLAIN, resources=("urn:a",), request_id="%41", scheme="https"),
        replace(PLAIN, expiration_time="2026-01-31T12:00:00z", not_before="2026-01-31t12:00:00-00:00"),
    ],
)
def test_the_library_and_we_agree_on_what_is_legal(message: SignInMessage) -> None:
    assert we_take(message.text())
    assert library_takes(message.text())


@pytest.mark.parametrize("text", ["[::g]", "[1::2::3]", "[:::::::::]", "[]", "[v.a]", "[::1"])
def test_an_ip_literal_must_be_one(text: str) -> None:
    assert not we_take(replace(PLAIN, domain=text).text())
    assert not we_take(replace(PLAIN, uri=f"https://{text}/").text())


def test_a_time_keeps_six_digits_of_its_fraction() -> None:
    assert moment("2026-01-31T12:00:00.123456789z") == moment("2026-01-31T13:00:00.123456+01:00")


@pytest.mark.parametrize("text", ["2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "0000-01-01T00:00:00Z"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(InvalidMessageError):
        moment(text)
