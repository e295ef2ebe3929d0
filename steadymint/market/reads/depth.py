"""The depth of a collection: what is offered for any of its tokens, by price."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

import asyncpg

from steadymint.catalog.reads.query import COLLECTION_ID, LOOKED_AT, Page, Query
from steadymint.domain.types import Address, ChainId
from steadymint.market.reads.filters import LASTS


@dataclass(frozen=True, slots=True)
class Level:
    """All active collection offers at one price of a unit, in the chain's own currency or its wrapped form."""

    price_native: Decimal | int
    quantity: int
    """Tokens that are wanted at this price."""
    offers: int
    makers: int
    looked_at: int
    """Offers that the statement has read, of all levels together."""


class Below(NamedTuple):
    """The position in a list of levels, the highest price first."""

    price: str


_DEPTH: Final = f"""
WITH o AS MATERIALIZED (
    SELECT o.price_native, o.maker, o.fillable, o.quantity, o.quantity_filled FROM catalog_service.orders o
    WHERE o.collection_id = {COLLECTION_ID} AND o.side <> 'listing' AND o.side = 'collection_offer'
        AND o.status = 'active' AND o.is_native = true AND {LASTS}{{behind}}
    ORDER BY o.price_native DESC, o.id DESC LIMIT {LOOKED_AT}
)
SELECT o.price_native, sum(least(o.fillable, o.quantity - o.quantity_filled)) AS quantity, count(*) AS offers,
    count(DISTINCT o.maker) AS makers, (SELECT count(*) FROM o) AS looked_at
FROM o GROUP BY o.price_native ORDER BY o.price_native DESC LIMIT $3::bigint"""


def levels(chain_id: ChainId, contract: Address, *, after: Below | None, limit: int) -> Query[Level]:
    """The levels that the first `LOOKED_AT` offers make."""
    if after is None:
        return Query(Level, _DEPTH.format(behind=""), (chain_id, contract, limit))
    sql = _DEPTH.format(behind=" AND o.price_native < $4::numeric")
    return Query(Level, sql, (chain_id, contract, limit, Decimal(after.price)))


async def depth(
    pool: asyncpg.Pool, chain_id: ChainId, contract: Address, *, after: Below | None, limit: int
) -> Page[Level, Below]:
    """A page of levels, the highest price first. A level of more than `LOOKED_AT` offers counts only these."""
    found = await levels(chain_id, contract, after=after, limit=limit).fetch(pool)
    if not found or len(found) == limit or found[0].looked_at < LOOKED_AT:
        return Page(found)
    # There are more offers, so the last level may be counted in part. It begins the next page, unless it is alone.
    whole = found[:-1] or found
    return Page(whole, Below(str(whole[-1].price_native)))
