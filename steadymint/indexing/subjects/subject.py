"""The base of the indexer's subjects. A subject is one class that handles some events from log to row, and undoes
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, NamedTuple

import asyncpg

from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId
from steadymint.events.event import DomainEvent
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.store.chain_tables import first_place
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.movements.batch_rows import BatchRows
from steadymint.metadata.queue import TokenRange

Fault = Callable[[str], None]
"""Called with the name of each point at which a process may die. Tests raise there."""


def no_fault(_: str) -> None:
    """Does nothing, as in production."""


@dataclass(slots=True)
class ChainTerms:
    """The facts of a chain that subjects need, as they are registered now."""

    number: int
    """The number in its CAIP-2 id."""
    decimals: int
    """The decimals of its currency."""
    money: Mapping[str | None, Currency]
    """The currencies that are known, by contract. None is the chain's own."""
    pools: Mapping[str, Address]
    """Role -> the registered contract whose balances are a currency and that no log names."""


@dataclass(slots=True)
class RenderedBatch:
    """A batch that is being written, with its rows and the collections that it names."""

    batch: Batch
    children: Mapping[str, Child]
    rows: BatchRows
    collections: Mapping[str, int] = field(default_factory=dict[str, int])
    """Contract -> number of its collection, for the contracts whose tokens the batch moves. Filled when they are
    written."""
    traded: set[str] = field(default_factory=set[str])
    """Contracts that the batch touches and of which there are open orders. Filled when they are locked."""
    minted: list[TokenRange] = field(default_factory=list[TokenRange])
    """Tokens that are written and whose metadata must still be queued."""
    shown: set[str] = field(default_factory=set[str])
    """Contracts of which the catalog shows something else, beside what the batch itself says. Filled when it is
    written."""


@dataclass(slots=True)
class Undoing:
    """A rollback to the block `ancestor`, inside its transaction."""

    ancestor: int
    queued: set[str] = field(default_factory=set[str])
    """Contracts whose metadata must be read again. Subjects add to it."""

    @property
    def place(self) -> int:
        """The first place that is undone."""
        return first_place(self.ancestor + 1)


class Told(NamedTuple):
    """The domain events of one log."""

    block: int
    log_index: int
    events: list[DomainEvent]


class Subject:
    """One subject on one chain. A subclass overrides the methods that it needs; the others do nothing.

    `lock`, `write`, `undo` and `redo` run in the caller's transaction, which also moves the checkpoint. So nothing is
    written or undone twice.
    """

    ours: ClassVar[Mapping[str, Handler]] = {}
    """Topic 0 -> the handler, for collections that our factories made."""
    imported: ClassVar[Mapping[str, Handler]] = {}
    """Topic 0 -> the handler, for imported collections. Only events that we believe from foreign contracts."""
    roles: ClassVar[Mapping[str, Mapping[str, RoleHandler]]] = {}
    """Role of a registered contract -> topic 0 -> the handler."""
    launched: ClassVar[Mapping[str, RoleHandler]] = {}
    """Topic 0 -> the handler, for fungible tokens that our token factories launched."""

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        self._writer = writer
        self._connection: Final = writer.connection
        self._chain_id: Final[ChainId] = writer.chain_id
        self._terms = terms
        self._fault = fault

    async def lock(self, rendered: RenderedBatch) -> None:
        """Lock the rows that others change, too, before any subject writes. docs/data.md has the order of locks."""

    async def write(self, rendered: RenderedBatch) -> None:
        """Write the rows of a batch. Subjects write in the order of the table."""

    async def undo(self, undoing: Undoing) -> None:
        """Remove what blocks above the ancestor wrote. Subjects undo in the reverse order of the table."""

    async def redo(self, undoing: Undoing) -> None:
        """Rebuild what depends on the rows that are left, after every subject has undone. In the order of the table."""

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        """The domain events of the blocks after `after` up to `upto`, read from the rows. They are written into the
        outbox after the commit."""
        return []


def event_key(tx_hash: str, log_index: int, block: int) -> str:
    """The key of a domain event, so that it is written once."""
    return f"{tx_hash}:{log_index}:{block}"


def dashed(chain_id: ChainId) -> str:
    """The chain id with a dash, such as `eip155-1`, for routing keys."""
    return chain_id.replace(":", "-")
