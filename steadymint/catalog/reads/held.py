"""The holdings of an account: tokens, collections, its portfolio, and its totals on the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Query, account, chain_number, collection_number, raw
from steadymint.catalog.reads.tokens import BESIDE, ROW, SHOWN, Token
from steadymint.domain.types import UINT256_MAX, Address, ChainId, TokenId


@dataclass(frozen=True, slots=True)
class HeldToken(Token):
    """A token, and the units of it that an account holds."""

    quantity: int
    collection_name: str
    collection_slug: str


@dataclass(frozen=True, slots=True)
class HeldCollection:
    """A collection, and the units of its tokens that an account holds."""

    collection_id: UUID
    chain_id: ChainId
    contract_address: Address
    standard: str
    slug: str
    name: str
    image_url: str | None
    is_verified: bool
    floor_price_native: Decimal | int | None
    floor_currency_symbol: str | None
    quantity: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The totals of what an account holds, over at most `PORTFOLIO` visible collections."""

    collections: int
    items: int


@dataclass(frozen=True, slots=True)
class MarketTotals:
    """The trades of an account on one chain. Volumes are in the native currency."""

    chain_id: ChainId
    listings_count: int
    sales_count: int
    purchases_count: int
    volume_sold: Decimal | int
    volume_purchased: Decimal | int


class AfterHeldToken(NamedTuple):
    chain_id: str
    contract: str
    token_id: str


class AfterHeldCollection(NamedTuple):
    quantity: str
    collection_id: str


PORTFOLIO: Final = 1_000
"""The most collections of one account that are counted. An account with more is shown with the totals of these."""

# The account's tokens by chain, collection and number. Rows are cut to the page before their tokens are looked up. The
# number of rows read is bounded, because anybody may send an account a million tokens of spam, or a token of each of a
# million collections. So a collection that shows nothing counts as a row. $2 to $4 are the end of the last page.
_OWNER: Final = raw("$1")
_ACCOUNT: Final = account("$1")
_LAST_COLLECTION: Final = collection_number("$2", "$3")
_BEHIND: Final = f"CASE WHEN h.collection = {_LAST_COLLECTION} THEN $4::numeric ELSE -1 END"
_HELD: Final = f"""
        SELECT c.chain_id, c.contract_address AS contract, c.id AS collection_id, h.chain, h.collection,
            t.token_number AS token_id, t.quantity, c.name AS collection_name, c.slug AS collection_slug
        FROM (
            SELECT h.chain, h.collection FROM catalog_service.holders h
            WHERE h.owner = {_ACCOUNT} AND (h.owner, h.chain, h.collection)
                >= ({_ACCOUNT}, coalesce({chain_number("$2")}, 0), coalesce({_LAST_COLLECTION}, 0)){{also}}
            ORDER BY h.owner, h.chain, h.collection LIMIT {LOOKED_AT}
        ) h
        CROSS JOIN LATERAL (
            SELECT c.*, {VISIBLE} AS is_shown FROM catalog_service.collections c WHERE c.no = h.collection LIMIT 1
        ) c
        LEFT JOIN LATERAL (
            (SELECT t.token_number, 1::numeric AS quantity FROM catalog_service.items t
             WHERE c.is_shown AND t.chain = c.chain_no AND t.collection = c.no AND t.owner = {_ACCOUNT}
                 AND t.token_number > {_BEHIND}{{of_item}}
             ORDER BY t.token_number LIMIT {LOOKED_AT})
            UNION ALL
            (SELECT b.token_number, b.quantity FROM catalog_service.unit_balances b
             WHERE c.is_shown AND b.owner = {_OWNER} AND b.collection = c.no AND b.quantity > 0
                 AND b.token_number > {_BEHIND}{{of_units}}
             ORDER BY b.token_number LIMIT {LOOKED_AT})
        ) t ON true"""  # noqa: S608 - constants
_HELD_TOKENS: Final = f"""
SELECT {SHOWN}, p.quantity, p.collection_name, p.collection_slug
FROM (
    SELECT {ROW}, h.chain, h.collection, h.quantity, h.collection_name, h.collection_slug
    FROM ({{rows}} LIMIT {LOOKED_AT}) h
    CROSS JOIN LATERAL (
        SELECT * FROM catalog_service.tokens t
        WHERE t.collection_id = h.collection_id AND t.token_number = h.token_id LIMIT 1
    ) t
    WHERE h.token_id IS NOT NULL AND ($6::boolean OR (SELECT f.is_spam FROM catalog_service.nft_flags f
        WHERE f.chain_id = t.chain_id AND f.contract = t.contract_address AND f.token_id = h.token_id) IS NOT TRUE)
    LIMIT $5
) p
{BESIDE}
ORDER BY p.chain, p.collection, p.token_number
"""  # noqa: S608 - constants

_HELD_OF_ALL: Final = f"""
    SELECT * FROM (
        (SELECT * FROM catalog_service.holders o
         WHERE o.owner = {_ACCOUNT} AND o.quantity = $2::numeric AND o.collection > (
             SELECT n.no FROM catalog_service.collections n WHERE n.id = $3::text::uuid)
         ORDER BY o.collection LIMIT {LOOKED_AT})
        UNION ALL
        (SELECT * FROM catalog_service.holders o
         WHERE o.owner = {_ACCOUNT} AND o.quantity < coalesce($2::numeric, 'Infinity')
         ORDER BY o.quantity DESC, o.collection LIMIT {LOOKED_AT})
    ) o
    ORDER BY o.quantity DESC, o.collection"""  # noqa: S608 - constants
