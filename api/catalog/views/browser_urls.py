"""The URLs that we show to browsers. A browser opens neither `ipfs://` nor `ar://`, so those become `https`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from steadymint.domain.content_uris import ContentUri, parse_content_uri
from steadymint.settings import Settings

LONGEST: Final = 2_048
"""Characters of a URI that lists may show. A `data:` URI may be a whole picture, and is left out."""

_CID: Final = re.compile(r"[A-Za-z0-9]{10,128}", re.ASCII)
_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BrowserUrls:
    """The origins that serve content, and the URLs below them."""

    public_url: str
    """Our own public URL. It serves `/ipfs/` and `/media/`."""
    arweave: str
    """The Arweave gateway."""

    @classmethod
    def of(cls, settings: Settings) -> BrowserUrls:
        return cls(settings.media.public_url.rstrip("/"), settings.metadata.arweave_gateway.rstrip("/"))

    def url_for(self, uri: str | None) -> str | None:
        """The URL at which a browser finds the file, `https` or below our own; None for every other scheme."""
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


def short_uri(uri: str | None) -> str | None:
    """The URI as the document has it, unless it is a whole file (`data:`)."""
    return uri if uri and len(uri) <= LONGEST else None
