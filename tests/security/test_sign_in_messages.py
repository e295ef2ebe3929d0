"""Section S of the attack cases: the grammar of a sign-in message, its caps and its times."""

from __future__ import annotations

import base64
from dataclasses import replace

import httpx
import pytest

from steadymint.domain.errors import InvalidMessageError
from steadymint.identity.messages.message import MAX_MESSAGE, SignInMessage, parse
from tests.support.sign_in import Desk, Wallet, at
from tests.support.sign_in_messages import Change, accepted, append, edit, fields, later, line, refused

OVERSIZED = {
    "S01 statement": fields(statement="a" * 20_000),
    "S02 domain": fields(domain="a." * 10_000),
    "S02 uri": fields(uri="https://market.example" + "/" * 20_000),
    "S02 resources": fields(resources=tuple(f"https://a.example/{i}" for i in range(1_000))),
    "S02 fraction": later(lambda: fields(issued_at=at(0).replace("Z", "0" * 20_000 + "Z"))),
    "S02 nonce": fields(nonce="a" * 10_000),
    "statement over 4,096": fields(statement="a" * 4097),
    "65 resources": fields(resources=tuple(f"https://a.example/{i}" for i in range(65))),
    "nonce over 64": fields(nonce="a" * 65),
    "S05 4,000 digits": line("Chain ID", "Chain ID: 1" + "0" * 3_500),
    "S05 2^53+1": fields(chain_number=2**53 + 1),
    "S05 2^63": fields(chain_number=2**63),
    "S05 2^64": fields(chain_number=2**64),
}


@pytest.mark.parametrize("change", OVERSIZED.values(), ids=OVERSIZED)
async def test_a_field_over_its_cap_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, change: Change
) -> None:
    await refused(desk, visitor, wallet, change, (413, 422))


MALFORMED = {
    "S04 leading zeros": line("Chain ID", "Chain ID: 00001"),
    "chain 0": fields(chain_number=0),
    "chain with a sign": line("Chain ID", "Chain ID: +31337"),
    "chain in hex": line("Chain ID", "Chain ID: 0x7a69"),
    "S07 CRLF": lambda message: message.text().replace("\n", "\r\n"),
    "CR in the statement": edit("the market.", "the\rmarket."),
    "NUL in the statement": edit("the market.", "the\0market."),
    "non-ASCII statement": edit("the market.", "the m\u00e4rket."),
    "full-width digits": line("Chain ID", "Chain ID: \uff11"),
    "trailing line feed": append("\n"),
    "leading space": lambda message: " " + message.text(),
    "byte order mark": lambda message: "\ufeff" + message.text(),
    "line separator": edit("the market.", "the\u2028market."),
    "S08 0X": edit("\n0x", "\n0X"),
    "S20 javascript": fields(uri="javascript:alert(1)"),
    "S20 data": fields(uri="data:text/html,hello"),
    "S20 file": fields(uri="file:///etc/passwd"),
    "S22 junk before URI": edit("\nURI:", "\njunk\nURI:"),
    "S22 second nonce": edit("\nIssued At", "\nNonce: aaaaaaaaaaaaaaaa\nIssued At"),
    "S22 trailing unknown": append("\nEvil: 1"),
    "S22 unknown after resources": append("\nResources:\n- https://a.example\nEvil: 1"),
    "line break inside a resource": append("\nResources:\n- https://a.example\nExpiration Time: 2001-01-01T00:00:00Z"),
    "S23 expiry after request id": append("\nRequest ID: a\nExpiration Time: 2001-01-01T00:00:00Z"),
    "S23 not before, then expiry": append("\nNot Before: 2001-01-01T00:00:00Z\nExpiration Time: 2001-01-01T00:00:00Z"),
    "S31 version 2": line("Version", "Version: 2"),
    "S31 version 01": line("Version", "Version: 01"),
    "S31 version with a space": line("Version", "Version: 1 "),
    "no version": line("Version", ""),
    "no nonce": line("Nonce", ""),
    "short nonce": line("Nonce", "Nonce: aaaaaaa"),
    "nonce with a dash": line("Nonce", "Nonce: aaaaaaaa-aaaaaaaa"),
    "fields in lower case": line("Version", "version: 1"),
    "percent sign alone in the uri": fields(uri="https://market.example/%zz"),
    "space in the uri": fields(uri="https://market.example/a b"),
    "backslash in the uri": fields(uri="https://market.example\\@evil.example/"),
    "no address": lambda message: message.text().replace(message.address, "", 1),
    "empty": lambda _: "",
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
async def test_a_message_off_the_grammar_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, change: Change
) -> None:
    await refused(desk, visitor, wallet, change)


