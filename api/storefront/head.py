"""The head of a page: what search engines, messengers and browser tabs show of an address."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

SITE: Final = "Steadymint"
PROMISE: Final = "Mint, collect and trade NFTs, and always know where you stand."
LONGEST: Final = 200
"""Characters of a description. Messengers and search engines show no more."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of a page. The texts may be anybody's: they are escaped when they are written."""

    title: str
    description: str = PROMISE
    url: str | None = None
    """The canonical address, absolute."""
    image: str | None = None
    """Absolute."""
    listed: bool = True
    """Whether search engines may show the page."""


def render(head: Head) -> str:
    """The elements, as HTML."""
    title = _shown(f"{head.title} · {SITE}")
    description = _shown(_short(head.description))
    lines = [
        f"<title>{title}</title>",
        _meta("name", "description", description),
        _meta("property", "og:site_name", SITE),
        _meta("property", "og:type", "website"),
        _meta("property", "og:title", title),
        _meta("property", "og:description", description),
        _meta("name", "twitter:card", "summary_large_image" if head.image else "summary"),
        _meta("name", "twitter:title", title),
        _meta("name", "twitter:description", description),
    ]
    if head.url is not None:
        lines.append(f'<link rel="canonical" href="{_shown(head.url)}">')
        lines.append(_meta("property", "og:url", _shown(head.url)))
    if head.image is not None:
        lines.append(_meta("property", "og:image", _shown(head.image)))
        lines.append(_meta("name", "twitter:image", _shown(head.image)))
    if not head.listed:
        lines.append(_meta("name", "robots", "noindex"))
    return "\n    ".join(lines)


def _meta(kind: str, name: str, escaped: str) -> str:
    return f'<meta {kind}="{name}" content="{escaped}">'


def _shown(text: str) -> str:
    """The text for HTML. Control characters and lone surrogates, which no page may hold, are left out."""
    plain = "".join(char for char in text if char == " " or (char.isprintable() and not 0xD800 <= ord(char) < 0xE000))
    return escape(plain, quote=True)


def _short(text: str) -> str:
    """One line of at most `LONGEST` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
