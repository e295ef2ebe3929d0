"""The refresh queue, read side: it takes entries and reports a collection's progress.

Nothing is locked while documents are fetched. Two refreshes of one collection may run at once, if a lost activity runs
on. They read the same entries and write the same rows, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.metadata import announced
from steadymint.metadata.queue import AGAIN

UNFOLDED_AT_ONCE: Final = 5000
"""Tokens of a token range that become entries in one transaction. The indexer may have to wait for its 100 ms."""


@dataclass(frozen=True, slots=True)
class RefreshTarget:
    """The collection whose metadata is refreshed."""

    id: UUID
    chain_id: ChainId
    contract: Address
    standard: str
    imported: bool
    """Whether none of our factories made it. Its name is then what the contract says now."""
    frozen: bool
    """Whether its metadata was declared final."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the queue, with the catalog's facts of its subject."""

    subject_id: UUID
    kind: str
    """`token` or `contract`."""
    reason: str
    generation: int
    attempts: int
    token_number: int | None
    """None for a collection's own document, and for a token that a rollback has removed."""
    burned: bool
    status: str | None
    """The result of the last reading: `ok`, `failed`, or None."""
    read_at: datetime | None
    """When the last reading was written to Postgres."""
    refreshable: bool
    frozen: bool
    """Whether a token's metadata is final. False for the collection's own document, which freezing does not affect."""
    age: float
    """Seconds since the last request for it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The state of one collection's queue and refresh."""

    due: int
    waiting: int
    next_due_in: float | None
    done: int
    total: int
    failed: int
    unranked: bool
    """Whether its traits changed after its ranks were computed."""


_TARGET: Final = """
select id, standard, source, frozen from catalog_service.collections where chain_id = $1 and contract_address = $2"""

_RANGE: Final = """
select cursor from catalog_service.sync_state where collection_id = $1 and source = 'metadata' and cursor is not null"""

# $1 collection, $2 reason, $3 first, $4 last, $5 how many. The last number that became an entry, null if none did.
_UNFOLD: Final = f"""
with part as materialized (
    select catalog_service.token_id(c.chain_id, c.contract_address, t.token_number) as id, t.token_number
    from catalog_service.collections c, lateral (
        select t.token_number from catalog_service.items t
        where t.chain = c.chain_no and t.collection = c.no and t.token_number between $3 and $4
        order by t.token_number limit $5) t
    where c.id = $1
), entered as (
    insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason, token_number)
    select id, $1, 'token', $2, token_number from part order by id {AGAIN}
)
select count(*) as found, max(token_number) as last from part"""  # noqa: S608 - no value in it

_MOVE_RANGE: Final = """
update catalog_service.sync_state set cursor = $3
where collection_id = $1 and source = 'metadata' and cursor = $2"""

_TAKE: Final = """
select q.subject_id, q.kind, q.reason, q.generation, q.attempts, t.token_number,
    case when t.last_place is null then false when t.supply is null then t.owner is null else t.supply <= 0 end
        as burned,
    case q.kind when 'token' then t.metadata_status else c.metadata_status end as status,
    t.last_refresh_at as read_at,
    coalesce(f.refreshable, true) as refreshable,
    q.kind = 'token' and c.frozen or coalesce(f.is_frozen, false) as frozen,
    extract(epoch from now() - q.requested_at)::float8 as age
from (
    select * from catalog_service.metadata_queue
    where collection_id = $1 and due_at <= now() order by due_at, subject_id limit $2
) q
join catalog_service.collections c on c.id = q.collection_id
left join lateral (
    select t.* from catalog_service.items t
    where t.chain = c.chain_no and t.collection = c.no and t.token_number = q.token_number limit 1) t on true
left join catalog_service.nft_flags f
    on f.chain_id = c.chain_id and f.contract = c.contract_address and f.token_id = t.token_number
order by q.due_at, q.subject_id"""

# A refresh begins if none is running. It ends when the queue holds no entry of the collection.
_BEGIN: Final = """
with left_over as (select count(*) as entries from catalog_service.metadata_queue where collection_id = $1)
insert into catalog_service.sync_state as s
    (collection_id, source, status, total, started_at, last_run_at)
select $1, 'metadata', 'running', entries, now(), now() from left_over where entries > 0
on conflict (collection_id, source) do update set
    status = 'running',
    done = case when s.status = 'running' then s.done else 0 end,
    failed = case when s.status = 'running' then s.failed else 0 end,
    total = excluded.total + case when s.status = 'running' then s.done else 0 end,
    started_at = case when s.status in ('due', 'running') then coalesce(s.started_at, now()) else now() end,
    last_run_at = now()"""