BAD_TIMES = {
    "S25 expiry that is no time": append("\nExpiration Time: Wed Oct 05 2011 16:48:00 GMT+0200 (CEST)"),
    "S26 issued eleven minutes ago": later(lambda: fields(issued_at=at(-660))),
    "S26 the same with an expiry to come": later(lambda: fields(issued_at=at(-660), expiration_time=at(3600))),
    "issued in 70 seconds": later(lambda: fields(issued_at=at(70))),
    "S28 no zone": later(lambda: fields(issued_at=at(0).removesuffix("Z"))),
    "S28 24:00:00": later(lambda: fields(issued_at=at(0)[:11] + "24:00:00Z")),
    "S28 leap second": later(lambda: fields(issued_at=at(0)[:17] + "60Z")),
    "S28 year 0000": later(lambda: fields(issued_at="0000" + at(0)[4:])),
    "S28 year 99999": later(lambda: fields(issued_at="99999" + at(0)[4:])),
    "S28 zone +99:99": later(lambda: fields(issued_at=at(0).replace("Z", "+99:99"))),
    "S28 30 February": fields(issued_at="2026-02-30T00:00:00Z"),
    "far past with a zone": fields(issued_at="0001-01-01T00:00:00+23:59"),
    "far future with a zone": fields(not_before="9999-12-31T23:59:59-23:59"),
    "S29 not before in a minute": later(lambda: fields(not_before=at(60))),
    "S29 expired": later(lambda: fields(expiration_time=at(-1))),
    "S29 expiry before not before": later(lambda: fields(expiration_time=at(-120), not_before=at(-60))),
    "a space for the T": later(lambda: fields(issued_at=at(0).replace("T", " "))),
}


@pytest.mark.parametrize("change", BAD_TIMES.values(), ids=BAD_TIMES)
async def test_a_message_out_of_its_time_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, change: Change
) -> None:
    await refused(desk, visitor, wallet, change)


def recap(message: SignInMessage) -> str:
    """ERC-5573: the statement says in words what the last resource says in base64."""
    methods = ", ".join(f"'eth_method{number}'" for number in range(21))
    said = " ".join(f"({number}) 'request': {methods} for 'eip155'." for number in (1, 2, 3))
    resource = "urn:recap:" + base64.urlsafe_b64encode(said.encode() * 3).decode().rstrip("=")
    statement = f"I further authorize the stated URI to perform the following actions on my behalf: {said}"
    assert len(statement) > 600
    text = replace(message, statement=statement, resources=(resource,)).text()
    assert len(text) > 5_000
    return text


LEGAL = {
    "S26 no expiry": fields(),
    "issued nine minutes ago": later(lambda: fields(issued_at=at(-540))),
    "S28 -00:00": later(lambda: fields(issued_at=at(0).replace("Z", "-00:00"))),
    "S28 nine digits": later(lambda: fields(issued_at=at(0).replace("Z", "123456Z"))),
    "lower-case t and z": later(lambda: fields(issued_at=at(0).lower())),
    "another zone": later(lambda: fields(issued_at=at(3600 * 5.5).replace("Z", "+05:30"))),
    "S29 within": later(lambda: fields(not_before=at(-1), expiration_time=at(120))),
    "S32 empty statement": fields(statement=""),
    "S32 no statement": fields(statement=None),
    "S32 empty request id": fields(request_id=""),
    "S32 bare resources": fields(resources=()),
    "all of it": later(
        lambda: fields(
            scheme="https",
            request_id="a%20b:@",
            resources=("https://[2001:db8::1]:8/a?b#c", "ipfs://x", "urn:a:b"),
            expiration_time=at(120),
            not_before=at(-120),
        )
    ),
    "uri without a path": fields(uri="https://market.example"),
    "uri with a query": fields(uri="https://market.example?next=/a"),
    "a one-click sign-in to three chains and 21 methods": recap,
    "issued 50 s ahead, by a wallet whose clock is fast": later(lambda: fields(issued_at=at(50))),
    "every legal character": fields(statement="az AZ 09 -._~:/?#[]@!$&'()*+,;="),
}


@pytest.mark.parametrize("change", LEGAL.values(), ids=LEGAL)
async def test_a_legal_message_is_accepted(visitor: httpx.AsyncClient, wallet: Wallet, change: Change) -> None:
    await accepted(visitor, wallet, change)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 16_384,
        "a." * 8192,
        "a%41" * 4096,
        "%41" * 5461,
        "[" * 16_384,
        "a@" * 8192,
        "https://" * 2048,
        "market.example wants you to sign in with your Ethereum account:\n" * 252,
        Wallet().message("a" * 32, uri="https://market.example/" + "%41a" * 3900).text() + "\n",
        Wallet().message("a" * 32, resources=tuple("a:b" for _ in range(2500))).text() + "\0",
    ],
    ids=range(10),
)
def test_s01_the_worst_text_within_the_cap_ends(text: str) -> None:
    """With one repetition that could be undone, any of these would take minutes, and the test would time out."""
    assert len(text) <= MAX_MESSAGE
    with pytest.raises(InvalidMessageError):
        parse(text)
