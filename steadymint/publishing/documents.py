"""The JSON of tokens and collections, as marketplaces and wallets read it. Pure, and the same bytes for the same words.

Members are those of the ERC-721 and ERC-1155 metadata schemas (`name`, `description`, `image`) and of what OpenSea
added to them (`animation_url`, `external_url`, `background_color`, `attributes`); a collection's are ERC-7572's.
Keys are sorted, text is UTF-8 and nothing tells the time, so that a document's CID follows from what it says alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import orjson

from steadymint.domain.media import Cid, MediaId

DisplayType = Literal["number", "boost_number", "boost_percentage", "date"]

NUMBER: Final = "{number}"
"""What a template's texts hold in place of the token's number."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One attribute of a token."""

    trait_type: str
    value: str | int | float
    display_type: DisplayType | None = None
    max_value: int | float | None = None


@dataclass(frozen=True, slots=True)
class TokenWords:
    """What a token's document says; pictures by the ids they were uploaded under."""

    name: str
    description: str | None = None
    image: MediaId | None = None
    animation: MediaId | None = None
    external_url: str | None = None
    background_color: str | None = None
    """Six hex digits without `#`."""
    traits: tuple[Trait, ...] = ()

    def media(self) -> Iterator[MediaId]:
        yield from (found for found in (self.image, self.animation) if found)

    def numbered(self, number: int) -> TokenWords:
        """The same with `{number}` replaced wherever people read it, and in the link."""

        def fill(text: str | None) -> str | None:
            return None if text is None else text.replace(NUMBER, str(number))

        return replace(
            self,
            name=self.name.replace(NUMBER, str(number)),
            description=fill(self.description),
            external_url=fill(self.external_url),
            traits=tuple(_numbered(trait, number) for trait in self.traits),
        )


@dataclass(frozen=True, slots=True)
class CollectionWords:
    """What a collection's own document says."""

    name: str
    symbol: str
    description: str | None = None
    image: MediaId | None = None
    banner: MediaId | None = None
    featured: MediaId | None = None
    external_url: str | None = None

    def media(self) -> Iterator[MediaId]:
        yield from (found for found in (self.image, self.banner, self.featured) if found)

    def says_something(self) -> bool:
        """Whether there is more to read in it than name and symbol, which the contract tells itself."""
        return bool(self.description or self.external_url or any(self.media()))


def token_document(words: TokenWords, cids: Mapping[MediaId, Cid]) -> bytes:
    """A token's document. `cids` holds every picture that `words` name; KeyError otherwise."""
    return _written(
        {
            "name": words.name,
            "description": words.description,
            "image": _link(words.image, cids),
            "animation_url": _link(words.animation, cids),
            "external_url": words.external_url,
            "background_color": words.background_color,
            "attributes": [_attribute(trait) for trait in words.traits] or None,
        }
    )


def collection_document(words: CollectionWords, cids: Mapping[MediaId, Cid]) -> bytes:
    """A collection's document (ERC-7572). `cids` as for a token's."""
    return _written(
        {
            "name": words.name,
            "symbol": words.symbol,
            "description": words.description,
            "image": _link(words.image, cids),
            "banner_image": _link(words.banner, cids),
            "featured_image": _link(words.featured, cids),
            "external_link": words.external_url,
        }
    )


def _attribute(trait: Trait) -> dict[str, Any]:
    written = {
        "trait_type": trait.trait_type,
        "value": trait.value,
        "display_type": trait.display_type,
        "max_value": trait.max_value,
    }
    return {name: value for name, value in written.items() if value is not None}


def _numbered(trait: Trait, number: int) -> Trait:
    value = trait.value
    return replace(trait, value=value.replace(NUMBER, str(number))) if isinstance(value, str) else trait


def _link(media: MediaId | None, cids: Mapping[MediaId, Cid]) -> str | None:
    return None if media is None else f"ipfs://{cids[media]}"


def _written(members: Mapping[str, Any]) -> bytes:
    """What is not said is left out: a `null` reads as a value to some."""
    said = {name: value for name, value in members.items() if value is not None and value != ""}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
