"""The creation of a collection, as the first line of its history."""

from __future__ import annotations

from typing import Final

from steadymint.indexing.batch import ERC721, ERC1155
from steadymint.indexing.reading.decode import Birth, Log

STANDARDS: Final = {0: ERC721, 1: ERC1155}
"""`kind` of the factory -> token standard."""


def creation_payload(birth: Birth, standard: str, log: Log) -> dict[str, object]:
    """What `collection_state` begins with."""
    return {
        "standard": standard,
        "factory": log.address,
        "blockHash": log.block_hash,
        "creator": birth.creator,
        "salt": birth.salt,
        "implementation": birth.implementation,
        "owner": birth.owner,
        "name": birth.name,
        "symbol": birth.symbol,
        "baseUri": birth.base_uri,
        "contractUri": birth.contract_uri,
        "maxSupply": str(birth.max_supply),
        "royaltyBps": str(birth.royalty_bps),
        "royaltyReceiver": birth.royalty_receiver,
        "payout": birth.payout,
        "mint": birth.mint.to_json(),
    }
