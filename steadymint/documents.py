"""Names and keys in the document store. `media.assets` is collection `assets` of database `media`.

`events.raw` holds one document per block (and part, where a block's logs pass the 16 MB of a document), not one per
log: five times faster to write, and the key alone keeps it unique. Its `_id` is `raw_block_id`, which sorts by chain
and height, so that a rollback deletes a range of keys and needs no secondary index; each would cost half of the
throughput. A document: `{_id, chainId, blockNumber, blockHash, observedAt, logs: [{txHash, logIndex, address, topics,
data}]}`. A log's event id is `{chainId}:{txHash}:{logIndex}`; a height is held once, so an event id is too.
"""

from __future__ import annotations

from typing import Any, Final

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

EVENTS_RAW: Final = "events.raw"
METADATA_DOCS: Final = "metadata.docs"
MEDIA_ASSETS: Final = "media.assets"
MEDIA_VARIANTS: Final = "media.variants"

Document = dict[str, Any]


def collection_of(client: AsyncMongoClient[Document], name: str) -> AsyncCollection[Document]:
    """The collection that `database.collection` names."""
    database, collection = name.split(".", 1)
    return client[database][collection]


def raw_block_id(chain_id: str, block_number: int, part: int = 0) -> str:
    """The key of a block's raw logs; keys of one chain sort by height, then part."""
    return f"{chain_id}:{block_number:012d}:{part:04d}"


def raw_blocks_from(chain_id: str, block_number: int) -> Document:
    """Selects all raw blocks of one chain from that height on: what a rollback deletes."""
    # `;` follows `:`, so that the range ends with the chain: eip155:1 and eip155:10 do not mix.
    return {"_id": {"$gte": raw_block_id(chain_id, block_number), "$lt": f"{chain_id};"}}


def event_id(chain_id: str, tx_hash: str, log_index: int) -> str:
    """The id of one log, here and towards the outside."""
    return f"{chain_id}:{tx_hash}:{log_index}"
