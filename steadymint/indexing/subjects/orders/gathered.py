"""What a batch says about orders, as plain values. `fold` gathers them, `subject` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from steadymint.domain.market.events import Cancelled, CounterIncremented, Fulfilled, Matched, Validated
from steadymint.domain.market.funding import Payment
from steadymint.domain.market.others.fill import Fill
from steadymint.domain.market.others.moves import Move
from steadymint.indexing.store.chain_tables import LOG_BITS
from steadymint.market.checking.causes import CauseKind

Event = TypeVar("Event", covariant=True)


class Logged(NamedTuple, Generic[Event]):
    """An event, and where it stands."""

    place: int
    tx_hash: str
    seaport: str
    """The contract that emitted it."""
    at: int
    """Time of the block, in Unix seconds."""
    event: Event

    @property
    def block(self) -> int:
        return self.place >> LOG_BITS


@dataclass(slots=True)
class OrderLogs:
    """The events of Seaport in a batch, in their order."""

    trades: list[Logged[Fulfilled | Matched]] = field(default_factory=list[Logged[Fulfilled | Matched]])
    cancels: list[Logged[Cancelled]] = field(default_factory=list[Logged[Cancelled]])
    validations: list[Logged[Validated]] = field(default_factory=list[Logged[Validated]])
    increments: list[Logged[CounterIncremented]] = field(default_factory=list[Logged[CounterIncremented]])

    def every(self) -> Iterator[Logged[object]]:
        yield from (*self.trades, *self.cancels, *self.validations, *self.increments)

    def fills(self) -> Iterator[Logged[Fulfilled]]:
        for logged in self.trades:
            if isinstance(logged.event, Fulfilled):
                yield Logged(*logged[:-1], logged.event)


class OtherFill(NamedTuple):
    """A fill of another market, and where it stands."""

    place: int
    tx_hash: str
    marketplace: str
    """Its slug."""
    at: int
    """Time of the block, in Unix seconds."""
    fill: Fill


@dataclass(slots=True)
class OtherFills:
    """What other markets have filled in a batch, in the order of the logs."""

    fills: list[OtherFill] = field(default_factory=list[OtherFill])
    earlier: list[Logged[Fulfilled | Matched]] = field(default_factory=list[Logged[Fulfilled | Matched]])
    """Of Seaport 1.2 to 1.5."""
    first: list[Logged[Fulfilled]] = field(default_factory=list[Logged[Fulfilled]])
    """Of Seaport 1.1, which tells no matches."""


@dataclass(slots=True)
class Beside:
    """What moved in the transactions of fills, by transaction."""

    moves: dict[str, list[Move]] = field(default_factory=dict[str, list[Move]])
    """Tokens, where the log of a fill leaves out who sold or who bought."""
    payments: dict[str, list[Payment]] = field(default_factory=dict[str, list[Payment]])


class Touched(NamedTuple):
    """Something on which orders of an account may depend."""

    kind: CauseKind
    account: str
    contract: str
    token_number: int | None = None


@dataclass(slots=True)
class Touches:
    """What a batch touches beside what its movements say, with the last block that does: approvals and currencies."""

    blocks: dict[Touched, int] = field(default_factory=dict[Touched, int])
