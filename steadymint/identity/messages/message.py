"""The EIP-4361 message: it is parsed from text to fields and written back, for exactly the texts of the grammar.

The grammar of the EIP is one regular expression, anchored at both ends. Each repetition takes one set of characters,
and the part after it starts with a character outside that set. So there is one way to read a text, and the time is
linear in its length, which is limited first. The expression uses only what every Python reads alike: CPython before
3.11.5 captures other characters for a group within a possessive repetition or an atomic group. Nothing is normalised:
`parse(text).text() == text` for every text that parses. So the signature is checked over the bytes that were received.

The tests compare this parser with those of the `siwe` library. We do not use them: the grammar parser takes 4 ms for an
ordinary message and minutes of CPU for a hostile one, and the regular expression allows line breaks in a URI, which can
hide a line such as `Expiration Time`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from steadymint.domain.errors import InvalidMessageError, MessageTooLargeError
from steadymint.domain.types import MAX_CHAIN_NUMBER
from steadymint.identity.errors import InvalidFieldError

MAX_MESSAGE: Final = 16_384
"""Bytes. A one-click sign-in (ERC-5573, ReCap) for several chains and 21 methods has 5,000."""
MAX_STATEMENT: Final = 4096
"""Characters. The statement of a ReCap lists the requested permissions in words."""
MAX_NONCE: Final = 64
MAX_RESOURCES: Final = 64
_CHAIN_DIGITS: Final = len(str(MAX_CHAIN_NUMBER))

_HEX: Final = "[0-9A-Fa-f]"
# RFC 3986: unreserved, sub-delims, and the percent sign. `_BAD_ESCAPE` checks what follows a percent sign.
_PLAIN: Final = r"A-Za-z0-9\-._~!$&'()*+,;=%"
_PCHARS: Final = f"[{_PLAIN}:@]*"
_PATH: Final = f"[{_PLAIN}:@/]*"
_TAIL: Final = f"[{_PLAIN}:@/?]*"  # of a query or a fragment
_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+\-.]*"
# The host is a reg-name (an IPv4 address is one, too) or an IP literal; `_check_literals` checks an IPv6 address.
_AUTHORITY: Final = (
    rf"(?:[{_PLAIN}:]*@)?"
    rf"(?:\[(?:[0-9A-Fa-f:.]+|[vV]{_HEX}+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]|[{_PLAIN}]*)"
    r"(?::[0-9]*)?"
)
# With an authority the path is empty or starts with a slash; without one it does not start with two.
_URI: Final = rf"{_SCHEME}:(?://{_AUTHORITY}(?=[/?#\n]|\Z){_PATH}|(?!//){_PATH})(?:\?{_TAIL})?(?:#{_TAIL})?"
# RFC 3339, in every form Python's clock can hold: no leap second, at most nine digits of a fraction.
_TIME: Final = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,9})?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_MESSAGE: Final = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})://)?"
    rf"(?P<domain>{_AUTHORITY}) wants you to sign in with your Ethereum account:\n"
    rf"(?P<address>0x{_HEX}{{40}})\n"
    r"\n"
    r"(?:(?P<statement>[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]*)\n)?\n"
    rf"URI: (?P<uri>{_URI})\n"
    r"Version: (?P<version>1)\n"
    r"Chain ID: (?P<chain>0|[1-9][0-9]*)\n"
    r"Nonce: (?P<nonce>[A-Za-z0-9]{8,})\n"
    rf"Issued At: (?P<issued_at>{_TIME})"
    rf"(?:\nExpiration Time: (?P<expiration_time>{_TIME}))?"
    rf"(?:\nNot Before: (?P<not_before>{_TIME}))?"
    rf"(?:\nRequest ID: (?P<request_id>{_PCHARS}))?"
    rf"(?P<resources>\nResources:(?:\n- {_URI})*)?"
    r"\Z",
    re.ASCII,
)
_BAD_ESCAPE: Final = re.compile(rf"%(?!{_HEX}{{2}})")
"""A percent sign that escapes no byte. Only parts of a URI may hold one, and there it must (RFC 3986, 2.1)."""
_LITERAL: Final = re.compile(r"//(?:[^/?#\[]*@)?\[([0-9A-Fa-f:.]+)\]")


@dataclass(slots=True)  # frozen would cost 2 us of the 50 that a sign-in has
class SignInMessage:
    """An EIP-4361 message, with each field as it was written. None means that the field is absent."""

    domain: str
    address: str
    """EIP-55 is not checked here."""
    uri: str
    chain_number: int
    nonce: str
    issued_at: str
    scheme: str | None = None
    statement: str | None = None
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None

    def text(self) -> str:
        """The message as a wallet signs it."""
        scheme = "" if self.scheme is None else f"{self.scheme}://"
        statement = "" if self.statement is None else f"{self.statement}\n"
        lines = [
            f"{scheme}{self.domain} wants you to sign in with your Ethereum account:",
            self.address,
            "",
            f"{statement}",
            f"URI: {self.uri}",
            "Version: 1",
            f"Chain ID: {self.chain_number}",
            f"Nonce: {self.nonce}",
            f"Issued At: {self.issued_at}",
        ]
        if self.expiration_time is not None:
            lines.append(f"Expiration Time: {self.expiration_time}")
        if self.not_before is not None:
            lines.append(f"Not Before: {self.not_before}")
        if self.request_id is not None:
            lines.append(f"Request ID: {self.request_id}")
        if self.resources is not None:
            lines += ["Resources:", *(f"- {resource}" for resource in self.resources)]
        return "\n".join(lines)


def check_size(text: str) -> None:
    """Check the limits before any parser runs. Raises MessageTooLargeError, or InvalidMessageError for a character that
    is not ASCII, which no legal message has."""
    if len(text) > MAX_MESSAGE:
        raise MessageTooLargeError(f"The message is longer than {MAX_MESSAGE} bytes")
    if not text.isascii():
        raise InvalidMessageError("The message holds a character that is not ASCII")


def parse(text: str) -> SignInMessage:
    """The fields of a message of at most `MAX_MESSAGE` ASCII characters (EIP-4361, "Message Format").

    Raises InvalidMessageError (MessageTooLargeError, InvalidFieldError) for everything else.
    """
    check_size(text)
    found = _MESSAGE.match(text)
    if found is None or ("%" in text and _BAD_ESCAPE.search(text)):
        raise InvalidMessageError("The message does not follow the grammar of EIP-4361")
    scheme, domain, address, statement, uri, _, chain, nonce, issued_at, *optional = found.groups()
    expiration_time, not_before, request_id, listed = optional
    if len(chain) > _CHAIN_DIGITS or int(chain) > MAX_CHAIN_NUMBER:
        raise InvalidFieldError(f"The chain id is larger than {MAX_CHAIN_NUMBER}")
    if len(nonce) > MAX_NONCE:
        raise InvalidFieldError(f"The nonce is longer than {MAX_NONCE} characters")
    if statement is not None and len(statement) > MAX_STATEMENT:
        raise InvalidFieldError(f"The statement is longer than {MAX_STATEMENT} characters")
    resources = None if listed is None else tuple(listed.split("\n- ")[1:])
    if resources is not None and len(resources) > MAX_RESOURCES:
        raise InvalidFieldError(f"The message lists more than {MAX_RESOURCES} resources")
    if "[" in text:
        _check_literals(domain, uri, *(resources or ()))
    return SignInMessage(
        domain, address, uri, int(chain), nonce, issued_at, scheme, statement, expiration_time,
        not_before, request_id, resources,
    )  # fmt: skip


def _check_literals(domain: str, *uris: str) -> None:
    """Check that `[...]` holds an IPv6 address (RFC 3986, IP-literal). A regular expression for that would be too
    long."""
    for text in (f"//{domain}", *uris):
        for literal in _LITERAL.findall(text):
            try:
                ipaddress.IPv6Address(literal)
            except ValueError:
                raise InvalidMessageError("The message holds an address that is not IPv6") from None


def moment(text: str) -> datetime:
    """A time of a parsed message, in UTC. Digits of the fraction after the sixth are dropped.

    Raises InvalidMessageError for a day that the calendar does not have.
    """
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise InvalidMessageError("The message holds a time that does not exist") from None


def shown(time: datetime) -> str:
    """A time in the form of messages: UTC with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
