"""The normalised metadata document of a token, for ERC-721, ERC-1155 and OpenSea style documents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from steadymint.domain.errors import SteadymintError

ValueType = Literal["string", "number", "date"]

_ID: Final = re.compile(r"\{id\}|%7Bid%7D", re.IGNORECASE)


def normalised_name(text: str) -> str:
    """The form in which names and values of traits are compared: `Eye  Color ` and `eye color` are one."""
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


def substitute_id(uri: str, token_id: int) -> str:
    """`uri` with `{id}` replaced by the token's id: 64 lower-case hex digits, zero padded, without 0x (EIP-1155).

    Raises ValueError if the id is not a uint256.
    """
    if not 0 <= token_id < 1 << 256:
        raise ValueError("a token id is a uint256")
    return _ID.sub(f"{token_id:064x}", uri)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One trait of one token."""

    trait_type: str
    """The name as written, cleaned and cut. It is never empty: a nameless attribute is called `Property`."""
    value: str | Decimal | int
    """Text for `string`, an exact number for `number`, seconds since 1970 for `date`."""
    value_type: ValueType
    display_type: str | None = None
    """`number`, `boost_number`, `boost_percentage`, `date`, as the document says."""
    max_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NormalisedDocument:
    """A normalised document. Its text holds no NUL and no lone surrogate, is cut to our lengths, and is never HTML."""

    name: str | None = None
    description: str | None = None
    image: str | None = None
    """A URI of an accepted scheme (`ipfs`, `ar`, `https`, `data`), as written."""
    animation_url: str | None = None
    external_url: str | None = None
    background_color: str | None = None
    """Six hex digits without `#`."""
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractDocument:
    """The document of a collection itself (ERC-7572)."""

    name: str | None = None
    description: str | None = None
    image: str | None = None
    banner: str | None = None
    external_url: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentFailure:
    """Why a document could not be read."""

    code: str
    """Stable: `not_found`, `forbidden_host`, `too_large`, `timeout`, `not_json`, `bad_scheme`, `unreachable`, ..."""
    detail: str
    """A sentence for people. It holds no internal address and no secret."""
    permanent: bool
    """Whether another try would give the same result."""


class DocumentUnreadableError(SteadymintError):
    """A document could not be fetched or read. `failure` says why; `retry_after` is the wait in seconds."""

    code = "document_unreadable"
    status = 502
    title = "The metadata document cannot be read"

    def __init__(self, failure: DocumentFailure, *, retry_after: float | None = None) -> None:
        super().__init__(failure.detail, retry_after=retry_after)
        self.failure = failure


def unreadable(
    code: str, detail: str, *, permanent: bool = True, retry_after: float | None = None
) -> DocumentUnreadableError:
    """The error to raise for a `DocumentFailure` of that code."""
    return DocumentUnreadableError(DocumentFailure(code, detail, permanent), retry_after=retry_after)
