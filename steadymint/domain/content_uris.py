"""What the URI of content names (`ipfs://CID/names`, `ar://TRANSACTION/names`): one rule for all who read or show it.

| in a path | means |
|---|---|
| `%` and two hex digits | an escape, decoded once (RFC 3986, 2.4) |
| any other `%` | itself |
| `#` | itself: contracts name files `Ape #7.png`. Right behind the CID no name can begin, so there it begins a fragment, which is dropped |
| `?` | the end of the path. The query behind it names no content, so it is not fetched. It is shown, because a page that draws itself may read it. A question mark in a name is written `%3F` |

An `https` address, that of a gateway included, is a URL: there `#` begins a fragment, as in a browser.
"""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

_ROOT: Final = re.compile(r"[^/?#]*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SAFE_IN_NAME: Final = "!$&'()*+,;=:@~-._"
"""What a path segment may hold unencoded (RFC 3986, 3.3)."""
_SAFE_IN_QUERY: Final = _SAFE_IN_NAME + "/?%"
"""`%` because a query is repeated as it was written."""


@dataclass(frozen=True, slots=True)
class ContentPath:
    """Content, or a file below it."""

    root: str
    """The CID or the transaction, as written: it may be neither."""
    names: tuple[str, ...] = ()
    """Decoded. None is empty, `.` or `..`, or holds a slash or a control character."""
    query: str = ""
    """As written, without the question mark."""
    is_folder: bool = False
    """Whether the path ends in a slash. A page names its own files relative to it."""

    @classmethod
    def parse(cls, text: str) -> ContentPath:
        """`root/name/name?query`. Raises ValueError for a name that leads elsewhere or is not UTF-8."""
        match = _ROOT.match(text)
        root = match[0] if match else ""
        rest = text[len(root) :]
        if rest.startswith("#"):
            rest = ""
        path, _, query = rest.partition("?")
        names = tuple(_name(part) for part in path.split("/") if part)
        return cls(root, names, query, path.endswith("/"))

    @property
    def path(self) -> str:
        """The names, joined by slashes; empty for the content itself."""
        return "/".join(self.names)

    @property
    def address(self) -> str:
        """`root/name/name`, percent-encoded: what is asked of a gateway."""
        return "/".join((quote(self.root, safe=""), *(quote(name, safe=_SAFE_IN_NAME) for name in self.names)))

    @property
    def link(self) -> str:
        """The address with its last slash and its query: what is shown to browsers."""
        query = f"?{quote(self.query, safe=_SAFE_IN_QUERY)}" if self.query else ""
        return f"{self.address}{'/' if self.is_folder else ''}{query}"


@dataclass(frozen=True, slots=True)
class ContentUri:
    """A URI of content, taken apart."""

    scheme: str
    """`ipfs` or `ar`."""
    content: ContentPath


def parse_content_uri(uri: str) -> ContentUri | None:
    """The parts of an `ipfs:` or `ar:` URI; None for any other text. `ipfs://ipfs/CID` is read too.

    Raises ValueError like `ContentPath.parse`.
    """
    scheme, colon, rest = uri.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in ("ipfs", "ar"):
        return None
    rest = rest.lstrip("/")
    return ContentUri(scheme, ContentPath.parse(rest.removeprefix("ipfs/") if scheme == "ipfs" else rest))


def _name(written: str) -> str:
    name = unquote(written, errors="strict")
    name.encode()  # raises for a lone surrogate
    if name in (".", "..") or "/" in name or "\\" in name or _CONTROL.search(name):
        raise ValueError("the path leads out of the content")
    return name
