"""Orders and sales of any number, made by the database itself, over the catalog of `list_rows`.

Most are of the large collection. Every property of an order follows from its number by plain arithmetic. Triggers are
off while they are loaded.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg

from benchmarks.list_rows import CHAIN, CONTRACT, START, Size
from steadymint.domain.types import Address

PRICE_STEPS: Final = 997
"""Different prices, in hundredths of the native currency."""
SETS: Final = 400
WRAPPED: Final = Address("0x" + "e7" * 20)
DOLLARS: Final = Address("0x" + "dd" * 20)
SIGNED: Final[dict[str, Any]] = {
    "offerer": "0x" + "a1" * 20,
    "zone": "0x" + "00" * 20,
    "offer": [{"itemType": 2, "token": CONTRACT, "identifierOrCriteria": "1", "startAmount": "1", "endAmount": "1"}],
    "consideration": [
        {
            "itemType": 0,
            "token": "0x" + "00" * 20,
            "identifierOrCriteria": "0",
            "startAmount": "1000000000000000000",
            "endAmount": "1000000000000000000",
            "recipient": "0x" + "a1" * 20,
        }
    ]
    * 3,
    "orderType": 0,
    "startTime": "1767225600",
    "endTime": "4000000000",
    "zoneHash": "0x" + "00" * 32,
    "salt": "7",
    "conduitKey": "0x" + "00" * 32,
    "counter": "0",
}
"""As large as a listing with two fees."""


def created_at(number: int) -> datetime:
    """Five orders share a moment."""
    return START + timedelta(minutes=number // 5)


def side(number: int) -> str:
    return ("listing", "item_offer", "collection_offer", "trait_offer")[max(0, number % 10 - 6)]


def status(number: int) -> str:
    return ("active", "filled", "cancelled", "expired", "inactive")[number // 10 % 5]


# $1 chain, $2 orders, $3 tokens, $4 makers, $5 start, $6 components
_ORDERS: Final = f"""
INSERT INTO catalog_service.orders (id, chain_id, order_hash, side, maker, contract, collection_id, token_number,
    token_id, token_set, token_standard, quantity, in_parts, marketplace_id, price_amount, price_native,
    price_native_text, currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, counter, salt,
    start_at, end_at, components, signature, quantity_filled, fillable, is_cancelled, is_expired, reasons, created_at)
SELECT catalog_service.order_id($1, hash), $1, hash, side, '0x' || lpad(to_hex(1000 + n / 10 % $4::integer), 40, '0'),
    contract, collection_id, token, catalog_service.token_id($1, contract, token),
    CASE side WHEN 'trait_offer' THEN n / 10 % {SETS} + 1 END, 'erc721', 1, false,
    catalog_service.marketplace_id('steadymint'), cents * 10::numeric ^ 16, cents / 100.0, trim_scale(cents / 100.0),
    CASE WHEN dollars THEN '{DOLLARS}' WHEN side <> 'listing' THEN '{WRAPPED}' END,
    CASE WHEN dollars THEN 'USDC' WHEN side <> 'listing' THEN 'WETH' ELSE 'ETH' END, NOT dollars, 250, 500,
    '0x' || repeat('5e', 20), 0, n, $5::timestamptz, '2096-01-01', $6::jsonb, decode(repeat('ab', 65), 'hex'),
    (status = 1)::integer, (status = 0)::integer, status = 2, status = 3,
    CASE WHEN status = 4 THEN ARRAY['not_approved'] ELSE '{{}}' END, $5::timestamptz + n / 5 * interval '1 minute'
