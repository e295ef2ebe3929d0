"""The JSON documents of tokens and collections for marketplaces and wallets. Pure: the same words give the same bytes.

A token's members are those of the ERC-721 and ERC-1155 metadata schemas (`name`, `description`, `image`) and OpenSea's
additions (`animation_url`, `external_url`, `background_color`, `attributes`). A collection's members are those of
ERC-7572. Keys are sorted, text is UTF-8, and there is no time in it, so a document's CID depends on its content alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import orjson

from steadymint.domain.media import Cid, MediaId

DisplayType = Literal["number", "boost_number", "boost_percentage", "date"]

NUMBER: Final = "{number}"
"""The placeholder for the token's number in a template's texts."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One attribute of a token."""

    trait_type: str
    value: str | int | float
    display_type: DisplayType | None = None
    max_value: int | float | None = None


@dataclass(frozen=True, slots=True)
class TokenWords:
    """The content of a token's document. Pictures are given by their media ids."""

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
        """The same words with `{number}` replaced in all texts and in the link."""

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
    """The content of a collection's own document."""

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
        """Whether it holds more than name and symbol, which the contract answers itself."""
        return bool(self.description or self.external_url or any(self.media()))


def token_document(words: TokenWords, cids: Mapping[MediaId, Cid]) -> bytes:
    """A token's document. `cids` must hold every picture of `words`, else this raises KeyError."""
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
    """The document without empty members, because some readers take a `null` for a value."""
    said = {name: value for name, value in members.items() if value is not None and value != ""}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
