"""Where a browser finds what a metadata document names: `ipfs://` and `ar://` are no addresses to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from steadymint.domain.content_uris import ContentUri, parse_content_uri
from steadymint.settings import Settings

LONGEST: Final = 2_048
"""Characters of a URI that lists repeat; a `data:` URI may be a whole picture."""

_CID: Final = re.compile(r"[A-Za-z0-9]{10,128}", re.ASCII)
_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gateways:
    """What stands before a content id in the addresses that we show."""

    public_url: str
    arweave: str

    @classmethod
    def of(cls, settings: Settings) -> Gateways:
        return cls(settings.media.public_url.rstrip("/"), settings.metadata.arweave_gateway.rstrip("/"))

    def shown(self, uri: str | None) -> str | None:
        """An `https` address, or one below our own `/ipfs/`; None for what no browser should be sent to."""
        if not uri or len(uri) > LONGEST:
            return None
        try:
            found = parse_content_uri(uri)
        except ValueError:
            return None
        if found is not None:
            return self._of_content(found)
        if uri.startswith(("/media/", "/ipfs/")):
            return self.public_url + uri
        return uri if uri.lower().startswith("https://") else None

    def _of_content(self, found: ContentUri) -> str | None:
        if found.scheme == "ipfs":
            return f"{self.public_url}/ipfs/{found.content.link}" if _CID.fullmatch(found.content.root) else None
        return f"{self.arweave}/{found.content.link}" if _TRANSACTION.fullmatch(found.content.root) else None


def as_named(uri: str | None) -> str | None:
    """The URI as the document has it, unless it is a whole file."""
    return uri if uri and len(uri) <= LONGEST else None
