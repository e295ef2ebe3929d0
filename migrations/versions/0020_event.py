"""Event service: what has happened, for those outside, and how far each of them has been told."""

from __future__ import annotations

from migrations.script import run_script

revision = "0020"
down_revision = "0019"

# Every service writes here, in the transaction of its own change: an outbox has to be where the change is. A service
# that moves to a database of its own takes this migration along, and has an outbox there.
SQL = """
create schema if not exists event_service;

-- A row is deleted once every consumer is past it.
create table if not exists event_service.outbox (
    id bigserial primary key, -- in the order of writing, which is not the order of commits
    event_id uuid not null unique, -- derived from what happened: writing it twice writes it once
    stream text not null,
    type text not null,
    occurred_at timestamptz not null,
    payload jsonb not null,
    -- The order in which every consumer reads, given after the commit: 1, 2, 3 without a gap. A sequence would number
    -- rows before they can be seen, and a reader would pass those that are committed late.
    position bigint unique,
    positioned_at timestamptz, -- never earlier than that of the position before
    constraint outbox_stream_check check (stream ~ '^[a-z]+\\.[a-z]+$'),
    constraint outbox_type_check check (type <> ''),
    constraint outbox_payload_check check (jsonb_typeof(payload) = 'object'),
    constraint outbox_position_check check (position > 0 and (position is null) = (positioned_at is null))
);
create index if not exists outbox_new_idx on event_service.outbox (id) where position is null;

-- The last position given. One row, made when the first is given; whoever gives positions holds its lock.
create table if not exists event_service.last_position (
    only_row boolean primary key default true,
    position bigint not null default 0,
    positioned_at timestamptz not null default now(),
    constraint last_position_only_row_check check (only_row),
    constraint last_position_position_check check (position >= 0)
);

-- Up to which position each consumer has been told.
create table if not exists event_service.consumers (
    name text primary key,
    position bigint not null,
    updated_at timestamptz not null default now(),
    constraint consumers_name_check check (name ~ '^[a-z][a-z0-9-]{0,63}$'),
    constraint consumers_position_check check (position >= 0)
);

-- Give positions to at most so many rows that have none, in the order of their ids; answers the last position given.
-- Does nothing while somebody else does it. A function, because each of its statements sees what was committed before
-- that statement: what the former holder of the lock gave is seen here.
create or replace function event_service.give_positions(most integer) returns bigint language plpgsql as $$
declare
    before event_service.last_position;
    given integer;
begin
    if not exists (select from event_service.outbox where position is null) then
        return coalesce((select position from event_service.last_position), 0); -- without the lock, which writes
    end if;
    insert into event_service.last_position default values on conflict do nothing;
    select * into before from event_service.last_position for update skip locked;
    if not found then
        return (select position from event_service.last_position);
    end if;
    before.positioned_at = greatest(before.positioned_at, clock_timestamp());
    update event_service.outbox o
    set position = before.position + fresh.number, positioned_at = before.positioned_at
    from (
        select id, row_number() over (order by id) as number
        from (select id from event_service.outbox where position is null order by id limit most) chosen
    ) fresh
    where o.id = fresh.id;
    get diagnostics given = row_count;
    if given > 0 then
        update event_service.last_position
        set position = before.position + given, positioned_at = before.positioned_at;
    end if;
    return before.position + given;
end $$;
"""


def upgrade() -> None:
    """Create `event_service`."""
    run_script(SQL)
