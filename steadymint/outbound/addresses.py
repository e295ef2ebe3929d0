"""Which IP addresses are the public internet. Pure.

`ipaddress.is_global` is asked too, but alone it is not enough: in the Python releases we support it calls multicast,
6to4, IPv4-compatible, site-local and NAT64 addresses global, and it cannot know that a cloud keeps an inner service at
a public-looking address. So the tables below are ours, from the IANA special-purpose registries (RFC 6890, RFC 8190).
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

IpAddress = IPv4Address | IPv6Address

_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # "this host"; Linux takes 0.0.0.0 for loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT; also 100.100.100.200, Alibaba's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host agent, at a public-looking address
        "169.254.0.0/16",  # link-local: the metadata services of AWS, GCP, Azure, DigitalOcean, ...
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; also 192.0.0.192, Oracle's metadata service
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_PUBLIC_6: Final = IPv6Network("2000::/3")
"""All of IPv6 that is assigned so far. Loopback, unique-local, link-local, site-local and multicast lie outside."""
_NOT_PUBLIC_6: Final = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo (carries IPv4 inside), benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, carries IPv4 inside, deprecated
        "3fff::/20",  # documentation
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""The prefix of what DNS64 answers for hosts that have IPv4 only. The IPv4 address inside decides."""
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})
"""Upper half of an interface id that carries an IPv4 address in its lower half (RFC 5214)."""


@lru_cache(maxsize=4096)  # each request on an open connection asks it of the peer
def is_public(address: IpAddress) -> bool:
    """Whether we may connect to the address if a stranger names it. An IPv4 address inside an IPv6 one is checked as
    such."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in net for net in _NOT_PUBLIC_4)
    if address.scope_id is not None:  # a zone names an interface of this machine
        return False
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    low = int(address)
    inside = IPv4Address(low & 0xFFFF_FFFF)
    if address in _NAT64:
        return is_public(inside)
    if (low >> 32) & 0xFFFF_FFFF in _ISATAP and not is_public(inside):
        return False
    return address in _PUBLIC_6 and address.is_global and not any(address in net for net in _NOT_PUBLIC_6)
