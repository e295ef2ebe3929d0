"""How far the import of a collection is."""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from steadymint.domain.importing import ImportProgress
from steadymint.domain.types import Address, ChainId

_PROGRESS: Final = """
select s.cursor::bigint as cursor, s.status, s.done, s.total, s.note
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import'
where c.chain_id = $1 and c.contract_address = $2"""


async def import_progress(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> ImportProgress | None:
    """None if this contract was not imported, or is still being looked at."""
    row: Any = await pool.fetchrow(_PROGRESS, chain_id, contract)
    return None if row is None else ImportProgress(chain_id=chain_id, contract=contract, **dict(row))
