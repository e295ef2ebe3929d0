"""How a collection was traded: its sales, and a chart of them."""
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
    price_native_text: str | None
    """None if nobody has registered how many decimals the currency has."""
    price_amount: int
    proceeds_amount: int
    fees_amount: int
    royalty_amount: int
    currency_address: Address | None
    currency_symbol: str
    is_native: bool
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
    """From Monday on."""

    @property
    def width(self) -> timedelta:
        return _WIDTHS[self]

    @property
    def unit(self) -> str:
        """As `date_trunc` names it."""
        return _UNITS[self]

    def begun(self, moment: datetime) -> datetime:
        """The beginning of the interval that a moment, in UTC, is in. Raises OverflowError before the year 1."""
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if self is Interval.HOUR:
            return hour
        day = hour.replace(hour=0)
        return day if self is Interval.DAY else day - timedelta(days=day.weekday())


_WIDTHS: Final = {
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
    Interval.WEEK: timedelta(weeks=1),
}
_UNITS: Final = {Interval.HOUR: "hour", Interval.DAY: "day", Interval.WEEK: "week"}


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
PRICED: Final = 10_000
"""Sales from which the prices of one chart are taken at most, the newest. Volumes are sums of hours, and need none."""

_SALES: Final = f"""
SELECT a.id, a.chain_id, a.contract, a.token_number, a.quantity, a.seller_address, a.buyer_address, a.order_hash,
    m.slug AS marketplace, a.price_native_text, a.price_amount, a.proceeds_amount, a.fees_amount, a.royalty_amount,
    a.currency_address, a.currency_symbol, a.is_native, a.bundle, a.exclusion, a.tx_hash, a.block_number, a.occurred_at
FROM (
    SELECT a.* FROM catalog_service.sales a WHERE a.collection_id = {COLLECTION_ID}{{behind}}
    ORDER BY a.occurred_at DESC, a.id LIMIT $3::bigint
) a CROSS JOIN LATERAL (
    SELECT m.slug FROM catalog_service.marketplaces m WHERE m.id = a.marketplace_id LIMIT 1
) m
ORDER BY a.occurred_at DESC, a.id"""
# The two parts of the key run in opposite directions. Of one moment there are only the sales of one block.
_BEHIND: Final = " AND a.occurred_at <= $4::timestamptz AND (a.occurred_at < $4::timestamptz OR a.id > $5::uuid)"

_CHART: Final = f"""
WITH traded AS (
    SELECT date_trunc($3::text, h.hour, 'UTC') AS start, sum(h.sales_count)::bigint AS sales,
        sum(h.volume_native) AS volume
    FROM catalog_service.collection_volume_hours h
    WHERE h.collection_id = {COLLECTION_ID} AND h.hour >= $4::timestamptz AND h.hour < $5::timestamptz
    GROUP BY 1
), recent AS MATERIALIZED (
    SELECT date_trunc($3::text, a.occurred_at, 'UTC') AS start, a.price_native, a.quantity,
        a.is_native AND a.exclusion IS NULL AS counts
    FROM catalog_service.sales a
    WHERE a.collection_id = {COLLECTION_ID} AND a.occurred_at >= $4::timestamptz AND a.occurred_at < $5::timestamptz
    ORDER BY a.occurred_at DESC, a.id LIMIT {PRICED}
), priced AS (
    SELECT r.start, min(r.price_native / r.quantity) AS low, max(r.price_native / r.quantity) AS high,
        sum(r.price_native) / sum(r.quantity) AS average
    FROM recent r WHERE r.counts
        AND ((SELECT count(*) FROM recent) < {PRICED} OR r.start > (SELECT min(e.start) FROM recent e))
    GROUP BY 1
)
SELECT t.start, t.sales, t.volume, p.low, p.high, p.average
FROM traded t LEFT JOIN priced p ON p.start = t.start ORDER BY t.start"""


def sales(chain_id: ChainId, contract: Address, *, after: EarlierSale | None, limit: int) -> Query[SaleRow]:
    """The sales of a collection, the newest first."""
    if after is None:
        return Query(SaleRow, _SALES.format(behind=""), (chain_id, contract, limit))
    return Query(SaleRow, _SALES.format(behind=_BEHIND), (chain_id, contract, limit, *after))


def chart(chain_id: ChainId, contract: Address, interval: Interval, since: datetime, until: datetime) -> Query[Bar]:
    """A bar for each interval that had a sale, from `since` on and before `until`, whole hours. Bars have no prices
    where more than `PRICED` sales are newer, or where no sale counts."""
    return Query(Bar, _CHART, (chain_id, contract, interval.unit, since, until))
