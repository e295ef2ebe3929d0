"""Every followed log as the node wrote it, in the document store: one document per slice of blocks.

Written before the checkpoint moves, never after: what is in the catalog can be explained from here. What an attempt
that died, or a rollback, has left above the checkpoint is removed before the next one writes. It is not removed before
the rollback: were that given up, the logs would be missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from pymongo import ReplaceOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, PyMongoError

from steadymint.documents import Document, raw_slice_id, raw_slices_about, raw_slices_from
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.store.raw_slices import Slice, slices_of, without

PACKED_AT_ONCE: Final = 32_000
"""Characters of JSON that are compressed where they are, in 50 us; more of them in a thread, where nobody waits."""
_DUPLICATE_KEY: Final = 11000


class RawStore(Protocol):
    """Where raw logs go."""

    async def write(
        self,
        after: int,
        replies: Sequence[Reply],
        upto: int,
        ours: Callable[[str], bool],
        contract: str | None = None,
    ) -> None:
        """Store the logs of contracts that are `ours`, of the blocks after `after` up to `upto`. With `contract` they
        are those of an import, which stand beside the others of their blocks.

        `after` is the checkpoint, or the cursor of the import: nothing above it counts, and what stands there is
        replaced, so repeating it changes nothing. Raises UpstreamUnavailableError.
        """
        ...


class MongoRawStore:
    """`events.raw`. One of these at a time writes a chain."""

    def __init__(self, collection: AsyncCollection[Document], chain_id: ChainId) -> None:
        self._collection = collection
        self._chain_id = chain_id
        self._written: dict[str | None, int] = {}
        """By contract of an import, None for all others: up to where this object has written, and nobody further."""

    async def write(
        self,
        after: int,
        replies: Sequence[Reply],
        upto: int,
        ours: Callable[[str], bool],
        contract: str | None = None,
    ) -> None:
        long = sum(len(reply.text) for reply in replies) > PACKED_AT_ONCE
        slices = await asyncio.to_thread(slices_of, replies, ours) if long else slices_of(replies, ours)
        with _reported():
            if self._written.pop(contract, None) != after:
                # No import has gone further than the checkpoint.
                await self._forget(after, {} if contract is None else {"contract": contract})
            if slices:
                await self._insert([self._document(one, contract) for one in slices])
        self._written[contract] = upto

    async def logs(self, block: int) -> list[dict[str, Any]]:
        """The logs of a block, as the node wrote them, in order. Raises UpstreamUnavailableError."""
        found: dict[tuple[int, str], dict[str, Any]] = {}
        with _reported():
            async for one in self._about(block, {"lastBlock": {"$gte": block}}):
                logs = [log for log in _slice(one).logs() if int(log["blockNumber"], 16) == block]
                # Some nodes count the logs of each transaction anew.
                found |= {(int(log["logIndex"], 16), log["transactionHash"]): log for log in logs}
        return [found[place] for place in sorted(found)]

    async def logs_of(self, tx_hash: str, block: int) -> list[dict[str, Any]]:
        """The logs of a transaction of that block. Raises UpstreamUnavailableError."""
        return [log for log in await self.logs(block) if log["transactionHash"] == tx_hash]

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _forget(self, above: int, which: Document) -> None:
        await self._collection.delete_many({**raw_slices_from(self._chain_id, above + 1), **which})
        async for document in self._about(above, {"lastBlock": {"$gt": above}, **which}):
            kept = without(_slice(document), above)
            cut = {**document, "lastBlock": kept.last, "logs": kept.packed}
            await self._collection.replace_one({"_id": document["_id"]}, cut)

    def _about(self, block: int, which: Document) -> AsyncGenerator[Document]:
        """Slices that begin at the block or below, and may reach it."""
        return self._collection.find({**raw_slices_about(self._chain_id, block), **which}).sort("_id")  # type: ignore

    async def _insert(self, documents: list[Document]) -> None:
        try:
            await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            await self._replace(documents, error)

    async def _replace(self, documents: list[Document], error: BulkWriteError) -> None:
        """A write that was given up arrived all the same."""
        failures: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
        if any(failure.get("code") != _DUPLICATE_KEY for failure in failures):
            raise error
        again = [documents[failure["index"]] for failure in failures]
        await self._collection.bulk_write(
            [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in again], ordered=False
        )

    def _document(self, one: Slice, contract: str | None) -> Document:
        document: Document = {
            "_id": raw_slice_id(self._chain_id, one.first, one.part),
            "chainId": self._chain_id,
            "firstBlock": one.first,
            "lastBlock": one.last,
            "observedAt": datetime.now(UTC),
            "logs": one.packed,
        }
        if contract is not None:
            document |= {"_id": f"{document['_id']}:{contract}", "contract": contract}
        return document


def _slice(document: Document) -> Slice:
    return Slice(document["firstBlock"], document["lastBlock"], 0, document["logs"])


@contextmanager
def _reported() -> Generator[None]:
    try:
        yield
    except PyMongoError as error:
        raise UpstreamUnavailableError("The store of raw events does not answer", upstream=Upstream.MONGO) from error
