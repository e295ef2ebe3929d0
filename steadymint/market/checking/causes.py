"""The queue of what has changed on a chain. The indexer writes it with each block; the checker takes it.

A cause stays in the queue until every order that it concerns is checked. If the same thing changes meanwhile, the cause
gets a newer block, and the check of the older one does not remove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId


class CauseKind(StrEnum):
    """What has changed."""

    TOKEN = "token"  # noqa: S105 - no password
    """An ERC-721 token has moved, or its own approval has changed."""
    UNITS = "units"
    """An account has more or fewer units of an ERC-1155 token."""
    APPROVAL = "approval"
    """An account has approved, or no longer, that its tokens of a contract are moved."""
    FUNDS = "funds"
    """An account has more or less of a currency, or has allowed more or less of it."""
    ORDER = "order"
    """One order, for whatever reason."""


class Cause(NamedTuple):
    """An entry of the queue."""

    id: int
    kind: CauseKind
    account: Address | None
    """The maker. None with `TOKEN` and `ORDER`."""
    contract: Address | None
    """Of the token or the currency. None with `ORDER`."""
    token_number: int | None
    order_id: UUID | None
    block: int
    """The block of the change. Orders are checked at this block or a later one."""


_TAKE: Final = """
select id, cause, account, contract, token_number, order_id, block from catalog_service.order_causes
where chain_id = $1 and block <= $2 order by id limit $3"""

_DONE: Final = """
delete from catalog_service.order_causes c using unnest($1::bigint[], $2::bigint[]) as done (id, block)
where c.id = done.id and c.block = done.block"""

LATER: Final = """
on conflict on constraint order_causes_key do update set block = greatest(c.block, excluded.block)"""
"""The end of a statement that inserts into `order_causes as c`: a cause that is there gets the later block."""

_AGAIN: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select $1, 'order', id, $3 from unnest($2::uuid[]) as again (id) order by id{LATER}"""  # noqa: S608 - no value in it

# What each kind of cause concerns. `orders_given_idx` leads to all but the last.
_CONCERNED: Final = {
    CauseKind.TOKEN: "o.gives = c.contract and o.token_number = c.token_number and o.side = 'listing'",
    CauseKind.UNITS: "o.gives = c.contract and o.maker = c.account and o.token_number = c.token_number",
    CauseKind.APPROVAL: "o.gives = c.contract and o.maker = c.account and o.token_standard = 'erc1155'",
    CauseKind.FUNDS: "o.gives = c.contract and o.maker = c.account",
}
_OPEN: Final = "o.status in ('active', 'inactive')"
_ORDERS: Final = " union ".join(
    f"""select o.id from catalog_service.order_causes c join catalog_service.orders o
    on o.chain_id = c.chain_id and {_OPEN} and {where}
    where c.id = any($1) and c.cause = '{kind}'"""  # noqa: S608 - no value in it
    for kind, where in _CONCERNED.items()
)
_ORDERS_OF: Final = f"""
select id from (
    {_ORDERS}
    union select o.id from catalog_service.order_causes c join catalog_service.orders o on o.id = c.order_id
    where c.id = any($1) and c.cause = 'order'
) concerned where id > $2 order by id limit $3"""  # noqa: S608 - no value in it

FIRST: Final = UUID(int=0)
"""Lower than the id of any order."""


class Causes:
    """The queue of one chain."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def take(self, head: int, most: int) -> list[Cause]:
        """The oldest causes up to the block `head`."""
        rows = await self._pool.fetch(_TAKE, self._chain_id, head, most)
        return [Cause(row["id"], CauseKind(row["cause"]), *tuple(row)[2:]) for row in rows]

    async def orders_of(self, causes: Iterable[Cause], after: UUID, most: int) -> list[UUID]:
        """Orders that the causes concern, by id, from the first one after `after`."""
        rows = await self._pool.fetch(_ORDERS_OF, [cause.id for cause in causes], after, most)
        return [row["id"] for row in rows]

    async def done(self, causes: Sequence[Cause]) -> None:
        """Remove the causes, but those whose thing has changed again."""
        if causes:
            await self._pool.execute(_DONE, [cause.id for cause in causes], [cause.block for cause in causes])

    async def again(self, order_ids: Iterable[UUID], block: int) -> None:
        """Check these orders once more, at the block or later."""
        await self._pool.execute(_AGAIN, self._chain_id, list(order_ids), block)
