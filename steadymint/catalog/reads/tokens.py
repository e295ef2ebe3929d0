"""Tokens: the list of a collection with filters and sorts, and one token in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import asyncpg

from steadymint.catalog.reads.collections import collection_exists
from steadymint.catalog.reads.query import CHAIN, COLLECTION, COLLECTION_ID, STILL_LISTED, Arguments, Page, Query
from steadymint.catalog.reads.token_filters import METHOD, SOURCE, Facts, TokenFilter, TokenSort, facts_of
from steadymint.catalog.reads.token_scope import Start, TokenScope
from steadymint.catalog.reads.token_sources import Source
from steadymint.catalog.reads.token_walks import TokenWalk
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId, TokenId


@dataclass(frozen=True, slots=True)
class Token:
    """A token as lists show it: a row of `tokens` with its rank, price and flags.

    `owner_address` is None for a burned token, and for an ERC-1155, whose owners are in the balances. `rank` is by the
    default method. `price_native` is that of the cheapest listing. A flag is None if it was never set.
    """

    chain_id: ChainId
    contract_address: Address
    token_number: int
    token_standard: str
    owner_address: Address | None
    supply: int
    burned: bool
    name: str | None
    image_url: str | None
    animation_url: str | None
    metadata_url: str | None
    metadata_status: str | None
    minted_block: int | None
    minted_at: datetime | None
    updated_at: datetime
    rank: int | None
    price_native: Decimal | int | None
    currency_symbol: str | None
    lot_size: int | None
    """Units that the cheapest listing sells together only; None if one may be bought."""
    is_spam: bool | None
    is_nsfw: bool | None
    is_frozen: bool | None
    is_flagged: bool | None


@dataclass(frozen=True, slots=True)
class ListedToken(Token):
    """A token and its place in a list."""

    k: str
    tie: str


@dataclass(frozen=True, slots=True)
class TokenDetail(Token):
    """A token with its traits and ranks, each a list of objects in the order in which they are shown."""

    metadata_doc: str | None
    metadata_error: str | None
    last_refresh_at: datetime | None
    minted_tx_hash: str | None
    listed_at: datetime | None
    expires_at: datetime | None
    traits: list[dict[str, Any]] | None
    ranks: list[dict[str, Any]] | None
    ranked: int | None
    """The number of ranked tokens in the collection."""


ROW: Final = """t.id, t.chain_id, t.contract_address, t.token_number, t.token_standard, t.owner_address, t.supply,
       t.burned, t.name, t.image_url, t.animation_url, t.metadata_url, t.metadata_status, t.minted_block, t.minted_at,
       t.updated_at"""
_PLACES: Final = ROW.replace("t.id, ", "").replace("t.", "p.")

SHOWN: Final = f"""{_PLACES}, r.rank, f.price_native, f.currency_symbol, f.lot_size, \
g.is_spam, g.is_nsfw, g.is_frozen, g.is_flagged"""
BESIDE: Final = f"""
LEFT JOIN LATERAL (
    SELECT r.rank FROM catalog_service.rarity_scores r
    WHERE r.token_id = p.id AND r.method = '{METHOD}' AND r.source = '{SOURCE}' LIMIT 1
) r ON true
LEFT JOIN LATERAL (
    SELECT f.price_native, f.currency_symbol, f.listed_at, f.expires_at,
        CASE WHEN p.token_standard = 'erc1155' THEN (
            SELECT o.quantity FROM catalog_service.orders o
            WHERE o.id = f.listing_id AND NOT o.in_parts AND o.quantity > 1
        ) END AS lot_size
    FROM catalog_service.token_floors f
    WHERE f.token_id = p.id AND {STILL_LISTED} LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    SELECT g.is_spam, g.is_nsfw, g.is_frozen, g.is_flagged FROM catalog_service.nft_flags g
    WHERE g.chain_id = p.chain_id AND g.contract = p.contract_address AND g.token_id = p.token_number LIMIT 1
) g ON true
"""  # noqa: S608 - constants
"""Rank, price and flags of a token `p`, by key look-ups for the rows of the page only."""

_TOKEN: Final = f"""
SELECT {SHOWN}, p.metadata_doc, p.metadata_error, p.last_refresh_at, p.minted_tx_hash, f.listed_at, f.expires_at,
    (SELECT jsonb_agg(jsonb_build_object('name', s.name, 'normalizedName', s.normalized_name,
            'normalizedValue', s.normalized_value, 'displayType', s.display_type, 'valueType', s.value_type,
            'string', s.value_string, 'number', s.value_number::text, 'epoch', s.value_epoch_seconds,
            'maxValue', s.max_value::text, 'occurrences', s.occurrences, 'frequency', s.frequency,
            'floor', s.floor::text)
        ORDER BY s.sort_order, s.normalized_name, s.normalized_value)
     FROM (
         SELECT s.name, s.display_type, s.sort_order, s.normalized_name, v.*, (
             SELECT o.floor_price_native FROM catalog_service.trait_value_floor o WHERE o.trait_value_id = v.id
         ) AS floor
         FROM catalog_service.token_trait_links l
         CROSS JOIN LATERAL (SELECT * FROM catalog_service.traits s WHERE s.id = l.trait_id LIMIT 1) s
         CROSS JOIN LATERAL (
             SELECT v.id, v.value_type, v.value_string, v.value_number, v.value_epoch_seconds, v.max_value,
                 v.occurrences, v.frequency, v.normalized_value
             FROM catalog_service.trait_values v WHERE v.id = l.trait_value_id LIMIT 1
         ) v
         WHERE l.token_id = p.id
     ) s) AS traits,
    (SELECT jsonb_agg(jsonb_build_object('method', m.method, 'source', m.source, 'rank', m.rank, 'score', m.score)
        ORDER BY m.method, m.source)
     FROM catalog_service.rarity_scores m WHERE m.token_id = p.id) AS ranks,
    (SELECT s.total FROM catalog_service.sync_state s
     WHERE s.collection_id = p.collection_id AND s.source = 'rarity') AS ranked
