"""The URIs of documents as contracts give them, prepared for fetching and showing. Pure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from steadymint.domain.metadata import DocumentFailure, substitute_id
from steadymint.domain.texts import without_padding
from steadymint.metadata.entries import Entry, RefreshTarget

MAX_SHOWN: Final = 2048
"""Characters of a URI that the catalog shows and keeps. A longer URI holds the document itself (`data:`), which is
stored as a document."""
MAX_PICTURE: Final = 32 * 1024
"""Characters of a picture's URI that a token's row holds. Art that a contract draws is a `data:` URI of some KiB, and a
page shows a hundred of them. A longer URI is in the document only."""

Uri = str | DocumentFailure
"""The contract's answer, or the reason why it has none. An empty text names no document, which is not a failure."""

NO_URI: Final = DocumentFailure("no_uri", "The contract does not say where this token's document is", permanent=True)
ENDLESS_URI: Final = DocumentFailure(
    "too_large", "The contract's answer is larger than a document may be", permanent=True
)
SLOW_URI: Final = DocumentFailure(
    "timeout", "The contract's code takes longer than a node lets it run", permanent=False
)


@dataclass(frozen=True, slots=True)
class ContractWords:
    """A contract's own answers."""

    uri: Uri
    """`contractURI()` (ERC-7572)."""
    name: str | None
    """`name()`, cleaned; None if there is none."""


class ContractReader(Protocol):
    """Reads contracts at the latest block that the catalog knows.

    Raises UpstreamUnavailableError when no node answers.
    """

    def token_uris(self, target: RefreshTarget, numbers: Sequence[int]) -> AsyncIterator[list[tuple[int, Uri]]]:
        """URIs with their index in `numbers`, in pieces, because URIs that hold whole documents may be too large for
        memory together. They are `tokenURI` of ERC-721 and `uri` of ERC-1155, where `{id}` is not replaced.
        """
        ...

    async def words_of(self, target: RefreshTarget) -> ContractWords: ...


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A document to read, and the entries that share it."""

    uri: str
    entries: tuple[Entry, ...]


def document_jobs(standard: str, found: Iterable[tuple[Entry, str]]) -> list[DocumentJob]:
    """The documents to read. A document that many tokens share is one job. `{id}` is replaced for ERC-1155
    (EIP-1155)."""
    by_uri: dict[str, list[Entry]] = {}
    for entry, uri in found:
        if standard == "erc1155" and entry.token_number is not None:
            uri = substitute_id(uri, entry.token_number)
        by_uri.setdefault(uri, []).append(entry)
    return [DocumentJob(uri, tuple(entries)) for uri, entries in by_uri.items()]


def cleaned(uri: str) -> str:
    """The URI without padding around it and without NUL, which no database accepts."""
    return without_padding(uri).replace("\0", "")


def shown(uri: str | None) -> str | None:
    """The URI for a row; None for a URI that holds the document itself."""
    return uri if uri is not None and len(uri) <= MAX_SHOWN else None


def picture(uri: str | None) -> str | None:
    """The URI of a picture or an animation for a token's row; None if it is too long."""
    return uri if uri is not None and len(uri) <= MAX_PICTURE else None
