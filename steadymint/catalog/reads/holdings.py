"""Who holds what: balances token by token, owners of a collection, and what one account has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from steadymint.catalog.reads.query import COLLECTION_ID, LOOKED_AT, VISIBLE, Query
from steadymint.catalog.reads.tokens import BESIDE, ROW, SHOWN, Token
from steadymint.domain.types import Address, ChainId, TokenId


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of one token one account holds."""

    token_id: int
    owner: Address
    quantity: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """How many of a collection one account holds, all tokens together, and of how many in all."""

    owner: Address
    quantity: int
    total_supply: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class HeldToken(Token):
    """A token and how much of it one account holds."""

    quantity: int
    collection_name: str
    collection_slug: str


@dataclass(frozen=True, slots=True)
class HeldCollection:
    """A collection and how many of it one account holds."""

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
    """What an account holds in all, of visible collections. Counted up to `PORTFOLIO` of them."""

    collections: int
    items: int


@dataclass(frozen=True, slots=True)
class MarketTotals:
    """What an account did on the market of one chain; volumes in its native currency."""

    chain_id: ChainId
    listings_count: int
    sales_count: int
    purchases_count: int
    volume_sold: Decimal | int
    volume_purchased: Decimal | int


class AfterHolding(NamedTuple):
    token_id: str
    owner: str


class AfterOwner(NamedTuple):
    quantity: str
    owner: str


class AfterHeldToken(NamedTuple):
    chain_id: str
    contract: str
    token_id: str


class AfterHeldCollection(NamedTuple):
    quantity: str
    collection_id: str


PORTFOLIO: Final = 1_000
"""Collections of one account that are counted. Who holds more is shown as holding at least these."""

_HOLDINGS: Final = f"""
SELECT b.token_id, b.owner, b.quantity, b.updated_at
FROM catalog_service.token_balances b
WHERE b.chain_id = $1 AND b.contract = $2 AND {COLLECTION_ID} IS NOT NULL
  AND (b.token_id, b.owner) > (coalesce($3::numeric, -1), coalesce($4::text, ''))
ORDER BY b.token_id, b.owner LIMIT $5
"""  # noqa: S608 - constants

_HOLDINGS_OF_TOKEN: Final = f"""
SELECT b.token_id, b.owner, b.quantity, b.updated_at
FROM catalog_service.token_balances b
WHERE b.chain_id = $1 AND b.contract = $2 AND {COLLECTION_ID} IS NOT NULL
  AND b.token_id = $3 AND b.owner > coalesce($4::text, '')
ORDER BY b.owner LIMIT $5
"""  # noqa: S608 - constants

# The largest first, and of equals in the order of their names: the two parts of the key run in opposite directions, so
# one comparison does not do. First the rest of the equals that the last page ended in, then those with less.
_OWNERS: Final = f"""
SELECT o.owner, o.quantity, c.total_supply, o.updated_at
FROM catalog_service.collections c
CROSS JOIN LATERAL (
    (SELECT * FROM catalog_service.collection_owners o
     WHERE o.collection_id = c.id AND o.quantity = $3::numeric AND o.owner > $4::text
     ORDER BY o.owner LIMIT $5)
    UNION ALL
    (SELECT * FROM catalog_service.collection_owners o
     WHERE o.collection_id = c.id AND o.quantity < coalesce($3::numeric, 'Infinity')
     ORDER BY o.quantity DESC, o.owner LIMIT $5)
) o
WHERE c.chain_id = $1 AND c.contract_address = $2 AND {VISIBLE}
ORDER BY o.quantity DESC, o.owner LIMIT $5
"""  # noqa: S608 - constants

