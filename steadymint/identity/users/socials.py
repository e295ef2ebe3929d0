"""Links to a user's pages elsewhere. Each kind has its own hosts and its own form of a path.

A link is stored in one form, whatever the user has pasted. So a link that says `github` leads to GitHub, and the same
page is the same text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from steadymint.domain.texts import parse_link

SocialKind = Literal["website", "x", "discord", "instagram", "telegram", "github", "farcaster"]


@dataclass(frozen=True, slots=True)
class Site:
    """A site with profiles."""

    hosts: tuple[str, ...]
    """The hosts that it has or had, the present one first."""
    path: re.Pattern[str]
    """The whole path of a profile, without the first slash and without one at its end."""
    example: str


def _site(hosts: str, path: str, example: str) -> Site:
    return Site(tuple(hosts.split()), re.compile(path, re.ASCII), example)


SITES: Final[dict[SocialKind, Site]] = {
    "x": _site("x.com twitter.com", r"[A-Za-z0-9_]{1,15}", "https://x.com/mint_master"),
    "discord": _site(
        "discord.com discord.gg", r"(invite/[A-Za-z0-9-]{2,32}|users/[0-9]{17,20})", "https://discord.com/invite/mint"
    ),
    "instagram": _site("instagram.com", r"[A-Za-z0-9._]{1,30}", "https://instagram.com/mint_master"),
    "telegram": _site("t.me telegram.me", r"[A-Za-z][A-Za-z0-9_]{3,31}", "https://t.me/mint_master"),
    "github": _site("github.com", r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", "https://github.com/mint-master"),
    "farcaster": _site(
        "farcaster.xyz warpcast.com", r"[a-z0-9][a-z0-9-]{0,15}(\.eth)?", "https://farcaster.xyz/mint-master"
    ),
}
"""The rules of each site for names of its users. Discord's invitations also have a short host, `discord.gg`."""

_PREFIXES: Final = ("www.", "mobile.", "m.")
"""Other names of the same site."""


def parse_social(kind: SocialKind, text: str) -> str:
    """The link in its stored form. Raises ValueError for a link that is not of this kind."""
    link = parse_link(text)
    parts = urlsplit(link)
    if parts.scheme != "https":
        raise ValueError("must be an https address")
    if kind == "website":
        return link
    site = SITES[kind]
    host = parts.netloc.lower()
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    path = parts.path.strip("/")
    if host == "discord.gg":
        path = f"invite/{path}"
    if host not in site.hosts or parts.query or parts.fragment or not site.path.fullmatch(path):
        raise ValueError(f"must be a page of a user such as {site.example}")
    return f"https://{site.hosts[0]}/{path}"