_LAST_HELD_COLLECTION: Final = f"""
SELECT h.quantity::text, c.id::text AS collection_id FROM ({_HELD_OF_ALL} OFFSET {LOOKED_AT - 1} LIMIT 1) h
JOIN catalog_service.collections c ON c.no = h.collection
"""  # noqa: S608 - constants
_HELD_COLLECTIONS: Final = f"""
SELECT c.id AS collection_id, c.chain_id, c.contract_address, c.standard, c.slug, c.name, c.image_url, c.is_verified,
       s.floor_price_native, s.floor_currency_symbol, h.quantity, catalog_service.time_of(h.updated_at) AS updated_at
FROM ({_HELD_OF_ALL} LIMIT {LOOKED_AT}) h
CROSS JOIN LATERAL (
    SELECT * FROM catalog_service.collections c WHERE c.no = h.collection AND {VISIBLE} LIMIT 1
) c
LEFT JOIN LATERAL (
    SELECT s.floor_price_native, s.floor_currency_symbol FROM catalog_service.collection_stats s
    WHERE s.collection_id = c.id LIMIT 1
) s ON true
ORDER BY h.quantity DESC, h.collection LIMIT $4
"""  # noqa: S608 - constants

_PORTFOLIO: Final = f"""
SELECT count(*) AS collections, coalesce(sum(h.quantity), 0) AS items
FROM (SELECT o.collection, o.quantity FROM catalog_service.holders o
      WHERE o.owner = {_ACCOUNT} ORDER BY o.quantity DESC, o.collection LIMIT {PORTFOLIO}) h
CROSS JOIN LATERAL (
    SELECT FROM catalog_service.collections c WHERE c.no = h.collection AND {VISIBLE} LIMIT 1
) c
"""  # noqa: S608 - constants


_MARKET: Final = """
SELECT a.chain_id, a.listings_count, a.sales_count, a.purchases_count, a.volume_sold, a.volume_purchased
FROM catalog_service.account_stats a WHERE a.account = $1 ORDER BY a.chain_id
"""


def held_tokens(
    owner: Address,
    *,
    after: AfterHeldToken | None,
    limit: int,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
    token_id: TokenId | None = None,
    spam: bool = False,
) -> Query[HeldToken]:
    """The tokens of both standards that an account holds, by chain, collection and token id: chains and collections in
    the order in which the catalog came to know them. A contract needs its chain, a token id its contract."""
    rows, args = _held_rows(owner, after, chain_id, contract, token_id, limit, spam)
    return Query(HeldToken, _HELD_TOKENS.format(rows=rows), args)


def _held_rows(
    owner: Address,
    after: AfterHeldToken | None,
    chain_id: ChainId | None,
    contract: Address | None,
    token_id: TokenId | None,
    *more: Any,
) -> tuple[str, tuple[Any, ...]]:
    args: list[Any] = [owner, *((after.chain_id, after.contract, int(after.token_id)) if after else (None,) * 3), *more]
    also, number = "", None
    if chain_id is not None:
        args.append(chain_id)
        also += f" AND h.chain = {chain_number(f'${len(args)}')}"
        if contract is not None:
            args.append(contract)
            also += f" AND h.collection = {collection_number(f'${len(args) - 1}', f'${len(args)}')}"
            if token_id is not None:
                args.append(token_id)
                number = f"${len(args)}::numeric"
    of_item, of_units = ("" if number is None else f" AND {one}.token_number = {number}" for one in "tb")
    return _HELD.format(also=also, of_item=of_item, of_units=of_units), tuple(args)


def last_held(
    owner: Address,
    *,
    after: AfterHeldToken | None,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
    token_id: TokenId | None = None,
) -> Query[AfterHeldToken]:
    """The last row that a page could read; no row if there are fewer."""
    rows, args = _held_rows(owner, after, chain_id, contract, token_id)
    last = f"{rows} OFFSET {LOOKED_AT - 1} LIMIT 1"
    number = f"coalesce(h.token_id, {UINT256_MAX})::text AS token_id"
    sql = f"SELECT h.chain_id, h.contract, {number} FROM ({last}) h"  # noqa: S608
    return Query(AfterHeldToken, sql, args)


def held_collections(owner: Address, *, after: AfterHeldCollection | None, limit: int) -> Query[HeldCollection]:
    """The collections of which an account holds tokens, the largest holdings first."""
    quantity, id_ = (int(after.quantity), after.collection_id) if after else (None, None)
    return Query(HeldCollection, _HELD_COLLECTIONS, (owner, quantity, id_, limit))


def last_held_collection(owner: Address, after: AfterHeldCollection | None) -> Query[AfterHeldCollection]:
    """The last collection that a page could read; no row if there are fewer."""
    quantity, id_ = (int(after.quantity), after.collection_id) if after else (None, None)
    return Query(AfterHeldCollection, _LAST_HELD_COLLECTION, (owner, quantity, id_))


def portfolio(owner: Address) -> Query[Portfolio]:
    return Query(Portfolio, _PORTFOLIO, (owner,))


def market_totals(account: Address) -> Query[MarketTotals]:
    """The totals of an account, a row for each chain on which it has traded."""
    return Query(MarketTotals, _MARKET, (account,))