# The page is cut before its tokens are looked up, so that each is found by its key, however the planner guesses.
# The comparison names the owner too, though it is given: Postgres estimates a row comparison by its first column, and
# would otherwise take "after the only chain there is" for "no rows" and walk the primary key, past everybody's tokens.
# Balances are looked at up to a bound: an account can be sent a million tokens of spam.
_HELD: Final = """
        SELECT b.chain_id, b.contract, b.token_id, b.owner, b.quantity FROM catalog_service.token_balances b
        WHERE b.owner = $1 AND (b.owner, b.chain_id, b.contract, b.token_id)
            > ($1, coalesce($2::text, ''), coalesce($3::text, ''), coalesce($4::numeric, -1))"""
_IN_ORDER: Final = "\n        ORDER BY b.chain_id, b.contract, b.token_id"
_HELD_TOKENS: Final = f"""
SELECT {SHOWN}, p.quantity, p.collection_name, p.collection_slug
FROM (
    SELECT {ROW}, h.quantity, c.name AS collection_name, c.slug AS collection_slug
    FROM (%s LIMIT {LOOKED_AT}) h
    CROSS JOIN LATERAL (
        SELECT * FROM catalog_service.collections c
        WHERE c.chain_id = h.chain_id AND c.contract_address = h.contract AND {VISIBLE} LIMIT 1
    ) c
    CROSS JOIN LATERAL (
        SELECT * FROM catalog_service.tokens t WHERE t.collection_id = c.id AND t.token_number = h.token_id LIMIT 1
    ) t
    WHERE $6::boolean OR (SELECT f.is_spam FROM catalog_service.nft_flags f
        WHERE f.chain_id = h.chain_id AND f.contract = h.contract AND f.token_id = h.token_id) IS NOT TRUE
    ORDER BY h.chain_id, h.contract, h.token_id LIMIT $5
) p
{BESIDE}
ORDER BY p.chain_id, p.contract_address, p.token_number
"""  # noqa: S608 - constants

_HELD_OF_ALL: Final = f"""
    SELECT * FROM (
        (SELECT * FROM catalog_service.collection_owners o
         WHERE o.owner = $1 AND o.quantity = $2::numeric AND o.collection_id > $3::text::uuid
         ORDER BY o.collection_id LIMIT {LOOKED_AT})
        UNION ALL
        (SELECT * FROM catalog_service.collection_owners o
         WHERE o.owner = $1 AND o.quantity < coalesce($2::numeric, 'Infinity')
         ORDER BY o.quantity DESC, o.collection_id LIMIT {LOOKED_AT})
    ) o
    ORDER BY o.quantity DESC, o.collection_id"""  # noqa: S608 - constants
_LAST_HELD_COLLECTION: Final = f"""
SELECT h.quantity::text, h.collection_id::text FROM ({_HELD_OF_ALL} OFFSET {LOOKED_AT - 1} LIMIT 1) h
"""  # noqa: S608 - constants
_HELD_COLLECTIONS: Final = f"""
SELECT c.id AS collection_id, c.chain_id, c.contract_address, c.standard, c.slug, c.name, c.image_url, c.is_verified,
       s.floor_price_native, s.floor_currency_symbol, h.quantity, h.updated_at
FROM ({_HELD_OF_ALL} LIMIT {LOOKED_AT}) h
CROSS JOIN LATERAL (
    SELECT * FROM catalog_service.collections c WHERE c.id = h.collection_id AND {VISIBLE} LIMIT 1
) c
LEFT JOIN LATERAL (
    SELECT s.floor_price_native, s.floor_currency_symbol FROM catalog_service.collection_stats s
    WHERE s.collection_id = c.id LIMIT 1
) s ON true
ORDER BY h.quantity DESC, h.collection_id LIMIT $4
"""  # noqa: S608 - constants

_PORTFOLIO: Final = f"""
SELECT count(*) AS collections, coalesce(sum(h.quantity), 0) AS items
FROM (SELECT o.collection_id, o.quantity FROM catalog_service.collection_owners o
      WHERE o.owner = $1 ORDER BY o.quantity DESC, o.collection_id LIMIT {PORTFOLIO}) h
CROSS JOIN LATERAL (
    SELECT FROM catalog_service.collections c WHERE c.id = h.collection_id AND {VISIBLE} LIMIT 1
) c
"""  # noqa: S608 - constants


