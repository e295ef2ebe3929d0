"""The hourly budget of what contracts announce: how many documents of a collection its events may have read.

A contract can announce in every block that all of its metadata has changed (ERC-4906), for some thousand gas each time.
What users request and what is minted is not counted and does not wait. The count is a row of `sync_state`.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg

PASSES: Final = 3
"""How often per hour all documents of a collection may be read since its contract says so. A reveal takes one."""
LEAST: Final = 1_000
"""Documents per hour that a small collection may have read. Tokens that change with each block are few."""

_WAIT: Final = """
select greatest(0, extract(epoch from s.started_at + interval '1 hour' - now()))::float8
from catalog_service.sync_state s left join catalog_service.collection_stats t using (collection_id)
where s.collection_id = $1 and s.source = 'announced' and s.done >= greatest($2 * coalesce(t.items_count, 0), $3)"""

_COUNT: Final = """
insert into catalog_service.sync_state as s (collection_id, source, started_at, done)
values ($1, 'announced', now(), $2)
on conflict (collection_id, source) do update set
    done = case when s.started_at > now() - interval '1 hour' then s.done else 0 end + excluded.done,
    started_at = case when s.started_at > now() - interval '1 hour' then s.started_at else now() end"""

# Rows that the indexer has locked are left: it locks others in another order.
_POSTPONE: Final = """
update catalog_service.metadata_queue set due_at = now() + make_interval(secs => $2)
where subject_id = any(array(
    select subject_id from catalog_service.metadata_queue
    where collection_id = $1 and reason = 'event' and due_at <= now() order by subject_id for update skip locked))"""


async def wait_of(pool: asyncpg.Pool, collection_id: UUID) -> float:
    """Seconds until announced documents of the collection are read again; 0 while its budget lasts."""
    return await pool.fetchval(_WAIT, collection_id, PASSES, LEAST) or 0.0


async def count(connection: asyncpg.Connection, collection_id: UUID, documents: int) -> None:
    """Count documents that were asked for because the contract said so. In the caller's transaction."""
    if documents:
        await connection.execute(_COUNT, collection_id, documents)


async def postpone(pool: asyncpg.Pool, collection_id: UUID, seconds: float) -> None:
    """Leave what is announced and due for later."""
    await pool.execute(_POSTPONE, collection_id, seconds)