FROM (SELECT * FROM catalog_service.tokens t WHERE t.collection_id = {COLLECTION_ID} AND t.token_number = $3) p
{BESIDE}"""  # noqa: S608 - constants


_EXISTS: Final = f"""
SELECT true FROM catalog_service.items t
WHERE t.chain = {CHAIN} AND t.collection = {COLLECTION} AND t.token_number = $3
"""  # noqa: S608 - constants


def token(chain_id: ChainId, contract: Address, token_id: TokenId) -> Query[TokenDetail]:
    """One token. Spam is shown too, with its flags, because the caller names the token."""
    return Query(TokenDetail, _TOKEN, (chain_id, contract, token_id))


async def token_exists(pool: asyncpg.Pool, chain_id: ChainId, contract: Address, token_id: TokenId) -> bool:
    """Whether the catalog has the token. A list about a token asks this if its page is empty."""
    return bool(await pool.fetchval(_EXISTS, chain_id, contract, token_id))


@dataclass(frozen=True, slots=True)
class TokenPlan:
    """The statements that read one page of a collection's tokens."""

    source: Source
    query: Query[ListedToken]
    end: Query[Start] | None
    """Reads the last key that the page could read; None for a source that is read as a whole."""


def plan(
    named: tuple[ChainId, Address],
    facts: Facts | None,
    asked: TokenFilter,
    *,
    sort: TokenSort,
    descending: bool,
    start: Start | None,
    limit: int,
) -> TokenPlan:
    """The plan of the page behind `start`. `facts` may be None if the filter needs none (`TokenFilter.needs_facts`)."""

    def scoped() -> TokenScope:
        args = Arguments(*(named if facts is None else ()))
        return TokenScope(named, facts, asked, sort, descending, start, limit, args)

    scope = scoped()
    page = TokenWalk(scope)
    source = page.source()
    sql = (
        f"SELECT {SHOWN}, p.k::text AS k, p.tie::text AS tie\nFROM ({page.page(source, ROW)}) p{BESIDE}"
        f"{scope.order_by('p.k', 'p.tie')}"
    )
    end: Query[Start] | None = None
    if source.in_order:
        at_end = scoped()
        ending = TokenWalk(at_end)
        end = Query(Start, ending.last_looked_at(ending.source()), at_end.args.values)
    return TokenPlan(source, Query(ListedToken, sql, scope.args.values), end)


async def list_tokens(
    pool: asyncpg.Pool,
    chain_id: ChainId,
    contract: Address,
    asked: TokenFilter,
    *,
    sort: TokenSort,
    descending: bool,
    start: Start | None,
    limit: int,
) -> Page[ListedToken, Start]:
    """At most `limit` tokens behind `start` that pass the filter. A list sorted by rank or price has only tokens with
    one.

    Raises:
        NotFoundError: there is no such collection.
    """
    facts: Facts | None = None
    if asked.needs_facts:
        facts = await facts_of(pool, chain_id, contract, asked)
        if facts is None:
            raise NotFoundError
        if facts.impossible or (asked.listed is False and sort == "price"):
            return Page([])
    page = plan((chain_id, contract), facts, asked, sort=sort, descending=descending, start=start, limit=limit)
    rows = await page.query.fetch(pool)
    if len(rows) == limit or page.end is None:
        return Page(rows)
    if not rows and facts is None and not await collection_exists(pool, chain_id, contract):
        raise NotFoundError
    return Page(rows, await page.end.first(pool))
