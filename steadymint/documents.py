"""Names and keys in the document store. `media.assets` is collection `assets` of database `media`.

`events.raw` holds one document per slice of blocks, not one per log: its logs are the JSON that the node wrote,
compressed, which costs a fifth of the time. Its `_id` is `raw_slice_id`, which sorts by chain and height,
so that a rollback deletes a range of keys. A document: `{_id, chainId, firstBlock, lastBlock, observedAt, logs: zlib of
a JSON array}`, and `contract` for the history of an import, which stands beside the slices of its blocks. No slice
crosses a multiple of `RAW_BLOCKS`: a block is found in a short range of keys. A log's event id is
`{chainId}:{txHash}:{logIndex}`; a height is held once, so an event id is too.
"""

from __future__ import annotations

from typing import Any, Final

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

EVENTS_RAW: Final = "events.raw"
METADATA_DOCS: Final = "metadata.docs"
MEDIA_ASSETS: Final = "media.assets"
MEDIA_VARIANTS: Final = "media.variants"

RAW_BLOCKS: Final = 1000
"""Blocks that a slice of raw logs spans at most: of a chain where little happens some dozens of logs."""

Document = dict[str, Any]


def collection_of(client: AsyncMongoClient[Document], name: str) -> AsyncCollection[Document]:
    """The collection that `database.collection` names."""
    database, collection = name.split(".", 1)
    return client[database][collection]


def raw_slice_id(chain_id: str, first_block: int, part: int = 0) -> str:
    """The key of a slice of raw logs; keys of one chain sort by height, then part."""
    return f"{chain_id}:{first_block:012d}:{part:04d}"


def raw_slices_from(chain_id: str, block_number: int) -> Document:
    """Selects the slices of one chain that begin at that height or above: what a rollback deletes."""
    # `;` follows `:`, so that the range ends with the chain: eip155:1 and eip155:10 do not mix.
    return {"_id": {"$gte": raw_slice_id(chain_id, block_number), "$lt": f"{chain_id};"}}


def raw_slices_about(chain_id: str, block_number: int) -> Document:
    """Selects the slices of one chain that may hold the block: those that begin there, or not too far below."""
    lowest = block_number // RAW_BLOCKS * RAW_BLOCKS
    return {"_id": {"$gte": raw_slice_id(chain_id, lowest), "$lt": raw_slice_id(chain_id, block_number + 1)}}


def event_id(chain_id: str, tx_hash: str, log_index: int) -> str:
    """The id of one log, here and towards the outside."""
    return f"{chain_id}:{tx_hash}:{log_index}"
