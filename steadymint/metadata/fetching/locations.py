"""The addresses at which the bytes of a URI may be read. A stranger wrote the URI. Pure: it asks nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from yarl import URL

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Cid, MediaId
from steadymint.domain.metadata import unreadable
from steadymint.media.cid import RAW, cid_bytes, parse_cid, sha256_of
from steadymint.metadata.fetching.failures import document_error
from steadymint.outbound.client import Target
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import CONTROL, MAX_URL, parse_url

_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""An Arweave transaction: 32 bytes in base64url."""
_ARWEAVE_HOSTS: Final = frozenset({"arweave.net", "www.arweave.net"})
_SAFE: Final = "!$&'()*+,;=:@~-._"
"""What a path segment may hold unencoded (RFC 3986, 3.3)."""


@dataclass(frozen=True, slots=True)
class IpfsPath:
    """IPFS content: a CID and a path below it. The CID proves the bytes, wherever they are read from."""

    cid: Cid
    path: str = ""
    """Names below it, joined by `/`, decoded; "" for the content itself."""

    @property
    def digest(self) -> MediaId | None:
        """SHA-256 of the bytes, if the CID names a raw block: only then it holds their hash."""
        return sha256_of(self.cid) if not self.path and cid_bytes(self.cid)[1] == RAW else None

    @property
    def uri(self) -> str:
        """`ipfs://CID/path`."""
        return f"ipfs://{'/'.join(quote(part, safe=_SAFE) for part in self.parts)}"

    @property
    def parts(self) -> list[str]:
        """The CID and the names below it."""
        return [self.cid, *self.path.split("/")] if self.path else [self.cid]

    @property
    def etag(self) -> str:
        """The content under this address never changes, so the address is its tag."""
        return f'"ipfs/{self.cid}/{quote(self.path)}"'


@dataclass(frozen=True, slots=True)
class Remote:
    """A document or picture that has to be fetched."""

    kind: str
    """`ipfs`, `arweave` or `web`."""
    candidates: tuple[Target, ...]
    """The addresses to ask, in this order."""
    content: IpfsPath | None = None


def locate(uri: str, ipfs_gateways: Sequence[str], arweave_gateway: str) -> Remote:
    """The addresses at which the bytes of an `ipfs`, `ar` or `https` URI may be read.

    An `https` URL of somebody's IPFS gateway is IPFS content: our own gateways come first, that one last. Raises
    `DocumentUnreadableError`: `bad_uri`, `bad_scheme`, `bad_port`, `forbidden_host`.
    """
    uri = uri.strip()
    if len(uri) > MAX_URL:
        raise unreadable("bad_uri", f"The address is longer than {MAX_URL} characters")
    if CONTROL.search(uri):
        raise unreadable("bad_uri", "The address holds control characters")
    scheme, _, rest = uri.partition(":")
    match scheme.lower():
        case "ipfs":
            content = _ipfs_path(rest.lstrip("/").removeprefix("ipfs/"))
            if content is None:
                raise unreadable("bad_uri", "The address names no CID of a file or directory")
            return Remote("ipfs", _at_gateways(content, ipfs_gateways), content)
        case "ar":
            return Remote("arweave", (_at_arweave(rest.lstrip("/"), arweave_gateway),))
        case "https" | "http":
            return _of_url(uri, ipfs_gateways, arweave_gateway)
        case _:
            content = _ipfs_path(uri.removeprefix("/").removeprefix("ipfs/"))  # some contracts answer the bare CID
            if content is None:
                raise unreadable("bad_scheme", "Only ipfs, ar, data and https addresses are read")
            return Remote("ipfs", _at_gateways(content, ipfs_gateways), content)


def _of_url(uri: str, ipfs_gateways: Sequence[str], arweave_gateway: str) -> Remote:
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        raise unreadable("bad_uri", "The address cannot be read") from None
    content = _gateway_content(host, parts.path)
    if content is not None:
        return Remote("ipfs", _at_gateways(content, ipfs_gateways) + _if_allowed(uri), content)
    transaction, _, _ = parts.path.removeprefix("/").partition("/")
    if host in _ARWEAVE_HOSTS and _TRANSACTION.fullmatch(transaction):
        ours = _at_arweave(parts.path.removeprefix("/"), arweave_gateway)
        return Remote("arweave", tuple(dict.fromkeys((ours, *_if_allowed(uri)))))
    try:
        return Remote("web", (Target(parse_url(uri), configured=False),))
    except OutboundError as error:
        raise document_error(error) from None


def _gateway_content(host: str, path: str) -> IpfsPath | None:
    """`/ipfs/CID/path` at any host, or any path at `CID.ipfs.host` (specs.ipfs.tech, path and subdomain gateways)."""
    if path.startswith("/ipfs/"):
        return _ipfs_path(path.removeprefix("/ipfs/"))
    label, _, parent = host.partition(".")
    return _ipfs_path(label + path) if parent.startswith("ipfs.") else None


def _ipfs_path(text: str) -> IpfsPath | None:
    """`CID/path?query#fragment`; IPFS ignores the last two. None if there is no CID. Raises `bad_uri` on a bad path."""
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    cid, _, path = text.partition("/")
    try:
        return IpfsPath(parse_cid(cid), "/".join(_segments(path)))
    except InvalidInputError:
        return None


def _segments(path: str) -> list[str]:
    """The names in a path, decoded once, as a gateway will. Raises `bad_uri` on one that leads elsewhere."""
    names = [unquote(name) for name in path.split("/") if name]
    for name in names:
        if name in (".", "..") or "/" in name or "\\" in name or CONTROL.search(name):
            raise unreadable("bad_uri", "The path leads out of the content")
    return names


def _at_gateways(content: IpfsPath, gateways: Sequence[str]) -> tuple[Target, ...]:
    path = "/".join(quote(part, safe=_SAFE) for part in content.parts)
    return tuple(
        Target(URL(f"{gateway.rstrip('/')}/ipfs/{path}", encoded=True), configured=True) for gateway in gateways
    )


def _at_arweave(rest: str, gateway: str) -> Target:
    transaction, _, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    if not _TRANSACTION.fullmatch(transaction):
        raise unreadable("bad_uri", "The address names no Arweave transaction")
    path = "/".join(quote(part, safe=_SAFE) for part in (transaction, *_segments(path)))
    return Target(URL(f"{gateway.rstrip('/')}/{path}", encoded=True), configured=True)


def _if_allowed(uri: str) -> tuple[Target, ...]:
    """The URL itself as a last resort, unless the gate refuses it: content by CID does not need it."""
    try:
        return (Target(parse_url(uri), configured=False),)
    except OutboundError:
        return ()
