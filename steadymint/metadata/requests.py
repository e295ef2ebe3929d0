"""Refresh requests of users, and their progress. All of it is in Postgres; no chain and no flow is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId, TokenId
from steadymint.metadata import queue

Status = Literal["idle", "due", "running", "done"]
"""`idle`: nothing was ever read. `due`: requested, not begun. `done`: the queue holds no entry of it."""
EVERYTHING: Final = "everything"
"""The note of a refresh of every token. A second request for every token joins it."""


@dataclass(frozen=True, slots=True)
class RefreshProgress:
    """The progress of the refresh of a collection or of one token."""

    subject_id: UUID
    """The collection's id or the token's."""
    collection_id: UUID
    status: Status
    total: int
    """Documents, the collection's own included."""
    done: int
    """Settled for good, failed ones included."""
    failed: int
    waiting: int
    """Entries that are tried again later."""
    next_try_at: datetime | None
    started_at: datetime | None
    last_run_at: datetime | None
    """The time of the last write."""
    error: str | None
    """Why the token could not be read; None for a collection."""
    token_number: int | None
    """The number of the token; None for a collection."""
    refreshable: bool
    joinable: bool
    """Whether the running refresh answers a new request too."""


# As in the catalog, hidden collections are left out. A refresh whose entries all wait for slow servers is not joinable:
# its other documents were read before the new request, and the wait may be a day.
_ALL: Final = """
select c.id as subject_id, c.id as collection_id, coalesce(s.status, 'idle') as status,
    coalesce(s.total, 0) as total, coalesce(s.done, 0) as done, coalesce(s.failed, 0) as failed,
    q.waiting, q.next_try_at, s.started_at, s.last_run_at, null as error, null as token_number, true as refreshable,
    coalesce(s.status in ('due', 'running') and s.note = $3 and (s.cursor is not null or exists (
        select from catalog_service.metadata_queue where collection_id = c.id and due_at <= now())), false) as joinable
from catalog_service.collections c
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'metadata'
cross join lateral (
    select count(*) as waiting, min(due_at) as next_try_at
    from catalog_service.metadata_queue where collection_id = c.id and due_at > now()
) q
where c.chain_id = $1 and c.contract_address = $2 and not c.is_hidden and c.status <> 'removed'"""

_ONE: Final = """
select t.id as subject_id, c.id as collection_id,
    case when q.due_at is null then case when t.last_refresh_at is null then 'idle' else 'done' end
        when q.due_at > now() or s.status = 'running' then 'running' else 'due' end as status,
    1 as total, (q.due_at is null and t.last_refresh_at is not null)::int as done,
    coalesce(q.due_at is null and t.metadata_status = 'failed', false)::int as failed,
    coalesce(q.due_at > now(), false)::int as waiting,
    case when q.due_at > now() then q.due_at end as next_try_at,
    q.requested_at as started_at, t.last_refresh_at as last_run_at,
    case when q.due_at is null then t.metadata_error else q.last_error end as error, t.token_number,
    coalesce(f.refreshable, true) as refreshable,
    coalesce(q.due_at <= now() and q.reason = 'request', false) as joinable
from catalog_service.collections c
join catalog_service.tokens t on t.collection_id = c.id and t.token_number = $3
left join catalog_service.metadata_queue q on q.subject_id = t.id
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'metadata'
left join catalog_service.nft_flags f
    on f.chain_id = c.chain_id and f.contract = c.contract_address and f.token_id = t.token_number
where c.chain_id = $1 and c.contract_address = $2 and not c.is_hidden and c.status <> 'removed'"""

# From now on the progress is that of this request. The total is right until the token range is turned into entries;
# from then on the refresh counts the entries itself.
_NOTE: Final = """
update catalog_service.sync_state s set note = $2, done = 0, failed = 0, started_at = now(),
    total = (
        select count(*) + 1 from catalog_service.items t
        where t.chain = (select chain_no from catalog_service.collections where id = $1)
            and t.collection = (select no from catalog_service.collections where id = $1))
where s.collection_id = $1 and s.source = 'metadata'"""


class RefreshRequests:
    """The refresh queue for the API."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_collection(self, chain_id: ChainId, contract: Address) -> RefreshProgress | None:
        """The progress of a collection; None if the catalog does not show it."""
        return _progress(await self._pool.fetchrow(_ALL, chain_id, contract, EVERYTHING))

    async def of_token(self, chain_id: ChainId, contract: Address, token_id: TokenId) -> RefreshProgress | None:
        """The progress of a token; None if the catalog does not show it."""
        return _progress(await self._pool.fetchrow(_ONE, chain_id, contract, token_id))

    async def ask_for_collection(self, collection_id: UUID) -> None:
        """Request every token and the collection's own document."""
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            await queue.enqueue_everything(connection, [collection_id], "request")
            await connection.execute(_NOTE, collection_id, EVERYTHING)

    async def ask_for_token(self, token_id: UUID, collection_id: UUID, number: TokenId) -> None:
        async with self._pool.acquire() as leased:
            connection: Any = leased
            await queue.enqueue_tokens(connection, [(token_id, collection_id, number)], "request")


def _progress(row: Any) -> RefreshProgress | None:
    return None if row is None else RefreshProgress(**dict(row))
