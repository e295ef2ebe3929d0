"""The tables that one chain has of its own: partitions of `movements`, `items` and `holders`, named after the chain's
number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import asyncpg
import numpy as np
from numpy.typing import NDArray

from steadymint.domain.types import ChainId

_NUMBER: Final = "select catalog_service.number_chain($1)"
_MAKE: Final = "select catalog_service.make_chain_tables($1)"
_ATTACH: Final = "select catalog_service.attach_chain_tables($1)"
_STANDING: Final = "select to_regclass('catalog_service.items_' || $1::smallint) is not null"
_SYMBOL: Final = """
update catalog_service.chain_numbers set symbol = $2 where chain_id = $1 and symbol is distinct from $2"""

EPOCH: Final = 946_684_800
"""2000-01-01 in Unix seconds: where the catalog's times count from, so that four bytes reach to 2068."""
LOG_BITS: Final = 24
"""Of a place. No block holds 2^24 logs: each costs 375 gas at least."""


@dataclass(frozen=True, slots=True)
class ChainTables:
    """Names of the tables of one chain."""

    no: int
    """The chain's number within the catalog."""

    @property
    def movements(self) -> str:
        return f"movements_{self.no}"

    @property
    def items(self) -> str:
        return f"items_{self.no}"

    @property
    def holders(self) -> str:
        return f"holders_{self.no}"

    def fill(self, statement: str) -> str:
        """The statement with `{movements}`, `{items}`, `{holders}` and `{chain}` replaced."""
        return (
            statement.replace("{movements}", f"catalog_service.{self.movements}")
            .replace("{items}", f"catalog_service.{self.items}")
            .replace("{holders}", f"catalog_service.{self.holders}")
            .replace("{chain}", str(self.no))
        )


async def open_tables(connection: asyncpg.Connection, chain_id: ChainId) -> ChainTables:
    """The chain's tables, made where they are missing: they stand aside until they are attached. The caller holds the
    chain's lock."""
    number = await connection.fetchval(_NUMBER, chain_id)
    assert number is not None, "a function of ours that answers"
    if not await connection.fetchval(_STANDING, number):
        await connection.execute(_MAKE, number)
    return ChainTables(number)


async def attach_tables(connection: asyncpg.Connection, tables: ChainTables) -> None:
    """Show what is in them. Indexes that they lack are built."""
    await connection.execute(_ATTACH, tables.no)


async def name_currency(connection: asyncpg.Connection, chain_id: ChainId, symbol: str) -> None:
    """Note the symbol of the chain's currency, in which its prices are."""
    await connection.execute(_SYMBOL, chain_id, symbol)


def place_of(block: int, log_index: int) -> int:
    """Where a log stands on its chain, as one number in the chain's order."""
    return block << LOG_BITS | log_index


def first_place(block: int) -> int:
    """The place of the first log that the block could have."""
    return block << LOG_BITS


def catalog_time(seconds: int) -> int:
    """Unix seconds as the catalog keeps them: since 2000, within four bytes."""
    return max(-(2**31) + 1, min(seconds - EPOCH, 2**31 - 1))


def catalog_times(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same of many."""
    return np.clip(seconds - EPOCH, -(2**31) + 1, 2**31 - 1)
