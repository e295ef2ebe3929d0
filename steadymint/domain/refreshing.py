"""The inputs and results of the metadata refresh. All of them are in workflow history."""

from __future__ import annotations

from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import Address, ChainId

REFRESH_METADATA: Final = "RefreshMetadata"
WAKE: Final = "wake"
"""The signal to read the queue once more."""


class CollectionRef(Record):
    """A collection by chain and contract."""

    chain_id: ChainId
    contract: Address
    """Lower case."""


class RefreshOrder(Record):
    """The order to read everything that the queue holds for one collection."""

    collection: CollectionRef
    unranked: bool = False
    """Whether an earlier run wrote traits whose ranks are not computed yet."""


class BatchOrder(Record):
    """The order to read one batch of a collection's queue."""

    collection: CollectionRef


class BatchSummary(Record):
    """The result of a batch, and the state of the queue at its end."""

    read: int = 0
    """Entries that left the queue, failed ones included."""
    failed: int = 0
    delayed: int = 0
    """Entries that are tried again later."""
    traits_changed: bool = False
    due: int = 0
    """Entries that can be read at once."""
    waiting: int = 0
    """Entries that are due later."""
    next_due_in: float | None = None
    """Seconds until the first of them."""
    done: int = 0
    """Entries of the whole refresh that are done so far, failed ones included."""
    total: int = 0
    total_failed: int = 0


class RankOrder(Record):
    """The order to compute the ranks of a collection's tokens again."""

    collection: CollectionRef


def workflow_id_of(collection: CollectionRef) -> str:
    """The id of the collection's flow. Each collection has one."""
    return f"refresh:{collection.chain_id}:{collection.contract}"
