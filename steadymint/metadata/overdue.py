"""Overdue collections: their queue has due entries and no refresh runs. A crash between a commit and the start of the
refresh leaves one behind."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.refreshing import CollectionRef

OVERDUE: Final = 60.0
"""Seconds for which an entry may be due, or a refresh silent, before the collection counts as overdue."""
AT_ONCE: Final = 200
"""Collections of one round. The next round finds the rest."""

# The query walks the queue's index from one collection to the next, so its cost depends on the number of collections.
# Each batch and each of its transactions sets `last_run_at`.
_OVERDUE: Final = """
with recursive queued as (
    (select collection_id, due_at from catalog_service.metadata_queue order by collection_id, due_at limit 1)
    union all
    select following.collection_id, following.due_at
    from queued cross join lateral (
        select collection_id, due_at from catalog_service.metadata_queue q
        where q.collection_id > queued.collection_id order by q.collection_id, q.due_at limit 1
    ) following
), wanted as (
    select collection_id from queued where due_at < now() - make_interval(secs => $1)
    union
    select collection_id from catalog_service.sync_state where source = 'metadata' and cursor is not null
    union
    select collection_id from catalog_service.sync_state where source = 'rarity' and status = 'due'
)
select c.chain_id, c.contract_address
from wanted join catalog_service.collections c on c.id = wanted.collection_id
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'metadata'
where coalesce(s.last_run_at < now() - make_interval(secs => $1), true)
limit $2"""


class Overdue:
    """Finds overdue collections."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def collections(self, overdue: float = OVERDUE) -> list[CollectionRef]:
        """Collections with entries due for `overdue` seconds, or with ranks to compute, while no batch writes
        anything."""
        rows = await self._pool.fetch(_OVERDUE, overdue, AT_ONCE)
        return [CollectionRef(chain_id=row["chain_id"], contract=row["contract_address"]) for row in rows]
