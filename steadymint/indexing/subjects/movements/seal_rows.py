"""What is read back of a chain's movements to seal them, and the rows that they come to, for COPY."""

# ruff: noqa: S608 - what is put into the statement are constants of our own

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import numpy as np

from steadymint.indexing.store import binary_rows as binary
from steadymint.indexing.store.chain_tables import ChainTables
from steadymint.indexing.subjects.movements.batch_rows import ITEM_COLUMNS
from steadymint.indexing.subjects.movements.seal_fold import Holders, Moved, Tokens

PARSED_AT_ONCE: Final = 1 << 22
"""Bytes that are gathered before they become columns, so that the text of a large table is never whole in memory."""

MOST_AT_ONCE: Final = 2_000_000
"""Movements that are folded at once, in some 350 MB. What is more is read in several turns."""

HOLDER_COLUMNS: Final = ("chain", "collection", "owner", "updated_at", "quantity")

_CENSUS: Final = f"""
select m.collection, c.standard = 'erc721' as is_single, m.is_wide, m.number from (
    select collection, count(*) as number, max(token_number) >= {binary.NARROW} as is_wide from {{movements}} group by 1
) m join catalog_service.collections c on c.no = m.collection
order by 1"""
_MOVED: Final = """
select collection, token_number::bigint, place, at, sender, recipient, kind from {movements} where collection = any """
_WIDTHS: Final = (">i4", ">i8", ">i8", ">i4", ">i4", ">i4", ">i2")
_ROW: Final = np.dtype(
    [("count", ">i2")]
    + [field for at, width in enumerate(_WIDTHS) for field in ((f"size{at}", ">i4"), (f"value{at}", width))]
)


@dataclass(slots=True)
class Census:
    """The collections of a chain that have movements, by number."""

    every: list[int] = field(default_factory=list[int])
    turns: list[list[int]] = field(default_factory=list[list[int]])
    """Those whose movements are folded in memory, at most `MOST_AT_ONCE` in a turn."""
    singles: list[int] = field(default_factory=list[int])
    """Other ERC-721 collections: they have token numbers of more than twelve digits, or too many movements."""
    divisible: list[int] = field(default_factory=list[int])
    """ERC-1155 collections."""


async def take_census(connection: asyncpg.Connection, tables: ChainTables) -> Census:
    """Look at the movements once."""
    census, room = Census(), 0
    for row in await connection.fetch(tables.fill(_CENSUS)):
        collection, number = row["collection"], row["number"]
        census.every.append(collection)
        if not row["is_single"]:
            census.divisible.append(collection)
        elif row["is_wide"] or number > MOST_AT_ONCE:
            census.singles.append(collection)
        else:
            if number > room:
                census.turns.append([])
                room = MOST_AT_ONCE
            census.turns[-1].append(collection)
            room -= number
    return census


async def read_moved(connection: asyncpg.Connection, tables: ChainTables, collections: Iterable[int]) -> Moved:
    """All movements of these collections, which have plain token numbers."""
    receiver = _Receiver()
    chosen = f"('{{{','.join(map(str, collections))}}}'::integer[])"
    await connection.copy_from_query(tables.fill(_MOVED) + chosen, output=receiver.take, format="binary")
    return receiver.moved()


class _Receiver:
    """Turns the stream of a binary COPY into columns."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._header = len(binary.HEADER)
        self._parts: list[list[Any]] = [[np.zeros(0, np.dtype(width).newbyteorder("="))] for width in _WIDTHS]

    async def take(self, data: bytes) -> None:
        self._rest += data
        if len(self._rest) >= PARSED_AT_ONCE:
            self._parse()

    def moved(self) -> Moved:
        self._parse()
        return Moved(*(np.concatenate(parts) for parts in self._parts))

    def _parse(self) -> None:
        rows = np.frombuffer(
            bytes(self._rest), _ROW, (len(self._rest) - self._header) // _ROW.itemsize, offset=self._header
        )
        for number, parts in enumerate(self._parts):
            values = rows[f"value{number}"]
            parts.append(values.astype(values.dtype.newbyteorder("=")))
        del self._rest[: self._header + rows.nbytes]
        self._header = 0


def item_rows(tokens: Tokens, chain: int) -> bytes:
    """Rows of `items`, with the columns `ITEM_COLUMNS`. Those that lack the same values are of the same length, and
    stand together."""
    assert len(ITEM_COLUMNS) == 8
    rows = [binary.HEADER]
    for owned in (True, False):
        for minted in (True, False):
            chosen = np.flatnonzero(((tokens.owners != 0) == owned) & (tokens.was_minted == minted))
            if not len(chosen):
                continue
            columns: list[tuple[Any, Any]] = [
                (">i2", chain),
                (">i4", tokens.collections[chosen]),
                (">i4" if owned else None, tokens.owners[chosen]),
                (">i4" if minted else None, tokens.minted_at[chosen]),
                (">i4", tokens.updated_at[chosen]),
                (">i8" if minted else None, tokens.minted_places[chosen]),
                (">i8", tokens.last_places[chosen]),
                (binary.NUMERIC, binary.narrow_numerics(tokens.numbers[chosen])),
            ]
            rows.append(binary.packed(columns, len(chosen)))
    return b"".join([*rows, binary.TRAILER])


def holder_rows(holders: Holders, chain: int) -> bytes:
    """Rows with the columns `HOLDER_COLUMNS`."""
    columns: list[tuple[Any, Any]] = [
        (">i2", chain),
        (">i4", holders.collections),
        (">i4", holders.accounts),
        (">i4", holders.times),
        (binary.NUMERIC, binary.narrow_numerics(holders.quantities)),
    ]
    return b"".join([binary.HEADER, binary.packed(columns, len(holders.accounts)), binary.TRAILER])
