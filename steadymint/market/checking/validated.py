"""Takes orders that their makers have validated on chain and that nobody has handed in.

The event holds the order, but for the maker's counter at that moment, which the index knows. An order is taken by the
same rules as one that is handed in. Whatever comes of it is noted, so that each is looked at once; an import has those
of its collection looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg

from steadymint.domain.market.checks import check
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.findings import Severity
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.sides import Side, UnsupportedOrderError
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId
from steadymint.market.checking import asking
from steadymint.market.new_orders import NewOrder, hash_text
from steadymint.market.orders import Orders
from steadymint.market.token_sets import TokenSets

AT_ONCE: Final = 50
"""Orders that are looked at in one round: as many as a node is asked about in one round trip."""
ELSEWHERE: Final = "seaport"
"""The marketplace of orders that we know from the chain only."""

# A counter that was never raised is 0.
_TAKE: Final = """
select v.place, v.order_hash, v.components, c.id as collection_id, coalesce((
        select i.counter from catalog_service.counter_increments i
        where i.chain_id = v.chain_id and i.maker = v.components ->> 'offerer' and i.place < v.place
        order by i.place desc limit 1), 0) as counter
from catalog_service.order_validations v
left join catalog_service.collections c on c.chain_id = v.chain_id and c.contract_address = v.contract
where v.chain_id = $1 and v.taken_at is null and v.place >> 24 <= $2 order by v.place limit $3"""

# A rollback may have put another one in its place meanwhile.
_DONE: Final = """
update catalog_service.order_validations v set taken_at = now()
from unnest($2::bigint[], $3::text[]) as done (place, order_hash)
where v.chain_id = $1 and v.place = done.place and v.order_hash = done.order_hash"""


class Market(asking.Market, Protocol):
    """What is asked of a chain."""

    async def policy(self) -> MarketPolicy: ...


@dataclass(frozen=True, slots=True)
class _Validated:
    """An order that the market understands, of a collection of the catalog."""

    order: SubmittedOrder
    collection_id: UUID
    token_set: int | None


class ValidatedOrders:
    """The orders of one chain."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId, market: Market) -> None:
        self._pool = pool
        self._chain_id = chain_id
        self._market = market
        self._orders = Orders(pool)
        self._sets = TokenSets(pool)

    async def take(self, block: int, now: int) -> tuple[int, list[Address]]:
        """Look at some that were validated up to the block, which a node has. Returns how many, and the contract of
        each that has become an order of the catalog.

        A kill at any point loses nothing: an order is inserted once, and noted after that.

        Raises:
            NotFoundError: the chain has no market.
            UpstreamUnavailableError: no node answers.
        """
        rows = await self._pool.fetch(_TAKE, self._chain_id, block, AT_ONCE)
        if not rows:
            return 0, []
        read = [await self._read(row) for row in rows]
        taken = await self._keep([one for one in read if one is not None], block, now)
        places, hashes = [row["place"] for row in rows], [row["order_hash"] for row in rows]
        await self._pool.execute(_DONE, self._chain_id, places, hashes)
        return len(rows), taken

    async def _read(self, row: asyncpg.Record) -> _Validated | None:
        """None for what is no order of the market: of no collection of the catalog, in a form that is not taken, with
        another counter, or for tokens that nobody has named."""
        if row["collection_id"] is None:
            return None
        try:
            order = SubmittedOrder.of(_components(row))
        except UnsupportedOrderError:
            return None
        if hash_text(order.hash) != row["order_hash"]:
            return None
        token_set: int | None = None
        if order.read.side is Side.TRAIT_OFFER:
            root = order.read.criteria
            assert root is not None, "a trait offer has a root"
            token_set = await self._sets.find(self._chain_id, order.read.contract, root)
            if token_set is None:
                return None
        return _Validated(order, row["collection_id"], token_set)

    async def _keep(self, validated: Sequence[_Validated], block: int, now: int) -> list[Address]:
        if not validated:
            return []
        policy = await self._market.policy()
        facts = await asking.facts_apart(self._market, [one.order for one in validated], block)
        new: list[NewOrder] = []
        for one, found in zip(validated, facts, strict=True):
            if found is None:
                continue
            verdict = check(one.order, found, policy, now)
            if not any(finding.severity is Severity.REFUSED for finding in verdict.findings):
                place = {"collection_id": one.collection_id, "token_set": one.token_set, "marketplace": ELSEWHERE}
                new.append(NewOrder.of(one.order, verdict, found, now, **place))
        if new:
            await self._orders.insert(self._chain_id, new, policy, block)
        return [one.order.read.contract for one in new]


def _components(row: Any) -> OrderComponents:
    return OrderComponents.model_validate({**row["components"], "counter": str(row["counter"])})
