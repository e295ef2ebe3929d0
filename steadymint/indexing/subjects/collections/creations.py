"""The payload of a collection's first event: its creation."""

from __future__ import annotations

from typing import Final

from steadymint.indexing.batch import ERC721, ERC1155
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.collections.decode import Creation

STANDARDS: Final = {0: ERC721, 1: ERC1155}
"""`kind` of the factory -> token standard."""


def creation_payload(creation: Creation, standard: str, log: Log) -> dict[str, object]:
    """The payload from which the fold of `state.py` starts."""
    return {
        "standard": standard,
        "factory": log.address,
        "blockHash": log.block_hash,
        "creator": creation.creator,
        "salt": creation.salt,
        "implementation": creation.implementation,
        "owner": creation.owner,
        "name": creation.name,
        "symbol": creation.symbol,
        "baseUri": creation.base_uri,
        "contractUri": creation.contract_uri,
        "maxSupply": str(creation.max_supply),
        "royaltyBps": str(creation.royalty_bps),
        "royaltyReceiver": creation.royalty_receiver,
        "payout": creation.payout,
        "mint": creation.mint.to_json(),
    }
