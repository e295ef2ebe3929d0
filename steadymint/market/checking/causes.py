"""The queue of what has changed on a chain. The indexer writes it with each block; the checker takes it.

A cause waits in the queue until every order that it concerns is checked. One with many orders has them checked part by
part, and newer causes in between. If the same thing changes meanwhile, the cause gets a newer block, and the check of
the older one does not settle it. A settled cause is kept for as long as the index may go back behind the block of the
check: then it waits again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId
from steadymint.market.checking.turns import mine


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
    """The block of the change. Orders are checked at this block or a later one. If they are checked part by part, that
    of the first part."""


class Part(NamedTuple):
    """What one round checks of some causes."""

    orders: Sequence[UUID]
    """By their ids."""
    complete: Sequence[Cause]
    """Causes with no more orders."""
    begun: Mapping[Cause, UUID]
    """Causes that may have more orders, each with the last one that is in this part."""


STATE_KEPT: Final = 100
"""Blocks behind the newest one of which each node still has the state (most keep 128). If the index is further behind,
orders are checked ahead of it."""

_INDEXED: Final = "select last_block from indexer_service.indexer_checkpoints where chain_id = $1"

_TAKE: Final = """
select id, cause, account, contract, token_number, order_id, coalesce(part_block, block)
from catalog_service.order_causes
where chain_id = $1 and settled_block is null and block <= $2 order by id limit $3"""

# Several are locked in the order in which the indexer queues them. One that a rollback has made wait again has another
# id. One whose thing has changed again while its orders were checked part by part begins anew.
_DONE: Final = f"""
with {mine("$4", "$5")}, ended as (
    select c.id, c.block = taken.block as settled from catalog_service.order_causes c
    join unnest($1::bigint[], $2::bigint[]) as taken (id, block) on c.id = taken.id
    where (c.block = taken.block or c.part_block is not null) and exists (select from mine)
    order by c.cause, c.account, c.contract, c.token_number, c.order_id for no key update of c
)
update catalog_service.order_causes c
set settled_block = case when ended.settled then $3::bigint end, checked_to = null, part_block = null
from ended where c.id = ended.id"""  # noqa: S608 - no value in it

_PAUSE: Final = f"""
with {mine("$4", "$5")}, paused as (
    select c.id, taken.block, taken.checked_to from catalog_service.order_causes c
    join unnest($1::bigint[], $2::bigint[], $3::uuid[]) as taken (id, block, checked_to) on c.id = taken.id
    where exists (select from mine)
    order by c.cause, c.account, c.contract, c.token_number, c.order_id for update of c
)
update catalog_service.order_causes c set id = default, checked_to = paused.checked_to, part_block = paused.block
from paused where c.id = paused.id"""  # noqa: S608 - no value in it

_PUT_OFF: Final = """
with waiting as (
    select id from catalog_service.order_causes where id = any($1) and settled_block is null
    order by cause, account, contract, token_number, order_id for update
)
update catalog_service.order_causes c set id = default, block = greatest(c.block, $2)
from waiting where c.id = waiting.id"""

_FORGET: Final = """
delete from catalog_service.order_causes where chain_id = $1 and settled_block < (
    select min(number) from indexer_service.recent_blocks where chain_id = $1)"""

LATER: Final = """
on conflict on constraint order_causes_key do update
set block = greatest(c.block, excluded.block), settled_block = null"""
"""The end of a statement that inserts into `order_causes as c`: a cause that is there gets the later block, and
waits."""

# By its new id, the check that is still under way does not settle it.
_AGAIN: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select $1, 'order', id, $3 from unnest($2::uuid[]) as again (id)
order by id{LATER}, id = default"""  # noqa: S608 - no value in it

_DUE: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select $1, 'order', id, $3 from (
    select id from catalog_service.orders where chain_id = $1 and due_at <= $2 order by due_at, id limit $4) due
