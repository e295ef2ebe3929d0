"""Chain registry service: chains, their endpoints, contracts, ABIs and gas policy, and one version for them all."""

from __future__ import annotations

from migrations.script import run_script

revision = "0005"
down_revision = "0004"

SQL = """
create schema if not exists chain_registry_service;

-- A network. Adding one is data, not code.
create table if not exists chain_registry_service.chains (
    id serial primary key,
    caip2 caip2_chain not null unique,
    chain_numeric bigint unique, -- bigint: chains above 2^31 exist (Palm is 11297108109)
    name text not null,
    native_symbol text not null,
    decimals integer not null default 18,
    explorer_url text,
    enabled boolean not null default true,
    genesis_hash evm_bytes32, -- pinned: an endpoint with another genesis is another chain
    features_json jsonb not null default '{}', -- confirmations, block_time_seconds, gas_cap, ...
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint chains_chain_numeric_check check (chain_numeric > 0 and caip2 = 'eip155:' || chain_numeric),
    constraint chains_evm_check check (caip2 not like 'eip155:%' or chain_numeric is not null),
    constraint chains_explorer_url_check check (explorer_url ~ '^https?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'),
    constraint chains_decimals_check check (decimals between 0 and 77),
    constraint chains_features_json_check check (
        jsonb_typeof(features_json) = 'object'
        and coalesce(features_json ->> 'confirmations', '1') ~ '^[1-9][0-9]{0,5}$'
    )
);

-- Where a chain is reached. Lower `priority` is tried first; equal ones share by `weight`.
create table if not exists chain_registry_service.chain_endpoints (
    id serial primary key,
    chain_id integer not null references chain_registry_service.chains on delete cascade,
    url text not null,
    ws_url text,
    priority integer not null default 100,
    weight integer not null default 1,
    auth_type text not null default 'none',
    secret_ref text, -- name of the environment variable that holds the credential, never the credential
    rate_limit integer, -- requests per second; null for no limit
    active boolean not null default true,
    local boolean not null default false, -- may be on our own network; else connections go to public addresses only
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (chain_id, url),
    constraint chain_endpoints_url_check check (url ~ '^https?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'),
    constraint chain_endpoints_ws_url_check check (ws_url ~ '^wss?://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$'),
    constraint chain_endpoints_priority_check check (priority >= 0),
    constraint chain_endpoints_weight_check check (weight > 0),
    constraint chain_endpoints_auth_type_check check (auth_type in ('none', 'bearer', 'basic', 'header')),
    constraint chain_endpoints_secret_ref_check check ((auth_type = 'none') = (secret_ref is null)),
    -- Another variable may hold a secret of ours, and the endpoint would be sent it.
    constraint chain_endpoints_secret_name_check check (secret_ref ~ '^RPC_[A-Z0-9_]{1,60}$'),
    constraint chain_endpoints_rate_limit_check check (rate_limit > 0)
);

-- ABIs by the SHA-256 of their canonical JSON (sorted keys, no white space).
create table if not exists chain_registry_service.abi_blobs (
    sha256 sha256_hex primary key,
    standard text not null,
    abi_json jsonb,
    s3_key text,
    created_at timestamptz not null default now(),
    constraint abi_blobs_standard_check check (standard in ('erc20', 'erc721', 'erc1155', 'custom', 'proxy')),
    constraint abi_blobs_abi_json_check check (jsonb_typeof(abi_json) = 'array'),
    constraint abi_blobs_stored_check check (abi_json is not null or s3_key is not null)
);

-- Contracts we know by name. Only events of a registered `factory` make a collection.
create table if not exists chain_registry_service.chain_contracts (
    id serial primary key,
    chain_id integer not null references chain_registry_service.chains on delete cascade,
    name text not null,
    address evm_address not null,
    start_block bigint not null default 0, -- nothing of it can be found in an earlier block
    abi_sha256 sha256_hex references chain_registry_service.abi_blobs,
    standard text,
    verified_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (chain_id, address),
    constraint chain_contracts_name_check check (name <> ''),
    constraint chain_contracts_start_block_check check (start_block >= 0)
);
create index if not exists chain_contracts_name_idx on chain_registry_service.chain_contracts (chain_id, name);
create index if not exists chain_contracts_abi_sha256_idx on chain_registry_service.chain_contracts (abi_sha256);

-- What we suggest for fees, in gwei, exact to the wei.
create table if not exists chain_registry_service.chain_gas_policy (
    chain_id integer primary key references chain_registry_service.chains on delete cascade,
    max_fee_gwei numeric(30, 9),
    priority_fee_gwei numeric(30, 9),
    multiplier numeric(6, 3) not null default 1,
    last_observed_base_fee_gwei numeric(30, 9),
    updated_at timestamptz not null default now(),
    constraint chain_gas_policy_max_fee_gwei_check check (max_fee_gwei >= 0),
    constraint chain_gas_policy_priority_fee_gwei_check check (
        priority_fee_gwei >= 0 and (max_fee_gwei is null or priority_fee_gwei <= max_fee_gwei)
    ),
    constraint chain_gas_policy_multiplier_check check (multiplier >= 1),
    constraint chain_gas_policy_base_fee_check check (last_observed_base_fee_gwei >= 0)
);

-- Raised by triggers on every table above. Caches are keyed by it, so that a change needs no invalidation.
-- A chain that is removed keeps its row: its version must never be used twice.
create table if not exists chain_registry_service.registry_version (
    caip2 caip2_chain primary key,
    version bigint not null default 1,
    updated_at timestamptz not null default now(),
    constraint registry_version_version_check check (version > 0)
);

create or replace function chain_registry_service.bump(changed caip2_chain) returns void language sql as $$
    insert into chain_registry_service.registry_version (caip2) values (changed)
    on conflict (caip2) do update set version = registry_version.version + 1, updated_at = now();
$$;

create or replace function chain_registry_service.bump_chain() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then perform chain_registry_service.bump(old.caip2); end if;
    if tg_op <> 'DELETE' then perform chain_registry_service.bump(new.caip2); end if;
    return null;
end $$;

-- For the tables that name a chain by its id. Rows that go with their chain find none: its own trigger has spoken.
create or replace function chain_registry_service.bump_part() returns trigger language plpgsql as $$
begin
    perform chain_registry_service.bump(caip2) from chain_registry_service.chains
    where id = any (array[
        case when tg_op <> 'INSERT' then old.chain_id end,
        case when tg_op <> 'DELETE' then new.chain_id end
    ]);
    return null;
end $$;

create or replace function chain_registry_service.bump_abi() returns trigger language plpgsql as $$
begin
    perform chain_registry_service.bump(caip2) from chain_registry_service.chains
    where id in (select chain_id from chain_registry_service.chain_contracts where abi_sha256 = new.sha256);
    return null;
end $$;

create or replace trigger chains_bump after insert or update or delete on chain_registry_service.chains
    for each row execute function chain_registry_service.bump_chain();
create or replace trigger chain_endpoints_bump after insert or update or delete
    on chain_registry_service.chain_endpoints
    for each row execute function chain_registry_service.bump_part();
create or replace trigger chain_contracts_bump after insert or update or delete
    on chain_registry_service.chain_contracts
    for each row execute function chain_registry_service.bump_part();
-- Not for `last_observed_base_fee_gwei`: it changes with every block and would empty the caches with it.
create or replace trigger chain_gas_policy_bump
    after insert or delete or update of max_fee_gwei, priority_fee_gwei, multiplier
    on chain_registry_service.chain_gas_policy
    for each row execute function chain_registry_service.bump_part();
create or replace trigger abi_blobs_bump after update on chain_registry_service.abi_blobs
    for each row execute function chain_registry_service.bump_abi();

create or replace trigger chains_touch before update on chain_registry_service.chains
    for each row execute function touch_updated_at();
create or replace trigger chain_endpoints_touch before update on chain_registry_service.chain_endpoints
    for each row execute function touch_updated_at();
create or replace trigger chain_contracts_touch before update on chain_registry_service.chain_contracts
    for each row execute function touch_updated_at();
create or replace trigger chain_gas_policy_touch before update on chain_registry_service.chain_gas_policy
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create `chain_registry_service`."""
    run_script(SQL)