_LOOK: Final = """
with queued as (
    select due_at, min(due_at) filter (where due_at > now()) over () as first_later
    from catalog_service.metadata_queue where collection_id = $1
), entries as (
    select count(*) filter (where due_at <= now()) as due, count(*) filter (where due_at > now()) as waiting,
        extract(epoch from max(due_at) filter (where due_at <= first_later + make_interval(secs => $2)) - now())::float8
            as next_due_in
    from queued
), told as (
    update catalog_service.sync_state s set
        total = greatest(s.done, s.done + entries.due + entries.waiting),
        status = case when entries.due + entries.waiting > 0 or s.cursor is not null then s.status else 'done' end,
        note = case when entries.due + entries.waiting > 0 or s.cursor is not null then s.note end,
        last_run_at = now()
    from entries where s.collection_id = $1 and s.source = 'metadata'
    returning s.done, s.total, s.failed, s.cursor
)
select entries.due, entries.waiting, entries.next_due_in, told.cursor as rest,
    coalesce(told.done, 0) as done, coalesce(told.total, 0) as total, coalesce(told.failed, 0) as failed,
    exists (
        select from catalog_service.sync_state r
        where r.collection_id = $1 and r.source = 'rarity' and r.status = 'due'
    ) as unranked
from entries left join told on true"""


class Entries:
    """The queue for the refresh of one collection."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def target(self, collection: CollectionRef) -> RefreshTarget | None:
        """The collection; None if a reorg has removed it from the catalog."""
        row = await self._pool.fetchrow(_TARGET, collection.chain_id, collection.contract)
        if row is None:
            return None
        return RefreshTarget(
            id=row["id"],
            chain_id=collection.chain_id,
            contract=collection.contract,
            standard=row["standard"],
            imported=row["source"] == "import",
            frozen=row["frozen"],
        )

    async def begin(self, collection_id: UUID) -> None:
        """Turn a token range into entries and mark the collection as being read. What its contract announced waits,
        once the budget of the hour is used up."""
        wait = await announced.wait_of(self._pool, collection_id)
        while (token_range := await self._pool.fetchval(_RANGE, collection_id)) is not None:
            if wait and _is_announced(token_range):
                break
            await self._unfold(collection_id, token_range)
        if wait:
            await announced.postpone(self._pool, collection_id, wait)
        await self._pool.execute(_BEGIN, collection_id)

    async def _unfold(self, collection_id: UUID, token_range: str) -> None:
        """Turn a part of a token range into entries and then shorten the range, if it is still the same. If a request
        widened it meanwhile, or a crash came in between, some tokens are entered twice, which makes one entry."""
        reason, first, last = token_range.split(":")
        row = await self._pool.fetchrow(_UNFOLD, collection_id, reason, int(first), int(last), UNFOLDED_AT_ONCE)
        assert row is not None, "an aggregate has a row"
        rest = None if row["found"] < UNFOLDED_AT_ONCE else f"{reason}:{row['last'] + 1}:{last}"
        await self._pool.execute(_MOVE_RANGE, collection_id, token_range, rest)

    async def take(self, collection_id: UUID, limit: int) -> list[Entry]:
        """At most `limit` due entries, the oldest first. They stay in the queue until they are settled."""
        return [_entry(row) for row in await self._pool.fetch(_TAKE, collection_id, limit)]

    async def look(self, collection_id: UUID, together: float) -> Outlook:
        """The state of the queue, which is also stored as progress. An unfinished token range counts as one entry. It
        waits if it was announced and the budget of announcements is used up.

        `next_due_in` is the time at which all entries are due that become due within `together` seconds of the first.
        So entries that failed during one pass are read again in a few batches.
        """
        row = await self._pool.fetchrow(_LOOK, collection_id, together)
        assert row is not None, "an aggregate has a row"
        due, waiting = row["due"], row["waiting"]
        next_due_in = None if row["next_due_in"] is None else max(0.0, row["next_due_in"])
        if row["rest"] is not None:
            wait = await announced.wait_of(self._pool, collection_id) if _is_announced(row["rest"]) else 0.0
            if wait:
                waiting, next_due_in = waiting + 1, min(wait, next_due_in or wait)
            else:
                due += 1
        return Outlook(
            due=due,
            waiting=waiting,
            next_due_in=next_due_in,
            done=row["done"],
            total=row["total"],
            failed=row["failed"],
            unranked=row["unranked"],
        )


def _is_announced(token_range: str) -> bool:
    return token_range.startswith("event:")


def _entry(row: Any) -> Entry:
    return Entry(**dict(row))