FROM (
    SELECT n, '0x' || lpad(to_hex(n), 64, '0') AS hash, n / 10 % 5 AS status, n * 31 % {PRICE_STEPS} + 1 AS cents,
        (n / 50) % 20 = 3 AS dollars, c.id AS collection_id, c.contract_address AS contract, s.side,
        CASE WHEN s.side IN ('listing', 'item_offer') THEN n::bigint * 31 % $3::bigint + 1 END::numeric AS token
    FROM generate_series(1, $2::integer) n
    CROSS JOIN LATERAL (
        SELECT (ARRAY['listing', 'item_offer', 'collection_offer', 'trait_offer'])[greatest(0, n % 10 - 6) + 1] AS side
    ) s
    JOIN catalog_service.collections c ON c.slug = 'collection-' || CASE WHEN n / 100 % 5 = 4 THEN n % 20 ELSE 0 END
) o"""
_SETS: Final = f"""
WITH sets AS (
    INSERT INTO catalog_service.token_sets (no, chain_id, contract, root, traits, tokens_count)
    SELECT n, $1, $2, '0x' || lpad(to_hex(n), 64, '0'), '{{"Background": ["Shade 1"]}}', 100
    FROM generate_series(1, {SETS}) n
)
INSERT INTO catalog_service.token_set_members (set_no, token_number)
SELECT n, m * 7 + n FROM generate_series(1, {SETS}) n, generate_series(1, 100) m"""
_FILLS: Final = """
INSERT INTO catalog_service.order_fills (id, chain_id, place, order_id, order_hash, maker, taker, quantity, tx_hash,
    filled_at)
SELECT md5('fill ' || o.id)::uuid, o.chain_id, o.salt::bigint << 24, o.id, o.order_hash, o.maker,
    '0x' || lpad(to_hex(1000 + (o.salt::bigint / 50 % $1::bigint)::integer), 40, '0'), 1, o.order_hash, o.created_at
FROM catalog_service.orders o WHERE o.status = 'filled'"""
_SALES: Final = """
INSERT INTO catalog_service.sales (id, chain_id, tx_hash, contract, token_number, seller_address, buyer_address,
    order_hash, token_id, collection_id, order_id, marketplace_id, quantity, price_amount, proceeds_amount, fees_amount,
    royalty_amount, price_native, price_native_text, currency_symbol, is_native, place, occurred_at)
SELECT md5('sale ' || o.id)::uuid, o.chain_id, f.tx_hash, o.contract, o.token_number, o.maker, f.taker, o.order_hash,
    o.token_id, o.collection_id, o.id, o.marketplace_id, 1, o.price_amount, o.price_amount, 0, 0, o.price_native,
    o.price_native_text, 'ETH', true, f.place, f.filled_at
FROM catalog_service.orders o JOIN catalog_service.order_fills f ON f.order_id = o.id
WHERE o.token_number IS NOT NULL AND o.side = 'listing'"""
_HOURS: Final = """
INSERT INTO catalog_service.collection_volume_hours (collection_id, hour, volume_native, sales_count)
SELECT collection_id, date_trunc('hour', occurred_at, 'UTC'), sum(price_native), count(*)
FROM catalog_service.sales GROUP BY 1, 2"""
_REGISTERED: Final = """
WITH chain AS (
    INSERT INTO chain_registry_service.chains (caip2, chain_numeric, name, native_symbol, decimals)
    VALUES ($1::text, split_part($1::text, ':', 2)::bigint, 'Local', 'ETH', 18) RETURNING id
)
INSERT INTO chain_registry_service.chain_contracts (chain_id, name, address)
SELECT id, 'wrapped_native', $2 FROM chain"""


async def load(pool: asyncpg.Pool, orders: int, size: Size) -> None:
    """Add orders, fills and sales to a database that `list_rows` has filled."""
    async with pool.acquire() as connection, connection.transaction():
        run = connection.execute
        await run("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        await run(_SETS, CHAIN, CONTRACT)
        await run(_ORDERS, CHAIN, orders, size.tokens, size.owners, START, SIGNED, timeout=900)
        await run(_FILLS, size.owners, timeout=600)
        await run(_SALES, timeout=600)
        await run(_HOURS, timeout=600)
        await run(_REGISTERED, CHAIN, WRAPPED)
    await pool.execute("VACUUM ANALYZE", timeout=600)
