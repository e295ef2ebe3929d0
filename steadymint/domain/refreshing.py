"""What a refresh of a collection's metadata is told and what it answers. All of it is in workflow history."""

from __future__ import annotations

from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import Address, ChainId

REFRESH_METADATA: Final = "RefreshMetadata"
WAKE: Final = "wake"
"""The signal that says: look at the queue once more."""


class CollectionRef(Record):
    """A collection, as everybody knows it."""

    chain_id: ChainId
    contract: Address
    """Lower case."""


class RefreshOrder(Record):
    """Read whatever the queue holds for one collection."""

    collection: CollectionRef
    unranked: bool = False
    """Traits were written whose ranks are not computed yet: what one run leaves to the next."""


class BatchOrder(Record):
    """One batch of a collection's queue."""

    collection: CollectionRef


class BatchSummary(Record):
    """What a batch did, and what the queue held when it ended."""

    read: int = 0
    """Entries settled for good, failed ones included."""
    failed: int = 0
    delayed: int = 0
    """Entries whose server is to be asked again later."""
    traits_changed: bool = False
    due: int = 0
    """Entries that can be read at once."""
    waiting: int = 0
    """Entries that are due later."""
    next_due_in: float | None = None
    """Seconds until the first of them."""
    done: int = 0
    """Of the whole refresh so far, failed ones included."""
    total: int = 0
    total_failed: int = 0


class RankOrder(Record):
    """Compute the ranks of a collection's tokens anew."""

    collection: CollectionRef


def workflow_id_of(collection: CollectionRef) -> str:
    """One flow per collection, whoever asks for it."""
    return f"refresh:{collection.chain_id}:{collection.contract}"
