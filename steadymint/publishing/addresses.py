"""The addresses of tokens' documents: the base URI on chain, the URI that a reader builds from it, and the file name.

ERC-721: our contract answers with the base URI and the decimal id behind it. So file names are decimal ids, and the
base URI ends in `/`. ERC-1155: the contract answers with the base URI itself, and the reader replaces `{id}` by 64
lower-case hex digits without `0x` (ERC-1155, "Metadata"). So file names have this form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from steadymint.domain.content_uris import parse_content_uri
from steadymint.domain.media import Cid
from steadymint.domain.types import Standard

ID: Final = "{id}"
_CID: Final = re.compile(r"[A-Za-z0-9]{46,128}", re.ASCII)
_HEX_NAME: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DECIMAL_NAME: Final = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)


@dataclass(frozen=True, slots=True)
class IpfsAddress:
    """`ipfs://<cid>/<path>`, checked for its syntax only. `cid` is as written and may not be a valid CID."""

    cid: str
    path: str
    """The names below it, decoded and joined by slashes; empty for the CID itself."""


def file_name(standard: Standard, token_id: int) -> str:
    """The name of a token's document in its directory."""
    return str(token_id) if standard is Standard.ERC721 else f"{token_id:064x}"


def token_id_of(standard: Standard, name: str) -> int:
    """The token id of a file name that fits the standard."""
    return int(name, 10 if standard is Standard.ERC721 else 16)


def base_uri(standard: Standard, directory: Cid) -> str:
    """The base URI for the collection's contract, for a directory of documents."""
    return f"ipfs://{directory}/" if standard is Standard.ERC721 else f"ipfs://{directory}/{ID}"


def token_uri(standard: Standard, base: str, token_id: int) -> str:
    """The URI of a token's document, for the base URI of one of our contracts."""
    if standard is Standard.ERC721:
        return f"{base}{token_id}" if base else ""
    return base.replace(ID, file_name(standard, token_id))


def fits(standard: Standard, name: str) -> bool:
    """Whether a file of this name can be a token's document.

    64 digits without a letter fit both standards. That causes no mistake: no real id has 64 decimal digits, and a small
    id in hex begins with a zero, which no decimal id does.
    """
    pattern = _DECIMAL_NAME if standard is Standard.ERC721 else _HEX_NAME
    return pattern.fullmatch(name) is not None


def parse_ipfs(uri: str) -> IpfsAddress | None:
    """What an `ipfs:` URI names; None for any other text."""
    try:
        found = parse_content_uri(uri)
    except ValueError:
        return None
    if found is None or found.scheme != "ipfs" or not _CID.fullmatch(found.content.root):
        return None
    return IpfsAddress(found.content.root, found.content.path)
