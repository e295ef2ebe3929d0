"""What the plain ERC-721 movements of a chain come to: its tokens, its holders and its counts. Pure.

It is what the projection would have written batch by batch. A contract may lie: whatever it says, the last recipient of
a token owns it, and a movement that does not fit the one before is a contradiction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from steadymint.indexing.subjects.movements.batch_rows import FIRST_MINT

Integers = NDArray[np.integer[Any]]
"""Of the width of the table's column."""

_TOKEN_BITS: Final = 40
"""Plain token numbers have fewer than twelve decimal digits."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Movements, in any order. Accounts and collections are numbers of the catalog; 0 is nobody."""

    collections: Integers
    tokens: Integers
    places: Integers
    times: Integers
    """As the catalog keeps them."""
    senders: Integers
    recipients: Integers
    kinds: Integers

    def __len__(self) -> int:
        return len(self.places)

    def only(self, rows: Any) -> Moved:
        """These rows, in this order."""
        return Moved(
            self.collections[rows],
            self.tokens[rows],
            self.places[rows],
            self.times[rows],
            self.senders[rows],
            self.recipients[rows],
            self.kinds[rows],
        )


@dataclass(frozen=True, slots=True)
class Tokens:
    """One row for each token, by collection and number."""

    collections: Integers
    numbers: Integers
    owners: Integers
    """0 if it is burned."""
    updated_at: Integers
    last_places: Integers
    was_minted: NDArray[np.bool_]
    minted_at: Integers
    """Of the first mint. It means nothing where none was seen."""
    minted_places: Integers


@dataclass(frozen=True, slots=True)
class Holders:
    """One row for each account that holds tokens of a collection."""

    collections: Integers
    accounts: Integers
    quantities: Integers
    times: Integers
    """When the account was named last."""


@dataclass(frozen=True, slots=True)
class Totals:
    """One row for each collection."""

    collections: Integers
    minted: Integers
    standing: Integers
    """Tokens that are not burned."""
    owners: Integers
    times: Integers
    """Of the last movement."""

    def lists(self) -> list[list[int]]:
        """The columns."""
        columns = self.collections, self.minted, self.standing, self.owners, self.times
        return [column.tolist() for column in columns]


@dataclass(frozen=True, slots=True)
class LaterMints:
    """Movements that are marked as the first of a token, and are not."""

    collections: Integers
    places: Integers
    tokens: Integers

    def __len__(self) -> int:
        return len(self.places)

    def lists(self) -> list[list[int]]:
        """The columns."""
        return [column.tolist() for column in (self.collections, self.places, self.tokens)]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the movements come to beside the tokens."""

    holders: Holders
    totals: Totals
    contradicted: Integers
    """Collections whose movements contradict each other."""
    later_mints: LaterMints


def fold(moved: Moved) -> tuple[Tokens, Summary]:
    """Fold all movements of some collections."""
    numbers, local = np.unique(moved.collections, return_inverse=True)
    order = np.lexsort((moved.places, local.astype(np.int64) << _TOKEN_BITS | moved.tokens))
    rows, local = moved.only(order), local[order]
    begins = np.ones(len(rows), bool)
    begins[1:] = (local[1:] != local[:-1]) | (rows.tokens[1:] != rows.tokens[:-1])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(rows))[: len(starts)] - 1
    mints = rows.senders == 0
    tokens = _tokens(rows, starts, ends, mints)
    held = np.flatnonzero(tokens.owners)
    holders = _holders(rows, local, local[ends][held], tokens.owners[held])
    count = len(numbers)
    times = np.full(count, np.iinfo(np.int32).min, np.int32)
    np.maximum.at(times, local, rows.times)
    totals = Totals(
        numbers,
        np.bincount(local[mints], minlength=count),
        np.bincount(local[ends][held], minlength=count),
        np.bincount(holders.collections, minlength=count),
        times,
    )
    before = np.where(begins, 0, np.roll(rows.recipients, 1))
    later = np.flatnonzero((rows.kinds == FIRST_MINT) & ~begins)
    return tokens, Summary(
        Holders(numbers[holders.collections], holders.accounts, holders.quantities, holders.times),
        totals,
        numbers[np.unique(local[rows.senders != before])],
        LaterMints(rows.collections[later], rows.places[later], rows.tokens[later]),
    )


def _tokens(rows: Moved, starts: Integers, ends: Integers, mints: NDArray[np.bool_]) -> Tokens:
    """`rows` stand by token and place; `starts` and `ends` are the first and the last of each token."""
    first_mints = starts.copy()
    was_minted = mints[starts]
    late = np.flatnonzero(~was_minted)
    if len(late):  # moved before they were minted, if they ever were
        minted = np.flatnonzero(mints)
        following = np.append(minted, len(rows))[np.searchsorted(minted, starts[late])]
        was_minted[late] = following <= ends[late]
        first_mints[late] = np.where(was_minted[late], following, starts[late])
    return Tokens(
        rows.collections[ends],
        rows.tokens[ends],
        rows.recipients[ends],
        rows.times[ends],
        rows.places[ends],
        was_minted,
        rows.times[first_mints],
        rows.places[first_mints],
    )


def _holders(rows: Moved, local: Integers, collections: Integers, owners: Integers) -> Holders:
    """`local` numbers the collection of each row, `collections` and `owners` are those of each token that is held."""
    keys, quantities = np.unique(_pairs(collections, owners), return_counts=True)
    times = np.full(len(keys), np.iinfo(np.int32).min, np.int32)
    if len(keys):
        for accounts in (rows.senders, rows.recipients):
            named = _pairs(local, accounts)
            at = np.searchsorted(keys, named)
            at[at == len(keys)] = 0
            holds = keys[at] == named
            np.maximum.at(times, at[holds], rows.times[holds])
    return Holders(keys >> 32, keys & 0xFFFFFFFF, quantities, times)


def _pairs(collections: Integers, accounts: Integers) -> Integers:
    return collections.astype(np.int64) << 32 | accounts
