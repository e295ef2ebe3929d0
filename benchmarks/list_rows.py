"""A catalog of any size, made by the database itself: what its lists are measured and tested on.

One large collection among many small ones. Every property of a token follows from its number by plain arithmetic, so
that a test can say without looking what a filter must find. Triggers are off while it is loaded, so the counters that
they keep are written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from steadymint.domain.types import Address, ChainId
from steadymint.indexing.store.chain_tables import catalog_time

CHAIN: Final = ChainId("eip155:31337")
CONTRACT: Final = Address("0x" + "c0" * 20)
START: Final = datetime(2026, 1, 1, tzinfo=UTC)

BACKGROUNDS: Final = 10
HATS: Final = 1_000
POWERS: Final = 100
FLOOR_STEPS: Final = 997
"""Prices that tokens are listed at, in hundredths."""
PERMUTATION: Final = 7_919
"""A prime: `number * PERMUTATION % tokens` gives every rank once."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    tokens: int
    owners: int
    collections: int


def account(number: int) -> Address:
    return Address(f"0x{number:040x}")


def background(number: int) -> str:
    return f"Shade {number % BACKGROUNDS}"


def hat(number: int) -> str:
    return f"Hat {number * 13 % HATS}"


def power(number: int) -> int:
    return number * 37 % POWERS


def rank(number: int, size: Size) -> int:
    return number * PERMUTATION % size.tokens + 1


def price(number: int) -> int | None:
    """In hundredths of the native currency; None if it is not for sale."""
    return number * 31 % FLOOR_STEPS + 1 if number % 10 == 0 else None


def owner(number: int, size: Size) -> Address:
    return account(1_000 + number % size.owners)


def name(number: int) -> str:
    return f"Lighthouse #{number}" + (" Golden Élite" if number % 1_000 == 7 else "")


def is_spam(number: int) -> bool:
    return number % 100 == 3


def is_nsfw(number: int) -> bool:
    return number % 100 == 5


