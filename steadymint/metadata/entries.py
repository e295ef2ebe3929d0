"""The queue of what is to be read: how entries are taken out, and how far a collection's refresh is.

Nothing is locked while documents are fetched. Two refreshes of one collection at once (an activity that was given up
and runs on) would read the same entries and write the same rows, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.metadata.queue import AGAIN

UNFOLDED_AT_ONCE: Final = 5000
"""Tokens of a span that become entries in one transaction: some 100 ms in which the indexer may have to wait."""


@dataclass(frozen=True, slots=True)
class Target:
    """The collection that is read."""

    id: UUID
    chain_id: ChainId
    contract: Address
    standard: str
    imported: bool
    """Not of our factories, so its name is what the contract says now."""
    frozen: bool
    """Its metadata is said not to change any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of the queue with what the catalog knows of its subject."""

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
    """Of the last reading: `ok`, `failed`, or None."""
    read_at: datetime | None
    """When that was written to Postgres."""
    refreshable: bool
    frozen: bool
    """Of a token. Freezing leaves the collection's own document free."""
    age: float
    """Seconds since it was asked for last."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the queue holds of one collection."""

    due: int
    waiting: int
    next_due_in: float | None
    done: int
    total: int
    failed: int
    unranked: bool
    """Its traits are not what its ranks were computed from, whoever changed them."""


_TARGET: Final = """
select id, standard, source, frozen from catalog_service.collections where chain_id = $1 and contract_address = $2"""

_SPAN: Final = """
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

_MOVE_SPAN: Final = """
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

# A refresh begins where none is running; it ends when the queue holds nothing more of the collection.
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
select entries.due, entries.waiting, entries.next_due_in, told.cursor is not null as unfolding,
    coalesce(told.done, 0) as done, coalesce(told.total, 0) as total, coalesce(told.failed, 0) as failed,
    exists (
        select from catalog_service.sync_state r
        where r.collection_id = $1 and r.source = 'rarity' and r.status = 'due'
    ) as unranked
from entries left join told on true"""


class Entries:
    """The queue, as the refresh of one collection sees it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def target(self, collection: CollectionRef) -> Target | None:
        """None for a collection that is not in the catalog, because a reorg has taken it back."""
        row = await self._pool.fetchrow(_TARGET, collection.chain_id, collection.contract)
        if row is None:
            return None
        return Target(
            id=row["id"],
            chain_id=collection.chain_id,
            contract=collection.contract,
            standard=row["standard"],
            imported=row["source"] == "import",
            frozen=row["frozen"],
        )

    async def begin(self, collection_id: UUID) -> None:
        """Turns a span into entries and says that the collection is being read."""
        while (span := await self._pool.fetchval(_SPAN, collection_id)) is not None:
            await self._unfold(collection_id, span)
        await self._pool.execute(_BEGIN, collection_id)

    async def _unfold(self, collection_id: UUID, span: str) -> None:
        """Some of a span. Entries first, then the span is moved, if it is still the same: a request that has widened
        it meanwhile, like a crash in between, has some tokens entered twice, which is one entry."""
        reason, first, last = span.split(":")
        row = await self._pool.fetchrow(_UNFOLD, collection_id, reason, int(first), int(last), UNFOLDED_AT_ONCE)
        assert row is not None, "an aggregate has a row"
        rest = None if row["found"] < UNFOLDED_AT_ONCE else f"{reason}:{row['last'] + 1}:{last}"
        await self._pool.execute(_MOVE_SPAN, collection_id, span, rest)

    async def take(self, collection_id: UUID, limit: int) -> list[Entry]:
        """At most so many due entries, the oldest first. They stay where they are until they are settled."""
        return [_entry(row) for row in await self._pool.fetch(_TAKE, collection_id, limit)]

    async def look(self, collection_id: UUID, together: float) -> Outlook:
        """What is left, written down as progress. An unfinished span counts as one entry that is due.

        `next_due_in` is when all that fall due within `together` seconds of the first are: what failed during one pass
        is read again in a few batches, and not in one for each moment.
        """
        row = await self._pool.fetchrow(_LOOK, collection_id, together)
        assert row is not None, "an aggregate has a row"
        return Outlook(
            due=row["due"] + int(row["unfolding"] or False),
            waiting=row["waiting"],
            next_due_in=None if row["next_due_in"] is None else max(0.0, row["next_due_in"]),
            done=row["done"],
            total=row["total"],
            failed=row["failed"],
            unranked=row["unranked"],
        )


def _entry(row: Any) -> Entry:
    return Entry(**dict(row))
