"""The addresses at which the bytes of a URI may be read. A stranger wrote the URI. Pure: it asks nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from steadymint.domain.content_uris import ContentPath, parse_content_uri
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Cid, MediaId
from steadymint.domain.metadata import unreadable
from steadymint.domain.texts import without_padding
from steadymint.media.cid import RAW, cid_bytes, parse_cid, sha256_of
from steadymint.metadata.fetching.failures import document_error
from steadymint.outbound.client import Target
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import CONTROL, MAX_URL, parse_url

_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""An Arweave transaction: 32 bytes in base64url."""
_ARWEAVE_HOSTS: Final = frozenset({"arweave.net", "www.arweave.net"})


@dataclass(frozen=True, slots=True)
class IpfsPath:
    """IPFS content: a CID and a path below it. The CID proves the bytes, wherever they are read from."""

    cid: Cid
    below: ContentPath
    """The canonical CID and the names below it."""

    @property
    def path(self) -> str:
        """Names below the CID, joined by `/`, decoded; "" for the content itself."""
        return self.below.path

    @property
    def digest(self) -> MediaId | None:
        """SHA-256 of the bytes, if the CID names a raw block: only then it holds their hash."""
        return sha256_of(self.cid) if not self.below.names and cid_bytes(self.cid)[1] == RAW else None

    @property
    def uri(self) -> str:
        """`ipfs://CID/path?query`."""
        return f"ipfs://{self.below.link}"

    @property
    def etag(self) -> str:
        """The content under this address never changes, so the address is its tag."""
        return f'"ipfs/{self.below.address}"'


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
    uri = without_padding(uri)
    if len(uri) > MAX_URL:
        raise unreadable("bad_uri", f"The address is longer than {MAX_URL} characters")
    if CONTROL.search(uri):
        raise unreadable("bad_uri", "The address holds control characters")
    if uri.partition(":")[0].lower() in ("https", "http"):
        return _of_url(uri, ipfs_gateways, arweave_gateway)
    try:
        found = parse_content_uri(uri)
    except ValueError:
        raise _bad_path() from None
    if found is None:
        content = _ipfs_path(uri.removeprefix("/").removeprefix("ipfs/"))  # some contracts answer the bare CID
        if content is None:
            raise unreadable("bad_scheme", "Only ipfs, ar, data and https addresses are read")
    elif found.scheme == "ar":
        return Remote("arweave", (_at_arweave(found.content, arweave_gateway),))
    elif (content := _of_cid(found.content)) is None:
        raise unreadable("bad_uri", "The address names no CID of a file or directory")
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
        ours = _at_arweave(_parsed(parts.path.removeprefix("/")), arweave_gateway)
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
    """`CID/path?query`. None if there is no CID; raises `bad_uri` for a bad path below one."""
    root = re.split(r"[/?#]", text, maxsplit=1)[0]
    return _of_cid(_parsed(text)) if _cid(root) else None


def _of_cid(below: ContentPath) -> IpfsPath | None:
    """None if the root is not a CID."""
    cid = _cid(below.root)
    return None if cid is None else IpfsPath(cid, replace(below, root=cid))


def _cid(text: str) -> Cid | None:
    try:
        return parse_cid(text)
    except InvalidInputError:
        return None


def _parsed(text: str) -> ContentPath:
    """Raises `bad_uri` for a path that leads elsewhere."""
    try:
        return ContentPath.parse(text)
    except ValueError:
        raise _bad_path() from None


def _bad_path() -> Exception:
    return unreadable("bad_uri", "The path leads out of the content")


def _at_gateways(content: IpfsPath, gateways: Sequence[str]) -> tuple[Target, ...]:
    return tuple(
        Target(URL(f"{gateway.rstrip('/')}/ipfs/{content.below.address}", encoded=True), configured=True)
        for gateway in gateways
    )


def _at_arweave(found: ContentPath, gateway: str) -> Target:
    if not _TRANSACTION.fullmatch(found.root):
        raise unreadable("bad_uri", "The address names no Arweave transaction")
    return Target(URL(f"{gateway.rstrip('/')}/{found.address}", encoded=True), configured=True)


def _if_allowed(uri: str) -> tuple[Target, ...]:
    """The URL itself as a last resort, unless the gate refuses it: content by CID does not need it."""
    try:
        return (Target(parse_url(uri), configured=False),)
    except OutboundError:
        return ()
