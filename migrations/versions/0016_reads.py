"""Catalog service: what its lists are read by. Indexes for each filter and sort, and the words of names."""

from __future__ import annotations

from migrations.script import run_script

revision = "0016"
down_revision = "0015"

SQL = """
-- Filters by trait and by what is for sale list a collection by token number, so their rows carry it. Whoever writes
-- them may give it; for who does not, a trigger looks it up, which costs a search by key for each row.
create or replace function catalog_service.fill_token_number() returns trigger language plpgsql as $$
begin
    -- 0 for a token that does not exist, so that it is the foreign key that refuses it
    new.token_number = coalesce((select t.token_number from catalog_service.tokens t where t.id = new.token_id), 0);
    return new;
end $$;

alter table catalog_service.token_trait_links add column if not exists token_number numeric(78, 0);
update catalog_service.token_trait_links l set token_number = t.token_number
    from catalog_service.tokens t where t.id = l.token_id and l.token_number is null;
alter table catalog_service.token_trait_links alter column token_number set not null;
create or replace trigger token_trait_links_number before insert on catalog_service.token_trait_links
    for each row when (new.token_number is null) execute function catalog_service.fill_token_number();
drop index if exists catalog_service.token_trait_links_value_idx;
create index if not exists token_trait_links_number_idx
    on catalog_service.token_trait_links (trait_value_id, token_number, token_id);

alter table catalog_service.token_floors add column if not exists token_number numeric(78, 0);
update catalog_service.token_floors f set token_number = t.token_number
    from catalog_service.tokens t where t.id = f.token_id and f.token_number is null;
alter table catalog_service.token_floors alter column token_number set not null;
create or replace trigger token_floors_number before insert on catalog_service.token_floors
    for each row when (new.token_number is null) execute function catalog_service.fill_token_number();
create index if not exists token_floors_number_idx
    on catalog_service.token_floors (collection_id, token_number, token_id);

create index if not exists trait_values_epoch_idx on catalog_service.trait_values (trait_id, value_epoch_seconds)
    where value_epoch_seconds is not null;

-- tokens, the latest minted first; where a mint was never seen, the token counts as the oldest
create index if not exists tokens_minted_at_idx on catalog_service.tokens
    (collection_id, coalesce(minted_at, '-infinity'::timestamptz), token_number);
-- activity of some types; transfers are left out, since the feed of everything is nearly theirs
create index if not exists activities_type_idx on catalog_service.activities
    (collection_id, type, timestamp, block_number, log_index, batch_index) where type <> 'transfer';

-- an account's collections, those it holds most of first
drop index if exists catalog_service.collection_owners_owner_idx;
create index if not exists collection_owners_portfolio_idx
    on catalog_service.collection_owners (owner, quantity desc, collection_id);

-- collections of a chain, of a standard, of both, newest first
create index if not exists collections_chain_idx
    on catalog_service.collections (chain_id, created_at desc, id) where not is_hidden;
create index if not exists collections_standard_idx
    on catalog_service.collections (standard, created_at desc, id) where not is_hidden;
create index if not exists collections_chain_standard_idx
    on catalog_service.collections (chain_id, standard, created_at desc, id) where not is_hidden;
create index if not exists collections_verified_idx
    on catalog_service.collections (created_at desc, id) where is_verified and not is_hidden;
-- collections by what is traded, asked, and there
create index if not exists collection_stats_volume_idx on catalog_service.collection_stats (volume_all, collection_id);
create index if not exists collection_stats_floor_idx
    on catalog_service.collection_stats (floor_price_native, collection_id) where floor_price_native is not null;
create index if not exists collection_stats_items_idx on catalog_service.collection_stats (items_count, collection_id);

-- A name as it is compared: compatibility forms and accents taken off, lower case, words apart by one space. The
-- collation is the built-in one, so that letters are letters also in a database whose locale is C.
create or replace function catalog_service.folded(name text) returns text
    language sql immutable strict parallel safe as $$
    select trim(regexp_replace(
        regexp_replace(normalize(lower(normalize(name, NFKD) collate "pg_c_utf8"), NFKD), '[\\u0300-\\u036f]', '', 'g')
            collate "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The words of a name, each once. The end of a very long word or name is not searched.
create or replace function catalog_service.words_of(name text) returns text[]
    language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct left(word, 64) collate "C"), '{}')
    from unnest(string_to_array(catalog_service.folded(left(name, 512)), ' ')) word
$$;

-- Words to names. A GIN index over tsvectors reads every match before it gives the first, and "all tokens of a
-- collection have its name in theirs" is the usual case, not the worst; in a B-tree the first page costs a page.
create table if not exists catalog_service.token_words (
    collection_id uuid not null,
    word text collate "C" not null,
    token_number numeric(78, 0) not null,
    primary key (collection_id, word, token_number)
);
create index if not exists token_words_word_idx
    on catalog_service.token_words (word, collection_id, token_number);

create table if not exists catalog_service.collection_words (
    word text collate "C" not null,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    primary key (word, collection_id)
);
create index if not exists collection_words_collection_id_idx on catalog_service.collection_words (collection_id);

-- Names of tokens come with their metadata, not with their mint: the projection, which names none, fires nothing.
create or replace function catalog_service.index_token_name() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.name is not null then
        delete from catalog_service.token_words w
        where w.collection_id = old.collection_id and w.token_number = old.token_number
          and w.word = any(catalog_service.words_of(old.name));
    end if;
    if tg_op <> 'DELETE' and new.name is not null then
        insert into catalog_service.token_words (collection_id, word, token_number)
        select new.collection_id, word, new.token_number from unnest(catalog_service.words_of(new.name)) word
        on conflict do nothing;
    end if;
    return null;
end $$;
create or replace trigger tokens_named after insert on catalog_service.tokens
    for each row when (new.name is not null) execute function catalog_service.index_token_name();
create or replace trigger tokens_renamed after update of name on catalog_service.tokens
    for each row when (new.name is distinct from old.name) execute function catalog_service.index_token_name();
create or replace trigger tokens_gone after delete on catalog_service.tokens
    for each row when (old.name is not null) execute function catalog_service.index_token_name();

create or replace function catalog_service.index_collection_name() returns trigger language plpgsql as $$
begin
    delete from catalog_service.collection_words w where w.collection_id = new.id;
    insert into catalog_service.collection_words (word, collection_id)
    select word, new.id from unnest(catalog_service.words_of(concat_ws(' ', new.name, new.symbol))) word;
    return null;
end $$;
create or replace trigger collections_named after insert or update of name, symbol on catalog_service.collections
    for each row execute function catalog_service.index_collection_name();

-- Names that were there before.
insert into catalog_service.token_words (collection_id, word, token_number)
select t.collection_id, word, t.token_number from catalog_service.tokens t,
    unnest(catalog_service.words_of(t.name)) word where t.name is not null on conflict do nothing;
insert into catalog_service.collection_words (word, collection_id)
select word, c.id from catalog_service.collections c,
    unnest(catalog_service.words_of(concat_ws(' ', c.name, c.symbol))) word on conflict do nothing;
"""


def upgrade() -> None:
    """Create the indexes of the catalog's lists and the words that names are found by."""
    run_script(SQL)
