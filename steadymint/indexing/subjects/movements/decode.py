"""The mints that our contracts announce, read strictly."""

from __future__ import annotations

from typing import NamedTuple

from steadymint.domain.types import UINT256_MAX
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import UndecodableError, address_of, expect, pairs_of, word


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
    # Each id has its own Transfer, whose log costs more gas than 2^20 of them would find in any block.
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
