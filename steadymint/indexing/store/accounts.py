"""The numbers of accounts. Rows name an account by a number of four bytes instead of its address.

An account keeps its number, even if the batch that needed it is not committed. All chains share the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg

from steadymint.domain.types import ZERO_ADDRESS

ZERO: Final = ZERO_ADDRESS
"""The zero address. Its number is 0."""

REMEMBERED: Final = 500_000
"""Accounts in memory, at some 150 bytes each. When there are more, all are dropped and the database is asked again."""

# An address that has a number draws no further one from the sequence.
_NUMBER: Final = """
with given as (
    select distinct address from unnest($1::bytea[]) given (address)
), known as (
    select a.no, a.address from given g, lateral (
        select no, address from catalog_service.accounts where address = g.address limit 1) a
), added as (
    insert into catalog_service.accounts (address)
    select address from given g where not exists (select from known k where k.address = g.address)
    order by address on conflict (address) do nothing
    returning no, address
)
select no, address from known union all select no, address from added"""

_ADDRESSES: Final = "select no, address from catalog_service.accounts where no = any($1::integer[])"


class Accounts:
    """Maps addresses (lower-case hex) to numbers, on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {ZERO: 0}

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers in memory, among them all that were asked for last."""
        return self._numbers

    async def number(self, addresses: Iterable[str]) -> None:
        """Give each of the addresses a number, so that `numbers` has it. Call it outside of a transaction, because new
        numbers must remain if a batch fails."""
        if len(self._numbers) > REMEMBERED:
            self._numbers = {ZERO: 0}
        missing = {address for address in addresses if address not in self._numbers}
        while missing:  # a second time for an address that another chain's indexer was adding just now
            given = [bytes.fromhex(address[2:]) for address in missing]
            for row in await self._connection.fetch(_NUMBER, given):
                address = "0x" + row["address"].hex()
                self._numbers[address] = row["no"]
                missing.discard(address)

    async def addresses(self, numbers: Iterable[int]) -> dict[int, str]:
        """The addresses of these numbers."""
        rows = await self._connection.fetch(_ADDRESSES, list(numbers))
        return {row["no"]: "0x" + row["address"].hex() for row in rows}
