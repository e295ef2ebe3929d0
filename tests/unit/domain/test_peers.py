"""Which addresses are one peer."""

from __future__ import annotations

import pytest

from steadymint.domain.peers import bucket_of


@pytest.mark.parametrize(
    ("peer", "bucket"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        (None, "unknown"),
    ],
)
def test_r23_an_ipv6_network_is_one_peer(peer: str | None, bucket: str) -> None:
    assert bucket_of(peer) == bucket
