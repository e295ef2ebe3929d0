"""Audit service: security events of every flow, and the settings an operator may change."""

from __future__ import annotations

from migrations.script import run_script

revision = "0019"
down_revision = "0018"

SQL = """
create schema if not exists audit_service;

-- What happened that security should know of. Written once, never changed.
create table if not exists audit_service.security_events (
    id uuid primary key default gen_random_uuid(),
    event_type text not null,
    description text not null,
    ip_address inet,
    user_id uuid,
    wallet_address text,
    metadata jsonb not null default '{}',
    severity text not null default 'info',
    created_at timestamptz not null default now(),
    constraint security_events_event_type_check check (event_type ~ '^[a-z][a-z0-9_.]{0,63}$'),
    constraint security_events_severity_check check (severity in ('info', 'warning', 'error', 'critical'))
);
create index if not exists security_events_created_at_idx on audit_service.security_events (created_at desc, id);
create index if not exists security_events_event_type_idx
    on audit_service.security_events (event_type, created_at desc);
create index if not exists security_events_user_id_idx
    on audit_service.security_events (user_id, created_at desc, id desc) where user_id is not null;
create index if not exists security_events_severe_idx on audit_service.security_events (created_at desc)
    where severity in ('error', 'critical');
-- Events of no known user that still say where a request came from: for the sweep, and for the erasure of a user whose
-- attempts came from there.
create index if not exists security_events_nameless_idx on audit_service.security_events (created_at)
    where user_id is null and ip_address is not null;
create index if not exists security_events_nameless_ip_idx on audit_service.security_events (ip_address, created_at)
    where user_id is null and ip_address is not null;

create or replace function audit_service.refuse_change() returns trigger language plpgsql as $$
begin
    -- The traces of a user who is deleted, and IP addresses that are old, may be removed, and nothing else.
    if (new.ip_address is null or new.ip_address = old.ip_address)
        and (new.wallet_address is null or new.wallet_address = old.wallet_address)
        and (new.metadata = '{}' or new.metadata = old.metadata)
        and (new.id, new.event_type, new.description, new.user_id, new.severity, new.created_at)
            is not distinct from (old.id, old.event_type, old.description, old.user_id, old.severity, old.created_at)
    then
        return new;
    end if;
    raise exception 'security events are written once' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger security_events_append_only before update on audit_service.security_events
    for each row execute function audit_service.refuse_change();

-- What an operator may change without a deploy. `is_public` ones are shown to front ends.
create table if not exists audit_service.settings (
    id uuid primary key default gen_random_uuid(),
    key text not null unique,
    value text not null,
    description text,
    is_public boolean not null default false,
    last_updated timestamptz not null default now(),
    constraint settings_key_check check (key ~ '^[a-z][a-z0-9_.]{0,127}$')
);

-- Who changed a setting, and why. The number of the last line is the version of all settings.
create table if not exists audit_service.settings_history (
    id bigserial primary key,
    key text not null,
    old_value text, -- null: the default
    new_value text,
    changed_by text not null,
    reason text not null,
    changed_at timestamptz not null default now(),
    constraint settings_history_key_check check (key ~ '^[a-z][a-z0-9_.]{0,127}$'),
    constraint settings_history_reason_check check (reason <> ''),
    constraint settings_history_new_value_check check (new_value is distinct from old_value)
);
create index if not exists settings_history_key_idx on audit_service.settings_history (key, id desc);

create or replace function audit_service.touch_setting() returns trigger language plpgsql as $$
begin
    new.last_updated = now();
    return new;
end $$;
create or replace trigger settings_touch before update on audit_service.settings
    for each row execute function audit_service.touch_setting();
"""


def upgrade() -> None:
    """Create `audit_service`."""
    run_script(SQL)
