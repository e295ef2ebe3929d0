"""What contracts say of where documents are, made ready for being fetched and shown. Pure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from steadymint.domain.metadata import DocumentFailure, substitute_id
from steadymint.metadata.entries import Entry, Target

MAX_SHOWN: Final = 2048
"""Characters of a URI that the catalog shows and keeps; what is longer is a document itself (`data:`), and kept as one.
"""
MAX_PICTURE: Final = 32 * 1024
"""Characters of a picture's URI that a token's row holds: art drawn by a contract is a `data:` URI of some KiB. A page
shows a hundred of them; a larger one is in the document only."""

Uri = str | DocumentFailure
"""What a contract answered, or why that is nothing to go by. An empty text names no document, which is no failure."""

MAY_HOLD_ID: Final = (b"{id}", b"%7bid%7d")
"""What a document holds, in lower case, that means another address for each token of ERC-1155."""

NO_URI: Final = DocumentFailure("no_uri", "The contract does not say where this token's document is", permanent=True)
ENDLESS_URI: Final = DocumentFailure(
    "too_large", "The contract's answer is larger than a document may be", permanent=True
)
SLOW_URI: Final = DocumentFailure(
    "timeout", "The contract's code takes longer than a node lets it run", permanent=False
)


@dataclass(frozen=True, slots=True)
class ContractWords:
    """What a contract says of itself."""

    uri: Uri
    """`contractURI()` (ERC-7572)."""
    name: str | None
    """`name()`, cleaned; None where it has none."""


class ContractReader(Protocol):
    """Asks contracts, as of the latest block that the catalog knows.

    Raises UpstreamUnavailableError when no node answers.
    """

    def token_uris(self, target: Target, numbers: Sequence[int]) -> AsyncIterator[list[tuple[int, Uri]]]:
        """Addresses with their places in `numbers`, as the answers come: documents that are written on the chain itself
        may be too large to be held together. `tokenURI` of ERC-721, `uri` of ERC-1155 as it is written, `{id}` and all.
        """
        ...

    async def words_of(self, target: Target) -> ContractWords: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One document, and everybody whose it is."""

    uri: str
    entries: tuple[Entry, ...]


def jobs(standard: str, found: Iterable[tuple[Entry, str]]) -> list[Job]:
    """A document that many tokens share is fetched once. In ERC-1155 `{id}` stands for the token's own (EIP-1155)."""
    by_uri: dict[str, list[Entry]] = {}
    for entry, uri in found:
        if standard == "erc1155" and entry.token_number is not None:
            uri = substitute_id(uri, entry.token_number)
        by_uri.setdefault(uri, []).append(entry)
    return [Job(uri, tuple(entries)) for uri, entries in by_uri.items()]


def cleaned(uri: str) -> str:
    """Without the white space around it, and without what no database takes."""
    return uri.strip().replace("\0", "")


def shown(uri: str | None) -> str | None:
    """As a row holds it: None for a document that is written into its own URI."""
    return uri if uri is not None and len(uri) <= MAX_SHOWN else None


def picture(uri: str | None) -> str | None:
    """A picture's or an animation's URI as a token's row holds it."""
    return uri if uri is not None and len(uri) <= MAX_PICTURE else None
