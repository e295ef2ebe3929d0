"""What a batch of logs comes down to: plain values, no SQL, no JSON-RPC.

`fold` makes them, `projection` writes them. Addresses and hashes are lower-case 0x hex, times Unix seconds, amounts
exact integers.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from numpy.typing import NDArray

from steadymint.domain.intents.rows import Sighting
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.columns import Integers, Names
from steadymint.indexing.subjects.metadata.announcements import Announcements

Part = TypeVar("Part")

ERC721: Final = "erc721"
ERC1155: Final = "erc1155"


class Child(NamedTuple):
    """A collection whose logs count: made by a registered factory, or imported."""

    collection_id: UUID
    standard: str
    foreign: bool = False
    """Imported. What only our own contracts mean by an event is not believed of it."""


class Movement(NamedTuple):
    """One token id going from one account to another, minted from or burned to the zero address."""

    block: int
    log_index: int
    batch_index: int
    """Place within one event that moves several tokens, from 0."""
    tx_hash: str
    contract: str
    token_id: int
    sender: str
    recipient: str
    operator: str | None
    """Who moved it; ERC-721 does not say."""
    quantity: int
    at: int
    price: int | None
    """Wei paid per token, for a paid mint that our contract announced."""


@dataclass(frozen=True, slots=True)
class PlainTransfers:
    """ERC-721 transfers of a first reading, as columns: what is written of them, nothing folded."""

    places: Integers
    times: Integers
    contracts: Names
    accounts: Names
    """Of all senders, then of all recipients."""
    tokens: Integers
    """Token numbers, below `binary_rows.NARROW`."""
    hashes: NDArray[Any]
    """Of transactions, 32 bytes each."""


class TokenChange:
    """What a batch does to one token. Mutable and slotted: there is one per token in the hottest loop we have."""

    __slots__ = (
        "at",
        "expected_owner",
        "first_mint",
        "first_row",
        "fresh",
        "lowest",
        "owner",
        "place",
        "supply_delta",
    )

    def __init__(self, sender: str, fresh: bool, first_row: int) -> None:
        self.expected_owner = sender
        """ERC-721: who must have held it before the batch."""
        self.fresh = fresh
        """Its first movement in the batch was a mint: no earlier balance can exist (ERC-721)."""
        self.first_row = first_row
        """Where that movement stands in the batch."""
        self.owner: str = ""
        """ERC-721: who holds it after the batch; the zero address if burned."""
        self.supply_delta = self.lowest = 0
        """ERC-1155: by how much its supply changes in the end, and at the least on the way there."""
        self.first_mint: tuple[int, int, int] | None = None
        """Block, log index and time of the first mint in the batch."""
        self.place = 0
        """Of the last movement: block << 24 | log index."""
        self.at = 0

    def supply(self, delta: int) -> None:
        """ERC-1155: it changes by so much."""
        self.supply_delta += delta
        self.lowest = min(self.lowest, self.supply_delta)


class BalanceChange:
    """What a batch does to one holder of one ERC-1155 token: `delta` in the end, and between `lowest` and `highest` on
    the way there."""

    __slots__ = ("at", "delta", "highest", "lowest")

    def __init__(self) -> None:
        self.delta = self.lowest = self.highest = 0
        self.at = 0

    def add(self, delta: int) -> None:
        self.delta += delta
        self.lowest, self.highest = min(self.lowest, self.delta), max(self.highest, self.delta)


class CollectionEvent(NamedTuple):
    """One line of a collection's history; `collection_state` folds them."""

    block: int
    log_index: int
    tx_hash: str
    contract: str
    name: str
    payload: dict[str, Any]
    """Arguments as JSON, integers as decimal strings."""
    at: int


@dataclass(slots=True)
class Batch:
    """Everything one transaction writes, for the blocks after the checkpoint up to `upto` inclusive."""

    chain_id: ChainId
    movements: list[Movement] = field(default_factory=list[Movement])
    plain: list[PlainTransfers] = field(default_factory=list[PlainTransfers])
    """In a chain's first reading: movements that nothing is folded of."""
    tokens: dict[tuple[str, int], TokenChange] = field(default_factory=dict[tuple[str, int], TokenChange])
    balances: dict[tuple[str, int, str], BalanceChange] = field(
        default_factory=dict[tuple[str, int, str], BalanceChange]
    )
    created: dict[str, Child] = field(default_factory=dict[str, Child])
    """Contract -> child, of the collections created in this batch."""
    launched: set[str] = field(default_factory=set[str])
    """Contracts of the fungible tokens that were launched in this batch."""
    events: list[CollectionEvent] = field(default_factory=list[CollectionEvent])
    sightings: list[Sighting] = field(default_factory=list[Sighting])
    minted: Counter[str] = field(default_factory=Counter[str])
    """Contract -> quantity minted."""
    burned: Counter[str] = field(default_factory=Counter[str])
    announcements: Announcements = field(default_factory=Announcements)
    queued: bool = True
    """Whether it puts anything into the queue of metadata. The history of an import does not: all of its tokens are
    queued in the end."""
    inconsistent: set[str] = field(default_factory=set[str])
    """Contracts whose logs contradict each other."""
    counts: Counter[str] = field(default_factory=Counter[str])
    """Why logs were left aside: `decode_error`, `foreign`, `unregistered_factory`, `duplicate`, ... And how many were
    numbered anew (`log_order.RENUMBERED`), or an endpoint had left out (`history_check.DIFFERED`)."""
    blocks: dict[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])
    """Number -> hash and time of each block that changed something."""
    logs: int = 0
    """Logs that were taken."""
    accounts: set[str] = field(default_factory=set[str])
    """Addresses, beside those of movements, that rows of the batch name by number."""
    parts: dict[type[Any], Any] = field(default_factory=dict[type[Any], Any])
    """What subjects gather in forms of their own, by form. Ask with `of`."""

    def of(self, kind: type[Part]) -> Part:
        """What a subject gathers of the batch in a form of its own, made when it is first asked for."""
        part = self.parts.get(kind)
        if part is None:
            part = self.parts[kind] = kind()
        return part

    def changed(self) -> set[str]:
        """Contracts of which the batch changes something that the catalog shows."""
        return {movement.contract for movement in self.movements} | {event.contract for event in self.events}

    @property
    def empty(self) -> bool:
        return not (
            self.movements
            or self.plain
            or self.events
            or self.sightings
            or self.inconsistent
            or self.announcements
            or self.parts
        )

    def refreshed(self) -> set[str]:
        """Contracts that the batch put into the queue of metadata."""
        if not self.queued:
            return set()
        return {*self.minted, *self.burned, *self.created} | self.announcements.all_contracts()


def collection_id_of(chain_id: ChainId, contract: str) -> UUID:
    """The id that any index of this chain gives to this contract."""
    return uuid_of(f"{chain_id}:{contract}")


def fungible_id_of(chain_id: ChainId, contract: str) -> UUID:
    """The id that any index of this chain gives to this fungible token."""
    return uuid_of(f"{chain_id}:fungible:{contract}")


def token_ids_of(chain_id: ChainId, tokens: Iterable[tuple[str, int]]) -> list[str]:
    """The ids, as 32 hex digits, that any index of this chain gives to these (contract, token id)."""
    md5 = hashlib.md5
    return [
        md5(f"{chain_id}:{contract}:{token_id}".encode(), usedforsecurity=False).hexdigest()
        for contract, token_id in tokens
    ]


def uuid_of(text: str) -> UUID:
    """The id of the row that the text names. It protects nothing: MD5 fits a uuid exactly, and Postgres computes the
    same with `md5(...)::uuid`."""
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
