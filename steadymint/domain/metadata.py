"""A token's metadata document, normalised: what every writer of ERC-721, ERC-1155 and OpenSea style documents means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ValueType = Literal["string", "number", "date"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One trait of one token."""

    trait_type: str
    """As written, cleaned and cut; "" is never here, a nameless attribute is called `Property`."""
    value: str | Decimal | int
    """Text for `string`, an exact number for `number`, seconds since 1970 for `date`."""
    value_type: ValueType
    display_type: str | None = None
    """`number`, `boost_number`, `boost_percentage`, `date`, as the document says."""
    max_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NormalisedDocument:
    """Cleaned text only: no NUL, no lone surrogate, cut to our lengths, never HTML that somebody would render."""

    name: str | None = None
    description: str | None = None
    image: str | None = None
    """A URI of a scheme that we take (`ipfs`, `ar`, `https`, `data`), as written."""
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
    """For people; carries no address of ours and no secret."""
    permanent: bool
    """Whether asking again would give the same."""
