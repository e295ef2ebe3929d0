"""What a collection costs, what is offered for it, and how it was traded."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from steadymint.catalog.reads.query import COLLECTION_ID, Query
from steadymint.domain.types import Address, ChainId, TxHash


@dataclass(frozen=True, slots=True)
class Floor:
    """The cheapest active listing of a collection, in the chain's own currency or its wrapped form."""

    price_native: Decimal | int
    currency_symbol: str
    order_hash: str
    token_number: int
    expires_at: datetime | None
    listed_count: int
    """Tokens that are for sale."""


@dataclass(frozen=True, slots=True)
class Level:
    """All active collection offers at one price."""

    price_native_text: str
    currency_address: Address | None
    currency_symbol: str
    quantity: int
    """Tokens that are wanted at this price."""
    offers: int
    makers: int


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale. Amounts are for all units, in the smallest unit of the currency."""

    id: UUID
    chain_id: ChainId
    contract: Address
    token_number: int
    quantity: int
    seller_address: Address
    buyer_address: Address
    order_hash: str | None
    marketplace: str
    price_native_text: str
    price_amount: int
    proceeds_amount: int
    fees_amount: int
    royalty_amount: int
    currency_address: Address | None
    currency_symbol: str
    bundle: int
    exclusion: str | None
    tx_hash: TxHash
    block_number: int
    occurred_at: datetime


class EarlierSale(NamedTuple):
    """The position in a list of sales, the newest first."""

    occurred_at: datetime
    id: UUID


class Interval(StrEnum):
    """The width of a bar of a chart."""

    HOUR = "1h"
    DAY = "1d"
    WEEK = "1w"

    @property
    def width(self) -> timedelta:
        return {"1h": timedelta(hours=1), "1d": timedelta(days=1), "1w": timedelta(weeks=1)}[self.value]

    @property
    def unit(self) -> str:
        """As `date_trunc` names it."""
        return {"1h": "hour", "1d": "day", "1w": "week"}[self.value]


@dataclass(frozen=True, slots=True)
class Bar:
    """The sales of one interval, in UTC. Prices are of one unit, in the chain's own currency or its wrapped form."""

    start: datetime
    sales: int
    """All of them, also those that are kept out of the volume."""
    volume: Decimal | int
    low: Decimal | None
    high: Decimal | None
    average: Decimal | None
    """The volume divided by the units."""


BARS: Final = 500
"""Bars of one chart at most: three weeks of hours."""

_FLOOR: Final = f"""
SELECT f.price_native, f.currency_symbol, o.order_hash, f.token_number, f.expires_at, s.listed_count
FROM catalog_service.token_floors f
JOIN catalog_service.orders o ON o.id = f.listing_id
JOIN catalog_service.collection_stats s ON s.collection_id = f.collection_id
WHERE f.collection_id = {COLLECTION_ID} AND (f.expires_at IS NULL OR f.expires_at > now())
ORDER BY f.price_native, f.token_id LIMIT 1"""

_DEPTH: Final = f"""
SELECT o.price_native_text, o.currency_address, o.currency_symbol, sum(o.fillable) AS quantity, count(*) AS offers,
    count(DISTINCT o.maker) AS makers
FROM (
    SELECT o.* FROM catalog_service.orders o
    WHERE o.collection_id = {COLLECTION_ID} AND o.side <> 'listing' AND o.status = 'active'
    ORDER BY o.price_native DESC, o.id
) o WHERE o.side = 'collection_offer'
GROUP BY o.price_native, o.price_native_text, o.currency_address, o.currency_symbol
ORDER BY o.price_native DESC, o.currency_symbol LIMIT $3::bigint"""

_SALES: Final = f"""
SELECT a.id, a.chain_id, a.contract, a.token_number, a.quantity, a.seller_address, a.buyer_address, a.order_hash,
    m.slug AS marketplace, a.price_native_text, a.price_amount, a.proceeds_amount, a.fees_amount, a.royalty_amount,
    a.currency_address, a.currency_symbol, a.bundle, a.exclusion, a.tx_hash, a.block_number, a.occurred_at
FROM (
    SELECT a.* FROM catalog_service.sales a WHERE a.collection_id = {COLLECTION_ID}
        AND ($3::timestamptz IS NULL OR a.occurred_at <= $3::timestamptz)
        AND ($3::timestamptz IS NULL OR a.occurred_at < $3::timestamptz OR a.id > $4::uuid)
    ORDER BY a.occurred_at DESC, a.id LIMIT $5::bigint
) a JOIN catalog_service.marketplaces m ON m.id = a.marketplace_id
ORDER BY a.occurred_at DESC, a.id"""

_CHART: Final = f"""
SELECT date_trunc($3::text, a.occurred_at, 'UTC') AS start, count(*) AS sales,
    coalesce(sum(a.price_native) FILTER (WHERE counts), 0) AS volume,
    min(a.price_native / a.quantity) FILTER (WHERE counts) AS low,
    max(a.price_native / a.quantity) FILTER (WHERE counts) AS high,
    sum(a.price_native) FILTER (WHERE counts) / sum(a.quantity) FILTER (WHERE counts) AS average
FROM catalog_service.sales a, LATERAL (SELECT a.is_native AND a.exclusion IS NULL) c (counts)
WHERE a.collection_id = {COLLECTION_ID} AND a.occurred_at >= $4::timestamptz AND a.occurred_at < $5::timestamptz
GROUP BY 1 ORDER BY 1"""


def floor(chain_id: ChainId, contract: Address) -> Query[Floor]:
    return Query(Floor, _FLOOR, (chain_id, contract))


def depth(chain_id: ChainId, contract: Address, limit: int) -> Query[Level]:
    """Offers for any token of the collection, by price, the highest first."""
    return Query(Level, _DEPTH, (chain_id, contract, limit))


def sales(chain_id: ChainId, contract: Address, *, after: EarlierSale | None, limit: int) -> Query[SaleRow]:
    """The sales of a collection, the newest first."""
    at, id_ = (None, None) if after is None else (after.occurred_at, after.id)
    return Query(SaleRow, _SALES, (chain_id, contract, at, id_, limit))


def chart(chain_id: ChainId, contract: Address, interval: Interval, since: datetime, until: datetime) -> Query[Bar]:
    """A bar for each interval that had a sale, from `since` on and before `until`."""
    return Query(Bar, _CHART, (chain_id, contract, interval.unit, since, until))
