"""The check of a sign-in message and its signature. Pure: it reads no clock, no store and no node.

Two questions stay open here. The store knows whether the nonce is live. The chain knows whether a contract accepts a
signature that the account's key did not make.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from steadymint.domain.errors import InvalidMessageError, InvalidSignatureError
from steadymint.domain.reserved_addresses import is_reserved
from steadymint.domain.sign_in import SignatureKind
from steadymint.domain.types import Address, ChainId, show_address
from steadymint.identity.messages.message import SignInMessage, check_size, moment, parse
from steadymint.identity.messages.signatures import (
    check_signature_size,
    parse_signature,
    personal_digest,
    signer_of,
)

CLOCK_SKEW: Final = timedelta(seconds=60)
"""How far the clock of a wallet may be ahead of ours. One that is further ahead shows a wrong time to its user, too."""
_ORIGIN: Final = re.compile(r"[^:/?#]+://[^/?#]*")


@dataclass(frozen=True, slots=True)
class Site:
    """The site that users sign in to. It comes from the settings only and from no header of a request."""

    domains: Mapping[str, str]
    """Origin to domain: `https://market.example` to `market.example`. They are compared exactly."""
    max_age: timedelta

    @classmethod
    def of(cls, origins: Iterable[str], max_age: int) -> Site:
        """`max_age` in seconds."""
        return cls({origin: origin.partition("://")[2] for origin in origins}, timedelta(seconds=max_age))

    def allows(self, domain: str) -> bool:
        """Whether the domain (host and port of an origin) may ask for sign-ins."""
        return domain in self.domains.values()


@dataclass(slots=True)
class Verified:
    """A sign-in that has passed every check of this file. Its nonce is still to be checked, and a contract's
    signature (`SignatureKind.CONTRACT`) too."""

    account: Address
    chain_id: ChainId
    domain: str
    nonce: str
    digest: bytes
    """EIP-191, over the bytes received."""
    signature: bytes
    proof: SignatureKind
    """EOA: the account's key made the signature. CONTRACT: it did not, so only a contract can confirm the signature."""


def verify(site: Site, account: Address, text: str, signature: str, now: datetime) -> Verified:
    """Check everything about a sign-in that needs no store and no chain. `now` is timezone-aware.

    Raises InvalidMessageError or InvalidSignatureError. Raises MessageTooLargeError before anything is parsed.
    """
    check_size(text)
    check_signature_size(signature)
    message = parse(text)
    _check(site, account, message, now)
    raw = parse_signature(signature)
    digest = personal_digest(text.encode("ascii"))
    signer = signer_of(digest, raw)
    proof = SignatureKind.EOA if signer == account else SignatureKind.CONTRACT
    if proof is SignatureKind.CONTRACT and is_reserved(account):
        raise InvalidSignatureError("No wallet can live at this address")
    # The grammar and the limit have checked the number, so it is not parsed again.
    chain_id = ChainId(f"eip155:{message.chain_number}")
    return Verified(account, chain_id, message.domain, message.nonce, digest, raw, proof)


def hash_of_nonce(nonce: str) -> str:
    """SHA-256 in hex. It stands for the nonce wherever the nonce itself must not be stored."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def _check(site: Site, account: Address, message: SignInMessage, now: datetime) -> None:
    if message.address != show_address(Address(message.address.lower())):
        raise InvalidMessageError("The address in the message is not in EIP-55 casing")
    if message.address.lower() != account:
        raise InvalidMessageError("The message is of another account than the request")
    if message.chain_number == 0:
        raise InvalidMessageError("There is no chain 0")
    origin = _origin_of(message.uri)
    if origin is None or site.domains.get(origin) != message.domain:
        raise InvalidMessageError("The message is for another site")
    if message.scheme is not None and f"{message.scheme}://{message.domain}" != origin:
        raise InvalidMessageError("The message is for another scheme of this site")
    _check_times(site, message, now)


def _check_times(site: Site, message: SignInMessage, now: datetime) -> None:
    """Check the times. A message is valid in [Not Before, Expiration Time), and only within our maximum age around
    Issued At."""
    issued = moment(message.issued_at)
    expires = moment(message.expiration_time) if message.expiration_time is not None else None
    begins = moment(message.not_before) if message.not_before is not None else None
    if now - issued > site.max_age:
        raise InvalidMessageError("The message was issued too long ago")
    if issued - now > CLOCK_SKEW:
        raise InvalidMessageError("The message was issued in the future")
    if expires is not None and now >= expires:
        raise InvalidMessageError("The message has expired")
    if begins is not None and now < begins:
        raise InvalidMessageError("The message is not valid yet")
    if expires is not None and begins is not None and expires <= begins:
        raise InvalidMessageError("The message expires before it is valid")


def _origin_of(uri: str) -> str | None:
    """Scheme and authority as written; None for a URI without an authority."""
    found = _ORIGIN.match(uri)
    return found.group() if found else None