def minted_at(number: int) -> datetime:
    """Five tokens share a second."""
    return START + timedelta(seconds=number // 5)


_COLLECTIONS: Final = """
INSERT INTO catalog_service.collections (id, slug, name, symbol, chain_id, contract_address, standard, creator, owner,
    total_supply, total_minted, is_verified, is_hidden, created_at, updated_at, chain_no)
SELECT md5($1 || ':' || contract)::uuid, 'collection-' || n, CASE n WHEN 0 THEN 'Lighthouses' ELSE 'Harbour ' || n END,
    'SEA', $1, contract, CASE n % 20 WHEN 7 THEN 'erc1155' ELSE 'erc721' END,
    '0x' || lpad(to_hex(n % 50), 40, '0'), '0x' || lpad(to_hex(n % 40), 40, '0'),
    CASE n WHEN 0 THEN $4 ELSE 1 END, CASE n WHEN 0 THEN $4 ELSE 1 END, n % 10 = 0, n % 30 = 29,
    $3::timestamptz + n / 3 * interval '1 minute', $3::timestamptz,
    (SELECT no FROM catalog_service.chain_numbers WHERE chain_id = $1)
FROM (SELECT n, CASE n WHEN 0 THEN $5 ELSE '0x' || lpad(to_hex(n + 4096), 40, '0') END AS contract
      FROM generate_series(0, $2::integer - 1) n) c
"""
_STATS: Final = """
INSERT INTO catalog_service.collection_stats (collection_id, items_count, owners_count, listed_count,
    floor_price_native, floor_currency_symbol, volume_all, last_updated_at)
SELECT id, total_supply, 1, CASE WHEN slug = 'collection-0' THEN $2::bigint / 10 ELSE 0 END,
    CASE WHEN split_part(slug, '-', 2)::int % 3 = 0 THEN split_part(slug, '-', 2)::int * 7 % 500 END, 'ETH',
    split_part(slug, '-', 2)::int * 31 % 1009, $1
FROM catalog_service.collections
"""
_WORDS_OF_COLLECTIONS: Final = """
INSERT INTO catalog_service.collection_words
SELECT word, c.id FROM catalog_service.collections c, unnest(catalog_service.words_of(c.name || ' ' || c.symbol)) word
"""

# Most accounts hold something elsewhere.
_ACCOUNTS: Final = """
INSERT INTO catalog_service.accounts (address)
SELECT decode(lpad(to_hex(n), 40, '0'), 'hex') FROM generate_series(1000, 999 + $1::integer) n
"""
_CHAIN_TABLES: Final = """
SELECT catalog_service.make_chain_tables(no), catalog_service.attach_chain_tables(no)
FROM catalog_service.chain_numbers WHERE chain_id = $1
"""
# $1 start, $2 tokens, $3 owners, $4 collection
_ITEMS: Final = """
INSERT INTO catalog_service.items (chain, collection, token_number, name, image_url, metadata_url, metadata_status,
    owner, minted_place, last_place, minted_at, updated_at)
SELECT c.chain_no, c.no, n, 'Lighthouse #' || n || CASE n % 1000 WHEN 7 THEN ' Golden Élite' ELSE '' END,
    'ipfs://bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/' || n || '.png', 'ipfs://documents/' || n,
    'ok', (SELECT no FROM catalog_service.accounts
           WHERE address = decode(lpad(to_hex(1000 + n % $3::integer), 40, '0'), 'hex')),
    (n / 5)::bigint << 24 | n % 5, (n / 5)::bigint << 24 | n % 5, $1::integer + n / 5, $1::integer
FROM generate_series(1, $2::integer) n, catalog_service.collections c WHERE c.id = $4::uuid
"""
_OWNERS: Final = """
INSERT INTO catalog_service.holders (chain, collection, owner, quantity, updated_at)
SELECT t.chain, t.collection, t.owner, count(*), max(t.updated_at) FROM catalog_service.items t GROUP BY 1, 2, 3
"""
_PORTFOLIOS: Final = """
WITH collector AS (
    INSERT INTO catalog_service.accounts (address) VALUES (decode(substr($1, 3), 'hex')) RETURNING no
)
INSERT INTO catalog_service.holders (chain, collection, owner, quantity, updated_at)
SELECT c.chain_no, c.no, a.no, row_number() OVER (ORDER BY c.id) / 3 + 1, 0
FROM catalog_service.collections c, collector a WHERE c.slug <> 'collection-0'
"""
_TRAITS: Final = """
INSERT INTO catalog_service.traits (id, collection_id, name, normalized_name, value_type)
SELECT md5('trait ' || lower(name))::uuid, $1, name, lower(name), kind
FROM (VALUES ('Background', 'string'), ('Hat', 'string'), ('Power', 'number')) t (name, kind)
"""
_TRAITS_OF_OTHERS: Final = """
INSERT INTO catalog_service.traits (collection_id, name, normalized_name)
SELECT id, 'Class', 'class' FROM catalog_service.collections WHERE id <> $1
"""
_VALUES: Final = """
INSERT INTO catalog_service.trait_values (id, trait_id, value_type, value_string, value_number, normalized_value)
SELECT md5(name || ' ' || n)::uuid, md5('trait ' || name)::uuid, kind,
    CASE kind WHEN 'string' THEN word || n END, CASE kind WHEN 'number' THEN n END, lower(word) || n
FROM (VALUES ('background', 'string', 'Shade ', $1::integer), ('hat', 'string', 'Hat ', $2::integer),
             ('power', 'number', '', $3::integer)) t (name, kind, word, number),
    generate_series(0, number - 1) n
"""
_LINKS: Final = """
INSERT INTO catalog_service.token_trait_links (token_id, trait_id, trait_value_id, value_type, token_number)
SELECT t.id, md5('trait ' || v.name)::uuid, md5(v.name || ' ' || v.value)::uuid, v.kind, t.token_number
FROM catalog_service.tokens t CROSS JOIN LATERAL (
    SELECT t.token_number::bigint AS n
) n CROSS JOIN LATERAL (
    VALUES ('background', n.n % $1::bigint, 'string'), ('hat', n.n * 13 % $2::bigint, 'string'),
           ('power', n.n * 37 % $3::bigint, 'number')
) v (name, value, kind)
"""
_OCCURRENCES: Final = """
UPDATE catalog_service.trait_values v SET occurrences = l.number, frequency = l.number::float8 / $1::bigint
FROM (SELECT trait_value_id, count(*) AS number FROM catalog_service.token_trait_links GROUP BY 1) l
WHERE v.id = l.trait_value_id
"""
_RANKS: Final = """
INSERT INTO catalog_service.rarity_scores (token_id, collection_id, method, source, score, rank, updated_at,
    token_number)
SELECT t.id, t.collection_id, 'openrarity', 'steadymint', 1,
    t.token_number::bigint * $1::bigint % $2::bigint + 1, t.updated_at, t.token_number
FROM catalog_service.tokens t
"""
_FLOORS: Final = """
INSERT INTO catalog_service.token_floors (token_id, collection_id, price_native, currency_symbol, listing_id, listed_at,
    token_number)
SELECT t.id, t.collection_id, (t.token_number::bigint * 31 % 997 + 1) / 100.0, 'ETH', t.id, t.updated_at, t.token_number
FROM catalog_service.tokens t WHERE t.token_number % 10 = 0
"""
_MOVEMENTS: Final = """
INSERT INTO catalog_service.movements (chain, kind, at, place, collection, sender, recipient, tx, token_number)
SELECT t.chain, kind, t.minted_at + later, (n / 5 + later) << 24 | n % 5, t.collection,
    CASE kind WHEN 0 THEN 0 ELSE (
        SELECT no FROM catalog_service.accounts
        WHERE address = decode(lpad(to_hex(1000 + (n + 1) % $1::integer), 40, '0'), 'hex')) END,
    t.owner, decode(lpad(to_hex(n), 64, '0'), 'hex'), t.token_number
FROM (SELECT t.*, t.token_number::bigint AS n FROM catalog_service.items t) t
CROSS JOIN (VALUES (0::smallint, 0::bigint), (2::smallint, 1000000)) k (kind, later)
WHERE kind = 0 OR n % 2 = 0
"""
_SALES: Final = """
INSERT INTO catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address, buyer_address,
    token_id, collection_id, marketplace_id, quantity, price_amount, proceeds_amount, fees_amount, royalty_amount,
    price_native, price_native_text, currency_symbol, is_native, place, occurred_at)
SELECT md5(t.id::text || 'sale')::uuid, t.chain_id, '0x' || lpad(to_hex(n), 64, '0'), t.contract_address,
    t.token_number, '0x' || lpad(to_hex(1000 + (n + 1) % $1::integer), 40, '0'), t.owner_address, t.id,
    t.collection_id, catalog_service.marketplace_id('seaport'), 1, n, n, 0, 0, n / 1e18, (n / 1e18)::text, 'ETH', true,
    (n / 5 + 2000000) << 24 | n % 5, t.minted_at + interval '2000000 seconds'
FROM (SELECT t.*, t.token_number::bigint AS n FROM catalog_service.tokens t) t WHERE n % 50 = 0
"""
_FLAGS: Final = """
INSERT INTO catalog_service.nft_flags (chain_id, contract, token_id, is_spam, is_nsfw)
SELECT chain_id, contract_address, token_number, token_number % 100 = 3, token_number % 100 = 5
FROM catalog_service.tokens WHERE token_number % 100 IN (3, 5)
"""
_WORDS: Final = """
INSERT INTO catalog_service.token_words (collection_id, word, token_number)
SELECT t.collection_id, word, t.token_number
FROM catalog_service.tokens t, unnest(catalog_service.words_of(t.name)) word
"""

COLLECTOR: Final = account(7)
"""Holds something of every small collection."""


async def load(pool: asyncpg.Pool, size: Size) -> None:
    """Fill an empty, migrated database; `size.tokens` must not be a multiple of `PERMUTATION`."""
    assert size.tokens % PERMUTATION
    async with pool.acquire() as connection, connection.transaction():
        run = connection.execute
        await run("SELECT catalog_service.number_chain($1)", CHAIN)
        await run("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        await run(_COLLECTIONS, CHAIN, size.collections, START, size.tokens, CONTRACT, timeout=None)
        await run(_STATS, START, size.tokens)
        await run(_WORDS_OF_COLLECTIONS)
        large: Any = await connection.fetchval(
            "SELECT id FROM catalog_service.collections WHERE contract_address = $1", CONTRACT
        )
        await run(_ACCOUNTS, size.owners + size.tokens // 2)
        await run(_CHAIN_TABLES, CHAIN)
        await run(_ITEMS, catalog_time(int(START.timestamp())), size.tokens, size.owners, large, timeout=600)
        await run(_OWNERS, timeout=600)
        await run(_PORTFOLIOS, COLLECTOR)
        await run(_TRAITS, large)
        await run(_TRAITS_OF_OTHERS, large)
        await run(_VALUES, BACKGROUNDS, HATS, POWERS)
        await run(_LINKS, BACKGROUNDS, HATS, POWERS, timeout=600)
        await run(_OCCURRENCES, size.tokens, timeout=600)
        await run(_RANKS, PERMUTATION, size.tokens, timeout=600)
        await run(_FLOORS, timeout=600)
        await run(_MOVEMENTS, size.owners, timeout=600)
        await run(_SALES, size.owners, timeout=600)
        await run(_FLAGS)
        await run(_WORDS, timeout=600)
    await pool.execute("VACUUM ANALYZE", timeout=600)
