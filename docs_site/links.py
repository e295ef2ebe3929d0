"""Checks what was built: every link within the site leads somewhere, and nothing is fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

FETCHED: Final = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}
"""Elements whose address a browser asks without a click."""
HARMLESS: Final = {"canonical", "prev", "next", "alternate"}
"""Relations of `link` that are not fetched."""


@dataclass(slots=True)
class Page:
    anchors: set[str] = field(default_factory=set[str])
    links: list[str] = field(default_factory=list[str])
    fetched: list[str] = field(default_factory=list[str])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("id", "name"):
            if name in given:
                self.page.anchors.add(given[name])
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        if (name := FETCHED.get(tag)) and name in given and not set(given.get("rel", "").split()) & HARMLESS:
            self.page.fetched.append(given[name])


def faults(html: Path) -> list[str]:
    """What is wrong with a site, one sentence each."""
    pages = {file: _read(file) for file in sorted(html.rglob("*.html"))}
    found: list[str] = []
    for file, page in pages.items():
        where = file.relative_to(html)
        for address in page.fetched:
            if urlsplit(address).netloc:
                found.append(f"{where} fetches {address} from another server")
            elif not address.startswith("data:") and _target(html, file, address) is None:
                found.append(f"{where} fetches {address}, which is not there")
        found += [
            f"{where} links to {address}: {why}"
            for address in page.links
            if (why := _broken(html, pages, file, address)) is not None
        ]
    abroad = [sheet for sheet in html.rglob("*.css") if any(one in sheet.read_text() for one in ("url(http", "url(//"))]
    return found + [f"{sheet.relative_to(html)} fetches from another server" for sheet in abroad]


def _read(file: Path) -> Page:
    reader = _Reader()
    reader.feed(file.read_text())
    return reader.page


def _broken(html: Path, pages: dict[Path, Page], file: Path, address: str) -> str | None:
    parts = urlsplit(address)
    # The page for addresses that do not exist is served below any path, so its links are absolute.
    if parts.scheme or parts.netloc or file.name == "404.html":
        return None
    path, anchor = urldefrag(address)
    target = file if not path else _target(html, file, path)
    if target is None:
        return "there is no such page"
    if anchor and target in pages and unquote(anchor) not in pages[target].anchors:
        return "the page has no such anchor"
    return None


def _target(html: Path, file: Path, address: str) -> Path | None:
    """The file that a server would answer with; None if there is none."""
    base = "/" + file.relative_to(html).as_posix()
    path = unquote(urlsplit(urljoin(base, address)).path).lstrip("/")
    for candidate in (html / path, html / path / "index.html"):
        if candidate.is_file():
            return candidate
    return html / path if file.name == "404.html" else None
