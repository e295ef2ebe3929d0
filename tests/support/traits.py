"""A collection whose tokens have traits: made, written, and counted the plain way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.catalog.trait_writer import TraitWriter
from steadymint.domain.metadata import Attribute
from tests.support.catalog_rows import collection_row, insert, token_row

Said = Mapping[str, str | int | Decimal | Attribute | Sequence[str]]
"""What a token's document says: name to value, a list for several values of one name."""


def attributes(said: Said) -> list[Attribute]:
    """Texts are strings, ints and Decimals numbers; anything else is given as an Attribute."""
    found: list[Attribute] = []
    for name, value in said.items():
        for one in [value] if isinstance(value, (str, int, Decimal, Attribute)) else value:
            if isinstance(one, Attribute):
                found.append(one)
            else:
                found.append(Attribute(name, one, "string" if isinstance(one, str) else "number"))
    return found


def date(name: str, seconds: int) -> Attribute:
    return Attribute(name, seconds, "date", display_type="date")


@dataclass(frozen=True)
class Drop:
    """A collection and its tokens, numbered from 0."""

    pool: asyncpg.Pool
    id: UUID
    row: Mapping[str, Any]
    tokens: list[UUID]

    @classmethod
    async def of(
        cls, pool: asyncpg.Pool, size: int, *, number: int = 1, standard: str = "erc721", **given: Any
    ) -> Drop:
        row = collection_row(number, standard=standard, **given)
        tokens = [token_row(row, token) for token in range(size)]
        await insert(pool, "catalog_service.collections", [row])
        if tokens:
            await insert(pool, "catalog_service.tokens", tokens)
        return cls(pool, row["id"], row, [token["id"] for token in tokens])

    async def write(self, said: Mapping[int, Said]) -> bool:
        """Write the documents of the tokens with these numbers, in one transaction."""
        async with self.pool.acquire() as connection, connection.transaction():
            return await TraitWriter().write(
                connection, self.id, [(token, attributes(what)) for token, what in said.items()]
            )

    async def said(self) -> dict[int, set[tuple[str, str]]]:
        """Name and value, as compared, of every token that has a trait."""
        found: dict[int, set[tuple[str, str]]] = {}
        for row in await self.pool.fetch(
            """select l.token_id, t.normalized_name, v.normalized_value
            from catalog_service.token_trait_links l
            join catalog_service.trait_values v on v.id = l.trait_value_id
            join catalog_service.traits t on t.id = v.trait_id and t.id = l.trait_id
            where t.collection_id = $1""",
            self.id,
        ):
            found.setdefault(self.tokens.index(row["token_id"]), set()).add(tuple(row)[1:])
        return found

    async def read(self, tokens: Iterable[int]) -> None:
        """Note that the documents of these tokens could be read."""
        await self.pool.execute(
            "update catalog_service.tokens set metadata_status = 'ok' where id = any($1)",
            [self.tokens[token] for token in tokens],
        )

    async def burn(self, *tokens: int) -> None:
        await self.pool.execute(
            "update catalog_service.tokens set burned = true, supply = 0, owner_address = null where id = any($1)",
            [self.tokens[token] for token in tokens],
        )


async def occurrences(pool: asyncpg.Pool) -> dict[tuple[UUID, str, str], int]:
    """What the database keeps: collection, name and value to the number of tokens."""
    rows = await pool.fetch(
        """select t.collection_id, t.normalized_name, v.normalized_value, v.occurrences
        from catalog_service.trait_values v join catalog_service.traits t on t.id = v.trait_id"""
    )
    return _by_value(rows)


async def counted_occurrences(pool: asyncpg.Pool) -> dict[tuple[UUID, str, str], int]:
    """The same, from the links alone."""
    rows = await pool.fetch(
        """select t.collection_id, t.normalized_name, v.normalized_value, count(*)
        from catalog_service.token_trait_links l join catalog_service.trait_values v on v.id = l.trait_value_id
        join catalog_service.traits t on t.id = l.trait_id group by 1, 2, 3"""
    )
    return _by_value(rows)


def _by_value(rows: list[asyncpg.Record]) -> dict[tuple[UUID, str, str], int]:
    return {(collection, name, value): number for collection, name, value, number in rows}
