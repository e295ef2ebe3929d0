"""Event service: what has happened, for those outside, how far each of them has been told, and webhooks."""

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

-- Each step of an intent is an event. A trigger, because several statements write steps, some of hundreds of intents.
create or replace function event_service.tell_steps() returns trigger language plpgsql as $$
begin
    insert into event_service.outbox (event_id, stream, type, occurred_at, payload)
    select md5('intent step ' || s.intent_id || ' ' || s.seq)::uuid, 'intents.events',
        'stepped.' || replace(i.chain_id, ':', '-'), s.at,
        jsonb_build_object('userId', i.created_by, 'account', i.account, 'seq', s.seq, 'intent', s.view)
    from added s join orchestrator_service.tx_intents i using (intent_id)
    order by s.intent_id, s.seq
    on conflict (event_id) do nothing;
    return null;
end $$;
create or replace trigger intent_steps_told after insert on orchestrator_service.intent_steps
    referencing new table as added for each statement execute function event_service.tell_steps();

-- Up to which number the events of a log of another service are in the outbox.
create table if not exists event_service.sources (
    name text primary key,
    position bigint not null default 0,
    constraint sources_name_check check (name ~ '^[a-z][a-z0-9-]{0,63}$'),
    constraint sources_position_check check (position >= 0)
);
"""

WEBHOOKS = """
-- A subscription: which events go to which address. Its flow delivers them; how that goes is here.
create table if not exists event_service.webhooks (
    webhook_id uuid primary key,
    user_id uuid, -- null: an operator's, which is told of everybody
    url text not null,
    description text,
    event_names text[] not null default '{}', -- empty: all
    collections text[] not null default '{}', -- chain and contract; empty: all, and what is about none
    accounts text[] not null default '{}', -- lower case; empty: all
    status text not null default 'active',
    paused_because text,
    secret bytea, -- sealed, if keys are configured; null once the webhook is deleted
    previous_secret bytea, -- signs as well, until `previous_until`
    previous_until timestamptz,
    request_key sha256_hex, -- of the Idempotency-Key of the request that made it
    request_hash sha256_hex, -- of that request; null once the webhook is deleted
    last_seq bigint not null default 0, -- the number of its last event
    wake boolean not null default false, -- its flow has to be told that there is something to do
    busy boolean not null default false, -- its flow knows already
    runner uuid, -- the attempt that delivers; what an older one has to say of failures does not count
    worked_at timestamptz,
    failures integer not null default 0, -- since the last success
    failing_since timestamptz, -- by the flow's clock, as `retry_at`
    retry_at timestamptz, -- nothing is sent before, while the endpoint fails
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint webhooks_user_id_request_key_key unique (user_id, request_key),
    constraint webhooks_status_check check (status in ('active', 'paused', 'deleted')),
    constraint webhooks_url_check check (status = 'deleted' or url <> ''),
    constraint webhooks_paused_because_check check ((status = 'paused') = (paused_because is not null)),
    constraint webhooks_secret_check check ((status = 'deleted') = (secret is null)),
    constraint webhooks_previous_secret_check check ((previous_secret is null) = (previous_until is null)),
    constraint webhooks_last_seq_check check (last_seq >= 0),
    constraint webhooks_failures_check check (failures >= 0)
);
create index if not exists webhooks_user_idx on event_service.webhooks (user_id, created_at, webhook_id)
    where status <> 'deleted';
create index if not exists webhooks_wake_idx on event_service.webhooks (webhook_id) where wake;
-- Not over updated_at, by which these are swept: every change of a row would then be one of the index.
create index if not exists webhooks_deleted_idx on event_service.webhooks (webhook_id) where status = 'deleted';
create or replace trigger webhooks_touch before update on event_service.webhooks
    for each row execute function touch_updated_at();

-- What deliveries are about: an event that some webhook wants is here once, however many webhooks want it.
create table if not exists event_service.webhook_events (
    event_id uuid primary key,
    name text not null,
    occurred_at timestamptz not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),
    constraint webhook_events_name_check check (name <> ''),
    constraint webhook_events_payload_check check (jsonb_typeof(payload) = 'object')
);
-- For the sweep. No BRIN: rows take the place of those that were swept, so that their order is not that of their age.
create index if not exists webhook_events_age_idx on event_service.webhook_events (created_at);

-- One event for one webhook. No foreign keys: a batch has ten thousand rows, and each would lock its webhook.
create table if not exists event_service.webhook_deliveries (
    webhook_id uuid,
    seq bigint, -- 1, 2, 3 without a gap
    event_id uuid not null,
    subject text not null, -- what it is about: events of one subject are delivered in order
    status text not null default 'pending',
    attempts integer not null default 0,
    tried_since timestamptz, -- by the flow's clock, as `retry_at`
    retry_at timestamptz,
    response_status integer,
    error text, -- a code
    delivered_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (webhook_id, seq),
    constraint webhook_deliveries_status_check check (status in ('pending', 'delivered', 'dead')),
    constraint webhook_deliveries_seq_check check (seq > 0),
    constraint webhook_deliveries_attempts_check check (attempts >= 0),
    constraint webhook_deliveries_delivered_at_check check (delivered_at is null or status <> 'dead')
);
create index if not exists webhook_deliveries_pending_idx on event_service.webhook_deliveries (webhook_id, seq)
    where status = 'pending';
-- The failed first event of a subject, behind which the others wait.
create index if not exists webhook_deliveries_stuck_idx on event_service.webhook_deliveries (webhook_id, subject, seq)
    where status = 'pending' and retry_at is not null;
create index if not exists webhook_deliveries_dead_idx on event_service.webhook_deliveries (webhook_id, seq)
    where status = 'dead';
create index if not exists webhook_deliveries_age_idx on event_service.webhook_deliveries (created_at);
"""


def upgrade() -> None:
    """Create `event_service`."""
    run_script(SQL)
    run_script(WEBHOOKS)
