"""Whose turn it is to check the orders of a chain.

A worker may stand still between an answer and what it writes of it, until another one has asked at a later block and
settled the causes. A check that finds no change leaves no mark on an order, so the row does not tell. Each round
therefore begins with a number of its own, and what it writes holds only while that is the newest.
"""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.types import ChainId

_TAKE: Final = """
insert into catalog_service.order_turns as t (chain_id, turn) values ($1, 1)
on conflict (chain_id) do update set turn = t.turn + 1 returning turn"""


def mine(chain_id: str, turn: str) -> str:
    """A `with` query that is empty once somebody else has taken a turn. Whoever takes the next one waits for the end of
    the statement, so it reads what that has written. The arguments are placeholders."""
    return (
        "mine as materialized (select from catalog_service.order_turns"
        f" where chain_id = {chain_id} and turn = {turn} for share)"
    )


class Turns:
    """The turns of one chain."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def take(self) -> int:
        """From now on, nothing is written in any earlier turn."""
        return await self._pool.fetchval(_TAKE, self._chain_id)
