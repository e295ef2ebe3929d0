"""Sets when orders of the showcase were opened.

The catalog says when an order could first be filled by its own clock, since an order carries no time that is not its
maker's to choose. The showcase covers several weeks, so it writes into the database of its own local stack: the API has
no way to say this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg

from steadymint.domain.types import ChainId

_DATE: Final = """
UPDATE catalog_service.orders SET opened_at = start_at
WHERE chain_id = $1 AND order_hash = ANY($2::text[]) AND opened_at > start_at
"""


async def date_orders(dsn: str, chain_id: ChainId, hashes: Sequence[str]) -> None:
    """Set the opening of these orders to when they begin. Those that never could be filled stay so."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_DATE, chain_id, list(hashes))
    finally:
        await connection.close()
