"""What a batch puts into the queue of metadata beside the tokens it mints and burns: what was announced, and the
documents of new collections.

Inside the caller's transaction, so that no event is ever projected without its entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.metadata.queue import Span, enqueue_contracts, enqueue_everything, enqueue_spans, whole


class MetadataRows:
    """Of one chain, over the writer's connection."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def queue(self, batch: Batch, children: Mapping[str, Child], minted: Sequence[Span] = ()) -> None:
        """Entries for what the batch announced, for the documents of collections created in it, and for `minted`."""
        if not batch.queued:
            return
        # In the first reading the tokens are not there yet; when they come, all of them are queued.
        said = batch.announcements
        spans = [
            Span(children[contract].collection_id, token_id, token_id)
            for contract, token_ids in said.tokens.items()
            for token_id in token_ids
        ]
        spans += [Span(children[contract].collection_id, *span) for contract, span in said.spans.items()]
        await enqueue_spans(self._connection, minted, "mint")
        await enqueue_spans(self._connection, spans, "event")
        # An event that came just before is answered although the collection is frozen by then.
        final = [whole(children[contract].collection_id) for contract in said.frozen]
        await enqueue_spans(self._connection, final, "request")
        documents = [children[contract].collection_id for contract in {*batch.created, *said.contracts}]
        await enqueue_contracts(self._connection, documents, "event")

    async def queue_all(self, collections: Collection[UUID]) -> None:
        """Entries for everything that these collections hold, and for their own documents: a rollback has taken back
        what their contracts announced."""
        await enqueue_everything(self._connection, list(collections), "event")
