"""What a subject of the indexer is: one class, which owns everything about some events from log to row and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, NamedTuple

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.events.event import DomainEvent
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.store.chain_tables import first_place
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.movements.batch_rows import BatchRows
from steadymint.metadata.queue import Span

Fault = Callable[[str], None]
"""Called with the name of each point at which a process may die; tests raise there."""


def no_fault(_: str) -> None:
    """Nothing happens, as in production."""


@dataclass(frozen=True, slots=True)
class ChainTerms:
    """What subjects need to know of a chain."""

    number: int
    """As others know it: the number of its CAIP-2 id."""
    decimals: int
    """Of its currency."""


@dataclass(slots=True)
class Prepared:
    """A batch on its way into the database, with the collections it speaks of and its rows."""

    batch: Batch
    children: Mapping[str, Child]
    rows: BatchRows
    collections: Mapping[str, int] = field(default_factory=dict[str, int])
    """Contract -> number of its collection: of those whose tokens the batch moves, once these are written."""
    minted: list[Span] = field(default_factory=list[Span])
    """Tokens written whose metadata is still to be queued."""


@dataclass(slots=True)
class Undoing:
    """A rollback to the block `ancestor`, inside its transaction."""

    ancestor: int
    queued: set[str] = field(default_factory=set[str])
    """Contracts whose metadata is to be read again. Subjects add to it."""

    @property
    def place(self) -> int:
        """The first place that is undone."""
        return first_place(self.ancestor + 1)


class Told(NamedTuple):
    """Domain events of one place on the chain."""

    block: int
    log_index: int
    events: list[DomainEvent]


class Subject:
    """One subject on one chain. A subclass overrides what it needs; the rest does nothing.

    `write`, `undo` and `redo` run inside the caller's transaction, which moves the checkpoint as well: so nothing is
    written or undone twice.
    """

    ours: ClassVar[Mapping[str, Handler]] = {}
    """Topic 0 -> what reads it of a collection that a factory of ours has made."""
    imported: ClassVar[Mapping[str, Handler]] = {}
    """The same of an imported collection: what is believed of a contract of somebody else."""
    roles: ClassVar[Mapping[str, Mapping[str, RoleHandler]]] = {}
    """Role of a registered contract -> topic 0 -> what reads it."""

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        self._writer = writer
        self._connection: Final = writer.connection
        self._chain_id: Final[ChainId] = writer.chain_id
        self._terms = terms
        self._fault = fault

    async def write(self, prepared: Prepared) -> None:
        """Write the rows of a batch. Subjects write in the order of the table."""

    async def undo(self, undoing: Undoing) -> None:
        """Take back what blocks above the ancestor wrote. Subjects undo in the reverse order of the table."""

    async def redo(self, undoing: Undoing) -> None:
        """Make again what depends on the rows that are left, after every subject has undone its own. In the order of
        the table."""

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        """The domain events of the blocks after `after` up to `upto`, read from the rows. They are written into the
        outbox after the commit."""
        return []


def event_key(tx_hash: str, log_index: int, block: int) -> str:
    """Names a happening of a chain, so that its event is written once."""
    return f"{tx_hash}:{log_index}:{block}"


def dashed(chain_id: ChainId) -> str:
    """`eip155-1`: a routing key's dots and a chain id's colon must not mix."""
    return chain_id.replace(":", "-")
