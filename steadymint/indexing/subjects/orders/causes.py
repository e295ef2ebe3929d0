"""What makes open orders uncertain: it is queued for the checker, and only if an open order depends on it.

One thing is decided at once. An ERC-721 token that leaves its maker makes the listing inactive in the same transaction,
so that no floor is of a token that is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import ZERO_ADDRESS, ChainId
from steadymint.indexing.batch import ERC721, Batch, Child
from steadymint.indexing.store.chain_tables import ChainTables, first_place, place_of
from steadymint.indexing.subjects.orders.gathered import Touched, Touches
from steadymint.market.checking.causes import LATER, CauseKind

_GIVEN: Final = """
select contract from unnest($2::text[]) as k (contract)
where exists (
    select from catalog_service.orders o
    where o.chain_id = $1::text and o.gives = k.contract and o.status in ('active', 'inactive'))"""

# Accounts are named so that the orders are found; a cause about a token names none, since it concerns the makers on
# both sides.
_WRITE: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, account, contract, token_number, block)
select $1::text, t.cause, case when t.cause <> 'token' then t.account end, t.contract, t.number::numeric, max(t.block)
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
    as t (cause, account, contract, number, block)
where case when t.number is null then exists (
    select from catalog_service.orders o
    where o.chain_id = $1::text and o.gives = t.contract and o.maker = t.account
        and o.status in ('active', 'inactive'))
else exists (
    select from catalog_service.orders o
    where o.chain_id = $1::text and o.gives = t.contract and o.maker = t.account and o.token_number = t.number::numeric
        and o.status in ('active', 'inactive'))
end
group by 2, 3, 4, 5 order by 2, 3, 4, 5{LATER}"""  # noqa: S608 - no value in it

_LOCK: Final = """
select from catalog_service.orders where id in (
    select unnest($2::uuid[])
    union select o.id from unnest($3::text[]) as m (maker), lateral (
        select o.id from catalog_service.orders o where o.maker = m.maker and o.chain_id = $1::text) o
    union select o.id from unnest($4::text[], $5::text[], $6::text[]) as t (account, contract, number), lateral (
        select o.id from catalog_service.orders o
        where o.chain_id = $1::text and o.gives = t.contract and o.maker = t.account
            and o.token_number = t.number::numeric and o.status in ('active', 'inactive')) o
) order by id for no key update"""

# What happened before an order was checked is known to its check. By the place a rollback finds what to take back.
_LEFT: Final = """
with gone as (
    select distinct on (o.id) o.id, t.place
    from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as t (account, contract, number, place),
    lateral (
        select o.id from catalog_service.orders o
        where o.chain_id = $1::text and o.gives = t.contract and o.maker = t.account
            and o.token_number = t.number::numeric and o.status in ('active', 'inactive')
            and o.side = 'listing' and not 'not_owner' = any (o.reasons)
            and t.place >> 24 > coalesce(o.checked_block, -1)
    ) o order by o.id, t.place
)
update catalog_service.orders o set left_place = gone.place,
    reasons = catalog_service.with_reason(o.reasons, 'not_owner')
from gone where o.id = gone.id
returning o.contract"""

_LEFT_BEFORE: Final = """
with gone as (
    select o.id, min(m.place) as place
    from catalog_service.orders o
    join catalog_service.collections c on c.chain_id = o.chain_id and c.contract_address = o.gives
    join catalog_service.accounts a on a.address = catalog_service.raw_address(o.maker)
    join {movements} m on m.collection = c.no and m.token_number = o.token_number and m.kind > 0
    where o.chain_id = $1 and o.status in ('active', 'inactive') and o.side = 'listing' and c.standard = 'erc721'
        and not 'not_owner' = any (o.reasons) and m.sender = a.no and m.recipient <> a.no
        and m.place >> 24 > coalesce(o.checked_block, -1)
    group by o.id
)
update catalog_service.orders o set left_place = gone.place,
    reasons = catalog_service.with_reason(o.reasons, 'not_owner')
from gone where o.id = gone.id"""

_NOT_LEFT: Final = """
update catalog_service.orders set left_place = null, reasons = array_remove(reasons, 'not_owner')
where chain_id = $1 and left_place >= $2"""

_ORDERS: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select $1::text, 'order', o.id, $3 from catalog_service.orders o
where o.id = any($2::uuid[]) and o.status in ('active', 'inactive') order by o.id{LATER}"""  # noqa: S608 - no value in it

_EVERY_ORDER: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select $1::text, 'order', o.id, $2 from catalog_service.orders o
where o.chain_id = $1::text and o.status in ('active', 'inactive') order by o.id{LATER}"""  # noqa: S608 - no value in it

