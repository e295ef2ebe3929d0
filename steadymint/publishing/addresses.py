"""Where a token's document is: what goes on chain, what a reader makes of it, and the file name in between.

ERC-721: our contract answers the base URI with the decimal id behind it, so files are called by decimal ids and the
base ends in `/`. ERC-1155: the contract answers the base URI as it is, and the reader replaces `{id}` by 64 lower-case
hex digits without `0x` (ERC-1155, "Metadata"); files are called so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from steadymint.domain.media import Cid
from steadymint.domain.types import Standard

ID: Final = "{id}"
_IPFS: Final = re.compile(r"ipfs://(?:ipfs/)?(?P<cid>[A-Za-z0-9]{46,128})(?P<path>/[^?#]*)?", re.ASCII)
_HEX_NAME: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DECIMAL_NAME: Final = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)


@dataclass(frozen=True, slots=True)
class IpfsAddress:
    """`ipfs://<cid>/<path>`, as far as the syntax goes: the CID is as written and may not be one."""

    cid: str
    path: str
    """Without the slash before it; empty for the thing itself."""


def file_name(standard: Standard, token_id: int) -> str:
    """The name of a token's document in its directory."""
    return str(token_id) if standard is Standard.ERC721 else f"{token_id:064x}"


def token_id_of(standard: Standard, name: str) -> int:
    """The way back. `name` fits the standard."""
    return int(name, 10 if standard is Standard.ERC721 else 16)


def base_uri(standard: Standard, directory: Cid) -> str:
    """What the collection's contract is given for a directory of documents."""
    return f"ipfs://{directory}/" if standard is Standard.ERC721 else f"ipfs://{directory}/{ID}"


def token_uri(standard: Standard, base: str, token_id: int) -> str:
    """Where a reader finds a token's document, for the base URI of a contract of ours."""
    if standard is Standard.ERC721:
        return f"{base}{token_id}" if base else ""
    return base.replace(ID, file_name(standard, token_id))


def fits(standard: Standard, name: str) -> bool:
    """Whether a file of this name can be a token's document.

    64 digits without a letter fit both: a number of 64 decimal digits is as good as none, and every small id in hex
    begins with a zero, as no decimal id does.
    """
    pattern = _DECIMAL_NAME if standard is Standard.ERC721 else _HEX_NAME
    return pattern.fullmatch(name) is not None


def parse_ipfs(uri: str) -> IpfsAddress | None:
    """The parts of an `ipfs://` URI; None for any other text."""
    match = _IPFS.fullmatch(uri)
    if match is None:
        return None
    path = match["path"] or ""
    return IpfsAddress(match["cid"], path.removeprefix("/"))
