"""The addresses of the storefront's pages. `web/src/router.tsx` has the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

API_ROOMS: Final = frozenset(
    {"v1", "media", "ipfs", "graphql", "docs", "swagger", "openapi.json", "healthz", "readyz", "metrics"}
)
"""First parts of paths that are never pages: what is unknown below them is a problem document."""

TITLES: Final = {
    "/": "Mint, collect and trade",
    "/search": "Search",
    "/collections/$chainId/$contract": "Collection",
    "/collections/$chainId/$contract/$tokenId": "Token",
    "/create": "Create a collection",
    "/mint/$chainId/$contract": "Mint",
    "/launch": "Launch a token",
    "/account": "Your items",
    "/settings": "Settings",
    "/users/$username": "Profile",
}
"""Each page's address, as the router writes it, and its title until the page itself knows better."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a path names, with what the path says of it."""

    address: str
    names: dict[str, str]
    """`chainId`, `contract`, `tokenId` or `username`, decoded."""

    @property
    def title(self) -> str:
        return TITLES[self.address]


def place_of(path: str) -> Place | None:
    """The page of a path as it was sent, still encoded; None if there is none. A slash at the end does not matter."""
    parts = _parts(path)
    for address in TITLES:
        wanted = _parts(address)
        if len(wanted) != len(parts):
            continue
        names: dict[str, str] = {}
        for want, part in zip(wanted, parts, strict=True):
            if want.startswith("$"):
                names[want[1:]] = unquote(part)
            elif want != part:
                break
        else:
            return Place(address, names)
    return None


def is_of_api(path: str) -> bool:
    """Whether a path belongs to the API."""
    return path.lstrip("/").split("/", 1)[0] in API_ROOMS


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