# By their new ids, a check that has begun before does not settle them.
_REOPEN: Final = """
with undone as (
    select id from catalog_service.order_causes
    where chain_id = $1::text and (settled_block is null or settled_block > $2)
    order by cause, account, contract, token_number, order_id for update
)
update catalog_service.order_causes c set
    id = default, block = least(block, $2), settled_block = null, checked_to = null, part_block = null
from undone where c.id = undone.id"""


class Causes:
    """Writes on the writer's connection, in the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def write(self, batch: Batch, children: Mapping[str, Child], given: Collection[str]) -> set[str]:
        """Queue what the batch touches of the contracts whose tokens or currency open orders give (`given`). Returns
        the contracts of tokens that left the makers of their listings."""
        if not given:
            return set()
        touches = batch.parts.get(Touches)
        left = _movements(batch, children, given)
        touched = {one: block for one, block in touches.blocks.items() if one.contract in given} if touches else {}
        for one, block in left.items():
            touched[one] = max(block, touched.get(one, 0))
        await self._write(touched)
        return await self._mark_left(batch, children, given)

    async def given(self, batch: Batch, sold: Collection[str]) -> set[str]:
        """The contracts, among those that the batch touches or sells tokens of, whose tokens or currency open orders
        give."""
        contracts = {*sold, *(movement.contract for movement in batch.movements)}
        touches: Touches | None = batch.parts.get(Touches)
        if touches is not None:
            contracts.update(touched.contract for touched in touches.blocks)
        if not contracts:
            return set()
        rows = await self._connection.fetch(_GIVEN, self._chain_id, list(contracts))
        return {row["contract"] for row in rows}

    async def _write(self, touched: Mapping[Touched, int]) -> None:
        if touched:
            rows = [
                (one.kind.value, one.account, one.contract, _number(one.token_number), block)
                for one, block in touched.items()
            ]
            await self._connection.execute(_WRITE, self._chain_id, *map(list, zip(*rows, strict=True)))

    async def lock(
        self,
        batch: Batch,
        children: Mapping[str, Child],
        given: Collection[str],
        orders: Collection[UUID],
        makers: Collection[str],
    ) -> None:
        """Lock these orders, those of these makers, and those whose tokens leave their makers, by their ids."""
        left = _left(batch, children, given)
        if orders or makers or left:
            columns = map(list, zip(*left, strict=True)) if left else ([], [], [], [])
            await self._connection.execute(_LOCK, self._chain_id, list(orders), list(makers), *list(columns)[:3])

    async def _mark_left(self, batch: Batch, children: Mapping[str, Child], given: Collection[str]) -> set[str]:
        rows = _left(batch, children, given)
        if not rows:
            return set()
        marked = await self._connection.fetch(_LEFT, self._chain_id, *map(list, zip(*rows, strict=True)))
        return {row["contract"] for row in marked}

    async def of_orders(self, orders: Collection[UUID], block: int) -> None:
        """Check these orders again, those that are known and open."""
        if orders:
            await self._connection.execute(_ORDERS, self._chain_id, list(orders), block)

    async def undo(self, ancestor: int) -> None:
        """Take back the marks of tokens that have not left their makers, and have the causes wait again that were
        settled above the ancestor. No other check knows anything of what is undone."""
        await self._connection.execute(_NOT_LEFT, self._chain_id, first_place(ancestor + 1))
        await self._connection.execute(_REOPEN, self._chain_id, ancestor)


async def take_up_history(connection: asyncpg.Connection, chain_id: ChainId, tables: ChainTables, block: int) -> None:
    """Make up for a chain's first reading, in which nothing was queued: mark what has left its maker, and check all
    open orders again."""
    await connection.execute(tables.fill(_LEFT_BEFORE), chain_id)
    await connection.execute(_EVERY_ORDER, chain_id, block)


def _left(batch: Batch, children: Mapping[str, Child], given: Collection[str]) -> list[tuple[str, str, str, int]]:
    """Account, contract, token number and place of each ERC-721 token that leaves somebody."""
    return [
        (moved.sender, moved.contract, str(moved.token_id), place_of(moved.block, moved.log_index))
        for moved in batch.movements
        if moved.contract in given
        and moved.sender not in (moved.recipient, ZERO_ADDRESS)
        and children[moved.contract].standard == ERC721
    ]


def _movements(batch: Batch, children: Mapping[str, Child], given: Collection[str]) -> dict[Touched, int]:
    """What the movements touch, with the last block that does."""
    found: dict[Touched, int] = {}
    for movement in batch.movements:
        if movement.contract not in given:
            continue
        kind = CauseKind.TOKEN if children[movement.contract].standard == ERC721 else CauseKind.UNITS
        for account in (movement.sender, movement.recipient):
            if account != ZERO_ADDRESS:
                found[Touched(kind, account, movement.contract, movement.token_id)] = movement.block
    return found


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)
