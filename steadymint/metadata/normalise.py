"""The normalisation of metadata documents: ERC-721, ERC-1155, OpenSea and Enjin style documents get one form. Pure.

An invalid part is left out, and the rest of the document is used. Examples are a name that is an object, a picture at
`javascript:`, and an attribute without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from steadymint.domain.metadata import (
    ContractDocument,
    DocumentUnreadableError,
    NormalisedDocument,
    substitute_id,
    unreadable,
)
from steadymint.domain.texts import without_padding
from steadymint.metadata.attributes import attributes_of
from steadymint.metadata.fetching.inline import content_type_of, decode, is_inline
from steadymint.metadata.fetching.locations import locate
from steadymint.metadata.fetching.media_types import SVG, is_picture_type
from steadymint.metadata.texts import as_text

MAX_NAME: Final = 256
MAX_DESCRIPTION: Final = 10_000
MAX_URI: Final = 2048
MAX_INLINE: Final = 128 * 1024
"""Characters of a picture within the document. Collections that are stored on chain have some tens of KiB."""

_COLOUR: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_IMAGE: Final = ("image", "image_url", "imageUrl", "image_uri", "imageURI", "image_data", "imageData", "svg_image_data")
_ANIMATION: Final = ("animation_url", "animation", "animationUrl", "animation_uri")
_LINK: Final = ("external_url", "external_link", "externalUrl", "externalLink")
_INSIDE: Final = ("url", "uri", "src", "href", "value")
"""The members that hold the URI if a document has an object in its place."""
_BARE_SVG: Final = ("<svg ", "<svg>", "<svg\n", "<?xml")


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """A document that tokens share. Only its addresses differ between them, because they may hold the token's id."""

    words: NormalisedDocument
    """All of it but the addresses."""
    images: Sequence[str]
    animations: Sequence[str]
    links: Sequence[str]

    def of_token(self, token_id: int | None) -> NormalisedDocument:
        """The normalised form for one token. `token_id` replaces `{id}` in URIs, because ERC-1155 requires that for the
        URIs within a document too."""
        return replace(
            self.words,
            image=_first_uri(self.images, token_id),
            animation_url=_first_uri(self.animations, token_id),
            external_url=_first_uri(self.links, token_id),
        )


def normalise(document: object, *, token_id: int | None = None) -> NormalisedDocument:
    """The normalised form of the document of one token. Raises like `normalise_shared`."""
    return normalise_shared(document).of_token(token_id)


def normalise_shared(document: object) -> SharedDocument:
    """The normalised form of a document of any number of tokens.

    Raises `DocumentUnreadableError` (`not_an_object`) only if `document` is not a JSON object.
    """
    members = _object(document)
    return SharedDocument(
        NormalisedDocument(
            name=as_text(members.get("name"), MAX_NAME),
            description=as_text(members.get("description"), MAX_DESCRIPTION, lines=True),
            background_color=_colour(members.get("background_color")),
            attributes=attributes_of(members),
        ),
        images=_addresses(members, _IMAGE),
        animations=_addresses(members, _ANIMATION),
        links=_addresses(members, _LINK, may_be_inline=False),
    )


def normalise_contract(document: object) -> ContractDocument:
    """The normalised form of a collection's own document (ERC-7572, and OpenSea's names). Raises like
    `normalise_shared`."""
    members = _object(document)
    return ContractDocument(
        name=as_text(members.get("name"), MAX_NAME),
        description=as_text(members.get("description"), MAX_DESCRIPTION, lines=True),
        image=_first_uri(_addresses(members, (*_IMAGE, "featured_image"))),
        banner=_first_uri(_addresses(members, ("banner_image", "banner_image_url", "banner"))),
        external_url=_first_uri(_addresses(members, _LINK, may_be_inline=False)),
    )


def media_uri(text: str, token_id: int | None = None) -> str | None:
    """The URI of a picture or animation that may be shown and fetched; None if `text` is not one.

    URIs that the outbound gate would refuse by their text are refused here (schemes, ports, users, inner addresses). A
    bare CID and an `http` address of IPFS content become `ipfs:`. A bare `<svg` becomes `data:`.
    """
    text = _with_scheme(text)
    if is_inline(text):
        return _inline_uri(text)
    try:
        uri = text if token_id is None else substitute_id(text, token_id)
        if len(uri) > MAX_URI:
            return None
        found = locate(uri, (), "https://arweave.net")
    except (ValueError, DocumentUnreadableError):
        return None
    if found.content is not None and uri[:6].lower() not in ("https:", "ipfs:/"):
        return found.content.uri
    return uri


def _with_scheme(text: str) -> str:
    """The text without padding; a bare `<svg` as `data:`."""
    text = without_padding(text)
    if text[:5].lower() in _BARE_SVG:
        return f"data:{SVG};utf8,{text.replace('%', '%25').replace('#', '%23')}"
    return text


def _inline_uri(text: str) -> str | None:
    """A `data:` URI of a picture, sound, video or model, written so that a browser reads what we read."""
    if len(text) > MAX_INLINE or not is_picture_type(content_type_of(text)):
        return None
    try:
        uri = decode(text, MAX_INLINE).uri
    except DocumentUnreadableError:
        return None
    return uri if len(uri) <= MAX_INLINE else None


def _object(document: object) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        raise unreadable("not_an_object", "The document is not a JSON object")
    return cast(Mapping[str, Any], document)


def _addresses(members: Mapping[str, Any], names: Sequence[str], *, may_be_inline: bool = True) -> list[str]:
    """The texts at these names that may be addresses, short enough to be looked at for each token.

    A `data:` URI is decoded here, because it is the same for all tokens. None follows one, since it is taken. Links
    that people follow are never `data:`.
    """
    found: list[str] = []
    for name in names:
        text = _with_scheme(_address(members.get(name)) or "")
        if is_inline(text):
            uri = _inline_uri(text) if may_be_inline else None
            if uri is not None:
                return [*found, uri]
        elif 0 < len(text) <= MAX_URI:
            found.append(text)
    return found


def _first_uri(addresses: Sequence[str], token_id: int | None = None) -> str | None:
    """The first of `_addresses` that may be shown and fetched."""
    uris = (text if is_inline(text) else media_uri(text, token_id) for text in addresses)
    return next((uri for uri in uris if uri is not None), None)


def _address(value: object) -> str | None:
    """The URI in a text, in the first text of a list, or in an object."""
    if isinstance(value, list | tuple):
        value = next(iter(cast(Sequence[object], value)), None)
    if isinstance(value, Mapping):
        members = cast(Mapping[str, object], value)
        value = next((members[name] for name in _INSIDE if isinstance(members.get(name), str)), None)
    return value if isinstance(value, str) and value else None


def _colour(value: object) -> str | None:
    match = _COLOUR.fullmatch(without_padding(value)) if isinstance(value, str) else None
    return match[1].lower() if match else None
