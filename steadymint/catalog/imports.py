"""Reads the progress of imports."""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from steadymint.catalog.reads.query import VISIBLE
from steadymint.domain.importing import ImportProgress
from steadymint.domain.types import Address, ChainId

_PROGRESS: Final = """
select s.cursor::bigint as cursor, s.status, s.done, s.total, s.failed, s.note
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import'
where c.chain_id = $1 and c.contract_address = $2"""
_SHOWN: Final = f"{_PROGRESS} and {VISIBLE}"


async def import_progress(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> ImportProgress | None:
    """The progress of an import; None if the contract was not imported, or is still being inspected."""
    return _progress(chain_id, contract, await pool.fetchrow(_PROGRESS, chain_id, contract))


async def shown_import_progress(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> ImportProgress | None:
    """The progress for the public; None also for a hidden collection."""
    return _progress(chain_id, contract, await pool.fetchrow(_SHOWN, chain_id, contract))


def _progress(chain_id: ChainId, contract: Address, row: Any) -> ImportProgress | None:
    return None if row is None else ImportProgress(chain_id=chain_id, contract=contract, **dict(row))
