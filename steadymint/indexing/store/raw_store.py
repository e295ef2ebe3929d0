"""Every followed log as the node gave it, in the document store: one document per block.

Written before the checkpoint moves, never after: what is in the catalog can be explained from here. A document that a
crash left behind is met again by its own key and replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from pymongo import ReplaceOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, PyMongoError

from steadymint.documents import Document, raw_block_id, raw_blocks_from
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream
from steadymint.indexing.reading.logs import Log

LOGS_PER_DOCUMENT: Final = 10_000
"""A log takes 0.4 to 1 KB in BSON and rarely much more; a document may have 16 MB."""
DATA_PER_DOCUMENT: Final = 8_000_000
"""Characters of data: logs may be long, though a block's gas bounds their sum to a few MB."""
_DUPLICATE_KEY: Final = 11000


class RawStore(Protocol):
    """Where raw logs go."""

    async def write(self, logs: Sequence[Log], contract: str | None = None) -> None:
        """Store the logs, of whole blocks, or of one `contract` in documents of its own. Repeating it changes nothing.

        Raises UpstreamUnavailableError.
        """
        ...

    async def forget(self, above: int) -> None:
        """Remove what is above the block `above`: it has left the chain."""
        ...


class MongoRawStore:
    """`events.raw`."""

    def __init__(self, collection: AsyncCollection[Document], chain_id: ChainId) -> None:
        self._collection = collection
        self._chain_id = chain_id

    async def write(self, logs: Sequence[Log], contract: str | None = None) -> None:
        documents = list(documents_of(self._chain_id, logs))
        if contract is not None:
            # Beside the documents of its blocks, which were written long ago, and deleted with them.
            for document in documents:
                document["_id"] += f":{contract}"
        if not documents:
            return
        try:
            await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            await self._replace(documents, error)
        except PyMongoError as error:
            raise UpstreamUnavailableError(
                "The store of raw events does not take writes", upstream=Upstream.MONGO
            ) from error

    async def forget(self, above: int) -> None:
        try:
            await self._collection.delete_many(raw_blocks_from(self._chain_id, above + 1))
        except PyMongoError as error:
            raise UpstreamUnavailableError(
                "The store of raw events does not take writes", upstream=Upstream.MONGO
            ) from error

    async def _replace(self, documents: list[Document], error: BulkWriteError) -> None:
        """Documents of an attempt that died before its checkpoint: perhaps of a block that has left the chain since."""
        failures: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
        if any(failure.get("code") != _DUPLICATE_KEY for failure in failures):
            raise UpstreamUnavailableError(
                "The store of raw events does not take writes", upstream=Upstream.MONGO
            ) from error
        again = [documents[failure["index"]] for failure in failures]
        try:
            await self._collection.bulk_write(
                [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in again], ordered=False
            )
        except PyMongoError as fault:
            raise UpstreamUnavailableError(
                "The store of raw events does not take writes", upstream=Upstream.MONGO
            ) from fault


def documents_of(chain_id: ChainId, logs: Sequence[Log]) -> Iterable[Document]:
    """The documents of the blocks that `logs`, in order, belong to."""
    now = datetime.now(UTC)
    block, part, size = "", 0, 0
    document: Document = {}
    for log in logs:
        if log.block_number != block or len(document["logs"]) >= LOGS_PER_DOCUMENT or size >= DATA_PER_DOCUMENT:
            if document:
                yield document
            part = part + 1 if log.block_number == block else 0
            block, size = log.block_number, 0
            number = int(block, 16)
            document = {
                "_id": raw_block_id(chain_id, number, part),
                "chainId": chain_id,
                "blockNumber": number,
                "blockHash": log.block_hash,
                "observedAt": now,
                "logs": [],
            }
        document["logs"].append(
            {
                "txHash": log.transaction_hash,
                "logIndex": int(log.log_index, 16),
                "address": log.address,
                "topics": log.topics,
                "data": log.data,
            }
        )
        size += len(log.data)
    if document:
        yield document
