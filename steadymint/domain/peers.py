"""Who counts as one peer."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

IPV6_PEER_BITS: Final = 64
"""An IPv6 /64 is one peer: it is the least that a provider hands to one customer (RFC 6177)."""


def bucket_of(peer: str | None) -> str:
    """The address that a peer is counted under; what has no address is one peer."""
    if peer is None:
        return "unknown"
    try:
        address = ip_address(peer)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, IPV6_PEER_BITS), strict=False))
    return str(address)
