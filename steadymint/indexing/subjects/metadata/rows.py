"""Queues metadata to read: tokens that a batch announced, and documents of new collections.

It runs in the caller's transaction, so that no event is projected without its entry. Minted and burned tokens are
queued by `movements`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.metadata.queue import TokenRange, enqueue_contracts, enqueue_everything, enqueue_ranges, whole


class MetadataRows:
    """Writes to the refresh queue for one chain, on the writer's connection."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def queue(self, batch: Batch, children: Mapping[str, Child], minted: Sequence[TokenRange] = ()) -> None:
        """Queue the tokens that the batch announced, the documents of collections that it creates, and `minted`."""
        if not batch.queued:
            return
        # During the first reading the tokens are not written yet. When they are, all of them are queued.
        said = batch.announcements
        ranges = [
            TokenRange(children[contract].collection_id, token_id, token_id)
            for contract, token_ids in said.tokens.items()
            for token_id in token_ids
        ]
        ranges += [
            TokenRange(children[contract].collection_id, *token_range) for contract, token_range in said.ranges.items()
        ]
        await enqueue_ranges(self._connection, minted, "mint")
        await enqueue_ranges(self._connection, ranges, "event")
        # The reason "request" also reads frozen collections, so an event just before the freeze is still answered.
        final = [whole(children[contract].collection_id) for contract in said.frozen]
        await enqueue_ranges(self._connection, final, "request")
        documents = [children[contract].collection_id for contract in {*batch.created, *said.contracts}]
        await enqueue_contracts(self._connection, documents, "event")

    async def queue_all(self, collections: Collection[UUID]) -> None:
        """Queue every token of the collections and their own documents, after a rollback of their announcements."""
        await enqueue_everything(self._connection, list(collections), "event")
