"""URLs of services that an operator's file names: the nodes of a chain, its explorer. Pure.

A file is somebody's word until it is checked: it may be copied from a chat. Whether the host is on the public internet
is asked elsewhere (`steadymint/chain/nodes/checks.py`).
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

HTTP: Final = ("https", "http")
WEBSOCKET: Final = ("wss", "ws")
MAX_URL: Final = 2048
"""Characters. Keys in the paths of providers have a hundred."""

_URL: Final = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:(?P<port>[0-9]{1,5}))?"
    r"([/?][A-Za-z0-9!$%&'()*+,./:;=?@\[\]_~-]*)?",
    re.ASCII,
)
_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*", re.ASCII)
_INNER_NAMES: Final = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain"})
"""Last labels that the public DNS does not have (RFC 6761, RFC 6762, RFC 8375, ICANN's name collisions)."""


def parse_service_url(text: str, schemes: tuple[str, ...]) -> str:
    """`text` itself, an absolute URL of one of `schemes` with a host and without a user part. Raises ValueError."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{one}://' for one in schemes)}")
    if "@" in re.split(r"[/?#\\]", rest, maxsplit=1)[0]:
        raise ValueError("must not hold a user or a password: name the variable that holds them in secretRef")
    match = _URL.fullmatch(text) if len(text) <= MAX_URL else None
    if match is None or not 0 < int(match["port"] or "1") < 65536:
        raise ValueError("must be an absolute address without a fragment, percent-encoded where needed")
    _check_host(match["host"])
    return text


def host_of(url: str) -> str:
    """The host of a URL that was parsed, without the brackets of an IPv6 address."""
    match = _URL.fullmatch(url)
    assert match is not None, "parsed before"
    return match["host"].strip("[]")


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host spells; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_inner_name(host: str) -> bool:
    """Whether no public DNS has this name."""
    labels = host.lower().split(".")
    return len(labels) < 2 or labels[-1] in _INNER_NAMES or host.lower().endswith(".home.arpa")


def _check_host(host: str) -> None:
    """Refuses what a resolver reads in another way than people do: `2130706433` and `127.1` are loopback to it."""
    if host.startswith("["):
        if address_of(host[1:-1]) is None:
            raise ValueError("the host is not an IPv6 address")
        return
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("the host is not a name")
    if _NUMBER.fullmatch(labels[-1]) and address_of(host) is None:
        raise ValueError("the host is neither a name nor an address in its usual form")
