"""Decodes the mints that our contracts announce. It is strict."""

from __future__ import annotations

from typing import Final, NamedTuple

from steadymint.domain.types import UINT256_MAX
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import UndecodableError, address_of, expect, pairs_of, word

RANGE_AT_ONCE: Final = 10_000
"""Tokens that `ConsecutiveTransfer` may move, of one contract in one block. ERC721A and OpenZeppelin allow 5,000. The
event costs 2,000 gas whatever it claims, and each token is a row."""


class Range(NamedTuple):
    """`ConsecutiveTransfer`, decoded: the tokens from `first` to `last`, both included."""

    first: int
    last: int
    sender: str
    recipient: str

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def range_of(log: Log) -> Range:
    """`ConsecutiveTransfer` (EIP-2309)."""
    expect(log, 4, 1)
    found = Range(int(log.topics[1], 16), word(log.data, 0), address_of(log.topics[2]), address_of(log.topics[3]))
    if found.last < found.first:
        raise UndecodableError("the range ends before it begins")
    return found


def unindexed(log: Log) -> list[str]:
    """The topics that a `Transfer` would have which was declared before EIP-721 asked for indexed arguments: account,
    account and token id stand in its data. With other numbers of topics it is an EIP-20 transfer, or nothing known."""
    expect(log, 1, 3)
    return [log.topics[0], *("0x" + log.data[at : at + 64] for at in (2, 66, 130))]


class Mint(NamedTuple):
    """`Minted` or `MintedBatch`, decoded. `quantities` maps token id to quantity, summed."""

    reference: str
    minter: str
    recipient: str
    quantities: dict[int, int]
    paid: int


def mint_of(log: Log) -> Mint:
    """`Minted`: ids run from `firstTokenId`."""
    expect(log, 4, 3)
    first, quantity, paid = word(log.data, 0), word(log.data, 1), word(log.data, 2)
    # Each id has a Transfer log of its own, and no block has the gas for 2^20 of them.
    if not 0 < quantity <= 1 << 20 or first + quantity - 1 > UINT256_MAX:
        raise UndecodableError("no block holds a mint of this many ids")
    quantities = dict.fromkeys(range(first, first + quantity), 1)
    return Mint(log.topics[1], address_of(log.topics[2]), address_of(log.topics[3]), quantities, paid)


def mint_batch_of(log: Log) -> Mint:
    """`MintedBatch`."""
    expect(log, 4)
    quantities: dict[int, int] = {}
    for token_id, quantity in pairs_of(log.data, 3):
        quantities[token_id] = quantities.get(token_id, 0) + quantity
    paid = word(log.data, 2)
    return Mint(log.topics[1], address_of(log.topics[2]), address_of(log.topics[3]), quantities, paid)
