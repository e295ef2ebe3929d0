"""Asks a block's bloom filter whether the block may hold logs of ours (Ethereum yellow paper, 4.3.1: M3:2048)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

from eth_utils.crypto import keccak

from steadymint.indexing.reading.logs import Log

_BITS: Final = 2047


def mask_of(item: str) -> int:
    """The three bits that an address or topic (0x hex) sets."""
    digest = keccak(hexstr=item)
    mask = 0
    for at in (0, 2, 4):
        mask |= 1 << (int.from_bytes(digest[at : at + 2], "big") & _BITS)
    return mask


class Watch:
    """The contracts and topics whose logs we want."""

    def __init__(self, topics: Iterable[str], contracts: Iterable[str] = ()) -> None:
        self._topics = [mask_of(topic) for topic in topics]
        self._contracts: dict[str, int] = {}
        self.add(contracts)

    def add(self, contracts: Iterable[str]) -> None:
        for contract in contracts:
            if contract not in self._contracts:
                self._contracts[contract] = mask_of(contract)

    def misses(self, logs_bloom: str, seen: Set[str]) -> bool:
        """Whether the filter may hold a contract of ours that is not among `seen`. It may be wrong.

        An absent or empty filter holds nothing.
        """
        bloom = int(logs_bloom, 16) if len(logs_bloom) > 2 else 0
        if not bloom or not any(bloom & topic == topic for topic in self._topics):
            return False
        return any(bloom & mask == mask and contract not in seen for contract, mask in self._contracts.items())


def may_hold(logs_bloom: str, log: Log) -> bool:
    """Whether the filter lets this log be in its block. An absent or empty one says nothing: some chains have none."""
    bloom = int(logs_bloom, 16) if len(logs_bloom) > 2 else 0
    return not bloom or all(bloom & mask == mask for mask in map(mask_of, (log.address, *log.topics)))