_MARKET: Final = """
SELECT a.chain_id, a.listings_count, a.sales_count, a.purchases_count, a.volume_sold, a.volume_purchased
FROM catalog_service.account_stats a WHERE a.account = $1 ORDER BY a.chain_id
"""


def holdings(
    chain_id: ChainId, contract: Address, *, token_id: TokenId | None, after: AfterHolding | None, limit: int
) -> Query[Holding]:
    """Who holds how much, by token id and owner; of one token if `token_id` is given."""
    owner = after.owner if after else None
    if token_id is not None:
        return Query(Holding, _HOLDINGS_OF_TOKEN, (chain_id, contract, token_id, owner, limit))
    number = int(after.token_id) if after else None
    return Query(Holding, _HOLDINGS, (chain_id, contract, number, owner, limit))


def owners(chain_id: ChainId, contract: Address, *, after: AfterOwner | None, limit: int) -> Query[Owner]:
    """Who holds how many of a collection, the largest holders first."""
    quantity, owner = (int(after.quantity), after.owner) if after else (None, None)
    return Query(Owner, _OWNERS, (chain_id, contract, quantity, owner, limit))


def held_tokens(
    owner: Address,
    *,
    after: AfterHeldToken | None,
    limit: int,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
    spam: bool = False,
) -> Query[HeldToken]:
    """What an account holds of both standards, by chain, contract and token id."""
    rows, args = _held_rows(owner, after, chain_id, contract, limit, spam)
    return Query(HeldToken, _HELD_TOKENS % rows, args)


def _held_rows(
    owner: Address,
    after: AfterHeldToken | None,
    chain_id: ChainId | None,
    contract: Address | None,
    *more: Any,
) -> tuple[str, tuple[Any, ...]]:
    args: list[Any] = [owner, *((after.chain_id, after.contract, int(after.token_id)) if after else (None,) * 3), *more]
    clauses = [_HELD]
    for column, value in (("b.chain_id", chain_id), ("b.contract", contract)):
        if value is not None:
            args.append(value)
            clauses.append(f"{column} = ${len(args)}")
    return "\n            AND ".join(clauses) + _IN_ORDER, tuple(args)


def last_held(
    owner: Address,
    *,
    after: AfterHeldToken | None,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
) -> Query[AfterHeldToken]:
    """The last balance that a page could look at; no row if there are fewer."""
    rows, args = _held_rows(owner, after, chain_id, contract)
    last = f"{rows} OFFSET {LOOKED_AT - 1} LIMIT 1"
    return Query(AfterHeldToken, f"SELECT h.chain_id, h.contract, h.token_id::text FROM ({last}) h", args)  # noqa: S608


def held_collections(owner: Address, *, after: AfterHeldCollection | None, limit: int) -> Query[HeldCollection]:
    """The collections that an account holds something of, most first."""
    quantity, id_ = (int(after.quantity), after.collection_id) if after else (None, None)
    return Query(HeldCollection, _HELD_COLLECTIONS, (owner, quantity, id_, limit))


def last_held_collection(owner: Address, after: AfterHeldCollection | None) -> Query[AfterHeldCollection]:
    """The last collection that a page could look at; no row if there are fewer."""
    quantity, id_ = (int(after.quantity), after.collection_id) if after else (None, None)
    return Query(AfterHeldCollection, _LAST_HELD_COLLECTION, (owner, quantity, id_))


def portfolio(owner: Address) -> Query[Portfolio]:
    return Query(Portfolio, _PORTFOLIO, (owner,))


def market_totals(account: Address) -> Query[MarketTotals]:
    """One row for each chain that the account traded on."""
    return Query(MarketTotals, _MARKET, (account,))
