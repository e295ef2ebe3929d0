"""Orders are found by their hash, on their own chain, as they were signed."""

from __future__ import annotations

import asyncpg

from steadymint.domain.market.hashing import order_hash
from steadymint.domain.types import Bytes32, ChainId
from steadymint.market.orders import Orders
from tests.support.catalog_rows import CHAIN
from tests.support.market import open_market
from tests.support.orders import listed, put_orders, wanted


async def test_orders_are_found_as_they_were_signed_whatever_their_status(pool: asyncpg.Pool) -> None:
    await open_market(pool)
    orders = (listed(1), wanted(2), listed(3, end=1_500))
    await put_orders(pool, *orders)
    known, hashes = Orders(pool), [Bytes32("0x" + order_hash(order).hex()) for order in orders]
    found = await known.orders_by_hash(ChainId(CHAIN), [*hashes, Bytes32("0x" + "77" * 32)])
    assert found == dict(zip(hashes, orders, strict=True))
    assert await known.orders_by_hash(ChainId("eip155:1"), hashes) == {}
    assert await known.orders_by_hash(ChainId(CHAIN), []) == {}
