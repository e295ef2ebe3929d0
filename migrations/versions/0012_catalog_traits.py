"""Catalog service, traits: attributes of tokens, how often each occurs, how rare that makes a token."""

from __future__ import annotations

from migrations.script import run_script

revision = "0012"
down_revision = "0011"

# All of it is derived from tokens and goes with them, hence `on delete cascade`, also when a reorg takes a mint back.
SQL = """
-- An attribute that tokens of a collection have.
create table if not exists catalog_service.traits (
    id uuid primary key default gen_random_uuid(),
    collection_id uuid not null references catalog_service.collections on delete cascade,
    name text not null,
    normalized_name text not null,
    value_type text not null default 'string',
    display_type text,
    unit text,
    sort_order integer not null default 0,
    unique (collection_id, normalized_name),
    constraint traits_value_type_check check (value_type in ('string', 'number', 'date'))
);

-- A value of an attribute, and how many tokens have it.
create table if not exists catalog_service.trait_values (
    id uuid primary key default gen_random_uuid(),
    trait_id uuid not null references catalog_service.traits on delete cascade,
    value_type text not null default 'string',
    value_string text,
    value_number numeric,
    value_epoch_seconds bigint,
    normalized_value text not null,
    occurrences bigint not null default 0,
    frequency double precision not null default 0, -- share of the collection's tokens, 0 to 1
    rarity_score double precision,
    max_value numeric,
    unit text,
    unique (trait_id, normalized_value),
    constraint trait_values_value_check check (case value_type
        when 'string' then value_string is not null
        when 'number' then value_number is not null
        when 'date' then value_epoch_seconds is not null
        else false end),
    constraint trait_values_occurrences_check check (occurrences >= 0),
    constraint trait_values_frequency_check check (frequency between 0 and 1)
);
create index if not exists trait_values_number_idx on catalog_service.trait_values (trait_id, value_number)
    where value_number is not null;
create index if not exists trait_values_epoch_idx on catalog_service.trait_values (trait_id, value_epoch_seconds)
    where value_epoch_seconds is not null;

-- Which token has which value.
create table if not exists catalog_service.token_trait_links (
    token_id uuid not null,
    trait_id uuid not null references catalog_service.traits on delete cascade,
    trait_value_id uuid not null references catalog_service.trait_values on delete cascade,
    -- What the token's own document said the value is. A trait has a type other than string while all its links agree.
    value_type text not null default 'string',
    token_number numeric(78, 0) not null, -- filters list a collection by number, so their rows carry it
    primary key (token_id, trait_id, trait_value_id),
    constraint token_trait_links_value_type_check check (value_type in ('string', 'number', 'date'))
);
create index if not exists token_trait_links_number_idx
    on catalog_service.token_trait_links (trait_value_id, token_number, token_id);
create index if not exists token_trait_links_trait_type_idx
    on catalog_service.token_trait_links (trait_id, value_type);

-- The product score alone, as the specification has it; every method is in `rarity_scores`.
create table if not exists catalog_service.token_rarity (
    token_id uuid primary key,
    rarity_score_product double precision not null
);

-- How rare a token is, by each method.
create table if not exists catalog_service.rarity_scores (
    token_id uuid not null,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    method text not null,
    source text not null default 'steadymint',
    score double precision not null,
    rank integer not null, -- 1 is the rarest
    updated_at timestamptz not null default now(),
    token_number numeric(78, 0) not null,
    primary key (token_id, method, source),
    constraint rarity_scores_rank_check check (rank > 0)
);
create index if not exists rarity_scores_rank_idx
    on catalog_service.rarity_scores (collection_id, method, source, rank, token_id);

-- The cheapest active listing among the tokens with a value.
create table if not exists catalog_service.trait_value_floor (
    trait_value_id uuid primary key references catalog_service.trait_values on delete cascade,
    floor_price_native numeric,
    last_updated_at timestamptz not null default now(),
    constraint trait_value_floor_price_check check (floor_price_native >= 0)
);

create or replace trigger rarity_scores_touch before update on catalog_service.rarity_scores
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create the tables of traits and rarity."""
    run_script(SQL)
