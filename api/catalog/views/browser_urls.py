"""The URLs that we show to browsers. A browser opens neither `ipfs://` nor `ar://`, so those become `https`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from steadymint.settings import Settings

LONGEST: Final = 2_048
"""Characters of a URI that lists may show. A `data:` URI may be a whole picture, and is left out."""

_IPFS: Final = re.compile(r"ipfs://(?:ipfs/)?([A-Za-z0-9]{10,128}(?:/.*)?)", re.ASCII | re.DOTALL)
_ARWEAVE: Final = re.compile(r"ar://([A-Za-z0-9_-]{43}(?:/.*)?)", re.ASCII | re.DOTALL)
_SAFE: Final = "/:@!$&'()*+,;=-._~%?"
"""Characters of a path that stay as they are. `%` is one, so that nothing is encoded twice."""


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
        if match := _IPFS.fullmatch(uri):
            return f"{self.public_url}/ipfs/{quote(match[1], safe=_SAFE)}"
        if match := _ARWEAVE.fullmatch(uri):
            return f"{self.arweave}/{quote(match[1], safe=_SAFE)}"
        if uri.startswith(("/media/", "/ipfs/")):
            return self.public_url + uri
        return uri if uri.lower().startswith("https://") else None


def short_uri(uri: str | None) -> str | None:
    """The URI as the document has it, unless it is a whole file (`data:`)."""
    return uri if uri and len(uri) <= LONGEST else None
