"""The normalisation of metadata documents: ERC-721, ERC-1155, OpenSea and Enjin style documents get one form. Pure.

An invalid part is left out, and the rest of the document is used. Examples are a name that is an object, a picture at
`javascript:`, and an attribute without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def normalise(document: object, *, token_id: int | None = None) -> NormalisedDocument:
    """The normalised form of a token's document.

    `token_id` replaces `{id}` in URIs, because ERC-1155 requires that for the URIs within a document too. Raises
    `DocumentUnreadableError` (`not_an_object`) only if `document` is not a JSON object.
    """
    members = _object(document)
    return NormalisedDocument(
        name=as_text(members.get("name"), MAX_NAME),
        description=as_text(members.get("description"), MAX_DESCRIPTION, lines=True),
        image=_first_uri(members, _IMAGE, token_id),
        animation_url=_first_uri(members, _ANIMATION, token_id),
        external_url=_first_link(members, token_id),
        background_color=_colour(members.get("background_color")),
        attributes=attributes_of(members),
    )


def normalise_contract(document: object) -> ContractDocument:
    """The normalised form of a collection's own document (ERC-7572, and OpenSea's names). Raises like `normalise`."""
    members = _object(document)
    return ContractDocument(
        name=as_text(members.get("name"), MAX_NAME),
        description=as_text(members.get("description"), MAX_DESCRIPTION, lines=True),
        image=_first_uri(members, (*_IMAGE, "featured_image"), None),
        banner=_first_uri(members, ("banner_image", "banner_image_url", "banner"), None),
        external_url=_first_link(members, None),
    )


def media_uri(text: str, token_id: int | None = None) -> str | None:
    """The URI of a picture or animation that may be shown and fetched; None if `text` is not one.

    URIs that the outbound gate would refuse by their text are refused here (schemes, ports, users, inner addresses). A
    bare CID and an `http` address of IPFS content become `ipfs:`. A bare `<svg` becomes `data:`.
    """
    text = without_padding(text)
    if text[:5].lower() in _BARE_SVG:
        text = f"data:{SVG};utf8,{text.replace('%', '%25').replace('#', '%23')}"
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


def _first_uri(members: Mapping[str, Any], names: Sequence[str], token_id: int | None) -> str | None:
    for name in names:
        text = _address(members.get(name))
        uri = None if text is None else media_uri(text, token_id)
        if uri is not None:
            return uri
    return None


def _first_link(members: Mapping[str, Any], token_id: int | None) -> str | None:
    """A link that people follow. We do not fetch it, and it is never `data:`."""
    for name in _LINK:
        text = _address(members.get(name))
        uri = None if text is None or is_inline(without_padding(text)) else media_uri(text, token_id)
        if uri is not None:
            return uri
    return None


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
