"""Where a browser finds what a metadata document names: `ipfs://` and `ar://` are no addresses to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from steadymint.settings import Settings

LONGEST: Final = 2_048
"""Characters of a URI that lists repeat; a `data:` URI may be a whole picture."""

_IPFS: Final = re.compile(r"ipfs://(?:ipfs/)?([A-Za-z0-9]{10,128}(?:/.*)?)", re.ASCII | re.DOTALL)
_ARWEAVE: Final = re.compile(r"ar://([A-Za-z0-9_-]{43}(?:/.*)?)", re.ASCII | re.DOTALL)
_SAFE: Final = "/:@!$&'()*+,;=-._~%?"
"""Characters of a path that stay as they are; `%` because what is encoded already must not be so twice."""


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
        if match := _IPFS.fullmatch(uri):
            return f"{self.public_url}/ipfs/{quote(match[1], safe=_SAFE)}"
        if match := _ARWEAVE.fullmatch(uri):
            return f"{self.arweave}/{quote(match[1], safe=_SAFE)}"
        if uri.startswith(("/media/", "/ipfs/")):
            return self.public_url + uri
        return uri if uri.lower().startswith("https://") else None


def as_named(uri: str | None) -> str | None:
    """The URI as the document has it, unless it is a whole file."""
    return uri if uri and len(uri) <= LONGEST else None