order by id{LATER}"""  # noqa: S608 - no value in it

# What each kind of cause concerns. `orders_given_idx` leads to all but the last.
_CONCERNED: Final = {
    CauseKind.TOKEN: "o.gives = c.contract and o.token_number = c.token_number and o.side = 'listing'",
    CauseKind.UNITS: "o.gives = c.contract and o.maker = c.account and o.token_number = c.token_number",
    CauseKind.APPROVAL: "o.gives = c.contract and o.maker = c.account and o.token_standard = 'erc1155'",
    CauseKind.FUNDS: "o.gives = c.contract and o.maker = c.account",
}
_OPEN: Final = "o.status in ('active', 'inactive')"
# `offset 0` has the orders found by what the cause names: for the limit alone, Postgres might walk all by their ids.
_PARTS: Final = " union all ".join(
    f"""select c.id as cause, part.id from catalog_service.order_causes c cross join lateral (
        select id from (
            select o.id from catalog_service.orders o
            where o.chain_id = c.chain_id and {_OPEN} and {where} and (c.checked_to is null or o.id > c.checked_to)
            offset 0
        ) concerned order by id limit $2) part
    where c.id = any($1) and c.cause = '{kind}'"""  # noqa: S608 - no value in it
    for kind, where in _CONCERNED.items()
)
_PART_OF_EACH: Final = f"""
select cause, id from (
    {_PARTS}
    union all select c.id, o.id from catalog_service.order_causes c
    join catalog_service.orders o on o.id = c.order_id
    where c.id = any($1) and c.cause = 'order'
) parts order by cause, id limit $3"""  # noqa: S608 - no value in it


def checked_at(head: int, indexed: int | None) -> int:
    """The block at which orders are checked: the newest one that the index has read.

    A reorg that the index does not notice does not reach it. One that the index notices makes the causes wait again
    that were settled above its ancestor. `head` is the newest block of the node that is asked.
    """
    return head if indexed is None else max(min(indexed, head), head - STATE_KEPT)


class Causes:
    """The queue of one chain."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def indexed(self) -> int | None:
        """The newest block that the index has read. None if it has not begun."""
        return await self._pool.fetchval(_INDEXED, self._chain_id)

    async def take(self, block: int, most: int) -> list[Cause]:
        """The oldest causes that wait, up to the block."""
        rows = await self._pool.fetch(_TAKE, self._chain_id, block, most)
        return [Cause(row["id"], CauseKind(row["cause"]), *tuple(row)[2:]) for row in rows]

    async def part_of(self, causes: Sequence[Cause], each: int, most: int) -> Part:
        """The next orders that the causes concern, of each cause no more than `each`, and of the first causes if there
        are more than `most` of all."""
        rows = await self._pool.fetch(_PART_OF_EACH, [cause.id for cause in causes], each, most)
        found = {cause.id: list[UUID]() for cause in causes}
        for row in rows:
            found[row["cause"]].append(row["id"])
        cut_off = rows[-1]["cause"] if len(rows) == most else None
        seen = [cause for cause in causes if cut_off is None or cause.id <= cut_off]
        begun = {cause: found[cause.id][-1] for cause in seen if cause.id == cut_off or len(found[cause.id]) == each}
        return Part(
            orders=sorted({row["id"] for row in rows}),
            complete=[cause for cause in seen if cause not in begun],
            begun=begun,
        )

    async def pause(self, begun: Mapping[Cause, UUID], turn: int) -> None:
        """Put the causes at the end of the queue, to go on behind these orders, unless the turn is over."""
        if begun:
            taken = [cause.id for cause in begun], [cause.block for cause in begun], list(begun.values())
            await self._pool.execute(_PAUSE, *taken, self._chain_id, turn)

    async def done(self, causes: Sequence[Cause], block: int, turn: int) -> None:
        """Note that the causes are settled as of the block, but not those whose thing has changed again, and none if
        the turn is over. Forget those behind which the index does not go back."""
        if causes:
            taken = [cause.id for cause in causes], [cause.block for cause in causes]
            await self._pool.execute(_DONE, *taken, block, self._chain_id, turn)
            await self._pool.execute(_FORGET, self._chain_id)

    async def put_off(self, causes: Sequence[Cause], block: int) -> None:
        """Put these causes at the end of the queue, until the block."""
        if causes:
            await self._pool.execute(_PUT_OFF, [cause.id for cause in causes], block)

    async def due(self, now: datetime | None, block: int, most: int) -> None:
        """Have orders checked that time alone has changed, those first that are due for longest."""
        await self._pool.execute(_DUE, self._chain_id, now, block, most)

    async def again(self, order_ids: Collection[UUID], block: int) -> None:
        """Check these orders once more, at the block or later."""
        if order_ids:
            await self._pool.execute(_AGAIN, self._chain_id, list(order_ids), block)
